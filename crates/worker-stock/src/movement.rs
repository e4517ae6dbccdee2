//! Pieces that come to a location of Autotask's or go from it, where a tenant has inventory products: their count cannot be
//! set. Pure.
//!
//! A movement cannot be told from the one before it, so each is an act of its own that says from which count to which, and
//! is made only where the first of the two is there.

use std::collections::BTreeMap;

use domain::{Fixer, Problem, Remedy, Subject, System, Value};
use rust_decimal::Decimal;
use sync::{Facts, Fields, Half};

use crate::{
    KIND,
    inventory::{INVENTORY, LOCATION},
};

/// The part of an act that says what is moved, beside what all locations count after it.
const MOVED: &str = "moved";

/// The fact of a product that tells what of its pieces is promised to nobody, by location.
pub(crate) const AVAILABLE: &str = "available";

/// The setting with the vendor of pieces whose product has none.
const VENDOR: &str = "stock.inventory_vendor";

/// Pieces of one product that come to one location, or go from there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Movement {
    /// Where.
    pub(crate) at: i64,
    /// How many were there when it was planned.
    pub(crate) from: i64,
    /// How many there are to be.
    pub(crate) to: i64,
    /// What each that comes has cost.
    pub(crate) cost: Option<Decimal>,
    /// Whom they come from.
    pub(crate) vendor: Option<i64>,
}

impl Movement {
    fn value(&self) -> Value {
        let optional = |told: Option<Value>| told.unwrap_or(Value::Empty);
        Value::parts([
            ("at", self.at.into()),
            ("from", self.from.into()),
            ("to", self.to.into()),
            ("cost", optional(self.cost.map(Value::from))),
            ("vendor", optional(self.vendor.map(Value::from))),
        ])
    }

    /// The fields of an act that does nothing else.
    #[cfg(test)]
    pub(crate) fn act(&self) -> Fields {
        [(MOVED.to_owned(), self.value())].into()
    }

    /// What an act moves.
    pub(crate) fn read(fields: &Fields) -> Option<Self> {
        let moved = fields.get(MOVED)?;
        let number = |part: &str| moved.part(part).and_then(Value::as_number);
        let cost = moved.part("cost").and_then(Value::as_text);
        Some(Self {
            at: number("at")?,
            from: number("from")?,
            to: number("to")?,
            cost: cost.and_then(|cost| cost.parse().ok()),
            vendor: number("vendor"),
        })
    }

    /// What comes (or, below zero, goes), where `there` are as many as there were when it was planned.
    pub(crate) fn pieces(&self, there: i64) -> Step {
        if there == self.to {
            Step::Done
        } else if there == self.from {
            Step::Move(self.to.saturating_sub(self.from))
        } else {
            Step::Elsewhere
        }
    }
}

/// What is to be done about a movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// It was made already.
    Done,
    /// So many come, or go.
    Move(i64),
    /// Somebody else moved some: it has to be planned anew.
    Elsewhere,
}

/// Each step that counts says what it moves. What stands in the way of one holds all of the product's: they wait for the
/// same person.
pub(crate) fn of_steps(
    half: &Half,
    mut steps: Vec<Fields>,
    facts: &Facts,
) -> Result<Vec<Fields>, Box<Problem>> {
    let written = steps.iter().find_map(|step| step.get("cost"));
    let cost = written.or(half.fields.get("cost")).and_then(Value::as_text);
    let cost: Option<Decimal> = cost.and_then(|cost| cost.parse().ok());
    let vendor = half.fact("vendor").and_then(Value::as_number);
    let vendor = vendor.or_else(|| facts.number(VENDOR));
    let mut before = counts(half.fields.get(INVENTORY.name));
    for step in &mut steps {
        let Some(counted) = step.get(INVENTORY.name) else {
            continue;
        };
        let after = counts(Some(counted));
        let moved = after.iter().map(|(at, to)| Movement {
            at: *at,
            from: before.get(at).copied().unwrap_or_default(),
            to: *to,
            cost,
            vendor,
        });
        // One step, one location.
        let moved = moved.into_iter().find(|it| it.from != it.to);
        if let Some(movement) = moved {
            may_move(half, &movement, facts)?;
            step.insert(MOVED.to_owned(), movement.value());
        }
        before = after;
    }
    Ok(steps)
}

/// Counts by location.
fn counts(counted: Option<&Value>) -> BTreeMap<i64, i64> {
    let Some(Value::Parts(parts)) = counted else {
        return BTreeMap::new();
    };
    let parts = parts.iter();
    parts
        .filter_map(|(at, count)| Some((at.parse().ok()?, count.as_number()?)))
        .collect()
}

/// Nothing in the record itself speaks against it.
fn may_move(half: &Half, movement: &Movement, facts: &Facts) -> Result<(), Box<Problem>> {
    let (from, to) = (movement.from, movement.to);
    let place = facts.label(LOCATION, System::Autotask, &movement.at.to_string());
    let problem = |code, says: String, who, step: String| {
        let problem = half.problem(&KIND, System::Autotask, code, says, (who, step));
        Err(Box::new(about_inventory(problem)))
    };
    let label = &half.label;
    if half.is("serialized") {
        let says = format!(
            "{label} has serial numbers, so that its pieces are not moved by their count: there are {from} at {place} in Autotask, \
             and {to} in Jim2"
        );
        let step = format!(
            "receive or remove them in Autotask by their serial numbers, until there are {to} at {place}"
        );
        return problem("serialized-product", says, Fixer::Desk, step);
    }
    if to > from {
        return if movement.vendor.is_none() {
            Err(Box::new(no_vendor(half)))
        } else if movement.cost.is_none() {
            let says = format!("{label} has no cost, which pieces that come to {place} ask for");
            let step = "give the product a unit cost in Autotask, or its stock a cost in Jim2";
            problem("no-cost", says, Fixer::Finance, step.to_owned())
        } else {
            Ok(())
        };
    }
    let free = half
        .fact(AVAILABLE)
        .and_then(|all| all.part(&movement.at.to_string()));
    let free = free.and_then(Value::as_number).unwrap_or(from);
    if from - to > free {
        let says = format!(
            "{} pieces of {label} are to go from {place}, and Autotask has only {free} that are neither reserved nor picked",
            from - to
        );
        let step = format!(
            "release or deliver what is reserved of it at {place} in Autotask, or correct the count in Jim2"
        );
        return problem("pieces-reserved", says, Fixer::Desk, step);
    }
    Ok(())
}

/// One problem for all products without a vendor, as one setting solves all.
fn no_vendor(half: &Half) -> Problem {
    about_inventory(Problem {
        code: "setting-missing".to_owned(),
        subject: Subject::Setting {
            name: VENDOR.to_owned(),
        },
        field: None,
        says: format!(
            "pieces of {} are to come to Autotask, which asks whom they come from, and the product has no default vendor",
            half.label
        ),
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!(
                "crossbill settings set {VENDOR} <number of the vendor's company in Autotask>, or give the product a default vendor"
            ),
            continues: true,
        },
    })
}

fn about_inventory(problem: Problem) -> Problem {
    Problem {
        field: Some(INVENTORY.name.to_owned()),
        ..problem
    }
}
