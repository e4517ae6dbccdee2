//! How a site begins: generated data, a migrated database, `crossbill connect`, `crossbill serve`.

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, SecondsFormat, Utc};
use domain::{Clock as _, SystemClock};
use sandbox::{
    autotask::{self, Autotask},
    jim2::{self, Jim2},
    provider::{Provider, Size},
};
use std::sync::Mutex;
use tokio::{net::TcpListener, sync::Semaphore};
use url::Url;

use super::{
    Database, Doorway, Environment, Hands, KINDS, Node, Proxy, Rabbit, Server, System, free_port,
    logs::Folder,
};

/// Whole systems at once in one process; nextest, which makes a process a test, has a test group for it.
static TURNS: Semaphore = Semaphore::const_new(2);

/// What must never be seen in a log or in what a command says.
pub(crate) const SECRETS: [&str; 3] = [
    "sandbox-secret",
    "a key that only the tests of this site know",
    "SANDBOX-CODE-OF-THE-INTEGRATION",
];

/// What is special about a site. The default is one where everything is allowed.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    /// How this Autotask behaves.
    pub(crate) autotask: autotask::Options,
    /// How this Jim2 behaves.
    pub(crate) jim2: jim2::Options,
    /// Whether it has a RabbitMQ of its own, which can be restarted.
    pub(crate) has_own_rabbitmq: bool,
    /// Whether it has a PostgreSQL of its own, which can be killed.
    pub(crate) has_own_postgres: bool,
    /// Whether Crossbill meets its services and Jim2 themselves and no proxy, which costs time.
    pub(crate) is_direct: bool,
    /// How much data there is from the start.
    pub(crate) size: Size,
}

impl Default for Site {
    fn default() -> Self {
        let [_, _, code] = SECRETS;
        let user = autotask::ApiUser {
            integration_code: code.to_owned(),
            ..autotask::ApiUser::crossbill()
        };
        Self {
            autotask: autotask::Options {
                users: vec![user],
                // Really half a minute, five times.
                webhook_retry_delay: Duration::from_secs(1),
                webhook_tries: 60,
                ..autotask::Options::default()
            },
            jim2: jim2::Options {
                job_comments_writable: true,
                ..jim2::Options::default().taking_every_jobcreate_field()
            },
            has_own_rabbitmq: false,
            has_own_postgres: false,
            is_direct: false,
            size: Size::small(),
        }
    }
}

impl System {
    /// A site that is connected, running and quiet, with both sides equal.
    pub(crate) async fn start(site: Site) -> Self {
        let system = Self::connected(site).await;
        system.serve().await;
        system.settle().await;
        system
    }

    /// Waits until what `connect` matched is read, and settles what differed before Crossbill came.
    pub(crate) async fn settle(&self) {
        self.quiet().await;
        self.crossbill(&["mapping", "apply", "--yes"]).await;
        self.quiet().await;
    }

    /// A site that is connected and may write, with no role running yet.
    pub(crate) async fn connected(site: Site) -> Self {
        let system = Self::installed(site).await;
        system.crossbill(&["migrate"]).await;
        system.connect(&["--resume"]).await;
        system.release().await;
        system
    }

    /// Connects with everything that can be made allowed.
    pub(crate) async fn connect(&self, more: &[&str]) -> String {
        let from = self.began.to_rfc3339_opts(SecondsFormat::Secs, true);
        let create = [
            "connect",
            "--yes",
            "--from",
            &from,
            "--create",
            "ticket,company,contact",
        ];
        self.crossbill(&[&create, more].concat()).await
    }

    /// Takes off the brake on the first records of each kind.
    pub(crate) async fn release(&self) {
        let mut resume = vec!["resume", "--yes"];
        resume.extend(KINDS.iter().flat_map(|kind| ["--release", kind]));
        self.crossbill(&resume).await;
    }

    /// A site with everything beside it, whose database is still empty.
    pub(crate) async fn installed(site: Site) -> Self {
        let turn = TURNS.acquire().await.unwrap();
        let began = SystemClock.now();
        let folder = Folder::create();
        let provider = Provider::generate(7, &site.size, began);
        let autotask = Autotask::start(listener().await, &provider, site.autotask).await;
        let autotask = autotask.unwrap();
        let stand_in = Jim2::start(listener().await, &provider, site.jim2)
            .await
            .unwrap();
        let rabbit = if site.has_own_rabbitmq {
            Rabbit::Own(Node::start(&folder.path().join("rabbitmq")))
        } else {
            Rabbit::Shared(broker::testing::Vhost::create())
        };
        let server = site
            .has_own_postgres
            .then(|| Server::start(&folder.path().join("postgres")));
        let database = Box::pin(Database::create(server.as_ref())).await;
        let ingress = format!("127.0.0.1:{}", free_port());
        let doorway = Doorway::before(format!("http://{ingress}")).await;
        let postgres = Proxy::before(&database.server()).await;
        let rabbitmq = Proxy::before(&rabbit.server()).await;
        let jim2 = Proxy::before(&host(&stand_in.base_url())).await;
        let mut at = Addresses {
            database: database.url_by(postgres.port()),
            rabbitmq: rabbit.url_by(rabbitmq.port()),
            autotask: autotask.base_url(),
            jim2: format!("http://127.0.0.1:{}/jim2/", jim2.port()),
            public: doorway.url(),
            ingress,
        };
        if site.is_direct {
            at.database = database.url();
            at.rabbitmq = rabbit.url().to_string();
            at.jim2 = format!("{}/jim2/", stand_in.base_url());
        }
        let environment = environment(&at);
        Self {
            processes: Mutex::default(),
            hands: Hands::new(&autotask.base_url(), &stand_in.base_url(), &provider).await,
            broker: rabbit.broker(),
            doorway,
            postgres,
            rabbitmq,
            jim2,
            database,
            server,
            rabbit,
            environment,
            began: whole_second(began),
            folder,
            stand_ins: (autotask, stand_in),
            _turn: turn,
        }
    }
}

struct Addresses {
    database: String,
    rabbitmq: String,
    autotask: String,
    jim2: String,
    public: String,
    ingress: String,
}

fn environment(at: &Addresses) -> Environment {
    let [secret, key, code] = SECRETS.map(str::to_owned);
    BTreeMap::from([
        ("DATABASE_URL", at.database.clone()),
        ("AMQP_URL", at.rabbitmq.clone()),
        ("CROSSBILL_SECRET_KEY", key),
        ("AUTOTASK_USERNAME", "crossbill@provider.example".to_owned()),
        ("AUTOTASK_SECRET", secret.clone()),
        ("AUTOTASK_INTEGRATION_CODE", code),
        (
            "AUTOTASK_DISCOVERY_URL",
            format!("{}/ATServicesRest/", at.autotask),
        ),
        ("JIM2_URL", at.jim2.clone()),
        ("JIM2_CLIENT_ID", "crossbill".to_owned()),
        ("JIM2_SECRET", secret),
        ("INGRESS_LISTEN", at.ingress.clone()),
        ("INGRESS_PUBLIC_URL", at.public.clone()),
        ("ADMIN_LISTEN", format!("127.0.0.1:{}", free_port())),
        // Long enough for a call on this machine; a lost one is looked for soon.
        ("CROSSBILL_DEADLINE_SECONDS", "3".to_owned()),
        ("CROSSBILL_PATIENCE_SECONDS", "1".to_owned()),
        ("CROSSBILL_LOG", "info,lapin=off".to_owned()),
        ("USER", "tests".to_owned()),
        ("RUST_BACKTRACE", "0".to_owned()),
    ])
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

/// Host and port of an address.
fn host(url: &str) -> String {
    let url: Url = url.parse().unwrap();
    format!("{}:{}", url.host_str().unwrap(), url.port().unwrap())
}

/// What was made in the same second counts as made later.
fn whole_second(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp(at.timestamp(), 0).unwrap()
}
