//! The mapping table of contracts and projects.

use domain::{Fixer, Problem, Remedy, Subject, Value};
use sync::{Compare, Facts, Field, Mapped, Transform, Way};

/// The list of statuses: Autotask's of contracts, Jim2's of projects.
const STATUSES: &str = "contractStatus";

/// One row a field. Autotask owns contracts; what finance changes on a project goes back where nobody changed it there.
pub const FIELDS: &[Field] = &[
    Field {
        back: Transform::By(unless_blank),
        jim2_max: Some(255),
        autotask_max: Some(100),
        required: true,
        ..Field::text("name", "Name")
    },
    Field {
        forward: Transform::Same,
        back: Transform::By(unless_blank),
        compare: Compare::Exact,
        ..Field::text("starts", "Start date")
    },
    Field {
        forward: Transform::Same,
        back: Transform::By(unless_blank),
        compare: Compare::Exact,
        ..Field::text("ends", "End date")
    },
    Field {
        forward: Transform::Lookup(STATUSES),
        back: Transform::Lookup(STATUSES),
        compare: Compare::CaseFree,
        ..Field::text("status", "Contract status")
    },
    Field {
        forward: Transform::By(unless_blank),
        back: Transform::By(unless_blank),
        jim2_max: Some(50),
        autotask_max: Some(50),
        ..Field::text("cust_ref", "Purchase order")
    },
    SERVICES,
];

/// What a contract sells. Off at first: a project's billing lines have no API, so that all a site can have of it is to be
/// told that a person has to change them.
pub(crate) const SERVICES: Field = Field {
    forward: Transform::By(by_hand),
    back: Transform::None,
    way: Way::Off,
    ..Field::text("services", "Services and units")
};

/// Blank never overwrites, and Autotask asks for a name and both dates.
fn unless_blank(value: &Value, _: &Facts) -> Mapped {
    match value.as_text().map(str::trim) {
        Some("") | None => Mapped::Leave,
        Some(text) => Mapped::Value(text.into()),
    }
}

/// Nothing sold is nothing to do; all else is for a person.
fn by_hand(value: &Value, _: &Facts) -> Mapped {
    let Some(sold) = value.as_text().filter(|sold| !sold.trim().is_empty()) else {
        return Mapped::Leave;
    };
    Mapped::Problem(Problem {
        code: "billing-lines-by-hand".to_owned(),
        subject: Subject::Setting {
            name: "billing lines of Jim2 projects".to_owned(),
        },
        field: Some(SERVICES.name.to_owned()),
        says: format!(
            "the contract sells {sold}; the billing lines of its project cannot be read or written through Jim2's API"
        ),
        remedy: Remedy {
            who: Fixer::Finance,
            step: "compare the project's billing lines in Jim2 and change them by hand, then archive this item; to be told no more: crossbill mapping set contract services off".to_owned(),
            continues: false,
        },
    })
}
