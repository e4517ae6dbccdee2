//! Fields of a plan in the two systems' words.

use autotask::Draft;
use chrono::NaiveDate;
use domain::{Told, Value};
use jim2::{ProjectChanges, ProjectCreate};
use sync::Fields;

use super::number;

/// What a project is to hold.
pub(super) fn project(fields: &Fields) -> ProjectChanges {
    ProjectChanges {
        status: text(fields, "status"),
        cust_ref: text(fields, "cust_ref"),
        billing_item_desc: text(fields, "name"),
        date_in: day(fields, "starts"),
        date_out: day(fields, "ends"),
    }
}

/// A project to be made; `None` without a customer.
pub(super) fn new_project(fields: &Fields) -> Option<ProjectCreate> {
    let word = |name: &str| fields.get(name).and_then(Value::as_text).map(str::to_owned);
    Some(ProjectCreate {
        cust_no: number(fields, "customer")?,
        ship_no: number(fields, "ship"),
        code: word("code"),
        type_name: word("type"),
        changes: project(fields),
    })
}

/// Changes of a contract. A day is its midnight in UTC, as Autotask drops the time and converts nothing.
pub(super) fn contract(fields: &Fields) -> Draft {
    const NAMES: [(&str, &str); 3] = [
        ("name", "contractName"),
        ("status", "status"),
        ("cust_ref", "purchaseOrderNumber"),
    ];
    let mut draft = Draft::new();
    for (ours, theirs) in NAMES {
        if let Some(value) = fields.get(ours) {
            draft = draft.set(theirs, value.clone());
        }
    }
    for (ours, theirs) in [("starts", "startDate"), ("ends", "endDate")] {
        if let Told::Is(day) = day(fields, ours) {
            draft = draft.set_time(theirs, day.and_time(chrono::NaiveTime::MIN).and_utc());
        }
    }
    draft
}

fn text(fields: &Fields, name: &str) -> Told<String> {
    match fields.get(name) {
        None => Told::Not,
        Some(value) => value
            .as_text()
            .map_or(Told::Empty, |text| Told::Is(text.to_owned())),
    }
}

fn day(fields: &Fields, name: &str) -> Told<NaiveDate> {
    match fields.get(name) {
        None => Told::Not,
        Some(value) => match value.as_text().map(str::parse) {
            Some(Ok(day)) => Told::Is(day),
            Some(Err(_)) => Told::Not,
            None => Told::Empty,
        },
    }
}
