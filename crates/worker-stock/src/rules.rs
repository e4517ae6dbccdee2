//! How products and stock stand to each other. Pure: no I/O, no clock.

mod choices;
mod creation;
mod fields;
mod price;
mod trails;

use domain::{Fixer, Kind, Problem, RecordId, Remedy, Subject, System, Value};
use sync::{Choices, Creation, Facts, Field, Fields, Half, Rules, Standing, Trail, one_by_one};

pub use self::fields::FIELDS;
use crate::{
    Edition, KIND,
    inventory::{self, INVENTORY},
    movement,
};

/// The thinking about products and stock.
#[derive(Debug, Clone, Copy, Default)]
pub struct StockRules;

impl Rules for StockRules {
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

    fn create(&self, to: System, half: &Half, _generation: i32, facts: &Facts) -> Creation {
        match to {
            System::Autotask => creation::product(half, facts),
            System::Jim2 => Creation::No("stock is made in Jim2".to_owned()),
        }
    }

    fn identity(&self, autotask: &Half, jim2: &Half, _: &Facts) -> Result<(), Box<Problem>> {
        match &autotask.points_to {
            Some(pointer) if pointer.to != jim2.id => {
                Err(Box::new(other_stock(autotask, jim2, &pointer.to)))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn problems(&self, _: &Half, jim2: &Half, facts: &Facts) -> Vec<Problem> {
        inventory::unmapped(jim2, facts)
    }

    /// What lies at each location is a record of its own, and so a write of its own.
    fn steps(
        &self,
        _: System,
        half: &Half,
        fields: Fields,
        facts: &Facts,
    ) -> Result<Vec<Fields>, Box<Problem>> {
        let steps = one_by_one(half, INVENTORY.name, fields);
        match Edition::of(facts) {
            Edition::Items => Ok(steps),
            Edition::Products => movement::of_steps(half, steps, facts),
        }
    }

    /// Only Autotask has a field for it, and what somebody else wrote there stays.
    fn owes_reference(&self, on: System, half: &Half, _: &RecordId, _generation: i32) -> bool {
        on == System::Autotask && half.fact("reference").is_some_and(Value::is_empty)
    }

    /// Stock that is gone for good leaves a product that nobody can sell any more. No product is deleted.
    fn outlives(&self, on: System, _: &Half, _: &Facts) -> Option<Fields> {
        match on {
            System::Autotask => Some([("active".to_owned(), false.into())].into()),
            System::Jim2 => None,
        }
    }

    fn standing(&self, on: System, half: &Half, field: &str, _: &Facts) -> Standing {
        match on {
            System::Autotask => Standing::Open,
            System::Jim2 => Standing::Closed(Box::new(read_only(half, field))),
        }
    }
}

fn other_stock(product: &Half, stock: &Half, named: &RecordId) -> Problem {
    let (id, no) = (&product.id, &stock.id);
    Problem {
        code: "not-the-same-record".to_owned(),
        subject: Subject::Record {
            kind: KIND,
            system: System::Autotask,
            id: id.clone(),
        },
        field: None,
        says: format!(
            "{} names stock {named} in Jim2; it was paired with stock {no}, {}",
            product.label, stock.label
        ),
        remedy: Remedy {
            who: Fixer::Desk,
            step: format!(
                "put \"{}\" back into the product's external product ID, or: crossbill pairs unlink {KIND} {id}",
                crate::reference(no)
            ),
            continues: true,
        },
    }
}

fn read_only(stock: &Half, field: &str) -> Problem {
    Problem {
        code: Problem::NOT_WRITABLE.to_owned(),
        subject: Subject::Record {
            kind: KIND,
            system: System::Jim2,
            id: stock.id.clone(),
        },
        field: Some(field.to_owned()),
        says: format!(
            "{field} of {} cannot be written: no API of Jim2 changes stock",
            stock.label
        ),
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!("crossbill mapping set {KIND} {field} --way to-autotask"),
            continues: true,
        },
    }
}

#[cfg(test)]
mod tests;
