//! The stand-in from outside, over HTTP.

mod bench;
mod faults;
mod hands;
mod limits;
mod paging;
mod reading;
mod webhooks;
mod writing;
