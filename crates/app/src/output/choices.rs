//! Settings, filters and field rules for people.

use serde_json::Value;

use super::table::table;
use crate::operate::{field_rules, filters, settings};

/// Every setting with what it is for.
pub(crate) fn settings(lines: &[settings::Line]) -> String {
    let rows: Vec<_> = lines
        .iter()
        .map(|line| {
            let otherwise = if line.found {
                "(not known)".to_owned()
            } else {
                format!("({})", line.default)
            };
            let is = line.value.as_ref().map_or(otherwise, shown);
            [line.name.to_owned(), is, line.about.to_owned()]
        })
        .collect();
    table(["SETTING", "IS", "WHAT IT IS FOR"], &rows)
}

/// Every filter with what passes.
pub(crate) fn filters(lines: &[filters::Line]) -> String {
    let rows: Vec<_> = lines
        .iter()
        .map(|line| {
            let chosen = line
                .chosen
                .as_ref()
                .map_or_else(|| format!("({})", line.default), shown);
            [
                line.kind.to_string(),
                line.name.to_owned(),
                chosen,
                line.about.to_owned(),
            ]
        })
        .collect();
    table(["KIND", "FILTER", "IS", "WHAT IT MEANS"], &rows)
}

/// Field rules; a star marks what somebody changed.
pub(crate) fn rules(lines: &[field_rules::Line]) -> String {
    let rows: Vec<_> = lines
        .iter()
        .map(|line| {
            let mark = if line.changed { " *" } else { "" };
            [
                line.kind.to_string(),
                line.field.to_owned(),
                format!("{}{mark}", line.way.as_str()),
                line.owner.to_string(),
                line.label.to_owned(),
            ]
        })
        .collect();
    table(["KIND", "FIELD", "WAY", "OWNER", "WHAT IT IS"], &rows)
}

/// A value as it is typed: without quotes and brackets where it needs none.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "none".to_owned(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "on".to_owned(),
        Value::Bool(false) => "off".to_owned(),
        Value::Array(values) => values.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Null | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}
