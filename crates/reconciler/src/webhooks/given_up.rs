//! Calls that Autotask gave up: a gap for each webhook that they belong to, then they are taken off its log.

use chrono::{DateTime, TimeDelta, Utc};
use domain::System;
use serde::Deserialize;
use store::{
    gap, sequence,
    webhook::{self, Webhook as Row},
};

use super::{Error, Hook, Place};

/// A call whose body does not say when its change was: within this time before it was given up.
const LATE: TimeDelta = TimeDelta::hours(1);

/// What of a call's body is looked at.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    event_time: DateTime<Utc>,
}

/// The calls of one webhook that were given up.
#[derive(Debug)]
struct Lost<'a> {
    row: &'a Row,
    since: DateTime<Utc>,
    until: DateTime<Utc>,
    numbers: Vec<i64>,
    rows: Vec<i64>,
}

/// Sees to all that were given up. A build or a right that does not tell them tells nothing here: jumps in the numbers of
/// calls tell of them as well.
pub(crate) async fn take_given_up(at: Place<'_>, hooks: &[Hook]) -> Result<(), Error> {
    let told = match at.autotask.given_up().await {
        Ok(told) => told,
        Err(autotask::Error::Forbidden { .. } | autotask::Error::NoSuchCall { .. }) => {
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    if told.is_empty() {
        return Ok(());
    }
    let rows = webhook::list(at.db).await?;
    for row in &rows {
        let ours = told.iter().filter(|call| is_of(call, row));
        if let Some(lost) = Lost::of(row, ours, at.now) {
            lost.open_gap(at, hooks).await?;
        }
    }
    Ok(())
}

/// Whether it was a call of this webhook. Those of tickets and notes are known by what their body says.
fn is_of(call: &autotask::GivenUp, row: &Row) -> bool {
    let column = match row.entity.as_str() {
        "Company" => call.company_webhook.get(),
        "Contact" => call.contact_webhook.get(),
        _ => None,
    };
    let names = |payload: &String| {
        let guid = row.guid.as_deref();
        guid.is_some_and(|guid| payload.contains(guid))
    };
    column.is_some_and(|id| Some(*id) == row.autotask_id) || call.payload.get().is_some_and(names)
}

impl<'a> Lost<'a> {
    fn of<'c>(
        row: &'a Row,
        calls: impl Iterator<Item = &'c autotask::GivenUp>,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let mut lost: Option<Self> = None;
        for call in calls {
            let (since, until) = span(call, now);
            let all = lost.get_or_insert_with(|| Self {
                row,
                since,
                until,
                numbers: Vec::new(),
                rows: Vec::new(),
            });
            all.since = all.since.min(since);
            all.until = all.until.max(until);
            all.numbers.extend(call.sequence_number.get());
            all.rows.push(call.id);
        }
        lost
    }

    /// The gap is there before the log forgets. What a call's number told is known then, and is no jump.
    async fn open_gap(self, at: Place<'_>, hooks: &[Hook]) -> Result<(), Error> {
        let hook = hooks.iter().find(|hook| hook.watch.name == self.row.name);
        let missed = gap::NewGap {
            system: System::Autotask,
            kind: hook.map(|hook| &hook.kind),
            reason: &format!("Autotask gave up calling the webhook {}", self.row.name),
            since: self.since,
            until: Some(self.until),
            missed: i64::try_from(self.rows.len()).ok(),
        };
        gap::open(at.db, &missed).await?;
        tracing::error!(
            webhook = self.row.name,
            calls = self.rows.len(),
            "Autotask gave up calling this webhook, a gap is open"
        );
        if let Some(guid) = &self.row.guid {
            let numbers = self.numbers.iter();
            let numbers: Vec<_> = numbers.map(|number| (guid.clone(), *number)).collect();
            sequence::record(at.db, &numbers).await?;
        }
        for row in self.rows {
            at.autotask.forget_given_up(row).await?;
        }
        Ok(())
    }
}

/// From the change that it would have told of until it was given up; where neither is told, the last hour.
fn span(call: &autotask::GivenUp, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    let given_up = call.create_date_time.get().copied();
    let body = call.payload.get();
    let changed = body.and_then(|body| serde_json::from_str::<Body>(body).ok());
    let changed = changed.map(|body| body.event_time);
    let until = given_up.or(changed).unwrap_or(now);
    let since = changed.unwrap_or(until - LATE).min(until);
    (since, until)
}
