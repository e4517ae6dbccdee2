//! How orders and their jobs stand to each other. Pure: no I/O, no clock.

mod creation;
mod fields;

use domain::{Fixer, Key, Kind, Problem, RecordId, Remedy, Subject, System, Value};
use sync::{Asks, Creation, Facts, Field, Half, Rules, Standing, Trail};

pub use self::fields::FIELDS;
use crate::{COMPANY, KIND};

/// Only its job can vanish by itself: an order is no record of Autotask's own.
const TRAILS: &[Trail] = &[Trail::absent("jobs", 7, Asks::Jim2(jim2::Presence::Jobs))];

/// The thinking about orders.
#[derive(Debug, Clone, Copy, Default)]
pub struct OrderRules;

impl Rules for OrderRules {
    fn kind(&self) -> Kind {
        KIND
    }

    fn fields(&self) -> &'static [Field] {
        FIELDS
    }

    fn trails(&self) -> &'static [Trail] {
        TRAILS
    }

    fn needs(&self, on: System, half: &Half) -> Vec<Key> {
        let companies = ["payer", "company"].into_iter();
        companies
            .filter(|_| on == System::Autotask)
            .filter_map(|fact| half.fact(fact)?.as_number())
            .map(|id| Key::new(COMPANY, on, id))
            .collect()
    }

    fn create(&self, to: System, half: &Half, generation: i32, facts: &Facts) -> Creation {
        match to {
            System::Jim2 => creation::job(half, generation, facts),
            System::Autotask => Creation::No("jobs that people make are theirs".to_owned()),
        }
    }

    /// A job of these stands for nothing but lines and labour.
    fn waits_for_work(&self, _: System, _: &Half, _: &Facts) -> Option<String> {
        Some("its job is made when there is something to bill or to tell of".to_owned())
    }

    /// Rule 6: only an invoiced job is followed by another; a Ready one is waited for.
    fn is_over(&self, jim2: &Half) -> bool {
        jim2.fact("invoice").is_some()
    }

    fn identity(&self, autotask: &Half, jim2: &Half, _: &Facts) -> Result<(), Box<Problem>> {
        let named = jim2.points_to.as_ref().map(|pointer| &pointer.to);
        match named.filter(|named| **named != autotask.id) {
            None => Ok(()),
            Some(named) => Err(Box::new(estranged(autotask, jim2, named))),
        }
    }

    fn customer(&self, jim2: &Half) -> Option<Value> {
        jim2.fact("customer").cloned()
    }

    fn owes_reference(&self, on: System, half: &Half, _: &RecordId, _: i32) -> bool {
        on == System::Jim2 && half.is("no_reference") && closed(half).is_none()
    }

    fn standing(&self, on: System, half: &Half, field: &str, _: &Facts) -> Standing {
        match closed(half).filter(|_| on == System::Jim2) {
            None => Standing::Open,
            Some(problem) => Standing::Closed(Box::new(Problem {
                field: Some(field.to_owned()),
                ..problem
            })),
        }
    }
}

/// Why nothing is written on the job itself any more: any edit would move the date of its invoice.
fn closed(job: &Half) -> Option<Problem> {
    let (code, says) = if let Some(invoice) = job.fact("invoice") {
        ("job-is-invoiced", format!("is on invoice {invoice}"))
    } else if job.is("ready") {
        ("job-is-ready", "is Ready to be invoiced".to_owned())
    } else {
        return None;
    };
    let says = format!("{} {says} and cannot be changed", job.label);
    let step = "make the change in Jim2 by hand where it matters, then archive this item";
    Some(problem(
        (System::Jim2, &job.id),
        code,
        says,
        (Fixer::Finance, step.to_owned()),
    ))
}

fn estranged(autotask: &Half, jim2: &Half, named: &RecordId) -> Problem {
    problem(
        (System::Jim2, &jim2.id),
        "not-the-same-record",
        format!(
            "{} was made for {} and names {named} now",
            jim2.label, autotask.label
        ),
        (
            Fixer::Finance,
            format!(
                "put Our Ref of {} back to {}/1; or: crossbill pairs unlink {KIND} {}",
                jim2.label, autotask.id, autotask.id
            ),
        ),
    )
}

fn problem(
    (system, id): (System, &RecordId),
    code: &str,
    says: String,
    (who, step): (Fixer, String),
) -> Problem {
    Problem {
        code: code.to_owned(),
        subject: Subject::Record {
            kind: KIND,
            system,
            id: id.clone(),
        },
        field: None,
        says,
        remedy: Remedy {
            who,
            step,
            continues: true,
        },
    }
}

#[cfg(test)]
mod tests;
