//! Jobs, cardfiles and stock by `LastModified`, for sites without the named queries. It tells no deletions.
//!
//! Jim2 filters by `LastModified` and does not tell it (jim2help.happen.biz, `api_v1_jobs`). So the mark is our own
//! clock before the call, the overlap makes up for the difference of the two clocks, and what the overlap holds
//! is told apart by its content. A change that the content does not show, such as a comment, is told by
//! repeating a record once a minute for as long as the window holds it.

mod told;

use chrono::{DateTime, Utc};
use domain::{Cause, Event, Evidence, Floor, Told as Answered};
use store::cursor::{self, Position};

use super::{Feed, MODIFIED_CURSOR, look};
use crate::{
    kind::{COMPANY, CONTACT, STOCK, TICKET},
    metrics as names,
    pace::Look,
    trouble::Trouble,
};
use told::{Seen, Told};

/// What was published lately.
#[derive(Debug, Default)]
pub(super) struct Modified {
    told: Told,
}

impl Modified {
    /// Reads what changed since the mark, publishes what is news of it, moves the mark.
    pub(super) async fn step(&mut self, feed: &Feed) -> Result<Look, Trouble> {
        let from = cursor::get(&feed.db, MODIFIED_CURSOR).await?;
        let from = from.map(|cursor| cursor.position);
        let now = feed.clock.now();
        let mark = from.as_ref().and_then(|from| from.at).unwrap_or(now);
        let since = jim2::read_again_from(mark.min(now), now, feed.jim2.settings().time_zone);
        let news = self.news(feed, since, now).await?;
        let own = feed.own_initials().await?;
        let events: Vec<Event> = news
            .iter()
            .map(|seen| event(seen, own.as_deref()))
            .collect();
        metrics::counter!(names::FEED_EVENTS, "feed" => MODIFIED_CURSOR)
            .increment(events.len() as u64);
        feed.publish.events(events).await?;
        let to = Position {
            at: Some(mark.max(now)),
            ..Position::default()
        };
        let moved = cursor::move_to(&feed.db, MODIFIED_CURSOR, from.as_ref(), &to).await?;
        let is_empty = news.is_empty();
        self.told.remember(news, now);
        Ok(look(moved, false, is_empty))
    }

    /// The jobs, cardfiles and stock of the window that are news, and the contacts of those cardfiles: a cardfile's
    /// stamp moves with its contacts, and no list of contacts goes by theirs.
    async fn news(
        &self,
        feed: &Feed,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Seen>, Trouble> {
        let known = feed.known().await?;
        let jobs = feed.jim2.jobs_modified_since(since).await?;
        feed.is_the_known(&known, &known.among(&jobs)).await?;
        let cards = feed.jim2.cardfiles_modified_since(since).await?;
        let jobs = jobs.iter().map(|job| {
            let stamp = (&job.last_modified, &job.modified_by);
            Seen::new(TICKET, job.job_no, job, stamp)
        });
        let mut news: Vec<Seen> = jobs.filter(|seen| self.told.is_news(seen, now)).collect();
        let mut with_news = Vec::new();
        for card in &cards {
            let stamp = (&card.last_modified, &card.modified_by);
            let seen = Seen::new(COMPANY, card.card_no, card, stamp);
            if self.told.is_news(&seen, now) {
                with_news.push(card.card_no);
                news.push(seen);
            }
        }
        let contacts = feed.jim2.card_contacts(&with_news).await?;
        let contacts = contacts.iter().map(|contact| {
            let id = jim2::part_id::join(contact.card_no, contact.cont_no);
            let stamp = (&contact.last_modified, &contact.modified_by);
            Seen::new(CONTACT, id, contact, stamp)
        });
        news.extend(contacts.filter(|seen| self.told.is_news(seen, now)));
        let stock = feed.jim2.stock_modified_since(since).await?;
        let stock = stock.iter().map(|one| {
            let stamp = (&one.last_modified, &Answered::Not);
            Seen::new(STOCK, one.stock_no, one, stamp)
        });
        news.extend(stock.filter(|seen| self.told.is_news(seen, now)));
        Ok(news)
    }
}

fn event(seen: &Seen, own_initials: Option<&str>) -> Event {
    let evidence = match (seen.at, seen.by.as_deref()) {
        (Some(at), Some(by)) if Some(by) != own_initials => Some(Evidence {
            at,
            by: Some(by.to_owned()),
            fields: std::collections::BTreeMap::default(),
        }),
        _ => None,
    };
    Event {
        floor: Floor {
            at: seen.at,
            position: None,
        },
        evidence: evidence.into_iter().collect(),
        ..Event::new(seen.key.clone(), Cause::Live)
    }
}
