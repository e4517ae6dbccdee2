//! From what the clients tell to halves. Pure.

mod job;
mod ticket;

use chrono::{DateTime, SecondsFormat, Utc};
use domain::{Told, Value};
use sync::Half;

pub(crate) use self::{
    job::{job, says_something, tell_labour},
    ticket::{Around, ticket},
};

/// Keeps a fact that was told and holds something.
fn know(half: &mut Half, name: &'static str, value: Option<Value>) {
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        half.facts.insert(name, value);
    }
}

/// Keeps a fact that holds or does not.
fn flag(half: &mut Half, name: &'static str, holds: bool) {
    half.facts.insert(name, Value::Flag(holds));
}

/// A time to the minute, as both systems' due dates are compared.
fn minute(told: &Told<DateTime<Utc>>) -> Option<Value> {
    told.clone()
        .map(|at| format!("{}Z", &at.to_rfc3339_opts(SecondsFormat::Secs, true)[..16]))
        .into_value()
}
