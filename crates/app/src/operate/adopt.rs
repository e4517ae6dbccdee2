//! Taking Jim2's database as it is, after it was restored from a backup or replaced: what may differ since is compared again, and
//! what is not there any more is told to people.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::{Cause, Event, Fixer, Kind, Problem, RecordId, Remedy, StopReason, Subject, System};
use ingress::feed::{CHANGES_CURSOR, MODIFIED_CURSOR};
use jim2::{Changes, Seen, sounds_like_training};
use serde::Serialize;
use serde_json::json;
use store::{
    Db, PairRow, State,
    cursor::Position,
    database::{self, Adopted, TopJob},
    system::Identity,
};
use sync::{ALL_CHILDREN, Half, Publish, clocks::SKEW, in_jim2s_words, top_job};
use tokio::time::{Duration, Instant, sleep};
use uuid::Uuid;

use super::mistake;
use crate::kinds::Work;

/// So many changes are read at a time when it is looked for the last one that we know.
const PAGE: usize = 1_000;
/// And so many times at most: what is older makes no difference any more.
const PAGES: usize = 20;
/// How many pairs are looked at at a time.
const PAIRS: usize = 200;
/// How long workers have to finish what they began: longer than a claim holds.
const PATIENCE: Duration = Duration::from_mins(4);

/// The database as it answers now, and what is known of it.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// Why it is to be taken as it is.
    pub(crate) why: String,
    /// From when on it may differ from what was read; `None`: in everything.
    pub(crate) since: Option<DateTime<Utc>>,
    /// How many pairs of each kind were changed since.
    pub(crate) pairs: Vec<(Kind, i64)>,
    identity: Option<Identity>,
    mark: Option<i64>,
    job: Option<TopJob>,
}

/// What became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Came {
    /// How many pairs are compared again.
    pub(crate) compared: usize,
    /// How many have lost their Jim2 half, and are held for people.
    pub(crate) lost: usize,
    /// How many records of Jim2 that stood alone are not there any more.
    pub(crate) forgotten: usize,
}

/// Looks at the database, and at what taking it would mean. Changes nothing.
pub(crate) async fn look(
    db: &Db,
    jim2: &jim2::Client,
    kinds: impl Iterator<Item = Kind>,
    since: Option<DateTime<Utc>>,
) -> anyhow::Result<Found> {
    let stored = database::known(db, System::Jim2).await?;
    let agreed_at = stored.agreed_at;
    let known = in_jim2s_words(stored);
    let seen = jim2.look_at_database(&known).await?;
    if !known.is_training && is_training(jim2, &seen).await? {
        return mistake(
            "this Jim2 is a training copy, which is never taken for the real one: point JIM2_URL at the real database",
        );
    }
    if known.is_training && seen.training == Some(false) {
        return mistake(
            "this site was connected to a training copy, and this Jim2 is none: point JIM2_URL at the copy, or connect a new site",
        );
    }
    let departure = known.departure(&seen).map(|it| it.reason());
    let why = match (known.departed.clone().or(departure), since) {
        (Some(reason), _) => reason.to_string(),
        (None, Some(_)) => "it was restored, as you say".to_owned(),
        (None, None) => {
            return mistake(
                "Jim2 is the database that we know, so there is nothing to adopt; if it was restored all the same, say from \
                 when on it may differ: --since \"2026-11-20 14:30\"",
            );
        }
    };
    let is_another = match (&seen.identity, &known.identity) {
        (Some(found), Some(known)) => found.database_id != known.database_id,
        (None, _) | (_, None) => false,
    };
    let since = match (since, seen.mark, agreed_at) {
        (Some(since), ..) => Some(since),
        (None, Some(mark), Some(agreed)) if !is_another => {
            last_known(jim2, mark, agreed - SKEW).await?
        }
        (None, ..) => None,
    };
    let mut pairs = Vec::new();
    for kind in kinds {
        let touched = store::pair::count_touched(db, &kind, since).await?;
        if touched > 0 {
            pairs.push((kind, touched));
        }
    }
    Ok(Found {
        why,
        since,
        pairs,
        mark: seen.mark,
        job: top_job(&seen),
        identity: seen.identity.map(|identity| Identity {
            database_id: identity.database_id,
            db_epoch: identity.epoch,
        }),
    })
}

/// What the database says of itself, or else its name.
async fn is_training(jim2: &jim2::Client, seen: &Seen) -> anyhow::Result<bool> {
    if let Some(is_training) = seen.training {
        return Ok(is_training);
    }
    let mut names: Vec<String> = Vec::new();
    if jim2.settings().named_queries {
        names.extend(jim2.system().await?.name.get().cloned());
    }
    names.extend(jim2.settings().application().map(str::to_owned));
    Ok(names.iter().any(|name| sounds_like_training(name)))
}

/// When the last change was made that was there before the database was last seen to be the one we know: all that came
/// after it is from after the restore. `None` where it is not there any more.
async fn last_known(
    jim2: &jim2::Client,
    mark: i64,
    agreed: DateTime<Utc>,
) -> anyhow::Result<Option<DateTime<Utc>>> {
    let page = i64::try_from(PAGE)?;
    let mut from = mark;
    for _ in 0..PAGES {
        if from <= 0 {
            return Ok(None);
        }
        from = (from - page).max(0);
        let changes = jim2.changes(from, PAGE).await?;
        if let Some(at) = latest_before(&changes, agreed) {
            return Ok(Some(at - SKEW));
        }
    }
    Ok(None)
}

fn latest_before(changes: &Changes, agreed: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let times = changes.rows.iter().filter_map(|row| row.at.get());
    times.filter(|at| **at <= agreed).max().copied()
}

/// Takes it: stops all writing where that was not yet, waits for what is in hand, has all compared that may differ, and lets
/// writing go on. Safe to repeat after an interruption, as letting it go on comes last.
pub(crate) async fn adopt(
    (db, publish): (&Db, &Publish),
    works: &[Work],
    found: &Found,
    (who, now): (&str, DateTime<Utc>),
) -> anyhow::Result<Came> {
    let said = StopReason::Restored(format!("{who} says so"));
    database::depart(db, System::Jim2, &said).await?;
    let until = Instant::now() + PATIENCE;
    while store::pair::claimed(db).await? > 0 {
        if Instant::now() > until {
            return mistake(
                "workers still have records in hand; nothing is written meanwhile: look at crossbill status, and adopt again",
            );
        }
        sleep(Duration::from_millis(200)).await;
    }
    let mut came = Came::default();
    for work in works {
        Box::pin(compare(db, publish, work, found.since, &mut came)).await?;
    }
    let since = match found.since {
        Some(since) => since,
        None => store::pair::first_made(db).await?.unwrap_or(now),
    };
    let (cursor, position) = match found.mark {
        Some(mark) => (CHANGES_CURSOR, mark),
        None => (MODIFIED_CURSOR, 0),
    };
    let place = Position {
        position,
        at: Some(now),
        database_id: found.identity.as_ref().map(|it| it.database_id.clone()),
        db_epoch: found.identity.as_ref().map(|it| it.db_epoch),
    };
    let adopted = Adopted {
        identity: found.identity.as_ref(),
        mark: found.mark,
        job: found.job,
        cursor: (cursor, place),
        gap: (since, now),
    };
    database::adopt(db, System::Jim2, &adopted).await?;
    let detail = json!({"why": found.why, "since": found.since, "mark": found.mark, "came": came});
    store::audit::write(db, who, "adopt-restore", &detail).await?;
    Ok(came)
}

/// Has the pairs of a kind compared that may differ, by each field's owner, and takes those apart whose job, card or line is
/// not there any more.
async fn compare(
    db: &Db,
    publish: &Publish,
    work: &Work,
    since: Option<DateTime<Utc>>,
    came: &mut Came,
) -> anyhow::Result<()> {
    let kind = work.rules.kind();
    let mut after = None;
    loop {
        let rows = store::pair::touched(db, &kind, since, after, i64::try_from(PAIRS)?).await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = Some(last.id);
        let there = there(work, &rows).await?;
        let half = |row: &PairRow| row.jim2_id.as_ref().and_then(|id| there.get(id));
        let (kept, without): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| half(row).is_some());
        let halves = kept.iter().filter_map(|row| Some((row.id, half(row)?)));
        forget_lost_children(db, &kind, &halves.collect()).await?;
        let mut again = kept;
        for row in without {
            if !store::pair::lose(db, &row, &lost_problem(&row)).await? {
                // A write of ours may still be told of: the worker finds out.
                again.push(row);
            } else if row.autotask_id.is_some() {
                came.lost += 1;
            } else {
                came.forgotten += 1;
            }
        }
        let ids: Vec<_> = again.iter().map(|row| row.id).collect();
        store::pair::forget_jim2(db, &ids).await?;
        let events = again.iter().filter_map(|row| match row.state {
            State::Paired => Some(Event::new(row.key(), Cause::Apply)),
            State::New | State::Gone => Some(Event::new(row.key(), Cause::Sweep)),
            State::Earlier | State::Ignored => None,
        });
        let events: Vec<Event> = events.collect();
        came.compared += events.len();
        publish.events(events).await?;
    }
}

/// What hangs under these pairs and is not there any more: comments, notes of cards.
async fn forget_lost_children(
    db: &Db,
    kind: &Kind,
    halves: &HashMap<Uuid, &Half>,
) -> anyhow::Result<()> {
    let parents: Vec<Uuid> = halves.keys().copied().collect();
    let children = store::pair::children(db, &parents).await?;
    let is_lost = |row: &&PairRow| {
        let half = row.parent.and_then(|parent| halves.get(&parent));
        let id = row.jim2_id.as_ref();
        // A job is read with all of its comments. One of ours that is there after all is known again by its mark.
        let tells_all = |half: &&&Half| half.is(ALL_CHILDREN) || *kind == worker_ticket::KIND;
        let told = half.filter(tells_all).zip(id);
        told.is_some_and(|(half, id)| half.children.iter().all(|child| child.id != *id))
    };
    let lost: Vec<Uuid> = children.iter().filter(is_lost).map(|row| row.id).collect();
    Ok(store::pair::lose_children(db, &lost).await?)
}

/// Those of the Jim2 halves that are there.
async fn there(work: &Work, rows: &[PairRow]) -> anyhow::Result<HashMap<RecordId, Half>> {
    let ids: Vec<RecordId> = rows.iter().filter_map(|row| row.jim2_id.clone()).collect();
    let halves = work.hands.read(System::Jim2, &ids).await;
    let halves = halves.map_err(super::preview::unreadable)?;
    Ok(halves
        .into_iter()
        .map(|half| (half.id.clone(), half))
        .collect())
}

/// What people are told of a pair whose Jim2 half is not there any more (rule 6: it is never made again by itself).
fn lost_problem(row: &PairRow) -> Problem {
    let (autotask, jim2) = (row.autotask_id.as_ref(), row.jim2_id.as_ref());
    let id = |id: Option<&RecordId>| id.map_or_else(String::new, ToString::to_string);
    told_lost(&row.kind, &row.label, (&id(autotask), &id(jim2)))
}

fn told_lost(kind: &Kind, label: &str, (autotask, jim2): (&str, &str)) -> Problem {
    Problem {
        code: "lost-in-restore".to_owned(),
        subject: Subject::Setting {
            name: format!("jim2 database: {kind}"),
        },
        field: None,
        says: format!(
            "{label} was paired with {jim2} in Jim2, which is not there any more since Jim2's database was restored or replaced"
        ),
        remedy: Remedy {
            who: match kind.as_str() {
                "billing" | "invoice" => Fixer::Finance,
                _ => Fixer::Desk,
            },
            step: format!(
                "where it is still wanted, make it in Jim2 by hand, then: crossbill pairs link {kind} {autotask} <its number in Jim2>; \
                 else: crossbill held archive"
            ),
            continues: false,
        },
    }
}

#[cfg(test)]
mod tests;
