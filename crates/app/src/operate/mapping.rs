//! Settling differences from before Crossbill.

use std::collections::HashMap;

use domain::{Cause, Event, Key, Kind, RecordId, System};
use serde_json::json;
use store::{Db, PairRow, State};
use sync::{Facts, Field, Half, Publish, Rules, Shadow};

/// How many pairs are looked at, and published, at a time.
const PAGE: i64 = 500;

/// The pairs of a kind that may differ: their two halves have never agreed on a field, or agreed under a
/// mapping that says otherwise now. Only reading both records tells for sure; a pair in step costs no write.
pub(crate) async fn drifting(
    db: &Db,
    rules: &dyn Rules,
    facts: &Facts,
) -> anyhow::Result<Vec<PairRow>> {
    let mut drifting = Vec::new();
    each(db, rules, facts, |row, shadow, facts| {
        let mut fields = rules.fields().iter();
        if fields.any(|field| may_differ(field, &shadow, &rules.kind(), facts)) {
            drifting.push(row);
        }
    })
    .await?;
    Ok(drifting)
}

/// How many pairs of a kind were seen to differ in a field, since before Crossbill or under another mapping.
pub(crate) async fn differing(db: &Db, rules: &dyn Rules, facts: &Facts) -> anyhow::Result<usize> {
    let mut pairs = 0;
    each(db, rules, facts, |_, shadow, facts| {
        let mut fields = rules.fields().iter();
        pairs += usize::from(fields.any(|field| {
            let was_seen =
                shadow.autotask.contains_key(field.name) && shadow.jim2.contains_key(field.name);
            was_seen && may_differ(field, &shadow, &rules.kind(), facts)
        }));
    })
    .await?;
    Ok(pairs)
}

/// Goes through the pairs of a kind that were compared, a page at a time, with the facts that a page needs. A pair that
/// was never looked at is about to be.
async fn each(
    db: &Db,
    rules: &dyn Rules,
    facts: &Facts,
    mut see: impl FnMut(PairRow, Shadow, &Facts),
) -> anyhow::Result<()> {
    let mut facts = facts.clone();
    let mut after = None;
    loop {
        let rows = store::pair::walk(db, &rules.kind(), after, PAGE).await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = Some(last.id);
        let compared: Vec<(PairRow, Shadow)> = rows.into_iter().filter_map(compared).collect();
        facts.pairs = named(db, rules, &compared).await?;
        for (row, shadow) in compared {
            see(row, shadow, &facts);
        }
    }
}

fn compared(row: PairRow) -> Option<(PairRow, Shadow)> {
    let shadow = row
        .shadow
        .clone()
        .filter(|_| row.state == State::Paired)
        .and_then(|shadow| serde_json::from_value(shadow).ok())?;
    Some((row, shadow))
}

/// The other halves of what these pairs name, such as a company's parent.
async fn named(
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

fn may_differ(field: &Field, shadow: &Shadow, kind: &Kind, facts: &Facts) -> bool {
    let (way, _) = facts.rule(kind, field);
    let carried = System::BOTH.into_iter().any(|system| way.leads_to(system));
    let halves = (shadow.autotask.get(field.name), shadow.jim2.get(field.name));
    carried
        && match halves {
            // What one side leaves as it is (a finished job leaves its ticket alone) nothing settles.
            (Some(autotask), Some(jim2)) => {
                !field.equal(autotask, jim2, facts) && !field.is_left(way, autotask, jim2, facts)
            }
            (None, _) | (_, None) => true,
        }
}

/// Publishes these pairs, so that their differences are settled by each field's owner.
/// `done` is told of each so many.
pub(crate) async fn apply(
    db: &Db,
    publish: &Publish,
    rows: &[PairRow],
    who: &str,
    done: impl Fn(usize),
) -> anyhow::Result<usize> {
    for chunk in rows.chunks(PAGE.try_into()?) {
        let events = chunk.iter().map(|row| Event::new(row.key(), Cause::Apply));
        publish.events(events).await?;
        done(chunk.len());
    }
    store::audit::write(db, who, "mapping apply", &json!({"pairs": rows.len()})).await?;
    Ok(rows.len())
}
