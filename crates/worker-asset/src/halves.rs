//! Configuration items and assets as halves.

mod asset;
mod item;

use chrono::NaiveDate;
use domain::{Told, Value};

pub(crate) use self::{
    asset::asset,
    item::{item, whose},
};

/// A day as both sides tell it.
fn day(told: Told<NaiveDate>) -> Option<Value> {
    told.map(|day| day.format("%Y-%m-%d").to_string())
        .into_value()
}

/// As people know it: what it is, and its serial number.
fn label(what: &Told<String>, serial: &Told<String>, otherwise: &str) -> String {
    let word = |told: &Told<String>| told.get().map_or("", |text| text.trim()).to_owned();
    let what = Some(word(what)).filter(|what| !what.is_empty());
    let what = what.unwrap_or_else(|| otherwise.to_owned());
    let serial = word(serial);
    if serial.is_empty() {
        what
    } else {
        format!("{what} ({serial})")
    }
}
