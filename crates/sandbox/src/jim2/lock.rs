//! Records that people have open, which keeps everybody else from writing them.

use chrono::{DateTime, Utc};

use super::refusal::Refusal;
use super::world::{Actor, World};

/// What can be open in somebody's editor. A person is edited within the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Record {
    Job(i64),
    Card(i64),
}

/// Who has a record open.
#[derive(Clone, Debug)]
pub(crate) struct Lock {
    by: String,
    /// When it is closed by itself; none for when somebody closes it.
    until: Option<DateTime<Utc>>,
}

impl Record {
    fn told(self) -> String {
        match self {
            Self::Job(no) => format!("Job {no}"),
            Self::Card(no) => format!("CardFile {no}"),
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Job(_) => "job-locked",
            Self::Card(_) => "card-locked",
        }
    }
}

impl World {
    /// Opens a record in somebody's editor.
    pub(crate) fn lock(&mut self, record: Record, by: &str, until: Option<DateTime<Utc>>) {
        let by = by.to_owned();
        self.locks.insert(record, Lock { by, until });
    }

    /// Closes a record's editor.
    pub(crate) fn unlock(&mut self, record: Record) {
        self.locks.remove(&record);
    }

    /// Who has a record open.
    pub(crate) fn locked_by(&self, record: Record) -> Option<&str> {
        let lock = self.locks.get(&record)?;
        let is_open = lock.until.is_none_or(|until| until > self.now());
        is_open.then_some(lock.by.as_str())
    }

    /// Refuses whoever wants to write what somebody else has open.
    pub(crate) fn check_unlocked(&self, record: Record, actor: &Actor) -> Result<(), Refusal> {
        let Some(user) = self.locked_by(record).filter(|by| *by != actor.initials) else {
            return Ok(());
        };
        let what = record.told();
        Err(Refusal::chosen(
            self.options.locked_status,
            record.code(),
            format!("{what} is being edited by {user}; try again when {user} has closed it."),
        ))
    }

    /// Whether there is such a record.
    pub(crate) fn has(&self, record: Record) -> bool {
        match record {
            Record::Job(no) => self.jobs.contains_key(&no),
            Record::Card(no) => self.cards.contains_key(&no),
        }
    }

    /// The initials of somebody who works here.
    pub(crate) fn somebody(&self) -> String {
        let active = self.cards.values().filter(|card| card.active);
        let mut users = active.filter_map(|card| card.user.as_ref());
        let person = users.find(|user| user.initials != self.options.api_initials);
        person.map_or_else(|| "SYS".to_owned(), |user| user.initials.clone())
    }
}
