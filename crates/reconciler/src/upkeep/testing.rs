//! A site of its own for every test: a database, a virtual host, and an Autotask that knows us.

use std::sync::Arc;

use broker::{
    Broker, Consumer, Delivery, Family, Lane, Limits, Publisher, Queues, Settler, Tiers, Topology,
    testing::{Vhost, eventually},
};
use domain::{Event, Fixer, Key, Kind, Problem, Remedy, Subject, System, SystemClock};
use sandbox::{
    autotask::{Autotask, Options},
    provider::{Provider, Size},
};
use sqlx::PgPool;
use store::{Claimed, Db, Held, Outcome, State, Taken, claim};
use sync::Publish;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::*;

const LINGER: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_secs(20);
const SOON: Duration = Duration::from_millis(100);
const HOLD: Duration = Duration::from_mins(1);

/// The kind of all that these tests are about.
pub(crate) const TICKET: Kind = Kind::new("ticket");

/// What every test stands on.
pub(crate) struct Site {
    pub(crate) upkeep: Upkeep,
    pub(crate) pool: PgPool,
    pub(crate) settler: Settler,
    pub(crate) stop: CancellationToken,
    pub(crate) tasks: TaskTracker,
    pub(crate) vhost: Vhost,
    pub(crate) autotask: Autotask,
}

impl Site {
    pub(crate) async fn start(pool: PgPool) -> Self {
        Self::start_with(pool, Options::default()).await
    }

    /// With an Autotask that behaves so.
    pub(crate) async fn start_with(pool: PgPool, options: Options) -> Self {
        let vhost = Vhost::create();
        let broker = vhost.broker();
        broker.declare(&topology()).await.unwrap();
        let (publisher, task) = Publisher::new(&broker, Limits::default());
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        tasks.spawn(task.run(stop.clone()));
        eventually(async || publisher.is_up()).await;
        let (autotask, client) = autotask(options).await;
        let db = Db::from(pool.clone());
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let upkeep = Upkeep {
            publish: Publish::new(publisher.clone(), db.clone(), Arc::clone(&clock)),
            db,
            intake: publisher.clone(),
            publisher: publisher.clone(),
            broker,
            lists: Lists {
                autotask: client.clone(),
                jim2: jim2("http://127.0.0.1:1", Arc::clone(&clock), |_| ()),
                said: Vec::new(),
            },
            autotask: client,
            jim2: jim2("http://127.0.0.1:1", Arc::clone(&clock), |_| ()),
            hooks: vec![hook()],
            wanted: Some(Wanted {
                address: "http://127.0.0.1:1/".parse().unwrap(),
                site_key: "a secret key of at least 32 letters".into(),
            }),
            trails: Vec::new(),
            alerts: crate::alerts::testing::silent(),
            holder: "test".to_owned(),
            clock,
            timing: Timing::default(),
        };
        Self {
            upkeep,
            pool,
            settler: Settler::new(publisher, topology().tiers),
            stop,
            tasks,
            vhost,
            autotask,
        }
    }

    /// The same site with a broker that is away.
    pub(crate) fn cut_off(&self) -> Upkeep {
        let url = "amqp://guest:guest@127.0.0.1:1/nowhere".parse().unwrap();
        let broker = Broker::new(url, "test", Arc::new(SystemClock));
        let (publisher, _never_run) = Publisher::new(&broker, Limits::default());
        let (db, clock) = (self.upkeep.db.clone(), Arc::clone(&self.upkeep.clock));
        Upkeep {
            publish: Publish::new(publisher.clone(), db, clock),
            intake: publisher.clone(),
            publisher,
            broker,
            ..self.upkeep.clone()
        }
    }

    /// The same site whose ingress stops while `length` messages wait in the one queue.
    pub(crate) async fn limited(&self, length: u32) -> Upkeep {
        let limits = Limits {
            queue_length: length,
            watched: vec![queue()],
            ..Limits::default()
        };
        let (intake, task) = Publisher::new(&self.upkeep.broker, limits);
        self.tasks.spawn(task.run(self.stop.clone()));
        eventually(async || intake.is_up()).await;
        Upkeep {
            intake,
            ..self.upkeep.clone()
        }
    }

    /// The next `count` messages of the one queue, or more where they came together.
    pub(crate) async fn take(&self, count: usize) -> Vec<Delivery> {
        let mut consumer = self.consumer().await;
        let mut taken = Vec::new();
        while taken.len() < count {
            let batch = consumer.next_batch(200, LINGER, &self.stop);
            let batch = tokio::time::timeout(PATIENCE, batch).await;
            taken.extend(batch.expect("messages come").unwrap());
        }
        self.settler.ack(&taken).await.unwrap();
        // Else it may take what comes next, and give it back only when it is gone.
        consumer.close().await;
        taken
    }

    /// Consumes the one queue.
    pub(crate) async fn consumer(&self) -> Consumer {
        Consumer::open(&self.upkeep.broker, &queues(), 400)
            .await
            .unwrap()
    }

    /// The next `count` events.
    pub(crate) async fn events(&self, count: usize) -> Vec<Event> {
        let taken = self.take(count).await;
        taken
            .iter()
            .map(|taken| serde_json::from_slice(&taken.body).unwrap())
            .collect()
    }

    /// How many messages wait in `queue`.
    pub(crate) async fn waiting(&self, queue: &str) -> u32 {
        self.upkeep.broker.depth(queue).await.unwrap().messages
    }

    pub(crate) async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// What a person does in Autotask.
    pub(crate) async fn hands(&self, deed: &str, body: serde_json::Value) {
        let url = format!("{}/sandbox/{deed}", self.autotask.base_url());
        let http = rest::Client::new(&rest::Settings::default()).unwrap();
        let request = http.request(reqwest::Method::POST, url).json(&body);
        http.send("hands", request).await.unwrap();
    }

    /// What the one webhook signs with.
    pub(crate) async fn secret(&self) -> String {
        let url = format!(
            "{}/sandbox/state?entity=TicketWebhooks",
            self.autotask.base_url()
        );
        let http = rest::Client::new(&rest::Settings::default()).unwrap();
        let request = http.request(reqwest::Method::GET, url);
        let told = http.send("state", request).await.unwrap();
        let told: serde_json::Value = told.json().unwrap();
        let secret = told["TicketWebhooks"][0]["secretKey"].as_str();
        secret.unwrap().to_owned()
    }

    /// Claims a record that is free.
    pub(crate) async fn claim(&self, key: &Key) -> Claimed {
        match self.try_claim(key).await {
            Taken::Claimed(claimed) => *claimed,
            taken @ (Taken::Busy | Taken::Same(_)) => panic!("{key}: {taken:?}"),
        }
    }

    pub(crate) async fn try_claim(&self, key: &Key) -> Taken {
        let wanted = [(key.clone(), Event::new(key.clone(), domain::Cause::Live))];
        let taken = claim::take(&self.upkeep.db, &wanted, "test", HOLD).await;
        taken.unwrap().remove(0)
    }

    /// Holds a record because of these problems.
    pub(crate) async fn hold(&self, key: &Key, problems: &[Problem]) {
        let claimed = self.claim(key).await;
        let outcome = Outcome {
            held: Held::Upsert {
                event: Event::new(key.clone(), domain::Cause::Live),
                problems: problems.to_vec(),
                reason: "the job is not made".to_owned(),
                net: None,
                company: None,
            },
            ..outcome(&claimed)
        };
        store::remember(&self.upkeep.db, &outcome).await.unwrap();
    }
}

/// What is remembered of a record that nothing holds.
pub(crate) fn outcome(claimed: &Claimed) -> Outcome {
    Outcome {
        claim: claimed.claim(),
        autotask_id: claimed.pair.autotask_id.clone(),
        jim2_id: claimed.pair.jim2_id.clone(),
        state: State::New,
        generation: claimed.pair.generation,
        label: "T20261123.0001".to_owned(),
        shadow: None,
        mapping_version: claimed.mapping_version,
        judged_version: claimed.mapping_version,
        written: false,
        close_intent: false,
        journal: Vec::new(),
        held: Held::Clear,
        children: Vec::new(),
    }
}

/// The one webhook of these tests.
pub(crate) fn hook() -> Hook {
    Hook {
        kind: TICKET,
        watch: sync::Watch {
            entity: autotask::WebhookKind::Ticket,
            name: "crossbill-ticket",
            fields: &["title", "status"],
            always_sent: &["ticketNumber"],
            udfs: &[("udf.job_no", "Jim2 Job#")],
        },
    }
}

/// Where messages of the one family wait.
pub(crate) fn queue() -> String {
    topology().families[0].queue(Lane::Live)
}

/// The one family's queues.
pub(crate) fn queues() -> Queues {
    Queues::from(&topology().families[0])
}

fn topology() -> Topology {
    Topology {
        families: vec![Family::new("ticket", [TICKET])],
        tiers: Tiers::new([SOON, HOLD]),
    }
}

/// A ticket in Autotask.
pub(crate) fn ticket(id: i64) -> Key {
    Key::new(TICKET, System::Autotask, id)
}

/// A problem with one status.
pub(crate) fn unmapped(value: &str) -> Problem {
    Problem {
        code: "lookup-missing".to_owned(),
        subject: Subject::Lookup {
            list: "status".to_owned(),
            system: System::Autotask,
            value: value.to_owned(),
        },
        field: None,
        says: format!("status {value} stands for nothing in Jim2"),
        remedy: Remedy {
            who: Fixer::Integrator,
            step: "map it".to_owned(),
            continues: true,
        },
    }
}

/// A caller of the Jim2 at `base`, whose settings are changed so.
pub(crate) fn jim2(
    base: &str,
    clock: Arc<dyn Clock>,
    change: impl FnOnce(&mut jim2::Settings),
) -> jim2::Client {
    let options = sandbox::jim2::Options::default();
    let credentials = jim2::Credentials {
        client_id: options.client_id,
        secret: options.client_secret.into(),
    };
    let url = format!("{base}/jim2/").parse().unwrap();
    let mut settings = jim2::Settings::new(url, credentials, chrono_tz::Australia::Sydney);
    change(&mut settings);
    let http = rest::Client::new(&rest::Settings::default()).unwrap();
    let session = Arc::new(jim2::LocalSession::default());
    jim2::Client::new(http, settings, clock, session)
}

/// A caller of that Autotask; it knows its zone, or finds it.
pub(crate) fn caller(sandbox: &Autotask, knows_zone: bool) -> autotask::Client {
    let credentials = autotask::Credentials {
        username: "crossbill@provider.example".to_owned(),
        secret: "sandbox-secret".into(),
        integration_code: "SANDBOX".into(),
    };
    let url = format!("{}/ATServicesRest/", sandbox.base_url());
    let url: url::Url = url.parse().unwrap();
    let settings = autotask::Settings {
        zone_url: knows_zone.then(|| url.clone()),
        discovery_url: url,
        ..autotask::Settings::new(credentials)
    };
    let http = rest::Client::new(&rest::Settings::default()).unwrap();
    let gate = Arc::new(autotask::LocalGate::default());
    autotask::Client::new(http, settings, gate).unwrap()
}

async fn autotask(options: Options) -> (Autotask, autotask::Client) {
    let now = "2026-11-23T00:00:00Z".parse().unwrap();
    let provider = Provider::generate(7, &Size::small(), now);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let sandbox = Autotask::start(listener, &provider, options).await.unwrap();
    let client = caller(&sandbox, true);
    (sandbox, client)
}
