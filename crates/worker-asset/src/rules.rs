//! How configuration items and assets stand to each other. Pure: no I/O, no clock.

mod choices;
mod creation;
mod fields;
mod owner;
mod trails;

use domain::{Key, Kind, Problem, RecordId, System};
use sync::{Choices, Creation, Facts, Field, Half, Rules, Trail, Watch};

pub use self::fields::FIELDS;
pub(crate) use self::owner::owner;
use crate::{COMPANY, KIND};

/// The thinking about configuration items and assets.
#[derive(Debug, Clone, Copy, Default)]
pub struct AssetRules;

impl Rules for AssetRules {
    fn kind(&self) -> Kind {
        KIND
    }

    fn fields(&self) -> &'static [Field] {
        FIELDS
    }

    fn trails(&self) -> &'static [Trail] {
        trails::TRAILS
    }

    fn watches(&self) -> &'static [Watch] {
        trails::WATCHES
    }

    fn choices(&self) -> Choices {
        choices::CHOICES
    }

    fn needs(&self, on: System, half: &Half) -> Vec<Key> {
        let id = owner(on, half);
        id.map(|id| Key::new(COMPANY, on, id)).into_iter().collect()
    }

    /// Neither has a field for the other: what is looked after and has a serial number is looked for by that.
    fn seeks(&self, on: System, half: &Half) -> bool {
        let is_somebodys = owner(on, half).is_some_and(|owner| owner != 0);
        let has_serial = half.fields.get("serial").is_some_and(|it| !it.is_empty());
        is_somebodys && has_serial && !half.is("inactive")
    }

    fn create(&self, to: System, half: &Half, _generation: i32, facts: &Facts) -> Creation {
        match to {
            System::Jim2 => creation::asset(half, facts),
            System::Autotask => creation::item(half, facts),
        }
    }

    /// Who owns a thing is never written: what differs stands until a person has settled it.
    fn problems(&self, autotask: &Half, jim2: &Half, facts: &Facts) -> Vec<Problem> {
        owner::differs(autotask, jim2, facts).into_iter().collect()
    }

    fn owes_reference(&self, _: System, _: &Half, _: &RecordId, _: i32) -> bool {
        false
    }
}

#[cfg(test)]
mod tests;
