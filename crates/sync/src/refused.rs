//! Fields that a system was found not to take at all. No document tells them, so that each is learnt from its first
//! refusal and kept in a setting, and no later record pays for it.

use domain::{Failure, Fixer, Key, Kind, Problem, Remedy, Subject, System};

use crate::{Facts, Field, Fields};

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

/// What happens next after a write of these fields that Jim2 refused. A field that it does not take at all is named by the
/// kind's words for it; `sent_as` has them beside each of Jim2's attributes, in small letters.
pub fn refusal(
    error: jim2::Error,
    key: &Key,
    fields: &Fields,
    sent_as: &[(&str, &'static [&'static str])],
) -> Failure {
    let attribute = if let jim2::Error::NotWritable { attribute } = &error {
        attribute.to_lowercase()
    } else {
        String::new()
    };
    let ours = sent_as.iter().filter(|(sent, _)| *sent == attribute);
    let ours = ours.flat_map(|(_, ours)| *ours);
    let named: Vec<_> = ours.filter(|name| fields.contains_key(**name)).collect();
    let mut failure = error.into_failure(key);
    if let Failure::Hold { problems } = &mut failure
        && !named.is_empty()
    {
        let of_field = |problem: &Problem, field: &str| Problem {
            field: Some(field.to_owned()),
            ..problem.clone()
        };
        let each = |problem: &Problem| named.iter().map(|it| of_field(problem, it)).collect();
        *problems = problems.iter().flat_map::<Vec<_>, _>(each).collect();
    }
    failure
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
