//! What only the other side could tell, and what a person has to do about it.

use domain::{Failure, Fixer, Key, Problem, RecordId, Remedy, Subject, System};

use crate::{KIND, settings};

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

/// A note of a company needs an action type, which each tenant calls its own way.
pub(super) fn no_action_type() -> Problem {
    let name = settings::ACTION_TYPE;
    Problem {
        code: "setting-missing".to_owned(),
        subject: Subject::Setting {
            name: name.to_owned(),
        },
        field: Some("notes".to_owned()),
        says: "notes of cards cannot go to Autotask, as nobody chose the action type that they get there".to_owned(),
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!("crossbill settings set {name} <action type>, then: crossbill held replay"),
            continues: true,
        },
    }
}

/// A note is somebody's, and neither its author nor the company's owner is anybody Autotask takes.
pub(super) fn nobody_for_a_note(key: &Key) -> Problem {
    Problem {
        code: "nobody-for-a-note".to_owned(),
        subject: subject(key),
        field: Some("notes".to_owned()),
        says: format!(
            "a note of company {} cannot go to Autotask, as it would be nobody's: its author is not mapped, and the company \
             has no owner",
            key.id
        ),
        remedy: Remedy {
            who: Fixer::Integrator,
            step: "map the author with crossbill lookups set technician, or: crossbill settings set default.owner \
                   <resource>; then: crossbill held replay"
                .to_owned(),
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
