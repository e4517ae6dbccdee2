//! What a pair's records hold, against what both sides last agreed on. Pure, but for the pairs that records name.

use std::collections::HashMap;

use domain::{Key, Kind, RecordId, System};
use store::{Db, PairRow};

use crate::{Facts, Field, Half, Rules, Shadow};

/// The fields of a half, as it is now, that are not as agreed, where anything is carried by them.
pub fn changed(
    rules: &dyn Rules,
    (on, half): (System, &Half),
    shadow: &Shadow,
    facts: &Facts,
) -> Vec<&'static str> {
    let kind = rules.kind();
    let fields = rules.fields().iter();
    let carried = fields.filter(|field| facts.is_carried(&kind, field));
    let changed = carried.filter(|field| {
        let now = half.fields.get(field.name);
        now.is_some_and(|now| shadow.is_changed(on, field.name, now))
    });
    changed.map(|field| field.name).collect()
}

/// Whether the halves of a pair differ in a field by what they last agreed on: since before Crossbill, or under a mapping
/// that says otherwise now. `facts` know what the halves name ([`named`]).
pub fn may_differ(field: &Field, shadow: &Shadow, kind: &Kind, facts: &Facts) -> bool {
    let (way, _) = facts.rule(kind, field);
    let halves = (shadow.autotask.get(field.name), shadow.jim2.get(field.name));
    facts.is_carried(kind, field)
        && match halves {
            // What one side leaves as it is (a finished job leaves its ticket alone) nothing settles.
            (Some(autotask), Some(jim2)) => {
                !field.equal(autotask, jim2, facts) && !field.is_left(way, autotask, jim2, facts)
            }
            (None, _) | (_, None) => true,
        }
}

/// The same, where both halves were seen with a value.
pub fn was_seen_to_differ(field: &Field, shadow: &Shadow, kind: &Kind, facts: &Facts) -> bool {
    let was_seen = shadow.autotask.contains_key(field.name) && shadow.jim2.contains_key(field.name);
    was_seen && may_differ(field, shadow, kind, facts)
}

/// The other halves of what these pairs name, such as a company's parent.
pub async fn named(
    db: &Db,
    rules: &dyn Rules,
    pairs: &[(PairRow, Shadow)],
) -> Result<HashMap<Key, RecordId>, store::Error> {
    let mut needs = Vec::new();
    for (row, shadow) in pairs {
        for (system, id, fields) in [
            (System::Autotask, &row.autotask_id, &shadow.autotask),
            (System::Jim2, &row.jim2_id, &shadow.jim2),
        ] {
            if let Some(id) = id {
                let mut half = Half::new(id.clone(), "");
                half.fields.clone_from(fields);
                needs.extend(rules.needs(system, &half));
            }
        }
    }
    store::pair::others(db, &needs).await
}
