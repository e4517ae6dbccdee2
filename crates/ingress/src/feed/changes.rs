//! The change table, by position, up to the safe mark that was taken before the rows.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{Event, Key};
use jim2::{Changes, Known, Seen};
use store::cursor::{self, Position};

use super::{CHANGES_CURSOR, Feed, look, retention};
use crate::{event, metrics as names, pace::Look, trouble::Trouble};

/// Reads a page, publishes it, moves the cursor.
pub(super) async fn step(feed: &Feed) -> Result<Look, Trouble> {
    let from = cursor::get(&feed.db, CHANGES_CURSOR).await?;
    let start = from.as_ref().map_or(0, |from| from.position.position);
    // Before the page: another reader may be told a higher mark meanwhile.
    let known = feed.known().await?;
    let page = feed.jim2.changes(start, feed.timing.page_rows).await?;
    let known = Known {
        mark: known.mark.max(Some(start)),
        ..known
    };
    feed.is_the_known(&known, &Seen::in_changes(&page)).await?;
    retention::note(feed, from.as_ref(), &page).await?;
    publish(feed, &page).await?;
    let from = from.map(|cursor| cursor.position);
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
