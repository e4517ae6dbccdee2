//! The change table, by position, up to the safe mark that was taken before the rows.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{Event, Key, System};
use jim2::Changes;
use store::{
    cursor::{self, Position},
    system::{self, Identity},
};

use super::{CHANGES_CURSOR, Feed, look};
use crate::{event, metrics as names, pace::Look, trouble::Trouble};

/// Reads a page, publishes it, moves the cursor.
pub(super) async fn step(feed: &Feed) -> Result<Look, Trouble> {
    let from = cursor::get(&feed.db, CHANGES_CURSOR).await?;
    let from = from.map(|cursor| cursor.position);
    let paired = system::identity(&feed.db, System::Jim2).await?;
    let start = start(from.as_ref(), paired.as_ref());
    let page = feed.jim2.changes(start, feed.timing.page_rows).await?;
    let expected = paired.or_else(|| from.as_ref().and_then(database_of));
    is_the_same(start, &page, expected.as_ref())?;
    publish(feed, &page).await?;
    let is_full = page.rows.len() >= feed.timing.page_rows;
    let last = page.rows.last().filter(|_| is_full);
    let to = Position {
        position: last.map_or(page.safe_mark, |row| row.position),
        at: latest(&page).or(from.as_ref().and_then(|from| from.at)),
        database_id: Some(page.identity.database_id.clone()),
        db_epoch: Some(page.identity.epoch),
    };
    let moved = cursor::move_to(&feed.db, CHANGES_CURSOR, from.as_ref(), &to).await?;
    Ok(look(moved, is_full, page.rows.is_empty()))
}

/// Where to read on. Positions of a database that we were paired with before mean nothing in this one.
fn start(from: Option<&Position>, paired: Option<&Identity>) -> i64 {
    match (from, paired) {
        (Some(from), Some(paired)) if database_of(from).is_some_and(|of| of != *paired) => 0,
        (Some(from), _) => from.position,
        (None, _) => 0,
    }
}

fn database_of(position: &Position) -> Option<Identity> {
    Some(Identity {
        database_id: position.database_id.clone()?,
        db_epoch: position.db_epoch?,
    })
}

/// Refuses another database, and one whose change table is behind where we were: it was restored.
fn is_the_same(start: i64, page: &Changes, expected: Option<&Identity>) -> Result<(), Trouble> {
    let found = &page.identity;
    if let Some(expected) = expected
        && (found.database_id != expected.database_id || found.epoch != expected.db_epoch)
    {
        return Err(Trouble::Identity(format!(
            "found {found}; paired with database {}, epoch {}; run `crossbill connect` if this is meant",
            expected.database_id, expected.db_epoch
        )));
    }
    if page.safe_mark < start {
        return Err(Trouble::Identity(format!(
            "its change table ends at {}, we had read up to {start}: it was restored from a backup",
            page.safe_mark
        )));
    }
    Ok(())
}

async fn publish(feed: &Feed, page: &Changes) -> Result<(), Trouble> {
    let lag = metrics::gauge!(names::FEED_LAG, "feed" => CHANGES_CURSOR);
    if page.rows.is_empty() {
        lag.set(0.0);
        return Ok(());
    }
    let events = events(page, feed.own_initials().await?.as_deref());
    metrics::counter!(names::FEED_EVENTS, "feed" => CHANGES_CURSOR).increment(events.len() as u64);
    feed.publish.events(events).await?;
    if let Some(oldest) = page.rows.iter().find_map(|row| row.at.get()) {
        let age = (feed.clock.now() - oldest).to_std().unwrap_or_default();
        lag.set(age.as_secs_f64());
    }
    Ok(())
}

/// One event a record, however many rows speak of it.
fn events(page: &Changes, own_initials: Option<&str>) -> Vec<Event> {
    let mut by_key: BTreeMap<Key, Event> = BTreeMap::new();
    for row in &page.rows {
        let Some(event) = event::of_change(row, own_initials) else {
            continue;
        };
        match by_key.get_mut(&event.key) {
            Some(known) => known.coalesce(event),
            None => {
                by_key.insert(event.key.clone(), event);
            }
        }
    }
    by_key.into_values().collect()
}

fn latest(page: &Changes) -> Option<DateTime<Utc>> {
    page.rows
        .iter()
        .filter_map(|row| row.at.get())
        .max()
        .copied()
}
