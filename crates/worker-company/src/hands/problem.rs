//! What only the other side could tell, and what a person has to do about it.

use domain::{Failure, Fixer, Key, Problem, RecordId, Remedy, Subject, System};

use crate::KIND;

/// Only a person can help.
pub(super) fn held(problem: Problem) -> Failure {
    Failure::Hold {
        problems: vec![problem],
    }
}

/// Rule 17: a company that the other system may have already, as `found`, is paired by a person, not made again.
pub(super) fn there_already(key: &Key, name: &str, found: &RecordId) -> Problem {
    let (what, link) = match key.system {
        System::Autotask => ("card", format!("{} {found}", key.id)),
        System::Jim2 => ("company", format!("{found} {}", key.id)),
    };
    Problem {
        code: "made-before".to_owned(),
        subject: subject(key),
        field: None,
        says: format!(
            "{name} is in {} already as {what} {found}, though they are not linked",
            key.system.other()
        ),
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!(
                "if they are the same: crossbill pairs link {KIND} {link}; if not: write create as the decision on {} \
                 into the list of crossbill connect --decisions, or give one of them another name (or ABN)",
                key.id
            ),
            continues: true,
        },
    }
}

/// A name of which no free code can be made.
pub(super) fn no_code(key: &Key, name: &str) -> Problem {
    Problem {
        code: "no-card-code".to_owned(),
        subject: subject(key),
        field: None,
        says: format!("every card code that can be made of {name} is taken in Jim2"),
        remedy: Remedy {
            who: Fixer::Finance,
            step: format!(
                "make the card in Jim2 by hand, then: crossbill pairs link {KIND} {} <CardNo>",
                key.id
            ),
            continues: true,
        },
    }
}

/// Both systems number these records.
pub(super) fn not_a_number(key: &Key) -> Problem {
    Problem {
        code: "not-a-number".to_owned(),
        subject: subject(key),
        field: None,
        says: format!("{key} is no record number"),
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!("crossbill pairs unlink {KIND} {}", key.id),
            continues: false,
        },
    }
}

fn subject(key: &Key) -> Subject {
    Subject::Record {
        kind: key.kind.clone(),
        system: key.system,
        id: key.id.clone(),
    }
}
