//! Settling differences from before Crossbill.

use domain::{Cause, Event, Kind};
use serde_json::json;
use store::{
    Db, PairRow, State,
    pair::{Filter, Page},
};
use sync::{Facts, Field, Publish, Rules, Shadow};

use crate::kinds::Work;

/// How many pairs are looked at, and published, at a time.
const PAGE: i64 = 500;

/// The pairs of a kind that may differ: their two halves have never agreed on a field, or agreed under a
/// mapping that says otherwise now. Only reading both records tells for sure; a pair in step costs no write.
pub(crate) async fn drifting(
    db: &Db,
    work: &dyn Work,
    facts: &Facts,
) -> anyhow::Result<Vec<PairRow>> {
    let filter = Filter {
        kind: Some(work.kind()),
        state: Some(State::Paired),
        text: None,
    };
    let (mut drifting, mut offset) = (Vec::new(), 0);
    loop {
        let page = Page {
            offset,
            limit: PAGE,
        };
        let rows = store::pair::list(db, &filter, page).await?;
        let read = i64::try_from(rows.len())?;
        drifting.extend(
            rows.into_iter()
                .filter(|row| may_drift(row, work.rules(), facts)),
        );
        if read < PAGE {
            return Ok(drifting);
        }
        offset += PAGE;
    }
}

fn may_drift(row: &PairRow, rules: &dyn Rules, facts: &Facts) -> bool {
    let shadow = row
        .shadow
        .clone()
        .and_then(|shadow| serde_json::from_value::<Shadow>(shadow).ok());
    // One that was never looked at is about to be.
    let Some(shadow) = shadow else { return false };
    rules
        .fields()
        .iter()
        .any(|field| differs(field, &shadow, &rules.kind(), facts))
}

fn differs(field: &Field, shadow: &Shadow, kind: &Kind, facts: &Facts) -> bool {
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
pub(crate) async fn apply(
    db: &Db,
    publish: &Publish,
    rows: &[PairRow],
    who: &str,
) -> anyhow::Result<usize> {
    for chunk in rows.chunks(PAGE.try_into()?) {
        let events = chunk.iter().map(|row| Event::new(row.key(), Cause::Apply));
        publish.events(events).await?;
    }
    store::audit::write(db, who, "mapping apply", &json!({"pairs": rows.len()})).await?;
    Ok(rows.len())
}
