//! Halves that belong together no more. Pure.

use domain::{Problem, System};

use super::{Next, Plan};
use crate::{Act, Facts, Half, Rules, Shadow};

/// A pair that fails rule 6. Where only the owner of the Autotask half changed and the kind says how, the Jim2 half is
/// retired and the Autotask half goes on with another; else the pair is held.
pub(super) fn parted(
    rules: &dyn Rules,
    shadow: &Shadow,
    (autotask, jim2): (&Half, &Half),
    problem: Problem,
    facts: &Facts,
) -> Plan {
    let is_still_his = rules.identity(autotask, jim2, facts).is_ok()
        && (shadow.customer.is_none() || shadow.customer == rules.customer(jim2));
    let steps = rules
        .retires(autotask, jim2, facts)
        .filter(|_| is_still_his)
        .and_then(|fields| rules.steps(System::Jim2, jim2, fields, facts).ok());
    let Some(steps) = steps else {
        return Plan::held(Some(shadow), vec![problem]);
    };
    let update = |fields| Act::Update {
        on: System::Jim2,
        id: jim2.id.clone(),
        fields,
    };
    Plan {
        acts: steps
            .into_iter()
            .filter(|fields| !fields.is_empty())
            .map(update)
            .collect(),
        problems: vec![problem],
        ..Plan::new(Next::Replace, Some(shadow))
    }
}
