//! Both stand-ins, a database, a broker, and what can be seen of them.

mod front;
mod hands;
mod list;

use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use autotask::LocalGate;
use broker::{Family, Limits, Publisher, Tiers, Topology, testing::Vhost};
use domain::{Clock, Key, Kind, RecordId, System, SystemClock};
use jim2::LocalSession;
use sandbox::{
    autotask::Autotask,
    jim2::Jim2,
    provider::{Provider, Size},
};
use serde_json::Value;
use sqlx::PgPool;
use store::{Db, State, webhook::Webhook};
use sync::Publish;
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub(super) use self::front::{Front, Lacks};
use self::list::List;
use crate::connect::{Args, Kit, run};

/// A site, ready to be connected.
pub(super) struct Stage {
    pub(super) kit: Kit,
    autotask: Autotask,
    jim2: Jim2,
    folder: PathBuf,
    _stop: tokio_util::sync::DropGuard,
    _vhost: Vhost,
}

/// What is stored of a site.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stored {
    /// Kind and ids of both halves.
    pub(super) pairs: Vec<(String, String)>,
    /// Decisions on values.
    pub(super) maps: BTreeMap<(String, System, String), Option<String>>,
    /// Settings.
    pub(super) settings: HashMap<String, Value>,
    /// Switches, as text.
    pub(super) switches: Vec<String>,
    /// Webhooks, without when they were looked at.
    pub(super) webhooks: Vec<Webhook>,
    /// The version of the mappings: it moves with each change.
    version: i64,
}

/// Arguments that ask nothing.
pub(super) fn args() -> Args {
    Args {
        yes: true,
        ..Args::default()
    }
}

impl Stage {
    pub(super) async fn new(pool: PgPool) -> Self {
        Self::with(pool, |_| (), |_| ()).await
    }

    pub(super) async fn with(
        pool: PgPool,
        of_autotask: impl FnOnce(&mut sandbox::autotask::Options),
        of_jim2: impl FnOnce(&mut sandbox::jim2::Options),
    ) -> Self {
        let (mut left, mut right) = Default::default();
        of_autotask(&mut left);
        of_jim2(&mut right);
        let app = right.app.clone();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let size = Size {
            companies: 40,
            contacts: 60,
            tickets: 200,
            technicians: 4,
            work: None,
        };
        let provider = Provider::generate(3, &size, clock.now());
        let listener = || TcpListener::bind("127.0.0.1:0");
        let autotask = Autotask::start(listener().await.unwrap(), &provider, left)
            .await
            .unwrap();
        let jim2 = Jim2::start(listener().await.unwrap(), &provider, right)
            .await
            .unwrap();
        let vhost = Vhost::create();
        let stop = CancellationToken::new();
        let mut kit = kit(pool, &vhost, clock, (&autotask, &jim2), &stop);
        let settings = jim2::Settings {
            base_url: format!("{}/{app}/", jim2.base_url()).parse().unwrap(),
            ..kit.jim2.settings().clone()
        };
        let session = Arc::new(LocalSession::default());
        kit.jim2 = jim2::Client::new(http(), settings, Arc::clone(&kit.clock), session);
        let folder =
            std::env::temp_dir().join(format!("crossbill-connect-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&folder).unwrap();
        Self {
            kit,
            autotask,
            jim2,
            folder,
            _stop: stop.drop_guard(),
            _vhost: vhost,
        }
    }

    /// Runs `connect`. What it told, or the whole chain of its error.
    pub(super) async fn connect(&self, mut args: Args) -> Result<String, String> {
        args.unmatched = self.folder.join("unmatched.csv");
        let mut out = Vec::new();
        match Box::pin(run(args, &self.kit, &mut out)).await {
            Ok(()) => Ok(String::from_utf8(out).unwrap()),
            Err(error) => Err(format!("{error:#}")),
        }
    }

    /// Puts a tenant that has less before the stand-in, as long as it is kept.
    pub(super) async fn front(&mut self, lacks: Lacks) -> Front {
        let front = Front::before(self.autotask.base_url(), lacks).await;
        self.kit.autotask = autotask_client_at(&front.url, "sandbox-secret");
        front
    }

    pub(super) fn autotask_client(&self, secret: &str) -> autotask::Client {
        autotask_client(&self.autotask, secret)
    }

    pub(super) fn jim2_client(&self, secret: &str) -> jim2::Client {
        jim2_client(&self.jim2, secret, Arc::clone(&self.kit.clock))
    }

    pub(super) fn list(&self) -> List {
        List(std::fs::read_to_string(self.folder.join("unmatched.csv")).unwrap())
    }

    pub(super) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    pub(super) async fn stored(&self) -> Stored {
        let db = &self.kit.db;
        let mapping = store::mapping::load(db).await.unwrap();
        let id = |id: Option<RecordId>| id.map(|id| id.to_string()).unwrap_or_default();
        let rows = store::pair::list(db, &store::pair::Filter::default(), 10_000)
            .await
            .unwrap();
        let mut pairs: Vec<_> = rows
            .into_iter()
            .map(|row| {
                let halves = format!("{}={}", id(row.autotask_id), id(row.jim2_id));
                (row.kind.to_string(), halves)
            })
            .collect();
        pairs.sort();
        let mut webhooks = store::webhook::list(db).await.unwrap();
        for webhook in &mut webhooks {
            webhook.checked_at = None;
        }
        Stored {
            pairs,
            maps: mapping
                .maps
                .into_iter()
                .map(|row| ((row.list, row.system, row.value), row.to_value))
                .collect(),
            settings: mapping.settings,
            switches: mapping
                .switches
                .iter()
                .map(|one| {
                    format!(
                        "{} {} {}",
                        one.kind,
                        one.direction.as_str(),
                        one.create_enabled
                    )
                })
                .collect(),
            webhooks,
            version: mapping.version,
        }
    }

    pub(super) async fn state_of(&self, kind: &str, id: &str) -> Option<State> {
        let key = Key::new(Kind::from(kind.to_owned()), System::Autotask, id);
        let row = store::pair::find(&self.kit.db, &key).await.unwrap();
        row.map(|row| row.state)
    }

    /// How a record of Jim2 stands.
    pub(super) async fn state_in_jim2(&self, kind: &str, id: i64) -> Option<State> {
        let key = Key::new(Kind::from(kind.to_owned()), System::Jim2, id);
        let row = store::pair::find(&self.kit.db, &key).await.unwrap();
        row.map(|row| row.state)
    }

    /// The initials of a technician who is in both systems.
    pub(super) async fn initials_of_a_person(&self) -> String {
        let list = |system| store::lookup::list(&self.kit.db, "technician", system);
        let people = list(System::Autotask).await.unwrap();
        let users = list(System::Jim2).await.unwrap();
        let is_both = |user: &store::lookup::Entry| {
            people.iter().any(|person| {
                person.extra == user.extra
                    && person.value != sandbox::autotask::API_RESOURCE.to_string()
            })
        };
        users.into_iter().find(is_both).unwrap().value
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // What is left in the folder for temporary files is nobody's loss.
        let _left = std::fs::remove_dir_all(&self.folder);
    }
}

fn kit(
    pool: PgPool,
    vhost: &Vhost,
    clock: Arc<dyn Clock>,
    (autotask, jim2): (&Autotask, &Jim2),
    stop: &CancellationToken,
) -> Kit {
    let db = Db::from(pool);
    let broker = vhost.broker();
    let (publisher, task) = Publisher::new(&broker, Limits::default());
    TaskTracker::new().spawn(task.run(stop.clone()));
    let kinds = ["company", "contact", "ticket"];
    Kit {
        publish: Publish::new(publisher, db.clone(), Arc::clone(&clock)),
        topology: Topology {
            families: kinds
                .map(|kind| Family::new(kind, [Kind::new(kind)]))
                .into(),
            tiers: Tiers::default(),
        },
        autotask: autotask_client(autotask, "sandbox-secret"),
        jim2: jim2_client(jim2, "sandbox-secret", Arc::clone(&clock)),
        http: http(),
        time_zone: chrono_tz::Australia::Sydney,
        secret_key: "a secret key of at least 32 letters".into(),
        public_url: Some("http://127.0.0.1:9/".parse().unwrap()),
        who: "tester".to_owned(),
        db,
        broker,
        clock,
    }
}

fn http() -> rest::Client {
    rest::Client::new(&rest::Settings::default()).unwrap()
}

fn autotask_client(autotask: &Autotask, secret: &str) -> autotask::Client {
    autotask_client_at(&autotask.base_url(), secret)
}

fn autotask_client_at(base: &str, secret: &str) -> autotask::Client {
    let credentials = autotask::Credentials {
        username: "crossbill@provider.example".to_owned(),
        secret: secret.into(),
        integration_code: "SANDBOX".into(),
    };
    let settings = autotask::Settings {
        discovery_url: format!("{base}/ATServicesRest/").parse().unwrap(),
        deadline: Duration::from_secs(10),
        ..autotask::Settings::new(credentials)
    };
    autotask::Client::new(http(), settings, Arc::new(LocalGate::default())).unwrap()
}

fn jim2_client(jim2: &Jim2, secret: &str, clock: Arc<dyn Clock>) -> jim2::Client {
    let credentials = jim2::Credentials {
        client_id: "crossbill".to_owned(),
        secret: secret.into(),
    };
    let base = format!("{}/jim2/", jim2.base_url()).parse().unwrap();
    let settings = jim2::Settings::new(base, credentials, chrono_tz::Australia::Sydney);
    jim2::Client::new(http(), settings, clock, Arc::new(LocalSession::default()))
}
