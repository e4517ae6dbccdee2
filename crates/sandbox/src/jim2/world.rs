//! Everything this Jim2 knows, behind one lock; the rules that change it are in `job`, `line`, `card` and `contact`.

mod backup;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use self::backup::Backup;
use super::asset::Asset;
use super::change::{Changes, Held, Object, Operation};
use super::clock::{self, Clock};
use super::fault::{Fault, Faults, SESSIONS_END};
use super::invoice::Invoice;
use super::lock::{Lock, Record};
use super::options::Options;
use super::order::Orders;
use super::project::Project;
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
    pub(crate) invoices: BTreeMap<i64, Invoice>,
    pub(crate) projects: BTreeMap<i64, Project>,
    pub(crate) assets: BTreeMap<i64, Asset>,
    pub(crate) purchases: Orders,
    pub(crate) quotes: Orders,
    pub(crate) workflow: Workflow,
    /// Priorities that somebody took out of the list.
    pub(crate) priorities_gone: BTreeSet<&'static str>,
    pub(crate) stock: Vec<Stock>,
    pub(crate) changes: Changes,
    pub(crate) sessions: Sessions,
    pub(crate) queue: Queue,
    pub(crate) faults: Faults,
    pub(crate) stats: Stats,
    pub(crate) last_card: i64,
    pub(crate) last_job: i64,
    pub(crate) last_invoice: i64,
    pub(crate) last_project: i64,
    pub(crate) last_asset: i64,
    /// When a transaction that commits now was opened: what it writes is stamped with that.
    opened: Option<DateTime<Utc>>,
    pub(crate) locks: BTreeMap<Record, Lock>,
    pub(crate) backup: Option<Box<Backup>>,
}

impl World {
    /// An empty Jim2 in which nothing goes wrong.
    pub(crate) fn new(options: Options) -> Self {
        Self {
            clock: Clock::new(options.now),
            sessions: Sessions::new(options.licences, options.token_life_minutes),
            faults: Faults::new(options.fault_seed),
            cards: BTreeMap::new(),
            jobs: BTreeMap::new(),
            invoices: BTreeMap::new(),
            projects: BTreeMap::new(),
            assets: BTreeMap::new(),
            purchases: Orders::after(800),
            quotes: Orders::after(600),
            workflow: Workflow::default(),
            priorities_gone: BTreeSet::new(),
            stock: stock::seeded(options.catalogue),
            changes: Changes::default(),
            queue: Queue::default(),
            stats: Stats::default(),
            last_card: 1000,
            last_job: 5000,
            last_invoice: 90_000,
            last_project: 300,
            last_asset: 700,
            opened: None,
            locks: BTreeMap::new(),
            backup: None,
            options,
        }
    }

    /// The time; for what a held transaction does when it commits, the time at which it was opened.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.opened.unwrap_or_else(|| self.clock_time())
    }

    /// What the server's clock says, which may be wrong.
    pub(crate) fn clock_time(&self) -> DateTime<Utc> {
        let now = self.clock.now();
        let wrong_by = |fault| {
            self.faults
                .setting(fault)
                .map_or(0, |it| seconds(it.duration()))
        };
        let skew = wrong_by(Fault::ClockAhead).saturating_sub(wrong_by(Fault::ClockBehind));
        clock::later(now, skew).unwrap_or(now)
    }

    /// The time so much later; none where no clock can tell it.
    pub(crate) fn after(&self, duration: Duration) -> Option<DateTime<Utc>> {
        clock::later(self.now(), seconds(duration))
    }

    /// The zone of the server's walls.
    pub(crate) fn zone(&self) -> Tz {
        let setting = self.faults.setting(Fault::OtherTimeZone);
        let other = setting.and_then(|setting| setting.list().first()?.parse().ok());
        other.unwrap_or(self.options.time_zone)
    }

    /// How long every connection is to be refused from now on, told once.
    pub(crate) fn take_refusal(&mut self) -> Option<Duration> {
        let duration = self.faults.setting(Fault::Refused)?.duration();
        self.faults.end(Fault::Refused);
        Some(duration)
    }

    /// Whether the changed password has ended what was open.
    pub(crate) fn has_ended_sessions(&self) -> bool {
        let setting = self.faults.setting(Fault::PasswordChanged);
        setting.is_some_and(|setting| setting.word() == SESSIONS_END)
    }

    /// Lets what comes next be what an open transaction does when it commits.
    pub(crate) fn commit_next(&mut self, position: i64) -> Option<Held> {
        let held = self.changes.commit(position)?;
        self.opened = Some(held.opened);
        Some(held)
    }

    /// Ends what [`World::commit_next`] began.
    pub(crate) fn committed(&mut self, position: i64) {
        self.opened = None;
        self.changes.committed(position);
    }

    /// The Jim2 user the API acts as.
    pub(crate) fn api_user(&self) -> Actor {
        Actor {
            initials: self.options.api_initials.clone(),
            level: self.api_level(),
        }
    }

    fn api_level(&self) -> u8 {
        let other = self.faults.setting(Fault::ApiLevel);
        let other = other.and_then(|setting| u8::try_from(setting.number()).ok());
        other.unwrap_or(self.options.api_level)
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

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
