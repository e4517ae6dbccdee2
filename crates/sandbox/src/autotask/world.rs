//! The one place that holds what the tenant contains. It is locked for the length of one deed, never across a wait.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::clock::Clock;
use super::fault::{Fault, Faults};
use super::limit::{Quota, TIMEFRAME_MINUTES, Traffic};
use super::options::Options;
use super::replica::{Past, View};
use super::row::{EmptyUdfs, Row, Telling};
use super::schema::{self, Entity};
use super::udf::{DEFINITIONS, Udfs};
use super::webhook::queue::Queues;
use crate::only::Only;

/// The licence of users that can only use the API: nothing can be assigned to them.
pub(super) const API_LICENCE: i64 = 7;

/// A tenant: its records, its time, its traffic, its webhooks on their way.
#[derive(Debug)]
pub(super) struct World {
    /// How it behaves.
    pub options: Options,
    /// What time it is.
    pub clock: Clock,
    /// What was asked.
    pub traffic: Traffic,
    /// What goes wrong.
    pub faults: Faults,
    /// The last number given to a ticket, by the day.
    pub ticket_numbers: BTreeMap<String, u32>,
    /// Webhook calls waiting to be made.
    pub queues: Queues,
    /// The user-defined fields, always those of the definitions among the rows.
    pub udfs: Udfs,
    /// What people call values of picklists since somebody renamed them, by entity, field and value.
    pub labels: BTreeMap<(String, String, String), String>,
    /// The billing items that an invoice has in its totals and that are not attached to it yet.
    pub unattached: BTreeMap<i64, Vec<i64>>,
    tables: BTreeMap<&'static str, Table>,
    past: Past,
}

#[derive(Debug, Default)]
struct Table {
    rows: BTreeMap<i64, Row>,
    /// The highest id ever given, so that none is given twice.
    last_id: Option<i64>,
}

/// Who does something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Actor {
    /// The resource in whose name it is done.
    pub resource: i64,
    /// The API user behind it, where it acts for somebody else.
    pub impersonator: Option<i64>,
}

impl World {
    /// An empty tenant.
    pub(super) fn new(options: Options) -> Self {
        Self {
            faults: Faults::new(options.fault_seed),
            options,
            clock: Clock::default(),
            traffic: Traffic::default(),
            ticket_numbers: BTreeMap::new(),
            queues: Queues::default(),
            udfs: Udfs::default(),
            labels: BTreeMap::new(),
            unattached: BTreeMap::new(),
            tables: BTreeMap::new(),
            past: Past::default(),
        }
    }

    /// What time it is.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// How many requests the tenant may make.
    pub(super) fn quota(&self) -> Quota {
        let set = self.faults.setting(Fault::Threshold);
        let set = set.and_then(|set| usize::try_from(set.number()).ok());
        Quota {
            requests: set.unwrap_or(self.options.hourly_threshold),
            minutes: self.minutes(),
            is_slowing: self.faults.setting(Fault::UsageLatency).is_some(),
        }
    }

    /// Over how many minutes requests are counted.
    fn minutes(&self) -> i64 {
        let set = self.faults.setting(Fault::Timeframe);
        let set = set.and_then(|set| i64::try_from(set.number()).ok());
        set.unwrap_or(TIMEFRAME_MINUTES)
    }

    /// Rows by id, ascending.
    pub(super) fn rows(&self, plural: &str) -> impl DoubleEndedIterator<Item = (i64, &Row)> {
        self.rows_above(plural, i64::MIN)
    }

    /// Those with higher ids than this.
    pub(super) fn rows_above(
        &self,
        plural: &str,
        id: i64,
    ) -> impl DoubleEndedIterator<Item = (i64, &Row)> {
        let above = (Bound::Excluded(id), Bound::Unbounded);
        let table = self.tables.get(plural).into_iter();
        table.flat_map(move |table| table.rows.range(above).map(|(id, row)| (*id, row)))
    }

    /// One row.
    pub(super) fn row(&self, plural: &str, id: i64) -> Option<&Row> {
        self.tables.get(plural)?.rows.get(&id)
    }

    /// One row, to be changed.
    pub(super) fn row_mut(&mut self, plural: &'static str, id: i64) -> Option<&mut Row> {
        self.remember(plural, id);
        self.tables.get_mut(plural)?.rows.get_mut(&id)
    }

    /// Puts a row in under the next free id.
    pub(super) fn insert(&mut self, entity: &'static Entity, row: Row) -> i64 {
        let last = self
            .tables
            .get(entity.plural)
            .and_then(|table| table.last_id);
        let id = last.map_or(entity.first_id, |last| (last + 1).max(entity.first_id));
        self.put(entity, id, row);
        id
    }

    /// Puts a row in under this id, instead of the one that was there.
    pub(super) fn put(&mut self, entity: &'static Entity, id: i64, mut row: Row) {
        self.remember(entity.plural, id);
        row.set("id", id);
        if entity.plural == DEFINITIONS {
            self.udfs.learn(id, &row);
        }
        let table = self.tables.entry(entity.plural).or_default();
        table.last_id = table.last_id.max(Some(id));
        table.rows.insert(id, row);
    }

    /// Takes a row out.
    pub(super) fn remove(&mut self, plural: &'static str, id: i64) -> Option<Row> {
        self.remember(plural, id);
        if plural == DEFINITIONS {
            self.udfs.forget(id);
        }
        self.tables.get_mut(plural)?.rows.remove(&id)
    }

    /// Keeps what a row is now, for replicas that lag behind.
    fn remember(&mut self, plural: &'static str, id: i64) {
        if self.faults.setting(Fault::ReplicaLag).is_some() {
            let row = self.row(plural, id).cloned();
            self.past.push(self.now(), plural, id, row);
        }
    }

    /// What a reader sees: the present, or what was there a while ago.
    pub(super) fn view(&self, lag: Option<Duration>) -> View<'_> {
        View::of(self, &self.past, lag)
    }

    /// How this tenant tells the records of the next answer.
    pub(super) fn telling(&mut self, entity: &Entity) -> Telling {
        let udfs = if self.udfs.of(entity).is_empty() {
            None
        } else {
            self.faults.strike(Fault::OddUdfs)
        };
        Telling {
            naive_dates: self.faults.strikes(Fault::NaiveDates),
            udfs: match udfs.map(|udfs| udfs.word()) {
                None => EmptyUdfs::Listed,
                Some("empty") => EmptyUdfs::Empty,
                Some("null") => EmptyUdfs::Null,
                Some(_) => EmptyUdfs::Missing,
            },
        }
    }

    /// Every wanted record of every wanted entity as the API tells it while nothing is wrong.
    pub(super) fn tell(&self, only: &Only) -> Value {
        let wanted = schema::entities()
            .iter()
            .filter(|entity| only.takes_entity(entity.plural));
        let told = wanted.map(|entity| {
            let udfs = self.udfs.of(entity);
            let rows = self
                .rows(entity.plural)
                .filter(|(id, _)| only.takes_number(*id))
                .map(|(_, row)| Value::Object(row.tell(entity, udfs, Telling::default())))
                .filter(|record| only.takes(record));
            (entity.plural.to_owned(), Value::Array(rows.collect()))
        });
        Value::Object(told.collect::<Map<_, _>>())
    }
}

/// Tells whether a resource can only use the API.
pub(super) fn is_api_only(resource: &Row) -> bool {
    resource.int("licenseType") == Some(API_LICENCE)
}
