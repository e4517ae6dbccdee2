//! What can be sold, as the product's user-defined fields tell it: one field for the chosen locations together, and one
//! for each location that has its own.

use std::collections::BTreeMap;

use domain::Value;
use rust_decimal::Decimal;
use sync::{Facts, Mapped};

use crate::settings;

/// The product's fields from what lies where. Where nothing is told of any location (labour, licences), they are empty.
pub(crate) fn to_autotask(quantities: &Value, facts: &Facts) -> Mapped {
    let lying = by_location(quantities);
    let mut fields = BTreeMap::new();
    if let Some(udf) = settings::udf(facts) {
        fields.insert(udf.to_owned(), together(&lying, facts));
    }
    for (location, udf) in settings::location_udfs(facts) {
        let there = lying.get(&location).copied().unwrap_or_default();
        let told = if lying.is_empty() {
            Value::Empty
        } else {
            there.into()
        };
        fields.insert(udf, told);
    }
    if fields.is_empty() {
        return Mapped::Leave;
    }
    Mapped::Value(Value::Parts(fields))
}

fn by_location(quantities: &Value) -> BTreeMap<i64, Decimal> {
    let Value::Parts(parts) = quantities else {
        return BTreeMap::new();
    };
    let parts = parts.iter();
    parts
        .filter_map(|(location, there)| {
            Some((location.parse().ok()?, there.as_text()?.parse().ok()?))
        })
        .collect()
}

/// `Sydney 5, Melbourne 0` of the chosen locations; one alone, or all where none is chosen, is a plain number, so that a
/// field for numbers takes it.
fn together(lying: &BTreeMap<i64, Decimal>, facts: &Facts) -> Value {
    if lying.is_empty() {
        return Value::Empty;
    }
    let at = |location: &i64| lying.get(location).copied().unwrap_or_default();
    let chosen: Vec<(i64, String)> = settings::locations(facts).into_iter().collect();
    match chosen.as_slice() {
        [] => lying.values().copied().fold(Decimal::ZERO, sum).into(),
        [(one, _)] => at(one).into(),
        several => {
            let told = several
                .iter()
                .map(|(location, name)| format!("{name} {}", at(location).normalize()));
            told.collect::<Vec<_>>().join(", ").into()
        }
    }
}

/// Sums that no decimal holds are not what lies on shelves.
fn sum(one: Decimal, other: Decimal) -> Decimal {
    one.checked_add(other).unwrap_or(Decimal::MAX)
}
