//! From what the clients tell to halves. Pure.

mod attachments;
mod job;
mod ticket;

use chrono::{DateTime, SecondsFormat, Utc};
use domain::{Told, Value};

pub(crate) use self::{
    attachments::{LINK, LIST},
    job::{job, says_something, tell_labour},
    ticket::{Around, is_completed, ticket},
};

/// A time to the minute, as both systems' due dates are compared.
fn minute(told: &Told<DateTime<Utc>>) -> Option<Value> {
    told.clone()
        .map(|at| format!("{}Z", &at.to_rfc3339_opts(SecondsFormat::Secs, true)[..16]))
        .into_value()
}
