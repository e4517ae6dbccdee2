//! A running stand-in and the calls tests make on it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep};

use super::super::{Autotask, Options};
use crate::provider::{Provider, Size};

/// A stand-in with a small provider.
pub(super) struct Bench {
    pub autotask: Autotask,
    pub http: reqwest::Client,
}

/// The time at which the provider is generated.
pub(super) fn now() -> DateTime<Utc> {
    "2026-11-23T00:00:00Z".parse().expect("it is a time")
}

impl Bench {
    pub(super) async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    pub(super) async fn start_with(options: Options) -> Self {
        let provider = Provider::generate(7, &Size::small(), now());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let autotask = Autotask::start(listener, &provider, options)
            .await
            .expect("it starts");
        Self {
            autotask,
            http: reqwest::Client::new(),
        }
    }

    /// A stand-in with this fault.
    pub(super) async fn with(fault: Value) -> Self {
        let bench = Self::start().await;
        bench.hands("fault", fault).await;
        bench
    }

    /// A request with the right login.
    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}/ATServicesRest/V1.0/{path}", self.autotask.base_url())
        };
        let user = super::super::ApiUser::crossbill();
        self.http
            .request(method, url)
            .header("UserName", user.user_name)
            .header("Secret", user.secret)
            .header("ApiIntegrationCode", user.integration_code)
    }

    pub(super) async fn call(
        &self,
        method: Method,
        path: &str,
        body: &Value,
    ) -> (StatusCode, Value) {
        let request = self.request(method.clone(), path);
        answer(if method == Method::GET || method == Method::DELETE {
            request
        } else {
            request.json(body)
        })
        .await
    }

    pub(super) async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.call(Method::GET, path, &Value::Null).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        self.call(Method::POST, path, &body).await
    }

    /// Creates a record and answers its id.
    pub(super) async fn create(&self, path: &str, body: Value) -> i64 {
        let (status, answer) = self.post(path, body).await;
        assert_eq!(status, StatusCode::OK, "POST {path}: {answer}");
        answer["itemId"].as_i64().expect("an id")
    }

    /// A record by its id.
    pub(super) async fn item(&self, path: &str) -> Value {
        let (status, answer) = self.get(path).await;
        assert_eq!(status, StatusCode::OK, "GET {path}: {answer}");
        answer["item"].clone()
    }

    /// The rows that meet all the conditions.
    pub(super) async fn rows(&self, entity: &str, filter: Value) -> Vec<Value> {
        let (status, answer) = self
            .post(&format!("{entity}/query"), json!({"filter": filter}))
            .await;
        assert_eq!(status, StatusCode::OK, "{entity}: {answer}");
        answer["items"].as_array().expect("items").clone()
    }

    /// The sentences of a refusal, which is a 500.
    pub(super) async fn errors(&self, method: Method, path: &str, body: Value) -> String {
        let (status, answer) = self.call(method, path, &body).await;
        assert_eq!(
            status,
            StatusCode::INTERNAL_SERVER_ERROR,
            "{path}: {answer}"
        );
        let errors = answer["errors"].as_array().expect("a list of errors");
        errors
            .iter()
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join(" | ")
    }

    /// What people, or the keeper of the sandbox, do.
    pub(super) async fn hands(&self, deed: &str, body: Value) -> Value {
        let (status, answer) = self.sandbox(deed, body).await;
        assert_eq!(status, StatusCode::OK, "{deed}: {answer}");
        answer
    }

    pub(super) async fn sandbox(&self, deed: &str, body: Value) -> (StatusCode, Value) {
        let url = format!("{}/sandbox/{deed}", self.autotask.base_url());
        answer(if body.is_null() {
            self.http.get(url)
        } else {
            self.http.post(url).json(&body)
        })
        .await
    }

    /// A ticket of the first customer.
    pub(super) async fn ticket(&self, title: &str) -> i64 {
        self.create("Tickets", ticket(title)).await
    }
}

/// The least a ticket needs.
pub(super) fn ticket(title: &str) -> Value {
    json!({"companyID": 174, "title": title, "status": 1, "priority": 2, "queueID": 29_682_833})
}

#[expect(
    clippy::disallowed_methods,
    reason = "the stand-in's tests share no code with our clients"
)]
pub(super) async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    let answer = request.send().await.expect("the stand-in answers");
    let status = answer.status();
    let body = answer.bytes().await.expect("it has a body");
    (
        status,
        serde_json::from_slice(&body).unwrap_or_else(|_| json!(String::from_utf8_lossy(&body))),
    )
}

/// A call whose answer may get lost.
#[expect(
    clippy::disallowed_methods,
    reason = "the stand-in's tests share no code with our clients"
)]
pub(super) async fn attempt(request: RequestBuilder) -> Option<StatusCode> {
    request.send().await.ok().map(|answer| answer.status())
}

/// Waits until it holds, at most ten seconds.
pub(super) async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !holds().await {
        assert!(Instant::now() < deadline, "never: {what}");
        sleep(Duration::from_millis(10)).await;
    }
}
