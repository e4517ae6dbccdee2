//! How contracts and projects stand to each other. Pure: no I/O, no clock.

mod choices;
mod creation;
mod customer;
mod fields;
mod trails;

use domain::{Key, Kind, Problem, RecordId, System, Value};
use sync::{Choices, Creation, Facts, Field, Half, Rules, Trail};

pub use self::fields::FIELDS;
pub(crate) use self::{customer::cards, fields::SERVICES};
use crate::{COMPANY, KIND};

/// The thinking about contracts and projects.
#[derive(Debug, Clone, Copy, Default)]
pub struct ContractRules;

impl Rules for ContractRules {
    fn kind(&self) -> Kind {
        KIND
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
        let names: &[&str] = match on {
            System::Autotask => &["company", "payer"],
            System::Jim2 => &["customer"],
        };
        let ids = names.iter().filter_map(|name| half.fact(name)?.as_number());
        ids.map(|id| Key::new(COMPANY, on, id)).collect()
    }

    /// Neither has a field for the other: what is in use is looked for by number and name. What is over is left alone.
    fn seeks(&self, on: System, half: &Half) -> bool {
        let whose = match on {
            System::Autotask => "company",
            System::Jim2 => "customer",
        };
        let owner = half.fact(whose).and_then(Value::as_number);
        owner.is_some_and(|owner| owner != 0) && !half.is("inactive")
    }

    fn create(&self, to: System, half: &Half, _generation: i32, facts: &Facts) -> Creation {
        match to {
            System::Jim2 => creation::project(half, facts),
            System::Autotask => Creation::No("contracts are made in Autotask".to_owned()),
        }
    }

    /// Whose a project is, is never written: what differs stands until a person has settled it.
    fn problems(&self, autotask: &Half, jim2: &Half, facts: &Facts) -> Vec<Problem> {
        customer::differs(autotask, jim2, facts)
            .into_iter()
            .collect()
    }

    fn owes_reference(&self, _: System, _: &Half, _: &RecordId, _: i32) -> bool {
        false
    }
}

#[cfg(test)]
mod tests;
