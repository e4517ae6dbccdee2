//! Contracts and projects as halves.

mod contract;
mod project;
mod services;

use chrono::NaiveDate;
use domain::{Told, Value};

pub(crate) use self::{
    contract::{INACTIVE, contract, is_current, said as said_contract, whose},
    project::{is_in_use, project, said as said_project},
    services::{Sold, sold},
};

/// A day as both sides tell it.
fn day(told: Told<NaiveDate>) -> Option<Value> {
    told.map(|day| day.format("%Y-%m-%d").to_string())
        .into_value()
}

/// The words of a field, where there are any.
fn word(told: &Told<String>) -> String {
    told.get().map_or("", |text| text.trim()).to_owned()
}
