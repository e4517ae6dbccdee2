//! Whether two halves are still each other's, and what is said where they are not (rule 6).

use domain::{Fixer, Problem, RecordId, Remedy, Subject, System};

use crate::{Facts, Half, Rules, Shadow};

/// Rule 6: identity before merge.
pub(super) fn identity(
    rules: &dyn Rules,
    shadow: &Shadow,
    autotask: &Half,
    jim2: &Half,
    facts: &Facts,
) -> Result<(), Box<Problem>> {
    rules.identity(autotask, jim2, facts)?;
    let company = rules.company(autotask);
    if company.is_none() || company != shadow.company {
        rules.ownership(autotask, jim2, facts)?;
    }
    match (&shadow.customer, rules.customer(jim2)) {
        (Some(then), Some(now)) if *then != now => Err(Box::new(Problem {
            code: "not-the-same-record".to_owned(),
            says: format!(
                "{} belongs to customer {now} in Jim2 now; it was paired with {} for customer {then}",
                jim2.label, autotask.label
            ),
            subject: Subject::Record {
                kind: rules.kind(),
                system: System::Jim2,
                id: jim2.id.clone(),
            },
            field: None,
            remedy: Remedy {
                who: Fixer::Desk,
                step: format!(
                    "put the job back, or: crossbill pairs unlink {} {}",
                    rules.kind(),
                    autotask.id
                ),
                continues: true,
            },
        })),
        _ => Ok(()),
    }
}

pub(super) fn vanished(rules: &dyn Rules, on: System, half: &Half, id: &RecordId) -> Problem {
    let (kind, gone) = (rules.kind(), on.other());
    Problem {
        code: "vanished".to_owned(),
        says: format!(
            "{} was paired with {id} in {gone}, which is not there any more",
            half.label
        ),
        subject: Subject::Record {
            kind: kind.clone(),
            system: gone,
            id: id.clone(),
        },
        field: None,
        remedy: Remedy {
            who: Fixer::Desk,
            step: format!(
                "find out where it went; then: crossbill pairs unlink {kind} {}",
                half.id
            ),
            continues: false,
        },
    }
}

pub(super) fn doubled(rules: &dyn Rules, half: &Half, source: &RecordId) -> Problem {
    Problem {
        code: "doubled".to_owned(),
        says: format!("{} has two copies of note {source}", half.label),
        subject: Subject::Record {
            kind: rules.kind(),
            system: System::Autotask,
            id: half.id.clone(),
        },
        field: Some("notes".to_owned()),
        remedy: Remedy {
            who: Fixer::Desk,
            step: "delete one of the two copies by hand".to_owned(),
            continues: true,
        },
    }
}
