//! A site for tests: a database and a virtual host of its own, and both stand-ins in this process.

use broker::testing::Vhost;
use domain::{Clock as _, SystemClock};
use sandbox::{
    autotask::{self, Autotask},
    jim2::{self, Jim2},
    provider::{Provider, Size},
};
use sqlx::PgPool;
use store::Db;
use tokio::net::TcpListener;

use crate::{
    config::{Config, Environment},
    kinds,
    parts::{Clients, Parts, Running},
    site::Site,
};

/// The site. What it holds ends with it.
pub(crate) struct Bench {
    /// The parts, over the site's own services.
    pub(crate) parts: Parts,
    /// The database, for what no function of the store does.
    pub(crate) pool: PgPool,
    /// The stand-in of Autotask.
    pub(crate) autotask: Autotask,
    /// What both stand-ins were filled with.
    pub(crate) provider: Provider,
    /// The stand-in of Jim2.
    pub(crate) jim2: Jim2,
    _vhost: Vhost,
    _running: Running,
}

impl Bench {
    /// Builds one over an empty, migrated database.
    pub(crate) async fn over(pool: PgPool) -> Self {
        let provider = Provider::generate(11, &Size::small(), SystemClock.now());
        let autotask = Autotask::start(port().await, &provider, autotask::Options::default());
        let autotask = autotask.await.unwrap();
        let options = jim2::Options::default();
        let app = options.app.clone();
        let jim2 = Jim2::start(port().await, &provider, options).await.unwrap();
        let vhost = Vhost::create();
        let config = config(
            vhost.url(),
            &format!("{}/ATServicesRest/", autotask.base_url()),
            &format!("{}/{app}/", jim2.base_url()),
        );
        let (parts, tasks) = Parts::over(config, Db::from(pool.clone())).await.unwrap();
        parts.broker.declare(&kinds::topology()).await.unwrap();
        Self {
            _running: tasks.start(),
            parts,
            pool,
            autotask,
            provider,
            jim2,
            _vhost: vhost,
        }
    }

    /// The database.
    pub(crate) fn db(&self) -> &Db {
        &self.parts.db
    }

    /// The callers of both stand-ins.
    pub(crate) async fn clients(&self) -> Clients {
        let site = Site::load(self.db()).await.unwrap();
        self.parts.clients(&site).unwrap()
    }
}

/// A configuration for these addresses.
pub(crate) fn config(amqp: &str, autotask: &str, jim2: &str) -> Config {
    let environment = Environment::from([
        ("DATABASE_URL", "postgres://tests-bring-their-own"),
        ("AMQP_URL", amqp),
        ("CROSSBILL_SECRET_KEY", "0123456789abcdef0123456789abcdef"),
        ("AUTOTASK_USERNAME", "crossbill@provider.example"),
        ("AUTOTASK_SECRET", "sandbox-secret"),
        ("AUTOTASK_INTEGRATION_CODE", "SANDBOX"),
        ("AUTOTASK_DISCOVERY_URL", autotask),
        ("JIM2_URL", jim2),
        ("JIM2_CLIENT_ID", "crossbill"),
        ("JIM2_SECRET", "sandbox-secret"),
    ]);
    Config::load(None, &environment).unwrap()
}

async fn port() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}
