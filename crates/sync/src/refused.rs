//! Fields that a system was found not to take at all. No document tells them, so that each is learnt from its first
//! refusal and kept in a setting, and no later record pays for it.

use domain::{Fixer, Kind, Problem, Remedy, Subject, System};

use crate::{Facts, Field};

/// What a field was refused at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Making a record.
    Create,
    /// Changing one.
    Update,
}

/// The setting that keeps the fields of a kind that are not taken, such as `jim2.refused.ticket.create`.
pub fn refused_fields(on: System, kind: &Kind, deed: Deed) -> String {
    let deed = match deed {
        Deed::Create => "create",
        Deed::Update => "update",
    };
    format!("{}.refused.{kind}.{deed}", on.as_str())
}

impl Facts {
    /// Whether `on` was found not to take this field.
    pub(crate) fn is_refused(&self, on: System, kind: &Kind, deed: Deed, field: &str) -> bool {
        let refused = self.settings.get(&refused_fields(on, kind, deed));
        let refused = refused.and_then(serde_json::Value::as_array);
        refused.is_some_and(|all| all.iter().any(|one| one == field))
    }
}

/// The standing problem of a field that cannot be changed.
pub(crate) fn unwritable(on: System, kind: &Kind, field: &Field) -> Problem {
    Problem {
        code: Problem::NOT_WRITABLE.to_owned(),
        subject: Subject::Setting {
            name: format!("{} field {}", on.as_str(), field.name),
        },
        field: Some(field.name.to_owned()),
        says: format!("this build of {on} does not let {} be changed", field.label),
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!(
                "make it equal by hand, or crossbill mapping set {kind} {} off; with a build that can write it, crossbill connect",
                field.name
            ),
            continues: true,
        },
    }
}
