//! Settling differences from before Crossbill.

use domain::{Cause, Event};
use serde_json::json;
use store::{Db, PairRow, State};
use sync::{Facts, Publish, Rules, Shadow, contents};

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
        if fields.any(|field| contents::may_differ(field, &shadow, &rules.kind(), facts)) {
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
        pairs += usize::from(
            fields.any(|field| contents::was_seen_to_differ(field, &shadow, &rules.kind(), facts)),
        );
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
        facts.pairs = contents::named(db, rules, &compared).await?;
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
