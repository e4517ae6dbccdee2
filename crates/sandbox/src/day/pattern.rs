//! Whether a record is the one that a script means.

use std::collections::BTreeMap;

use serde_json::Value;

use super::name::at;
use crate::plain::plain;

/// The first value that is not as wanted, told as a sentence; none when all are.
pub(super) fn misfit(record: &Value, wanted: &BTreeMap<String, Value>) -> Option<String> {
    let misfits = wanted
        .iter()
        .filter(|(path, wanted)| !fits(at(record, path), wanted));
    let mut told = misfits.map(|(path, wanted)| {
        format!(
            "{path} is \"{}\", not {}",
            plain(at(record, path)),
            told(wanted)
        )
    });
    told.next()
}

/// How a wanted record is described to people.
pub(super) fn description(wanted: &BTreeMap<String, Value>) -> String {
    let parts: Vec<String> = wanted
        .iter()
        .map(|(path, wanted)| format!("{path} {}", told(wanted)))
        .collect();
    parts.join(", ")
}

/// A plain value is compared as text, as the two systems tell numbers differently.
/// `{"contains": …}`, `{"lacks": …}` and `{"not": …}` say something else.
fn fits(value: &Value, wanted: &Value) -> bool {
    let found = plain(value);
    let Value::Object(test) = wanted else {
        return found.trim() == plain(wanted).trim();
    };
    test.iter().all(|(how, other)| {
        let other = plain(other);
        match how.as_str() {
            "contains" => found.contains(&other),
            "lacks" => !found.contains(&other),
            "not" => found.trim() != other.trim(),
            _ => false,
        }
    })
}

fn told(wanted: &Value) -> String {
    match wanted {
        Value::Object(test) => {
            let parts = test
                .iter()
                .map(|(how, other)| format!("({how} \"{}\")", plain(other)));
            parts.collect::<Vec<_>>().join(" ")
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            format!("\"{}\"", plain(wanted))
        }
    }
}
