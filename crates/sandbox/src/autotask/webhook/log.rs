//! The error log: what was dropped after the last try, for thirty days.

use chrono::TimeDelta;
use serde_json::Value;

use super::super::row::{Row, parse_time, stamp};
use super::super::schema::known;
use super::super::world::World;
use super::queue::{Event, Lane};

/// The entity that is the log.
pub(in crate::autotask) const LOG: &str = "WebhookEventErrorLogs";

/// The longest text of its columns.
const LOG_LENGTH: usize = 8000;

/// How long a row is kept.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Writes what was dropped and why. Webhooks of tickets and notes have no column of their own.
pub(super) fn write(world: &mut World, lane: Lane, event: &Event, failure: &str) {
    let mut log = Row::default();
    let column = match lane.hooks {
        "CompanyWebhooks" => Some("accountWebhookID"),
        "ContactWebhooks" => Some("contactWebhookID"),
        _ => None,
    };
    if let Some(column) = column {
        log.set(column, lane.webhook);
    }
    log.set("createDateTime", stamp(world.now()));
    log.set("errorMessage", shortened(failure));
    log.set("payload", shortened(&event.body));
    log.set("sequenceNumber", event.sequence);
    forget_old(world);
    world.insert(known(LOG), log);
}

/// Takes out what has been there for thirty days.
pub(in crate::autotask) fn forget_old(world: &mut World) {
    let since = world.now() - KEPT;
    let is_old = |row: &Row| parse_time(row.text("createDateTime")).is_some_and(|at| at < since);
    let old = world.rows(LOG).filter(|(_, row)| is_old(row));
    for id in old.map(|(id, _)| id).collect::<Vec<_>>() {
        world.remove(LOG, id);
    }
}

fn shortened(text: &str) -> Value {
    text.chars().take(LOG_LENGTH).collect::<String>().into()
}
