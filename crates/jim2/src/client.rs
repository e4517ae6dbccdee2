//! Sending calls: which token, how many at once, and what their failures mean.

mod sign_in;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use domain::Clock;
use reqwest::{
    Method, RequestBuilder, StatusCode,
    header::{ACCEPT, CONTENT_TYPE},
};
use rest::{Answer, Broken, ServerClock};
use secrecy::ExposeSecret as _;
use serde::Serialize;
use tokio::sync::{Mutex, Semaphore};
use url::Url;

use crate::{Error, Grant, Session, Settings, refusal};

/// Jim2 serves its users first: no more than this many of our calls at once.
const CALLS_AT_ONCE: usize = 2;

/// How the body of a write is labelled.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Style {
    /// One small document of a create endpoint.
    Simple,
    /// A JSON:API document.
    JsonApi,
}

impl Style {
    const fn media_type(self) -> &'static str {
        match self {
            Self::Simple => "application/json",
            Self::JsonApi => "application/vnd.api+json",
        }
    }
}

/// A caller of one Jim2 database. Clones share tokens, the writing session and the limit of calls.
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    http: rest::Client,
    settings: Settings,
    clock: Arc<dyn Clock>,
    session: Arc<dyn Session>,
    /// The token for reading.
    view: Mutex<Option<Grant>>,
    /// Held while the writing session is opened, extended or closed.
    opening: Mutex<()>,
    permits: Semaphore,
    server_clock: ServerClock,
}

impl Client {
    /// A client of the database that `settings` name; `session` keeps the one writing session.
    pub fn new(
        http: rest::Client,
        settings: Settings,
        clock: Arc<dyn Clock>,
        session: Arc<dyn Session>,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                http,
                settings,
                clock,
                session,
                view: Mutex::default(),
                opening: Mutex::default(),
                permits: Semaphore::new(CALLS_AT_ONCE),
                server_clock: ServerClock::default(),
            }),
        }
    }

    /// How this database is called.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// The day on the calendar of the server's wall.
    pub fn today(&self) -> NaiveDate {
        let now = self.inner.clock.now();
        self.settings().times().wall_clock(now).date()
    }

    /// What the clock of the Web API's server shows, within seconds; `None` where it has not answered lately. No call is made.
    pub fn server_time(&self) -> Option<DateTime<Utc>> {
        self.inner.server_clock.now()
    }

    /// Reads with a `view` token, which takes no licence.
    pub(crate) async fn read(&self, operation: &'static str, url: Url) -> Result<Answer, Error> {
        let request = || self.request(Method::GET, url.clone());
        let grant = self.view_grant().await?;
        let answer = match self.send(operation, request(), &grant).await {
            Err(error) if is_unauthorized(&error) => {
                let grant = self.renew_view_grant(&grant).await?;
                self.send(operation, request(), &grant).await
            }
            other => other,
        };
        answer.map_err(of_read)
    }

    /// The same with a token that is not anybody's yet.
    pub(crate) async fn read_with(
        &self,
        grant: &Grant,
        operation: &'static str,
        url: Url,
    ) -> Result<Answer, Error> {
        let request = self.request(Method::GET, url);
        self.send(operation, request, grant).await.map_err(of_read)
    }

    /// Writes in the one writing session, opening it if need be.
    ///
    /// A 401 is surely not done, so the write is sent once more with a new token; no other
    /// failure is.
    pub(crate) async fn write<B: Serialize + Sync>(
        &self,
        operation: &'static str,
        method: Method,
        url: Url,
        (style, body): (Style, &B),
    ) -> Result<Answer, Error> {
        self.attempt(operation, method, url, (style, body))
            .await?
            .map_err(of_write)
    }

    /// As [`Client::write`], with the failure of the write itself left unjudged.
    pub(crate) async fn attempt<B: Serialize + Sync>(
        &self,
        operation: &'static str,
        method: Method,
        url: Url,
        (style, body): (Style, &B),
    ) -> Result<Result<Answer, rest::Error>, Error> {
        let body = serde_json::to_vec(body).map_err(|error| Error::unreadable("request", error))?;
        self.submit(operation, || {
            self.request(method.clone(), url.clone())
                .header(CONTENT_TYPE, style.media_type())
                .body(body.clone())
        })
        .await
    }

    /// Deletes what is at an address, in the one writing session.
    pub(crate) async fn remove(&self, operation: &'static str, url: Url) -> Result<(), Error> {
        self.submit(operation, || self.request(Method::DELETE, url.clone()))
            .await?
            .map_err(of_write)?;
        Ok(())
    }

    /// Sends a request in the writing session, and once more where its token had run out.
    async fn submit(
        &self,
        operation: &'static str,
        request: impl Fn() -> RequestBuilder + Send + Sync,
    ) -> Result<Result<Answer, rest::Error>, Error> {
        let grant = self.writing_grant().await?;
        match self.send(operation, request(), &grant).await {
            Err(error) if is_unauthorized(&error) => {
                let grant = self.renew_writing_grant(&grant).await?;
                Ok(self.send(operation, request(), &grant).await)
            }
            answer => Ok(answer),
        }
    }

    fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.inner
            .http
            .request(method, url)
            .timeout(self.inner.settings.deadline)
            .header(ACCEPT, "application/vnd.api+json, application/json")
    }

    async fn send(
        &self,
        operation: &'static str,
        request: RequestBuilder,
        grant: &Grant,
    ) -> Result<Answer, rest::Error> {
        let request = request.bearer_auth(grant.access_token.expose_secret());
        self.within_limit(operation, request).await
    }

    async fn within_limit(
        &self,
        operation: &'static str,
        request: RequestBuilder,
    ) -> Result<Answer, rest::Error> {
        let _permit = self
            .inner
            .permits
            .acquire()
            .await
            .expect("the semaphore is never closed");
        let answer = self.inner.http.send(operation, request).await?;
        self.inner.server_clock.hear(&answer);
        Ok(answer)
    }
}

/// What was read from the answer to a write. It was done: an answer that cannot be read must not
/// look like a refusal.
pub(crate) fn written<T>(read: Result<T, Error>) -> Result<T, Error> {
    read.map_err(|error| Error::MaybeDone(error.into()))
}

fn is_unauthorized(error: &rest::Error) -> bool {
    matches!(error, rest::Error::Refused { status, .. } if *status == StatusCode::UNAUTHORIZED)
}

fn of_read(error: rest::Error) -> Error {
    match error {
        rest::Error::NoAnswer { .. } | rest::Error::Broken(_) => Error::Away(error.into()),
        rest::Error::SlowDown { after, .. } => Error::SlowDown { after },
        rest::Error::Refused { status, body } => of_refusal(status, &body),
    }
}

pub(crate) fn of_write(error: rest::Error) -> Error {
    match error {
        rest::Error::NoAnswer {
            maybe_done: false, ..
        } => Error::Away(error.into()),
        // 503 says that nobody took the request; the other gateway errors do not.
        rest::Error::Broken(Broken::Gateway { status, .. })
            if status == StatusCode::SERVICE_UNAVAILABLE =>
        {
            Error::Away(error.into())
        }
        rest::Error::NoAnswer { .. } | rest::Error::Broken(_) => Error::MaybeDone(error.into()),
        rest::Error::SlowDown { after, .. } => Error::SlowDown { after },
        rest::Error::Refused { status, body } => {
            let refused = of_refusal(status, &body);
            if matches!(refused, Error::Refused { status: 500.., .. }) {
                return Error::MaybeDone(refused.into());
            }
            refused
        }
    }
}

fn of_refusal(status: StatusCode, body: &str) -> Error {
    if status == StatusCode::UNAUTHORIZED {
        return Error::Unauthorized {
            setting: "the token it has just granted (the rights of the API's user)",
        };
    }
    refusal::read(status.as_u16(), body)
}

#[cfg(test)]
mod tests;
