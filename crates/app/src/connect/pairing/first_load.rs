//! What the workers are to look at once: each new pair, tickets since the start that have no job, what they match by
//! themselves, and stock of the chosen groups that has no product.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::{Cause, Event, Key, Kind, System};
use store::State;

use super::{
    ASSET, COMPANY, CONTACT, CONTRACT, STOCK, TICKET, in_autotask,
    read::OpenTicket,
    rows,
    sign_off::{Decision, Decisions},
};
use crate::connect::{Kit, Report, settings::names};

/// How many events are published at once.
const BATCH: usize = 500;

/// What was read of Autotask for it.
pub(super) struct Load<'a> {
    /// Open tickets.
    pub(super) open: &'a [OpenTicket],
    /// Contracts in use.
    pub(super) agreed: &'a [i64],
    /// Configuration items in use.
    pub(super) things: &'a [i64],
    /// Stock of the chosen groups that has no product.
    pub(super) stock: Vec<Key>,
}

/// Publishes the first loads; workers compare, write references back and make what is to be made. Answers how many.
pub(super) async fn publish(
    kit: &Kit,
    decisions: &Decisions,
    load: Load<'_>,
    report: &mut Report<'_>,
) -> anyhow::Result<usize> {
    let open = load.open;
    let mut events = unmatched(kit, &CONTRACT, load.agreed).await?;
    events.extend(unmatched(kit, &ASSET, load.things).await?);
    let mut seen: BTreeSet<i64> = BTreeSet::new();
    for kind in [COMPANY, CONTACT, CONTRACT, ASSET, TICKET, STOCK] {
        for row in rows::all(kit, &kind).await? {
            if kind == TICKET {
                seen.extend(row.autotask_id.as_ref().and_then(domain::RecordId::number));
            }
            // A pair with a shadow has been compared, by whichever run linked it.
            if row.state == State::Paired && row.shadow.is_none() {
                events.push(Event::new(row.key(), Cause::FirstLoad));
            }
        }
    }
    let starts: Option<DateTime<Utc>> = store::setting::get(&kit.db, names::STARTS_FROM).await?;
    let since_start = open.iter().filter(|one| {
        let is_since = matches!((starts, one.created), (Some(starts), Some(at)) if at >= starts);
        is_since && !seen.contains(&one.ticket.id)
    });
    events.extend(
        since_start.map(|one| Event::new(in_autotask(&TICKET, one.ticket.id), Cause::FirstLoad)),
    );
    let stock = load.stock.into_iter();
    events.extend(stock.map(|key| Event::new(key, Cause::FirstLoad)));
    sign_off(kit, decisions).await?;
    for decided in decisions.that(Decision::Create) {
        for key in decided.keys().into_iter().take(1) {
            rows::take_up(kit, &key).await?;
            check_switch(kit, &key, report).await?;
            events.push(Event::new(key, Cause::Replay));
        }
    }
    report.expect(events.len());
    let published = events.len();
    for batch in events.chunks(BATCH) {
        kit.publish.events(batch.to_vec()).await?;
        report.advance(batch.len());
    }
    Ok(published)
}

/// Records of a kind that workers match by themselves and that nobody has seen yet.
async fn unmatched(kit: &Kit, kind: &Kind, ids: &[i64]) -> Result<Vec<Event>, store::Error> {
    let rows = rows::all(kit, kind).await?;
    let seen: BTreeSet<i64> = rows
        .iter()
        .filter_map(|row| row.autotask_id.as_ref()?.number())
        .collect();
    let new = ids.iter().filter(|id| !seen.contains(id));
    Ok(new
        .map(|id| Event::new(in_autotask(kind, *id), Cause::FirstLoad))
        .collect())
}

/// Keeps what a person decided to have made, so that no worker asks again whether it is there already. It is kept
/// before the workers hear of it.
async fn sign_off(kit: &Kit, decisions: &Decisions) -> Result<(), store::Error> {
    let decided = decisions.that(Decision::Create);
    let new: Vec<String> = decided
        .filter_map(|decided| Some(decided.keys().first()?.to_string()))
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    let kept: Option<BTreeSet<String>> = store::setting::get(&kit.db, sync::SIGNED_OFF).await?;
    let mut all = kept.unwrap_or_default();
    all.extend(new);
    store::setting::set(&kit.db, sync::SIGNED_OFF, &all).await?;
    Ok(())
}

/// Tells where a person decided on a creation that is switched off.
async fn check_switch(kit: &Kit, key: &Key, report: &mut Report<'_>) -> anyhow::Result<()> {
    let into = key.system.other();
    let switches = store::mapping::load(&kit.db).await?.switches;
    let is_on = switches.iter().any(|switch| {
        switch.kind == key.kind && switch.direction.target() == into && switch.create_enabled
    });
    if !is_on {
        let word = match (key.kind == TICKET, into) {
            (true, System::Autotask) => "ticket-from-job",
            (true, System::Jim2) | (false, _) => key.kind.as_str(),
        };
        report.warn(format!(
            "{key} is not made in {into}, as that is switched off: connect again with --create {word}"
        ))?;
    }
    Ok(())
}
