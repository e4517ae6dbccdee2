//! Everything this Jim2 knows, behind one lock; the rules that change it are in `job`, `line`, `card` and `contact`.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::change::{Changes, Object, Operation};
use super::clock::Clock;
use super::fault::Faults;
use super::options::Options;
use super::queue::Queue;
use super::record::{CardFile, Job, Stamp};
use super::refusal::Refusal;
use super::session::Sessions;
use super::stats::Stats;
use super::status::Workflow;
use super::stock::{self, Stock};

/// Who is changing something.
#[derive(Clone, Debug)]
pub(crate) struct Actor {
    /// Initials that go on everything it touches.
    pub(crate) initials: String,
    /// Status security level.
    pub(crate) level: u8,
}

impl Actor {
    /// A person at a screen, allowed every status.
    pub(crate) fn person(initials: &str) -> Self {
        Self {
            initials: initials.to_owned(),
            level: 10,
        }
    }
}

/// The state of one Jim2.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) options: Options,
    pub(crate) clock: Clock,
    pub(crate) cards: BTreeMap<i64, CardFile>,
    pub(crate) jobs: BTreeMap<i64, Job>,
    pub(crate) workflow: Workflow,
    pub(crate) stock: Vec<Stock>,
    pub(crate) changes: Changes,
    pub(crate) sessions: Sessions,
    pub(crate) queue: Queue,
    pub(crate) faults: Faults,
    pub(crate) stats: Stats,
    pub(crate) last_card: i64,
    pub(crate) last_job: i64,
    pub(crate) last_invoice: i64,
    /// When a transaction that commits now was opened: what it writes is stamped with that.
    pub(crate) opened: Option<DateTime<Utc>>,
}

impl World {
    /// An empty Jim2 in which nothing goes wrong.
    pub(crate) fn new(options: Options) -> Self {
        Self {
            clock: Clock::new(options.now),
            sessions: Sessions::new(options.licences, options.token_life_minutes),
            faults: Faults::new(options.fault_seed),
            options,
            cards: BTreeMap::new(),
            jobs: BTreeMap::new(),
            workflow: Workflow::default(),
            stock: stock::seeded(),
            changes: Changes::default(),
            queue: Queue::default(),
            stats: Stats::default(),
            last_card: 1000,
            last_job: 5000,
            last_invoice: 90_000,
            opened: None,
        }
    }

    /// The time; for what a held transaction does when it commits, the time at which it was opened.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.opened.unwrap_or_else(|| self.clock.now())
    }

    /// The Jim2 user the API acts as.
    pub(crate) fn api_user(&self) -> Actor {
        Actor {
            initials: self.options.api_initials.clone(),
            level: self.options.api_level,
        }
    }

    /// The mark that `actor` leaves on what it changes now.
    pub(crate) fn stamp(&self, actor: &Actor) -> Stamp {
        Stamp {
            by: actor.initials.clone(),
            at: self.now(),
        }
    }

    /// Writes a row of the change table.
    pub(crate) fn log(&mut self, object: Object, key: String, operation: Operation, actor: &Actor) {
        let now = self.now();
        self.changes
            .record(object, key, operation, &actor.initials, now);
    }

    /// A job by its number.
    pub(crate) fn job(&self, no: i64) -> Result<&Job, Refusal> {
        self.jobs
            .get(&no)
            .ok_or_else(|| Refusal::not_found("Job", no))
    }

    /// A cardfile by its number.
    pub(crate) fn card(&self, no: i64) -> Result<&CardFile, Refusal> {
        self.cards
            .get(&no)
            .ok_or_else(|| Refusal::not_found("CardFile", no))
    }

    /// A cardfile by its code, whatever the case.
    pub(crate) fn card_by_code(&self, code: &str) -> Option<&CardFile> {
        self.cards
            .values()
            .find(|card| card.code.eq_ignore_ascii_case(code))
    }

    /// An active user's own spelling of initials.
    pub(crate) fn user_initials(&self, initials: &str) -> Option<String> {
        let mut users = self.cards.values().filter(|card| card.active);
        users
            .find_map(|card| {
                let user = card.user.as_ref()?;
                user.initials.eq_ignore_ascii_case(initials).then_some(user)
            })
            .map(|user| user.initials.clone())
    }
}
