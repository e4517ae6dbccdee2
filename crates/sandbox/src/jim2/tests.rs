//! The rules of this Jim2, over HTTP.
