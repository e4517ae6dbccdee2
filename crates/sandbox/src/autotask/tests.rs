//! The stand-in from outside, over HTTP.

mod bench;
mod definitions;
mod effects;
mod faults;
mod hands;
mod inventory;
mod limits;
mod money;
mod paging;
mod purchases;
mod querying;
mod quotes;
mod reading;
mod rules;
mod time;
mod webhooks;
mod writing;
mod year;
