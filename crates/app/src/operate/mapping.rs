//! Settling differences from before Crossbill.

use domain::{Cause, Event, Kind};
use serde_json::json;
use store::{Db, PairRow, State};
use sync::{Facts, Field, Publish, Rules, Shadow};

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
    each(db, rules, |row, shadow| {
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
    each(db, rules, |_, shadow| {
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

/// Goes through the pairs of a kind that were compared. One that was never looked at is about to be.
async fn each(
    db: &Db,
    rules: &dyn Rules,
    mut see: impl FnMut(PairRow, Shadow),
) -> anyhow::Result<()> {
    let mut after = None;
    loop {
        let rows = store::pair::walk(db, &rules.kind(), after, PAGE).await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = Some(last.id);
        for row in rows.into_iter().filter(|row| row.state == State::Paired) {
            let shadow = row.shadow.clone().map(serde_json::from_value::<Shadow>);
            if let Some(Ok(shadow)) = shadow {
                see(row, shadow);
            }
        }
    }
}

fn may_differ(field: &Field, shadow: &Shadow, kind: &Kind, facts: &Facts) -> bool {
    let (way, _) = facts.rule(kind, field);
    let carried = domain::System::BOTH
        .into_iter()
        .any(|system| way.leads_to(system));
    let halves = (shadow.autotask.get(field.name), shadow.jim2.get(field.name));
    carried
        && match halves {
            (Some(autotask), Some(jim2)) => !field.equal(autotask, jim2, facts),
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
