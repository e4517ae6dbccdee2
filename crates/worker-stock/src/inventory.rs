//! What lies where, as Autotask counts it: whole pieces at the locations that Jim2's stand for.
//!
//! Off before a site says `crossbill mapping set stock inventory --way to-autotask`: the availability in a user-defined
//! field needs no inventory of Autotask's. In a tenant with inventory items the count is set; in one with inventory products
//! pieces are moved ([`crate::movement`]).

use std::collections::{BTreeMap, BTreeSet};

use domain::{Fixer, Problem, Remedy, Subject, System, Value};
use rust_decimal::{Decimal, prelude::ToPrimitive as _};
use sync::{Compare, Facts, Field, Half, Mapped, Transform, Way};

use crate::KIND;

/// The list of locations: numbers in both systems.
pub(crate) const LOCATION: &str = "stockLocation";

/// What lies where. It is not part of a product: each location is written by itself, once the product is there.
pub(crate) const INVENTORY: Field = Field {
    way: Way::Off,
    owner: System::Jim2,
    forward: Transform::None,
    back: Transform::By(to_autotask),
    compare: Compare::Exact,
    afterwards: true,
    moved_on: Some(System::Autotask),
    ..Field::text("inventory", "Inventory by location")
};

/// Autotask's locations that Jim2's stand for; `None` where the site keeps no inventory there.
pub(crate) fn kept(facts: &Facts) -> Option<BTreeSet<i64>> {
    let is_on = facts.rule(&KIND, &INVENTORY).0 != Way::Off;
    is_on.then(|| {
        let all = facts.mappings.iter();
        let ours = all.filter(|((list, on, _), _)| list == LOCATION && *on == System::Jim2);
        ours.filter_map(|(_, mapping)| mapping.to.as_ref()?.trim().parse().ok())
            .collect()
    })
}

/// Whole pieces by Autotask's locations. Several of Jim2's may be one of Autotask's; one that stands for none is left out,
/// and told of by [`unmapped`]. Stock that lies nowhere (labour, licences) is counted nowhere.
fn to_autotask(lying: &Value, facts: &Facts) -> Mapped {
    let kept = kept(facts).unwrap_or_default();
    let lying = by_location(lying);
    if kept.is_empty() || lying.is_empty() {
        return Mapped::Leave;
    }
    // What lies there would be counted at another, or nowhere.
    let mut vanished = lying.keys().filter_map(|location| {
        facts.vanished(
            (INVENTORY.name, "Location"),
            LOCATION,
            System::Jim2,
            location,
        )
    });
    if let Some(problem) = vanished.next() {
        return Mapped::Problem(problem);
    }
    let mut counted: BTreeMap<i64, Decimal> =
        kept.into_iter().map(|at| (at, Decimal::ZERO)).collect();
    for (location, there) in lying {
        let at = facts.mapping(LOCATION, System::Jim2, &location);
        let at = at.and_then(|at| at.to.as_ref()?.trim().parse().ok());
        if let Some(sum) = at.and_then(|at: i64| counted.get_mut(&at)) {
            *sum = sum.checked_add(there).unwrap_or(Decimal::MAX);
        }
    }
    let counted = counted.into_iter();
    Mapped::Value(Value::Parts(
        counted
            .map(|(at, sum)| (at.to_string(), pieces(sum)))
            .collect(),
    ))
}

/// Autotask counts whole pieces, and none that are owed.
pub(crate) fn pieces(quantity: Decimal) -> Value {
    let whole = quantity.max(Decimal::ZERO).trunc().to_i64();
    whole.unwrap_or(i64::MAX).into()
}

/// Locations where some of this stock lies, and that nobody has said anything of.
pub(crate) fn unmapped(stock: &Half, facts: &Facts) -> Vec<Problem> {
    if kept(facts).is_none() {
        return Vec::new();
    }
    let empty = Value::Empty;
    let lying = by_location(stock.fields.get(INVENTORY.name).unwrap_or(&empty));
    let is_unknown = |location: &str| facts.mapping(LOCATION, System::Jim2, location).is_none();
    let unknown = lying
        .into_iter()
        .filter(|(at, there)| !there.is_zero() && is_unknown(at));
    unknown.map(|(at, _)| nowhere(at, facts)).collect()
}

fn nowhere(location: String, facts: &Facts) -> Problem {
    let name = facts.label(LOCATION, System::Jim2, &location);
    Problem {
        code: "lookup-missing".to_owned(),
        says: format!("what lies at \"{name}\" of Jim2 is counted at no location of Autotask"),
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!(
                "crossbill lookups set {LOCATION} jim2 \"{name}\" \"<Autotask's location>\", or leave it out: --leave"
            ),
            continues: true,
        },
        subject: Subject::Lookup {
            list: LOCATION.to_owned(),
            system: System::Jim2,
            value: location,
        },
        field: Some(INVENTORY.name.to_owned()),
    }
}

fn by_location(lying: &Value) -> BTreeMap<String, Decimal> {
    let Value::Parts(parts) = lying else {
        return BTreeMap::new();
    };
    let there = parts.iter();
    there
        .filter_map(|(location, there)| Some((location.clone(), there.as_text()?.parse().ok()?)))
        .collect()
}
