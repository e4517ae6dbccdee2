//! Both stand-ins with a clock in the tests' hands, a database and a virtual host, and sweeps between them.

use std::sync::PoisonError;

use broker::{Family, Lane};
use chrono::TimeDelta;
use domain::{Event, System};
use jim2::LocalSession;
use sandbox::{
    autotask::{Autotask, Options},
    jim2::{self as other, Jim2},
    provider::{Provider, Size},
    screen::Screen,
};
use serde_json::{Value as Json, json};
use sqlx::PgPool;
use store::{sweep::Sweep, system};
use sync::Shows;
use tokio::net::TcpListener;

use super::*;
use crate::upkeep::testing::{Site, TICKET};

/// The time that a test says it is.
#[derive(Debug)]
pub(crate) struct Hand(Mutex<DateTime<Utc>>);

impl Clock for Hand {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) const START: &str = "2026-11-23T00:00:00Z";
/// Somebody of the provider's.
const TECHNICIAN: i64 = 29_682_885;
const NEVER: Duration = Duration::from_hours(24);

pub(crate) struct Stage {
    pub(crate) site: Site,
    pub(crate) sweeps: Sweeps,
    pub(crate) autotask: Screen,
    pub(crate) jim2: Screen,
    clock: Arc<Hand>,
    pub(crate) stand_ins: (Autotask, Jim2),
}

/// The trails of these tests: tickets, their deletions, jobs, the people on cards, and notes.
pub(crate) const TRAILS: [Trail; 6] = [
    autotask_trail("", "Tickets", "id", &["lastActivityDate", "createDate"]),
    autotask_trail(
        "deletions",
        "DeletedTicketLogs",
        "ticketID",
        &["deletedDateTime"],
    ),
    autotask_trail(
        "activity_deletions",
        "DeletedTicketActivityLogs",
        "ticketID",
        &["deletedDateTime"],
    ),
    jim2_trail("", jim2::Modified::Jobs),
    jim2_trail("contacts", jim2::Modified::Contacts),
    autotask_trail(
        "notes",
        "TicketNotes",
        "ticketID",
        &["lastActivityDate", "createDateTime"],
    ),
];

const fn autotask_trail(
    name: &'static str,
    path: &'static str,
    about: &'static str,
    stamps: &'static [&'static str],
) -> Trail {
    let columns = autotask::Trail::stamped(path, path, stamps);
    Trail {
        name,
        prefix: "",
        every: NEVER,
        shows: Shows::Autotask(autotask::Trail { about, ..columns }),
    }
}

const fn jim2_trail(name: &'static str, what: jim2::Modified) -> Trail {
    Trail {
        name,
        prefix: "",
        every: NEVER,
        shows: Shows::Jim2(what),
    }
}

impl Stage {
    pub(crate) async fn open(pool: PgPool) -> Self {
        Self::with(pool, &Size::small(), Options::default()).await
    }

    /// One on which four tickets were changed, and of which a pass with small pages publishes two before the queue is full.
    pub(crate) async fn halfway(pool: PgPool) -> (Self, Vec<i64>) {
        let mut stage = Self::open(pool).await;
        let pacing = &mut stage.sweeps.pacing;
        (pacing.page_rows, pacing.outstanding) = (2, 1);
        let tickets = stage.tickets().await;
        stage.pass(TICKETS).await.unwrap();
        stage.wait(30).await;
        for ticket in &tickets[..4] {
            stage.retitle(*ticket, "Changed").await;
        }
        stage.wait(5).await;
        (stage, tickets)
    }

    pub(crate) async fn with(pool: PgPool, how_large: &Size, options: Options) -> Self {
        let start: DateTime<Utc> = START.parse().unwrap();
        // Long before the first window: what was there is not news.
        let long_ago = start - TimeDelta::days(2);
        let provider = Provider::generate(7, how_large, long_ago);
        let site = Site::start(pool).await;
        let autotask = Autotask::start(port().await, &provider, options);
        let autotask = autotask.await.unwrap();
        let options = other::Options {
            now: Some(long_ago),
            ..other::Options::default()
        };
        let jim2 = Jim2::start(port().await, &provider, options).await.unwrap();
        let clock = Arc::new(Hand(Mutex::new(start)));
        let shared: Arc<dyn Clock> = Arc::<Hand>::clone(&clock);
        let sweeps = Sweeps {
            db: site.upkeep.db.clone(),
            publish: site.upkeep.publish.clone(),
            broker: site.upkeep.broker.clone(),
            autotask: autotask_client(&autotask.base_url()),
            jim2: jim2_client(&jim2, Arc::clone(&shared)),
            clock: shared,
            holder: "us".to_owned(),
            trails: TRAILS.map(trailed).to_vec(),
            readers: Readers::new(|_, _| None),
            pacing: Pacing {
                wait: Duration::from_millis(10),
                look: Duration::from_millis(10),
                ..Pacing::default()
            },
        };
        for system in System::BOTH {
            system::resume(&site.upkeep.db, system, "mia")
                .await
                .unwrap();
        }
        let stage = Self {
            autotask: Screen::at(&autotask.base_url()),
            jim2: Screen::at(&jim2.base_url()),
            site,
            sweeps,
            clock,
            stand_ins: (autotask, jim2),
        };
        stage.is(start).await;
        stage
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Everybody's clocks show this.
    pub(crate) async fn is(&self, now: DateTime<Utc>) {
        self.theirs_is(now).await;
        self.ours_is(now);
    }

    /// The clocks of both systems show this.
    pub(crate) async fn theirs_is(&self, now: DateTime<Utc>) {
        let (autotask, jim2) = &self.stand_ins;
        for base in [autotask.base_url(), jim2.base_url()] {
            let http = http();
            let url = format!("{base}/sandbox/clock");
            let request = http.request(reqwest::Method::POST, url);
            let request = request.json(&json!({"now": now}));
            http.send("clock", request).await.unwrap();
        }
    }

    /// Our clock shows this.
    pub(crate) fn ours_is(&self, now: DateTime<Utc>) {
        *self.clock.0.lock().unwrap() = now;
    }

    pub(crate) async fn wait(&self, minutes: i64) {
        self.is(self.now() + TimeDelta::minutes(minutes)).await;
    }

    pub(crate) fn db(&self) -> &Db {
        &self.sweeps.db
    }

    /// A trail of [`TRAILS`].
    pub(crate) fn trailed(&self, index: usize) -> &Trailed {
        &self.sweeps.trails[index]
    }

    /// A pass over the trail now, whatever is due.
    pub(crate) async fn pass(&self, index: usize) -> Result<Passed, Trouble> {
        self.remembering(index, &Mutex::default()).await
    }

    /// The same, by a process that remembers what it told.
    pub(super) async fn remembering(
        &self,
        index: usize,
        told: &Mutex<Told>,
    ) -> Result<Passed, Trouble> {
        let trailed = self.trailed(index);
        let taken = self.sweeps.take_now(trailed).await?;
        let taken = taken.expect("nobody else has it");
        self.sweeps.pass(trailed, taken, told, Why::Due).await
    }

    pub(crate) async fn row(&self, index: usize) -> Option<Sweep> {
        let of = self.trailed(index).swept();
        let rows = sweep::list(self.db()).await.unwrap();
        rows.into_iter().find(|row| row.of == of)
    }

    /// The ids of the tickets, lowest first.
    pub(crate) async fn tickets(&self) -> Vec<i64> {
        let tickets = self.autotask.records("Tickets", None).await.unwrap();
        tickets
            .iter()
            .map(|one| one["id"].as_i64().unwrap())
            .collect()
    }

    pub(crate) async fn edit(&self, entity: &str, id: &Json, set: Json) {
        let edit = json!({"entity": entity, "id": id, "by": TECHNICIAN, "set": set});
        self.autotask.edit(&edit).await.unwrap();
    }

    pub(crate) async fn create(&self, entity: &str, set: Json) -> Json {
        let body = json!({"entity": entity, "by": TECHNICIAN, "set": set});
        self.autotask.create(&body).await.unwrap()
    }

    pub(crate) async fn retitle(&self, ticket: i64, title: &str) {
        self.edit("Tickets", &ticket.into(), json!({"title": title}))
            .await;
    }

    pub(crate) async fn note(&self, ticket: i64) -> Json {
        let set = json!({
            "ticketID": ticket, "title": "Call", "description": "Called back", "noteType": 1, "publish": 1});
        self.create("TicketNotes", set).await
    }

    pub(crate) async fn delete(&self, entity: &str, id: impl Into<Json>) {
        let body = json!({"entity": entity, "id": id.into(), "by": TECHNICIAN});
        self.autotask.delete(&body).await.unwrap();
    }

    pub(crate) async fn edit_in_jim2(&self, entity: &str, id: &Json, set: Json) {
        let edit = json!({"entity": entity, "id": id, "by": "JC", "set": set});
        self.jim2.edit(&edit).await.unwrap();
    }

    /// How many calls a system has got.
    pub(crate) async fn calls(&self, screen: &Screen) -> u64 {
        screen.stats().await.unwrap()["calls"]["total"]
            .as_u64()
            .unwrap()
    }

    /// How many events of sweeps wait.
    pub(crate) async fn waiting(&self) -> u32 {
        self.site.waiting(&self.trailed(0).queue).await
    }

    /// The ids that the next `count` events are about.
    pub(crate) async fn told(&self, count: usize) -> Vec<String> {
        let events: Vec<Event> = self.site.events(count).await;
        assert!(events.iter().all(Event::can_wait), "{events:?}");
        let ids = events.iter().map(|event| event.key.id.to_string());
        ids.collect()
    }
}

fn trailed(trail: Trail) -> Trailed {
    Trailed {
        kind: TICKET,
        trail,
        every: Some(trail.every),
        queue: Family::new("ticket", [TICKET]).queue(Lane::Bulk),
    }
}

fn http() -> rest::Client {
    rest::Client::new(&rest::Settings::default()).unwrap()
}

async fn port() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

fn autotask_client(base: &str) -> autotask::Client {
    let credentials = autotask::Credentials {
        username: "crossbill@provider.example".to_owned(),
        secret: "sandbox-secret".into(),
        integration_code: "SANDBOX".into(),
    };
    let settings = autotask::Settings {
        zone_url: Some(format!("{base}/ATServicesRest/").parse().unwrap()),
        ..autotask::Settings::new(credentials)
    };
    let gate = Arc::new(autotask::LocalGate::default());
    autotask::Client::new(http(), settings, gate).unwrap()
}

fn jim2_client(jim2: &Jim2, clock: Arc<dyn Clock>) -> jim2::Client {
    let options = other::Options::default();
    let credentials = jim2::Credentials {
        client_id: options.client_id,
        secret: options.client_secret.into(),
    };
    let url = format!("{}/jim2/", jim2.base_url()).parse().unwrap();
    let settings = jim2::Settings::new(url, credentials, chrono_tz::Australia::Sydney);
    let session = Arc::new(LocalSession::default());
    jim2::Client::new(http(), settings, clock, session)
}
