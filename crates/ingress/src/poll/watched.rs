//! The entities that are polled, and what was published of them.

use std::collections::HashMap;

use autotask::{Company, Contact, Entity, Ticket, TicketNote};
use chrono::{DateTime, Utc};
use domain::{Key, Kind, RecordId, System, Told};

use crate::kind::{COMPANY, CONTACT, TICKET};

/// More than any overlap holds; beyond it, repeating is cheaper than remembering.
const REMEMBERED: usize = 50_000;

/// An entity that is polled.
pub(super) trait Watched: Entity {
    /// Its cursor.
    const CURSOR: &'static str;
    /// The field with the time of its last activity.
    const STAMP: &'static str = "lastActivityDate";
    /// The field with the time of its creation.
    const CREATED: &'static str = "createDate";
    /// The field that names the record it is handled under.
    const PARENT: Option<&'static str> = None;

    /// The kind of its events.
    fn kind() -> Kind;

    /// The record its events are about.
    fn record(&self) -> RecordId {
        self.id().into()
    }

    /// The time of its last activity, or else of its creation.
    fn stamp(&self) -> Option<DateTime<Utc>>;
}

impl Watched for Ticket {
    const CURSOR: &'static str = "autotask.tickets";

    fn kind() -> Kind {
        TICKET
    }

    fn stamp(&self) -> Option<DateTime<Utc>> {
        later(&self.last_activity_date, &self.create_date)
    }
}

impl Watched for TicketNote {
    const CURSOR: &'static str = "autotask.ticket_notes";
    const CREATED: &'static str = "createDateTime";
    const PARENT: Option<&'static str> = Some("ticketID");

    fn kind() -> Kind {
        TICKET
    }

    fn record(&self) -> RecordId {
        self.ticket_id
            .get()
            .map_or_else(|| format!("note:{}", self.id).into(), |id| (*id).into())
    }

    fn stamp(&self) -> Option<DateTime<Utc>> {
        later(&self.last_activity_date, &self.create_date_time)
    }
}

impl Watched for Company {
    const CURSOR: &'static str = "autotask.companies";

    fn kind() -> Kind {
        COMPANY
    }

    fn stamp(&self) -> Option<DateTime<Utc>> {
        later(&self.last_activity_date, &self.create_date)
    }
}

impl Watched for Contact {
    const CURSOR: &'static str = "autotask.contacts";

    fn kind() -> Kind {
        CONTACT
    }

    fn stamp(&self) -> Option<DateTime<Utc>> {
        later(&self.last_activity_date, &self.create_date)
    }
}

fn later(active: &Told<DateTime<Utc>>, created: &Told<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    active.get().max(created.get()).copied()
}

/// A record and its stamp.
pub(super) type Stamped = (Key, Option<DateTime<Utc>>);

/// What was published with which stamp, so that the overlap is not published at every look.
#[derive(Debug, Default)]
pub(super) struct Published(HashMap<(&'static str, i64), DateTime<Utc>>);

impl Published {
    /// The rows that were not published with this very stamp.
    pub(super) fn news<'a, E: Watched>(&self, rows: &'a [E]) -> Vec<(&'a E, Stamped)> {
        rows.iter()
            .map(|row| {
                let key = Key::new(E::kind(), System::Autotask, row.record());
                (row, (key, row.stamp()))
            })
            .filter(|(row, (_, at))| {
                at.is_none() || self.0.get(&(E::CURSOR, row.id())) != at.as_ref()
            })
            .collect()
    }

    /// Remembers what is published by now.
    pub(super) fn remember<E: Watched>(&mut self, news: &[(&E, Stamped)]) {
        if self.0.len() + news.len() > REMEMBERED {
            self.0.clear();
        }
        for (row, (_, at)) in news.iter().take(REMEMBERED) {
            if let Some(at) = at {
                self.0.insert((E::CURSOR, row.id()), *at);
            }
        }
    }

    /// Forgets what no look will meet again.
    pub(super) fn forget<E: Watched>(&mut self, before: DateTime<Utc>) {
        self.0
            .retain(|(cursor, _), at| *cursor != E::CURSOR || *at >= before);
    }
}
