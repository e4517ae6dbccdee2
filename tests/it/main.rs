//! The system as a whole, from its outside.
