//! The mapping table of configuration items and assets.

use domain::{System, Value};
use sync::{Compare, Facts, Field, Mapped, Transform, Way};

/// The list of statuses: whether a configuration item is active (`true`, `false`), and Jim2's of assets.
const STATUSES: &str = "assetStatus";

/// One row a field. Autotask owns what is looked after; what people correct on an asset goes back where nobody changed it
/// there. Lengths of Jim2 are those of jobs, as none is told of assets.
pub const FIELDS: &[Field] = &[
    Field {
        forward: Transform::By(unless_blank),
        back: Transform::By(unless_blank),
        compare: Compare::CaseFree,
        jim2_max: Some(50),
        autotask_max: Some(100),
        webhook_names: &["SerialNumber", "serialNumber"],
        ..Field::text("serial", "Serial number")
    },
    Field {
        forward: Transform::By(unless_blank),
        back: Transform::None,
        way: Way::ToJim2,
        jim2_max: Some(255),
        ..Field::text("what", "Title or product")
    },
    Field {
        forward: Transform::By(unless_blank),
        back: Transform::By(unless_blank),
        compare: Compare::Exact,
        ..Field::text("warranty_from", "Install date")
    },
    Field {
        forward: Transform::By(unless_blank),
        back: Transform::By(unless_blank),
        compare: Compare::Exact,
        ..Field::text("warranty_to", "Warranty expiry")
    },
    STATUS,
];

/// Whether it is active.
const STATUS: Field = Field {
    forward: Transform::By(status),
    back: Transform::By(active),
    compare: Compare::CaseFree,
    webhook_names: &["IsActive", "isActive"],
    ..Field::text("status", "Active")
};

/// Blank never overwrites.
fn unless_blank(value: &Value, _: &Facts) -> Mapped {
    match value.as_text().map(str::trim) {
        Some("") | None => Mapped::Leave,
        Some(text) => Mapped::Value(text.into()),
    }
}

/// The status that being active or not stands for.
fn status(active: &Value, facts: &Facts) -> Mapped {
    let active = match active {
        Value::Flag(true) => "true",
        Value::Flag(false) => "false",
        Value::Empty | Value::Number(_) | Value::Text(_) | Value::Parts(_) => return Mapped::Leave,
    };
    facts.look_up(&STATUS, STATUSES, System::Autotask, &active.into())
}

/// Whether a status stands for being active.
fn active(status: &Value, facts: &Facts) -> Mapped {
    match facts.look_up(&STATUS, STATUSES, System::Jim2, status) {
        Mapped::Value(value) => match value.as_text() {
            Some("true") => Mapped::Value(true.into()),
            Some("false") => Mapped::Value(false.into()),
            Some(_) | None => Mapped::Leave,
        },
        other @ (Mapped::Leave | Mapped::Problem(_)) => other,
    }
}
