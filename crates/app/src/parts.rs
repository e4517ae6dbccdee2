//! The parts that roles and commands are made of: database, broker, publisher, and the callers of both systems.

use std::sync::Arc;

use anyhow::Context as _;
use broker::{Broker, Limits, Publisher, PublisherTask};
use domain::{Clock, SystemClock};
use reconciler::{
    Alerts, Outlet, Sweeps, Trailed,
    alerts::{Mail, Web},
    lists::Lists,
    sweep::Pacing,
    webhooks::Wanted,
};
use store::Db;
use sync::{GateTask, Publish, Seal, SealedSession, SharedGate};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{config::Config, kinds, site::Site};

/// Connections to Postgres that one process takes at most.
const CONNECTIONS: u32 = 16;
/// How long a webhook for messages to people may take.
const OUTLET: std::time::Duration = std::time::Duration::from_secs(20);

/// The parts. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Parts {
    /// What was configured.
    pub(crate) config: Arc<Config>,
    /// The time.
    pub(crate) clock: Arc<dyn Clock>,
    /// Who we are in claims, sessions and places: one name a process.
    pub(crate) holder: String,
    /// Postgres, its schema checked.
    pub(crate) db: Db,
    /// RabbitMQ. Nothing is opened before it is used.
    pub(crate) broker: Broker,
    /// Publishes with a confirm.
    pub(crate) publisher: Publisher,
    /// Publishes events, to Postgres where the broker does not take them.
    pub(crate) publish: Publish,
    http: rest::Client,
    gate: Arc<SharedGate>,
    session: Arc<SealedSession>,
}

/// The callers of both systems, for one state of the site.
#[derive(Debug, Clone)]
pub(crate) struct Clients {
    /// Autotask.
    pub(crate) autotask: autotask::Client,
    /// Jim2.
    pub(crate) jim2: jim2::Client,
}

impl Clients {
    /// The lists of both systems, as these clients read them again.
    pub(crate) fn lists(&self) -> Lists {
        let said = kinds::choices().flat_map(|choices| choices.lists);
        Lists {
            autotask: self.autotask.clone(),
            jim2: self.jim2.clone(),
            said: said.copied().collect(),
        }
    }
}

/// What must run for the parts to work.
#[derive(Debug)]
pub(crate) struct Tasks {
    /// Owns the publisher's connection.
    pub(crate) publisher: PublisherTask,
    /// Gives places at Autotask's endpoints back.
    pub(crate) gate: GateTask,
}

impl Parts {
    /// Builds the parts over a database whose schema is checked here.
    pub(crate) async fn over(config: Config, db: Db) -> anyhow::Result<(Self, Tasks)> {
        db.check_schema().await?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let holder = format!("{}-{}", std::process::id(), uuid::Uuid::now_v7());
        let broker = Broker::new(config.amqp_url.clone(), "crossbill", Arc::clone(&clock));
        let (publisher, publisher_task) = Publisher::new(&broker, Limits::default());
        let publish = Publish::new(publisher.clone(), db.clone(), Arc::clone(&clock));
        let (gate, gate_task) = SharedGate::new(db.clone(), holder.clone());
        let seal = Seal::new(&config.secret_key);
        let session = SealedSession::new(db.clone(), seal, holder.clone());
        let parts = Self {
            config: Arc::new(config),
            clock,
            holder,
            db,
            broker,
            publisher,
            publish,
            http: rest::Client::new(&rest::Settings::default())?,
            gate: Arc::new(gate),
            session: Arc::new(session),
        };
        let tasks = Tasks {
            publisher: publisher_task,
            gate: gate_task,
        };
        Ok((parts, tasks))
    }

    /// A way to publish for ingress alone: it is refused while the work queues are full, and spills instead.
    pub(crate) fn intake(&self) -> (Publish, PublisherTask) {
        let watched = crate::kinds::topology()
            .families
            .iter()
            .map(|family| family.queue(broker::Lane::Live))
            .collect();
        let limits = Limits {
            watched,
            ..Limits::default()
        };
        let (publisher, task) = Publisher::new(&self.broker, limits);
        let publish = Publish::new(publisher, self.db.clone(), Arc::clone(&self.clock));
        (publish, task)
    }

    /// What our webhooks have alike, where Autotask can call us.
    pub(crate) fn webhooks(&self) -> Option<Wanted> {
        let address = self.config.ingress.public_url.clone()?;
        let site_key = self.config.secret_key.clone();
        Some(Wanted { address, site_key })
    }

    /// How people are told.
    pub(crate) fn alerts(&self) -> anyhow::Result<Alerts> {
        let config = &self.config.alerts;
        let mut outlets = Vec::new();
        if let Some((url, form)) = &config.webhook {
            // Nothing that is posted is worth a minute's wait.
            let http = rest::Client::new(&rest::Settings {
                deadline: OUTLET,
                ..rest::Settings::default()
            })?;
            let (url, form) = (url.clone(), *form);
            outlets.push(Outlet::Web(Web { http, url, form }));
        }
        if let Some(mail) = &config.mail {
            let mail =
                Mail::new(mail).map_err(|why| anyhow::anyhow!("mail cannot be sent: {why}"))?;
            outlets.push(Outlet::Mail(Box::new(mail)));
        }
        Ok(Alerts {
            outlets,
            patience: config.patience,
            window: config.window,
            digest_at: config.digest_at,
            zone: self.config.time_zone,
        })
    }

    /// What is swept, and how often.
    pub(crate) fn trails(&self) -> Vec<Trailed> {
        let swept = crate::kinds::swept(&self.config.sweep);
        swept.into_iter().map(|(_, trailed)| trailed).collect()
    }

    /// What sweeps both systems, in the lane of what can wait.
    pub(crate) fn sweeps(&self, clients: &Clients) -> Sweeps {
        Sweeps {
            db: self.db.clone(),
            publish: self.publish.clone(),
            broker: self.broker.clone(),
            autotask: clients.autotask.clone(),
            jim2: clients.jim2.clone(),
            clock: Arc::clone(&self.clock),
            holder: self.holder.clone(),
            trails: self.trails(),
            readers: crate::kinds::readers(clients),
            pacing: Pacing::default(),
        }
    }

    /// The callers of both systems as `site` says.
    pub(crate) fn clients(&self, site: &Site) -> anyhow::Result<Clients> {
        Ok(Clients {
            autotask: self.autotask()?,
            jim2: self.jim2(site),
        })
    }

    /// A caller of Jim2 for who judges himself which database it is.
    pub(crate) fn any_jim2(&self, site: &Site) -> jim2::Client {
        self.jim2_with(jim2::Settings {
            checks_database: false,
            ..self.jim2_settings(site)
        })
    }

    fn autotask(&self) -> anyhow::Result<autotask::Client> {
        let config = &self.config.autotask;
        let credentials = autotask::Credentials {
            username: config.username.clone(),
            secret: config.secret.clone(),
            integration_code: config.integration_code.clone(),
        };
        let settings = autotask::Settings {
            zone_url: config.zone_url.clone(),
            discovery_url: config.discovery_url.clone(),
            deadline: self.config.engine.deadline,
            ..autotask::Settings::new(credentials)
        };
        let gate = Arc::clone(&self.gate) as Arc<dyn autotask::Gate>;
        autotask::Client::new(self.http.clone(), settings, gate)
            .context("Autotask's credentials cannot be sent as they are; check AUTOTASK_USERNAME, AUTOTASK_SECRET and AUTOTASK_INTEGRATION_CODE")
    }

    fn jim2(&self, site: &Site) -> jim2::Client {
        self.jim2_with(self.jim2_settings(site))
    }

    fn jim2_settings(&self, site: &Site) -> jim2::Settings {
        let config = &self.config.jim2;
        let credentials = jim2::Credentials {
            client_id: config.client_id.clone(),
            secret: config.secret.clone(),
        };
        jim2::Settings {
            named_queries: site.has_named_queries(),
            deadline: self.config.engine.deadline,
            date_reading: site.date_reading(),
            contact_ids: site.contact_ids(),
            contact_types: site.contact_types(),
            ..jim2::Settings::new(config.url.clone(), credentials, self.config.time_zone)
        }
    }

    fn jim2_with(&self, settings: jim2::Settings) -> jim2::Client {
        let session = Arc::clone(&self.session) as Arc<dyn jim2::Session>;
        jim2::Client::new(
            self.http.clone(),
            settings,
            Arc::clone(&self.clock),
            session,
        )
    }
}

/// Connects to Postgres with as many connections as a process of ours takes.
pub(crate) async fn database(config: &Config) -> Result<Db, store::Error> {
    Db::connect(&config.database_url, CONNECTIONS).await
}

/// The tasks of a command, stopped when it is done.
#[derive(Debug)]
pub(crate) struct Running {
    stop: CancellationToken,
    tracker: TaskTracker,
}

impl Tasks {
    /// Runs them beside a command.
    pub(crate) fn start(self) -> Running {
        let running = Running {
            stop: CancellationToken::new(),
            tracker: TaskTracker::new(),
        };
        running
            .tracker
            .spawn(self.publisher.run(running.stop.clone()));
        running.tracker.spawn(self.gate.run(running.stop.clone()));
        running.tracker.close();
        running
    }
}

impl Running {
    /// Ends them.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        self.tracker.wait().await;
    }
}

#[cfg(test)]
mod tests;
