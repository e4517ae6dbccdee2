//! Sending one request.

use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

use bytes::{Bytes, BytesMut};
use reqwest::{
    IntoUrl, Method, RequestBuilder, Response, StatusCode,
    header::{CONTENT_TYPE, HeaderMap},
    redirect, retry,
};
use tracing::{Instrument as _, Span, field, info_span};

use crate::{Answer, Broken, Error, metrics::REQUEST_SECONDS, retry_after::retry_after};

/// How much of a refusal is kept: enough for every message in it, not for a whole page.
const KEPT_OF_REFUSAL_BYTES: usize = 16 * 1024;

/// How requests are sent.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The hard deadline of one request, from connecting to the last byte.
    /// A request may set its own by [`RequestBuilder::timeout`].
    pub deadline: Duration,
    /// Who we say we are.
    pub user_agent: String,
    /// The largest body of an answer.
    pub body_limit_bytes: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            deadline: Duration::from_mins(1),
            user_agent: concat!("Crossbill/", env!("CARGO_PKG_VERSION")).to_owned(),
            body_limit_bytes: 32 * 1024 * 1024,
        }
    }
}

/// The HTTP client cannot be built, for instance because this machine has no root certificates.
#[derive(Debug, thiserror::Error)]
#[error("cannot build the HTTP client (are root certificates installed?)")]
pub struct Unbuildable(#[source] reqwest::Error);

/// Sends requests. Clones share one pool of connections.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    body_limit_bytes: usize,
}

impl Client {
    /// A client with these settings. TLS is rustls with ring, and the system's root certificates.
    pub fn new(settings: &Settings) -> Result<Self, Unbuildable> {
        install_ring();
        let http = reqwest::Client::builder()
            .timeout(settings.deadline)
            .connect_timeout(settings.deadline.min(Duration::from_secs(10)))
            .user_agent(&settings.user_agent)
            // Credentials travel in headers of their own, which a redirect would carry elsewhere.
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .build()
            .map_err(Unbuildable)?;
        Ok(Self {
            http,
            body_limit_bytes: settings.body_limit_bytes,
        })
    }

    /// Begins a request.
    pub fn request(&self, method: Method, url: impl IntoUrl) -> RequestBuilder {
        self.http.request(method, url)
    }

    /// Sends `request`, named `operation` in spans and metrics, and waits for the whole answer.
    /// Only an answer of success is `Ok`.
    pub async fn send(
        &self,
        operation: &'static str,
        request: RequestBuilder,
    ) -> Result<Answer, Error> {
        let span = info_span!(
            "rest.request",
            otel.kind = "client",
            operation = operation,
            http.status = field::Empty,
            outcome = field::Empty,
            duration_ms = field::Empty,
        );
        let begun = Instant::now();
        let result = self.exchange(request).instrument(span.clone()).await;
        let took = begun.elapsed();
        let outcome = outcome(&result);
        span.record("outcome", outcome);
        span.record("duration_ms", took.as_millis());
        ::metrics::histogram!(REQUEST_SECONDS, "operation" => operation, "outcome" => outcome)
            .record(took);
        result
    }

    async fn exchange(&self, request: RequestBuilder) -> Result<Answer, Error> {
        #[expect(clippy::disallowed_methods, reason = "the one place that sends")]
        let mut response = request.send().await.map_err(no_answer)?;
        let (status, headers) = (response.status(), response.headers().clone());
        Span::current().record("http.status", status.as_u16());
        let body = self.body(&mut response).await?;
        judge(status, headers, body)
    }

    async fn body(&self, response: &mut Response) -> Result<Bytes, Error> {
        let limit = self.body_limit_bytes;
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(cut_off)? {
            if body.len() + chunk.len() > limit {
                return Err(Broken::TooLarge { limit }.into());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }
}

fn judge(status: StatusCode, headers: HeaderMap, body: Bytes) -> Result<Answer, Error> {
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Err(Error::SlowDown {
            after: retry_after(&headers),
            body: shortened(&body),
        });
    }
    if matches!(
        status,
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT
    ) {
        return Err(Broken::Gateway {
            status,
            after: retry_after(&headers),
            body: shortened(&body),
        }
        .into());
    }
    // A bare 401 or 403 is often dressed as a page by the web server; its status says enough.
    let tells_enough = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    if !tells_enough && is_html(&headers, &body) {
        return Err(Broken::Html { status }.into());
    }
    if status.is_success() {
        return Ok(Answer {
            status,
            headers,
            body,
        });
    }
    Err(Error::Refused {
        status,
        body: shortened(&body),
    })
}

fn is_html(headers: &HeaderMap, body: &[u8]) -> bool {
    let says_html = headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    says_html || body.trim_ascii_start().starts_with(b"<")
}

fn shortened(body: &[u8]) -> String {
    let kept = &body[..body.len().min(KEPT_OF_REFUSAL_BYTES)];
    String::from_utf8_lossy(kept).into_owned()
}

/// Only what failed before anything was sent is surely not done.
fn no_answer(error: reqwest::Error) -> Error {
    Error::NoAnswer {
        maybe_done: !(error.is_connect() || error.is_builder()),
        source: error.without_url(),
    }
}

/// The status came and the body did not: whatever was asked has probably happened.
fn cut_off(error: reqwest::Error) -> Error {
    Error::NoAnswer {
        maybe_done: true,
        source: error.without_url(),
    }
}

fn outcome(result: &Result<Answer, Error>) -> &'static str {
    match result {
        Ok(_) => "done",
        Err(Error::NoAnswer { .. }) => "no-answer",
        Err(Error::SlowDown { .. }) => "slow-down",
        Err(Error::Refused { .. }) => "refused",
        Err(Error::Broken(_)) => "broken",
    }
}

/// Makes ring the process's provider of cryptography, once. reqwest and lapin both use it.
fn install_ring() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| {
        // An error means that somebody chose before us, which is as good.
        drop(rustls::crypto::ring::default_provider().install_default());
    });
}

#[cfg(test)]
mod tests;
