//! The caller of one tenant, and how one call is made.

use std::{fmt, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use domain::Lane;
use reqwest::{
    Method, StatusCode,
    header::{CONTENT_TYPE, HeaderMap, HeaderValue},
};
use rest::{Answer, Broken, ServerClock};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use tracing::{Instrument as _, info_span};
use url::Url;

use crate::{
    Call, Error, Gate, Outcome,
    error::{Asked, Effect, classify, is_thread_limit},
    zone::Zone,
};

/// How the API user identifies itself.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The login of an API-only resource, in the form of an e-mail address.
    pub username: String,
    /// Its secret.
    pub secret: SecretString,
    /// The API tracking identifier.
    pub integration_code: SecretString,
}

/// Where Autotask is and who we are.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The zone's base, such as `https://webservices14.autotask.net/ATServicesRest/`; without it
    /// the zone is discovered, and discovered again when the tenant moves.
    pub zone_url: Option<Url>,
    /// The base that is asked for the zone; any zone answers.
    pub discovery_url: Url,
    /// How long a zone holds that was discovered, before it is asked for again. No limit counts that call.
    pub zone_for: Duration,
    /// Who we are.
    pub credentials: Credentials,
    /// The hard deadline of one request.
    pub deadline: Duration,
}

impl Settings {
    /// The settings for production with these credentials.
    pub fn new(credentials: Credentials) -> Self {
        let discovery = "https://webservices.autotask.net/ATServicesRest/";
        Self {
            zone_url: None,
            discovery_url: Url::parse(discovery).expect("the constant is a URL"),
            zone_for: Duration::from_hours(1),
            credentials,
            deadline: Duration::from_mins(1),
        }
    }
}

/// Calls one tenant's Autotask. Clones are cheap and share connections, zone and gate.
#[derive(Debug, Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
    lane: Lane,
}

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) http: rest::Client,
    pub(crate) settings: Settings,
    pub(crate) zone: Zone,
    clock: ServerClock,
    identity: HeaderMap,
    gate: Arc<dyn Gate>,
}

/// One call.
pub(crate) struct Request<'a> {
    /// The name in spans and metrics.
    pub(crate) operation: &'static str,
    /// What people call what it is about.
    pub(crate) entity: &'a str,
    /// The verb.
    pub(crate) method: Method,
    /// The path below the version.
    pub(crate) path: &'a str,
    /// The JSON to send, if any.
    pub(crate) body: Option<Vec<u8>>,
    /// Whether it changes something.
    pub(crate) effect: Effect,
}

impl<'a> Request<'a> {
    /// A read without a body.
    pub(crate) fn get(operation: &'static str, entity: &'a str, path: &'a str) -> Self {
        Self {
            operation,
            entity,
            method: Method::GET,
            path,
            body: None,
            effect: Effect::Read,
        }
    }

    /// A read of what belongs to one id, which may not be there.
    pub(crate) fn lookup(operation: &'static str, entity: &'a str, path: &'a str) -> Self {
        Self {
            effect: Effect::Lookup,
            ..Self::get(operation, entity, path)
        }
    }

    fn asked(&self) -> Asked<'a> {
        Asked {
            entity: self.entity,
            effect: self.effect,
        }
    }
}

impl fmt::Debug for Request<'_> {
    /// Without the body, which may be a customer's or hold a webhook's secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("path", &self.path)
            .field("effect", &self.effect)
            .field("body_bytes", &self.body.as_ref().map(Vec::len))
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A client in [`Lane::Live`]. Nothing is called yet.
    pub fn new(http: rest::Client, settings: Settings, gate: Arc<dyn Gate>) -> Result<Self, Error> {
        let shared = Shared {
            identity: identity(&settings.credentials)?,
            zone: Zone::new(settings.zone_url.clone()),
            clock: ServerClock::default(),
            http,
            settings,
            gate,
        };
        Ok(Self {
            shared: Arc::new(shared),
            lane: Lane::Live,
        })
    }

    /// What a call is worth now: what the work around it says, else what this client was made for.
    fn worth(&self) -> Lane {
        crate::current_lane().unwrap_or(self.lane)
    }

    /// The same client, whose calls are worth as much as `lane` says.
    #[must_use]
    pub fn lane(&self, lane: Lane) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            lane,
        }
    }

    /// What Autotask's clock shows, within seconds; `None` where it has not answered lately. No call is made.
    pub fn server_time(&self) -> Option<DateTime<Utc>> {
        self.shared.clock.now()
    }

    /// Makes a call and reads its answer.
    pub(crate) async fn ask<T: DeserializeOwned>(&self, request: Request<'_>) -> Result<T, Error> {
        let answer = self.answer(&request).await?;
        answer
            .json()
            .map_err(|error| classify(error, request.asked()))
    }

    /// Makes a call; after a 401 once more, if the tenant turns out to have moved.
    /// A 401 is surely not done, so that repeating a write is right.
    async fn answer(&self, request: &Request<'_>) -> Result<Answer, Error> {
        let zone = self.zone().await?;
        match self.call(request, &zone).await {
            Err(Error::Unauthorized { reason }) => match self.zone_after(&zone).await? {
                Some(moved) => self.call(request, &moved).await,
                None => Err(Error::Unauthorized { reason }),
            },
            other => other,
        }
    }

    async fn call(&self, request: &Request<'_>, zone: &Url) -> Result<Answer, Error> {
        let endpoint = request.path.split('/').next().unwrap_or_default();
        let span = info_span!(
            "autotask.call",
            endpoint = endpoint,
            lane = self.worth().as_str()
        );
        let call = Call {
            endpoint,
            lane: self.worth(),
            deadline: self.shared.settings.deadline,
        };
        async {
            let pass = self.shared.gate.enter(call).await?;
            crate::gate::made();
            let result = self.send(request, zone).await;
            pass.leave(outcome(&result));
            result.map_err(|error| classify(error, request.asked()))
        }
        .instrument(span)
        .await
    }

    async fn send(&self, request: &Request<'_>, zone: &Url) -> Result<Answer, rest::Error> {
        let shared = &self.shared;
        let url = format!("{zone}V1.0/{}", request.path);
        let mut sent = shared
            .http
            .request(request.method.clone(), url)
            .timeout(shared.settings.deadline)
            .headers(shared.identity.clone());
        if let Some(body) = &request.body {
            sent = sent
                .header(CONTENT_TYPE, "application/json")
                .body(body.clone());
        }
        let answer = shared.http.send(request.operation, sent).await?;
        shared.clock.hear(&answer);
        Ok(answer)
    }
}

fn identity(credentials: &Credentials) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("UserName", credentials.username.as_str()),
        ("Secret", credentials.secret.expose_secret()),
        (
            "ApiIntegrationCode",
            credentials.integration_code.expose_secret(),
        ),
    ] {
        let mut value = HeaderValue::from_str(value).map_err(|_| Error::Unauthorized {
            reason: format!("{name} holds a character that cannot be sent"),
        })?;
        value.set_sensitive(true);
        let name = reqwest::header::HeaderName::from_bytes(name.as_bytes());
        headers.insert(name.expect("the constant is a header's name"), value);
    }
    Ok(headers)
}

/// What the gate is told: a call that may still run at the other end keeps its place.
fn outcome(result: &Result<Answer, rest::Error>) -> Outcome {
    match result {
        Err(
            rest::Error::SlowDown { body, .. }
            | rest::Error::Refused { body, .. }
            | rest::Error::Broken(Broken::Gateway { body, .. }),
        ) if is_thread_limit(body) => Outcome::TooManyAtOnce,
        Err(rest::Error::SlowDown { after, .. }) => Outcome::SlowedDown { after: *after },
        Err(rest::Error::NoAnswer {
            maybe_done: true, ..
        }) => Outcome::Abandoned,
        // The gateway gave up waiting; Autotask has not.
        Err(rest::Error::Broken(Broken::Gateway { status, .. }))
            if *status == StatusCode::GATEWAY_TIMEOUT =>
        {
            Outcome::Abandoned
        }
        Ok(_)
        | Err(
            rest::Error::Refused { .. }
            | rest::Error::Broken(_)
            | rest::Error::NoAnswer {
                maybe_done: false, ..
            },
        ) => Outcome::Answered,
    }
}

#[cfg(test)]
mod tests;
