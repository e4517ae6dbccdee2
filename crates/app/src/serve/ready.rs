//! Whether this process can do its work now, and if not, what is missing.

use std::{collections::BTreeMap, future::Future, time::Duration};

use broker::{Broker, Lane};
use domain::Kind;
use serde::Serialize;
use store::Db;
use tokio::time::timeout;

use super::roles::Roles;
use crate::{kinds, operate, parts::Parts};

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
    /// Consumers that the broker sees on each kind's live queue, of all processes. A paused worker has none.
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
        let status = match (&postgres, &rabbitmq) {
            (Answer::Answers, Answer::Answers) => Status::Ready,
            (Answer::Answers, Answer::Away(_)) if self.spills => Status::Degraded,
            (Answer::Answers | Answer::Away(_), Answer::Away(_))
            | (Answer::Away(_), Answer::Answers) => Status::NotReady,
        };
        Report {
            status,
            roles: self.roles.clone(),
            consumers: match rabbitmq {
                Answer::Answers => self.consumers().await,
                Answer::Away(_) => BTreeMap::new(),
            },
            systems: match postgres {
                Answer::Answers => self.systems().await,
                Answer::Away(_) => BTreeMap::new(),
            },
            postgres,
            rabbitmq,
        }
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

    async fn systems(&self) -> BTreeMap<&'static str, String> {
        let Ok(Ok(states)) = timeout(PATIENCE, store::system::state(&self.db)).await else {
            return BTreeMap::new();
        };
        states
            .iter()
            .map(|state| (state.system.as_str(), operate::status::standing(state)))
            .collect()
    }
}

async fn ask<E: std::error::Error>(answer: impl Future<Output = Result<(), E>>) -> Answer {
    match timeout(PATIENCE, answer).await {
        Ok(Ok(())) => Answer::Answers,
        Ok(Err(error)) => Answer::Away(error.to_string()),
        Err(_) => Answer::Away("no answer in time".to_owned()),
    }
}
