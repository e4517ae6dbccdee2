//! How orders and their jobs stand to each other. Pure: no I/O, no clock.

mod choices;
mod creation;
mod fields;
mod trails;

use domain::{Fixer, Key, Kind, Problem, RecordId, System, Value};
use sync::{
    Choices, Creation, Facts, Field, Fields, Half, Rules, Standing, Trail, finish, workflow,
};

pub use self::fields::FIELDS;
pub(crate) use self::trails::{is_owner, owner};
use crate::{COMPANY, KIND};

/// The thinking about orders.
#[derive(Debug, Clone, Copy, Default)]
pub struct OrderRules;

impl Rules for OrderRules {
    fn kind(&self) -> Kind {
        KIND
    }

    fn is_essential(&self) -> bool {
        true
    }

    fn fields(&self) -> &'static [Field] {
        FIELDS
    }

    fn trails(&self) -> &'static [Trail] {
        trails::TRAILS
    }

    fn choices(&self) -> Choices {
        choices::CHOICES
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

    /// What it is for, by which trails find it.
    fn company(&self, autotask: &Half) -> Option<Value> {
        autotask.fact("owner").cloned()
    }

    fn takes_part(&self, field: &str, autotask: &Half, jim2: &Half, facts: &Facts) -> bool {
        field != finish::NAME || finish::is_time(autotask, jim2, facts)
    }

    fn customer(&self, jim2: &Half) -> Option<Value> {
        jim2.fact("customer").cloned()
    }

    fn owes_reference(&self, on: System, half: &Half, _: &RecordId, _: i32) -> bool {
        on == System::Jim2 && half.is("no_reference") && workflow::closed(&KIND, half).is_none()
    }

    fn standing(&self, on: System, half: &Half, field: &str, _: &Facts) -> Standing {
        match workflow::closed(&KIND, half).filter(|_| on == System::Jim2) {
            None => Standing::Open,
            Some(problem) => Standing::Closed(Box::new(Problem {
                field: Some(field.to_owned()),
                ..*problem
            })),
        }
    }

    fn steps(
        &self,
        on: System,
        half: &Half,
        fields: Fields,
        facts: &Facts,
    ) -> Result<Vec<Fields>, Box<Problem>> {
        match on {
            System::Jim2 => workflow::steps(&KIND, half, fields, facts),
            System::Autotask => Ok(vec![fields]),
        }
    }
}

fn estranged(autotask: &Half, jim2: &Half, named: &RecordId) -> Problem {
    let says = format!(
        "{} was made for {} and names {named} now",
        jim2.label, autotask.label
    );
    let step = format!(
        "put Our Ref of {} back to {}/1; or: crossbill pairs unlink {KIND} {}",
        jim2.label, autotask.id, autotask.id
    );
    let code = "not-the-same-record";
    jim2.problem(&KIND, System::Jim2, code, says, (Fixer::Finance, step))
}

#[cfg(test)]
mod tests;
