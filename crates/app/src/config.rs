//! What the operator configures: a TOML file, then the environment over it, checked in full before anything starts.
//!
//! The only place that reads the environment. Everybody else gets values.

mod alerts;
mod environment;
mod gather;
mod read;
mod repeat;
mod setting;

use std::{net::SocketAddr, path::Path, time::Duration};

use broker::AmqpUrl;
use chrono_tz::Tz;
use secrecy::SecretString;
use url::Url;

pub(crate) use alerts::Alerts;
pub(crate) use environment::Environment;
pub(crate) use repeat::Repeats;
pub(crate) use setting::{Default, SETTINGS, help};

/// Everything that is configured, checked. What the site found out by itself is in Postgres instead.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// Postgres.
    pub(crate) database_url: SecretString,
    /// RabbitMQ.
    pub(crate) amqp_url: AmqpUrl,
    /// Seals tokens and derives webhook secrets.
    pub(crate) secret_key: SecretString,
    /// Autotask.
    pub(crate) autotask: Autotask,
    /// Jim2.
    pub(crate) jim2: Jim2,
    /// The time zone of the site and of its Jim2 server.
    pub(crate) time_zone: Tz,
    /// Where webhooks come in.
    pub(crate) ingress: Ingress,
    /// Where health and metrics are told.
    pub(crate) admin_listen: SocketAddr,
    /// How long calls may take.
    pub(crate) engine: Engine,
    /// How often each sweep is repeated.
    pub(crate) sweep: Repeats,
    /// How people are told.
    pub(crate) alerts: Alerts,
    /// What is logged.
    pub(crate) log: Log,
    /// Where a test ends the process (`CROSSBILL_CRASH_AT`, by the word of a [`sync::Point`]).
    #[cfg(debug_assertions)]
    pub(crate) crash_at: Option<sync::Point>,
}

/// How long calls may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Engine {
    /// The hard deadline of one call.
    pub(crate) deadline: Duration,
    /// How long after it a write whose answer was lost may still arrive.
    pub(crate) patience: Duration,
}

/// Where Autotask is and who we are there.
#[derive(Debug, Clone)]
pub(crate) struct Autotask {
    /// The login of the API-only user.
    pub(crate) username: String,
    /// Its secret.
    pub(crate) secret: SecretString,
    /// The API tracking identifier.
    pub(crate) integration_code: SecretString,
    /// Who is asked for the zone.
    pub(crate) discovery_url: Url,
    /// The zone, where it is not to be asked for.
    pub(crate) zone_url: Option<Url>,
}

/// Where Jim2 is and who we are there.
#[derive(Debug, Clone)]
pub(crate) struct Jim2 {
    /// The address of the Web API with its application.
    pub(crate) url: Url,
    /// The client id.
    pub(crate) client_id: String,
    /// The password of the user behind it.
    pub(crate) secret: SecretString,
}

/// Where webhooks come in.
#[derive(Debug, Clone)]
pub(crate) struct Ingress {
    /// The address we listen on.
    pub(crate) listen: SocketAddr,
    /// The address by which Autotask reaches it; without one, changes are polled for.
    pub(crate) public_url: Option<Url>,
}

/// What is logged, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Log {
    /// A level, or `tracing` directives; `None` is `info` for roles and `warn` for commands.
    pub(crate) level: Option<String>,
    /// How a line looks.
    pub(crate) format: LogFormat,
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// The configuration is wrong: everything that is wrong with it, at once.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the configuration cannot be used:\n  - {}", problems.join("\n  - "))]
pub(crate) struct Wrong {
    /// One sentence a setting, with the remedy.
    pub(crate) problems: Vec<String>,
}

impl Config {
    /// Reads the file (`path`, else `CROSSBILL_CONFIG`, else `./crossbill.toml` where there is one), lays the
    /// environment over it and checks all of it.
    pub(crate) fn load(path: Option<&Path>, environment: &Environment) -> Result<Self, Wrong> {
        let (values, problems) = gather::gather(path, environment);
        let config = read::read(&values, problems)?;
        #[cfg(debug_assertions)]
        let config = Self {
            crash_at: environment
                .get("CROSSBILL_CRASH_AT")
                .and_then(sync::Point::named),
            ..config
        };
        Ok(config)
    }
}

#[cfg(test)]
mod tests;
