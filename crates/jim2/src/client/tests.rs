use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use domain::Told;
use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{body_string_contains, header, method, path, query_param},
};

use super::*;
use crate::{
    ContactChanges, Created, Credentials, DateReading, JobChanges, JobCreate, LocalSession, Object,
    Operation, QueryState,
};

#[derive(Debug)]
struct ManualClock(std::sync::Mutex<DateTime<Utc>>);

impl ManualClock {
    fn advance(&self, minutes: i64) {
        *self.0.lock().unwrap() += TimeDelta::minutes(minutes);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

/// A Jim2 of recorded answers, and a client of it.
struct Site {
    server: MockServer,
    clock: Arc<ManualClock>,
    session: Arc<LocalSession>,
    client: Client,
}

impl Site {
    async fn new() -> Self {
        Self::with(|_| ()).await
    }

    async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let server = MockServer::start().await;
        let clock = Arc::new(ManualClock(
            "2026-11-23T00:00:00Z"
                .parse::<DateTime<Utc>>()
                .unwrap()
                .into(),
        ));
        let credentials = Credentials {
            client_id: "crossbill".to_owned(),
            secret: "hunter2".to_owned().into(),
        };
        let base = format!("{}/live/", server.uri()).parse().unwrap();
        let mut settings = Settings::new(base, credentials, chrono_tz::Australia::Sydney);
        change(&mut settings);
        let session = Arc::new(LocalSession::default());
        let client = Client::new(
            rest::Client::new(&rest::Settings::default()).unwrap(),
            settings,
            Arc::<ManualClock>::clone(&clock),
            Arc::<LocalSession>::clone(&session),
        );
        Self {
            server,
            clock,
            session,
            client,
        }
    }

    /// A site whose calls end after two seconds.
    async fn impatient() -> Self {
        let site = Self::with(|settings| settings.deadline = Duration::from_secs(2)).await;
        site.grant_tokens().await;
        site
    }

    /// Grants tokens named after their scope: `view-1`, `all-1`, `all-2`, …
    async fn with_tokens() -> Self {
        let site = Self::new().await;
        site.grant_tokens().await;
        site
    }

    async fn grant_tokens(&self) {
        for scope in ["view", "all"] {
            for number in 1..=3 {
                Mock::given(method("POST"))
                    .and(path("/live/token"))
                    .and(body_string_contains(format!("scope={scope}")))
                    .respond_with(ResponseTemplate::new(200).set_body_json(json!({
                        "access_token": format!("{scope}-{number}"),
                        "token_type": "bearer",
                        "expires_in": 1200,
                    })))
                    .up_to_n_times(1)
                    .mount(&self.server)
                    .await;
            }
        }
        Mock::given(method("POST"))
            .and(path("/live/logoff"))
            .respond_with(ResponseTemplate::new(200))
            .mount(&self.server)
            .await;
    }

    async fn answer(&self, verb: &str, at: &str, response: ResponseTemplate) {
        Mock::given(method(verb))
            .and(path(format!("/live/{at}")))
            .respond_with(response)
            .mount(&self.server)
            .await;
    }

    async fn query(&self, name: &str, sets: Value) {
        Mock::given(method("GET"))
            .and(path("/live/api/v1/custom/getdata"))
            .and(query_param("queryname", name))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!({"resultSets": sets})))
            .mount(&self.server)
            .await;
    }

    /// Calls of one address, with the bearer tokens they carried.
    async fn bearers(&self, at: &str) -> Vec<String> {
        let requests = self.server.received_requests().await.unwrap();
        requests
            .iter()
            .filter(|request| request.url.path() == format!("/live/{at}"))
            .map(|request| bearer(request).to_owned())
            .collect()
    }

    async fn last_body(&self) -> Value {
        let requests = self.server.received_requests().await.unwrap();
        serde_json::from_slice(&requests.last().unwrap().body).unwrap()
    }
}

fn bearer(request: &Request) -> &str {
    request
        .headers
        .get("authorization")
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
        .unwrap_or_default()
}

fn status(code: u16) -> ResponseTemplate {
    ResponseTemplate::new(code)
}

fn job_resource(number: i64) -> Value {
    json!({
        "type": "Job", "id": number.to_string(),
        "attributes": {
            "Status": "Booked", "OurRef": "T20261123.0001", "CustRef": null,
            "dateIn": "2026-11-23T11:00:00", "DateDue": "2026-11-24T09:00:00+11:00",
            "jobDetails": {"customer": {"attn": "Ann"}}
        },
        "relationships": {
            "customer": {"data": {"type": "CardFile", "id": "1001"}},
            "from": {"data": null}
        }
    })
}

mod queries;
mod reading;
mod tokens;
mod writing;
