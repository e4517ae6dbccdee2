//! What keeps an act from being done, and what a person has to do about it.

use domain::{Failure, Fixer, Key, Problem, Remedy, Subject};

use crate::KIND;

/// The field that says under which record a contact is written: `company` or `card`.
pub(super) type Whose = &'static str;

/// An id that is neither Autotask's number nor Jim2's `cardno-contno`.
pub(super) fn not_a_contact(key: &Key) -> Failure {
    held(
        key,
        "not-a-number",
        format!("{key} is no number of a contact"),
    )
}

/// Nothing says under which record the contact is written.
pub(super) fn homeless(key: &Key, whose: Whose) -> Failure {
    held(
        key,
        "company-not-told",
        format!("nothing tells the {whose} of {key}"),
    )
}

fn held(key: &Key, code: &str, says: String) -> Failure {
    let problem = Problem {
        code: code.to_owned(),
        subject: Subject::Record {
            kind: key.kind.clone(),
            system: key.system,
            id: key.id.clone(),
        },
        field: None,
        says,
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!(
                "crossbill pairs unlink {KIND} {}, then link it again",
                key.id
            ),
            continues: false,
        },
    };
    Failure::Hold {
        problems: vec![problem],
    }
}
