//! What keeps an act from being done, and what a person has to do about it.

use domain::{Failure, Fixer, Key, Problem, Remedy, Subject};
use sync::Half;

use crate::KIND;

/// The field that says under which record a contact is written: `company` or `card`.
pub(super) type Whose = &'static str;

/// Rule 17: a contact that the company has already is paired by a person, not made again.
pub(super) fn made_before(key: &Key, contact: &Half) -> Failure {
    let (person, found) = (&key.id, &contact.id);
    let says = format!(
        "contact {person} of Jim2 is in Autotask already as {} ({found}), though they are not linked",
        contact.label
    );
    let step = format!(
        "if they are the same: crossbill pairs link {KIND} {found} {person}; if not, give one of them another e-mail address or name"
    );
    held(key, "made-before", says, step, true)
}

/// An id that is neither Autotask's number nor Jim2's `cardno-contno`.
pub(super) fn not_a_contact(key: &Key) -> Failure {
    held(
        key,
        "not-a-number",
        format!("{key} is no number of a contact"),
        link_anew(key),
        false,
    )
}

/// Nothing says under which record the contact is written.
pub(super) fn homeless(key: &Key, whose: Whose) -> Failure {
    held(
        key,
        "company-not-told",
        format!("nothing tells the {whose} of {key}"),
        link_anew(key),
        false,
    )
}

fn link_anew(key: &Key) -> String {
    format!(
        "crossbill pairs unlink {KIND} {}, then link it again",
        key.id
    )
}

fn held(key: &Key, code: &str, says: String, step: String, continues: bool) -> Failure {
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
            step,
            continues,
        },
    };
    Failure::Hold {
        problems: vec![problem],
    }
}
