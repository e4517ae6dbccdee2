//! Fields of a plan in Jim2's words.

use chrono::NaiveDateTime;
use domain::{Told, Value};
use jim2::LabourChanges;
use sync::Fields;

/// What a line is to hold.
pub(super) fn line(fields: &Fields) -> LabourChanges {
    let text = |name: &str| match fields.get(name) {
        None => Told::Not,
        Some(value) => value
            .as_text()
            .map_or(Told::Empty, |text| Told::Is(text.to_owned())),
    };
    let number = |name: &str| match fields.get(name).and_then(Value::as_number) {
        Some(number) => Told::Is(number),
        None => Told::Not,
    };
    let start = fields.get("start").and_then(Value::as_text);
    let start = start.and_then(|at| NaiveDateTime::parse_from_str(at, "%Y-%m-%dT%H:%M").ok());
    LabourChanges {
        start: start.map_or(Told::Not, Told::Is),
        minutes: number("minutes"),
        labour_type: text("labour_type"),
        labour_init: text("technician"),
        comment: text("comment"),
    }
}
