//! Whether this process can do its work now, and if not, what is missing.

use std::{collections::BTreeMap, future::Future, time::Duration};

use broker::{Broker, Lane};
use domain::Kind;
use serde::Serialize;
use store::{Db, system::SystemState};
use tokio::time::timeout;

use super::roles::Roles;
use crate::{kinds, operate, parts::Parts, site::Site};

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// Looks at what this process needs. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Ready {
    db: Db,
    broker: Broker,
    roles: Vec<String>,
    kinds: Vec<Kind>,
    /// Whether it goes on, in part, without the broker: ingress keeps events in Postgres.
    spills: bool,
}

/// What was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Report {
    status: Status,
    roles: Vec<String>,
    postgres: Answer,
    rabbitmq: Answer,
    /// Consumers that the broker sees on each kind's live queue, of all processes. A paused worker has none; else a kind
    /// without one is not worked on, and a process of that kind is not ready.
    consumers: BTreeMap<String, u32>,
    /// Each system: running, paused, or why it is stopped.
    systems: BTreeMap<&'static str, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Status {
    Ready,
    /// Events are taken, and wait.
    Degraded,
    NotReady,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Answer {
    Answers,
    Away(String),
}

impl Report {
    /// Whether work can be given to this process.
    pub(super) fn is_ready(&self) -> bool {
        match self.status {
            Status::Ready | Status::Degraded => true,
            Status::NotReady => false,
        }
    }
}

impl Ready {
    /// What `roles` need of `parts`.
    pub(super) fn new(parts: &Parts, roles: &Roles) -> Self {
        Self {
            db: parts.db.clone(),
            broker: parts.broker.clone(),
            roles: roles.words(),
            kinds: roles.kinds().to_vec(),
            spills: roles.has_ingress(),
        }
    }

    /// Looks now.
    pub(super) async fn report(&self) -> Report {
        let (postgres, rabbitmq) = tokio::join!(ask(self.db.ping()), ask(self.broker.ping()));
        let consumers = match rabbitmq {
            Answer::Answers => self.consumers().await,
            Answer::Away(_) => BTreeMap::new(),
        };
        let systems = match postgres {
            Answer::Answers => self.systems().await,
            Answer::Away(_) => Vec::new(),
        };
        let takes = self.is_taken(&consumers) || !self.is_to_be_taken(&systems).await;
        let status = match (&postgres, &rabbitmq) {
            (Answer::Answers, Answer::Answers) if takes => Status::Ready,
            // Ingress takes events in any case, and they wait.
            (Answer::Answers, Answer::Answers | Answer::Away(_)) if self.spills => Status::Degraded,
            (Answer::Answers | Answer::Away(_), Answer::Answers | Answer::Away(_)) => {
                Status::NotReady
            }
        };
        let standing =
            |state: &SystemState| (state.system.as_str(), operate::status::standing(state));
        Report {
            status,
            roles: self.roles.clone(),
            consumers,
            systems: systems.iter().map(standing).collect(),
            postgres,
            rabbitmq,
        }
    }

    /// Whether somebody takes from the live queue of every kind of ours.
    fn is_taken(&self, consumers: &BTreeMap<String, u32>) -> bool {
        let is_taken = |kind: &Kind| consumers.get(kind.as_str()).is_some_and(|count| *count > 0);
        self.kinds.iter().all(is_taken)
    }

    /// Whether work goes on: the site is connected, and neither system is paused or stopped.
    async fn is_to_be_taken(&self, systems: &[SystemState]) -> bool {
        let is_connected = timeout(PATIENCE, Site::load(&self.db)).await;
        matches!(is_connected, Ok(Ok(site)) if site.is_connected())
            && systems.iter().all(SystemState::is_running)
    }

    async fn consumers(&self) -> BTreeMap<String, u32> {
        let mut consumers = BTreeMap::new();
        for kind in &self.kinds {
            let queue = kinds::family(kind).queue(Lane::Live);
            if let Ok(Ok(depth)) = timeout(PATIENCE, self.broker.depth(&queue)).await {
                consumers.insert(kind.to_string(), depth.consumers);
            }
        }
        consumers
    }

    async fn systems(&self) -> Vec<SystemState> {
        match timeout(PATIENCE, store::system::state(&self.db)).await {
            Ok(Ok(states)) => states.into(),
            Ok(Err(_)) | Err(_) => Vec::new(),
        }
    }
}

async fn ask<E: std::error::Error>(answer: impl Future<Output = Result<(), E>>) -> Answer {
    match timeout(PATIENCE, answer).await {
        Ok(Ok(())) => Answer::Answers,
        Ok(Err(error)) => Answer::Away(error.to_string()),
        Err(_) => Answer::Away("no answer in time".to_owned()),
    }
}
