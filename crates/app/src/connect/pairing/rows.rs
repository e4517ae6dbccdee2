//! Rows of pairs, as matching needs them.

use std::{collections::BTreeMap, time::Duration};

use domain::{Cause, Event, Key, Kind};
use serde_json::json;
use store::{
    Claimed, Held, Outcome, PairRow, Remembered, State, Taken, claim,
    journal::{Entry, What},
    pair::{self, Turned},
};

use super::Settled;
use crate::connect::Kit;

/// How many rows are read at once.
const PAGE_ROWS: i64 = 1_000;
/// How long a claim holds under which nothing is written to either system.
const HOLD: Duration = Duration::from_secs(10);

/// All pairs of a kind.
pub(super) async fn all(kit: &Kit, kind: &Kind) -> Result<Vec<PairRow>, store::Error> {
    let mut all: Vec<PairRow> = Vec::new();
    loop {
        let after = all.last().map(|row| row.id);
        let rows = pair::walk(&kit.db, kind, after, PAGE_ROWS).await?;
        if rows.is_empty() {
            return Ok(all);
        }
        all.extend(rows);
    }
}

/// Records of a kind that are paired, or that a person said are not to be.
pub(super) async fn settled(kit: &Kit, kind: &Kind) -> Result<Settled, store::Error> {
    let mut settled = Settled::default();
    for row in all(kit, kind).await? {
        if row.is_complete() || row.state == State::Ignored {
            settled
                .autotask
                .extend(row.autotask_id.and_then(|id| id.number()));
            settled
                .jim2
                .extend(row.jim2_id.map(|id| id.as_str().to_owned()));
        }
    }
    Ok(settled)
}

/// The Jim2 number of each Autotask record that is paired.
pub(super) async fn partners(kit: &Kit, kind: &Kind) -> Result<BTreeMap<i64, i64>, store::Error> {
    let rows = all(kit, kind).await?.into_iter();
    let paired = rows.filter(|row| row.state == State::Paired);
    Ok(paired
        .filter_map(|row| Some((row.autotask_id?.number()?, row.jim2_id?.number()?)))
        .collect())
}

/// Takes a record out of the work, whether it was seen before or not. `false` where it is paired, or somebody has it
/// in hand.
pub(super) async fn ignore(kit: &Kit, key: &Key) -> anyhow::Result<bool> {
    let event = Event::new(key.clone(), Cause::FirstLoad);
    let taken = claim::take(&kit.db, &[(key.clone(), event)], &kit.who, HOLD).await?;
    let Some(Taken::Claimed(claimed)) = taken.into_iter().next() else {
        return Ok(false);
    };
    if claimed.pair.state != State::New || claimed.intent.is_some() {
        let waiting = claim::release(&kit.db, &[claimed.claim()]).await?;
        kit.publish.put_back(waiting).await?;
        return Ok(claimed.pair.state == State::Ignored);
    }
    match store::remember(&kit.db, &ignored(&claimed, &kit.who)).await? {
        Remembered::Done { waiting } => {
            // They find an ignored record, and end there.
            kit.publish.put_back(waiting).await?;
            Ok(true)
        }
        Remembered::LostClaim | Remembered::Taken(_) => Ok(false),
    }
}

fn ignored(claimed: &Claimed, who: &str) -> Outcome {
    let pair = &claimed.pair;
    Outcome {
        claim: claimed.claim(),
        autotask_id: pair.autotask_id.clone(),
        jim2_id: pair.jim2_id.clone(),
        state: State::Ignored,
        generation: pair.generation,
        label: pair.label.clone(),
        shadow: None,
        mapping_version: claimed.mapping_version,
        judged_version: claimed.mapping_version,
        written: false,
        close_intent: false,
        journal: vec![Entry {
            what: What::Ignored,
            system: None,
            cause: Cause::FirstLoad,
            body: json!({"who": who, "ignored": true}),
            calls: 0,
        }],
        held: Held::Clear,
        children: Vec::new(),
    }
}

/// Takes a record up again. `false` where it was not ignored, or somebody has it in hand.
pub(super) async fn take_up(kit: &Kit, key: &Key) -> Result<bool, store::Error> {
    match pair::find(&kit.db, key).await? {
        Some(row) if row.state == State::Ignored => {
            Ok(pair::unignore(&kit.db, row.id, &kit.who).await? == Turned::Done)
        }
        Some(_) | None => Ok(false),
    }
}
