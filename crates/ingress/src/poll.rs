//! Autotask without webhooks, for sites that cannot be reached from outside: records by their time of last activity.
//!
//! It tells no deletions, and each look costs four calls; webhooks are better in both.

mod watched;

use std::{sync::Arc, time::Duration};

use autotask::{Company, Contact, Filter, Query, Ticket, TicketNote};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{Cause, Clock, Event, Floor};
use store::{
    Db,
    cursor::{self, Position},
    system,
};
use sync::Publish;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::{
    metrics as names,
    pace::{Look, Pace},
    trouble::Trouble,
};
use watched::{Published, Stamped, Watched};

/// There is no safe mark, so a change that is seen late is looked for this long (rule 13). It costs no more calls, and
/// what was published with the same stamp is not published again. Autotask's times are in UTC and have no fold.
const OVERLAP: TimeDelta = TimeDelta::minutes(10);

/// What is read instead of webhooks, and where it goes.
#[derive(Debug, Clone)]
pub struct Poll {
    /// Autotask.
    pub autotask: autotask::Client,
    /// The database.
    pub db: Db,
    /// Where events go.
    pub publish: Publish,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The wait between looks; each costs four calls.
    pub every: Duration,
}

/// Reads until `stop`.
pub async fn run(poll: Poll, stop: CancellationToken) {
    let mut pace = Pace::new(poll.every, poll.every);
    let mut published = Published::default();
    tokio::select! {
        biased;
        () = stop.cancelled() => {}
        () = async {
            loop {
                let wait = poll.look(&mut published, &mut pace).await;
                sleep(wait).await;
            }
        } => {}
    }
}

impl Poll {
    async fn look(&self, published: &mut Published, pace: &mut Pace) -> Duration {
        match self.step(published).await {
            Ok(look) => pace.after(look).max(self.every),
            Err(trouble) => {
                let asked = trouble
                    .settle(&self.db, "autotask.poll", pace.is_well())
                    .await;
                pace.after_trouble(asked)
            }
        }
    }

    /// One look at each entity, unless Autotask is stopped: a refused call would prolong what stopped it.
    async fn step(&self, published: &mut Published) -> Result<Look, Trouble> {
        let [autotask, _] = system::state(&self.db).await?;
        if autotask.stop.is_some() {
            return Ok(Look::Nothing);
        }
        self.read::<Ticket>(published).await?;
        self.read::<TicketNote>(published).await?;
        self.read::<Company>(published).await?;
        self.read::<Contact>(published).await?;
        Ok(Look::Some)
    }

    /// Publishes what changed of one entity since its mark, page by page, and then moves the mark.
    async fn read<E: Watched>(&self, published: &mut Published) -> Result<(), Trouble> {
        let from = cursor::get(&self.db, E::CURSOR).await?;
        let from = from.map(|cursor| cursor.position);
        let now = self.clock.now();
        let mark = from.as_ref().and_then(|from| from.at).unwrap_or(now);
        let since = mark - OVERLAP;
        let query = query::<E>(since);
        let (mut latest, mut after) = (mark, None);
        loop {
            let page = self.autotask.query_page::<E>(&query, after).await?;
            let news = published.news(&page.items);
            let events = news.iter().map(|(_, stamped)| event(stamped));
            self.publish.events(events.collect::<Vec<_>>()).await?;
            metrics::counter!(names::FEED_EVENTS, "feed" => E::CURSOR).increment(news.len() as u64);
            latest = news
                .iter()
                .filter_map(|(_, (_, at))| *at)
                .fold(latest, |latest, at| latest.max(at.min(now)));
            published.remember(&news);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let to = Position {
            at: Some(latest),
            ..Position::default()
        };
        cursor::move_to(&self.db, E::CURSOR, from.as_ref(), &to).await?;
        published.forget::<E>(since);
        Ok(())
    }
}

/// Rows may come without a time of last activity before their first change.
fn query<E: Watched>(since: DateTime<Utc>) -> Query {
    let changed = Filter::any([Filter::gte(E::STAMP, since), Filter::gte(E::CREATED, since)]);
    let fields: Vec<&str> = [E::STAMP, E::CREATED]
        .into_iter()
        .chain(E::PARENT)
        .collect();
    Query::of(changed).only(&fields)
}

fn event((record, at): &Stamped) -> Event {
    Event {
        floor: Floor {
            at: *at,
            position: None,
        },
        ..Event::new(record.clone(), Cause::Live)
    }
}

#[cfg(test)]
mod tests;
