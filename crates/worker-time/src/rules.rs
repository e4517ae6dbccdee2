//! How time entries and lines of labour stand to each other. Pure: no I/O, no clock.

mod choices;
mod creation;
mod fields;
mod job;
mod moved;
mod trails;

use domain::{Key, Kind, Problem, RecordId, System, Value};
use sync::{Choices, Creation, Facts, Field, Fields, Half, Rules, Standing, Trail};

pub use self::fields::FIELDS;
pub(crate) use self::job::{Takes, takes};
use crate::{KIND, ORDER, TICKET};

/// What a line says whose entry was deleted.
const REMOVED: &str = "removed in Autotask";

/// The thinking about time entries and lines of labour.
#[derive(Debug, Clone, Copy, Default)]
pub struct TimeRules;

impl Rules for TimeRules {
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
        match on {
            System::Autotask => owner(half).into_iter().collect(),
            System::Jim2 => Vec::new(),
        }
    }

    fn create(&self, to: System, half: &Half, _generation: i32, facts: &Facts) -> Creation {
        match to {
            System::Jim2 => creation::line(half, facts),
            System::Autotask => Creation::No("time is entered in Autotask".to_owned()),
        }
    }

    fn company(&self, autotask: &Half) -> Option<Value> {
        autotask.fact("owner").cloned()
    }

    fn ownership(&self, autotask: &Half, jim2: &Half, facts: &Facts) -> Result<(), Box<Problem>> {
        moved::still_there(autotask, jim2, facts)
    }

    /// An entry that moved to another ticket leaves nothing but its line behind, as no line can be deleted.
    fn retires(&self, autotask: &Half, jim2: &Half, _: &Facts) -> Option<Fields> {
        let is_writable = job::closed(jim2).is_none();
        is_writable.then(|| nothing(&moved::farewell(autotask)))
    }

    /// The same for one that was deleted.
    fn outlives(&self, on: System, _: &Half, _: &Facts) -> Option<Fields> {
        match on {
            System::Jim2 => Some(nothing(REMOVED)),
            System::Autotask => None,
        }
    }

    /// A line has no reference to its entry: two may look the same.
    fn may_look_alike(&self) -> bool {
        true
    }

    fn owes_reference(&self, _: System, _: &Half, _: &RecordId, _: i32) -> bool {
        false
    }

    fn standing(&self, on: System, half: &Half, field: &str, _: &Facts) -> Standing {
        let closed = match on {
            System::Jim2 => job::closed(half),
            System::Autotask => None,
        };
        match closed {
            Some(mut problem) => {
                problem.field = Some(field.to_owned());
                Standing::Closed(problem)
            }
            None => Standing::Open,
        }
    }

    /// Who worked and what was done are written together where somebody else's initials may stand for them.
    fn steps(
        &self,
        _: System,
        half: &Half,
        mut fields: Fields,
        _: &Facts,
    ) -> Result<Vec<Fields>, Box<Problem>> {
        let mut along = |written: &str, name: &str| {
            let now = half.fields.get(name);
            if let Some(now) = now.filter(|_| fields.contains_key(written)) {
                let kept = fields.entry(name.to_owned());
                kept.or_insert_with(|| now.clone());
            }
        };
        along("technician", "comment");
        if half.is("stand_in") {
            along("comment", "technician");
        }
        Ok(vec![fields])
    }
}

/// The record whose job the labour is on: the ticket, or the order of the project.
fn owner(entry: &Half) -> Option<Key> {
    let ticket = entry.fact("ticket").and_then(Value::as_number);
    let ticket = ticket.map(|id| Key::new(TICKET, System::Autotask, id));
    ticket.or_else(|| {
        let order = entry.fact("order").and_then(Value::as_text)?;
        Some(Key::new(ORDER, System::Autotask, order))
    })
}

/// A line that counts for nothing, and why.
fn nothing(why: &str) -> Fields {
    [
        ("minutes".to_owned(), 0.into()),
        ("comment".to_owned(), why.into()),
    ]
    .into()
}

#[cfg(test)]
mod tests;
