//! The hands against both stand-ins, over HTTP.

mod billing;
mod people;
mod reading;
mod writing;

use std::collections::BTreeMap;

use domain::{Failure, RecordId, System, Value};
use reqwest::Method;
use serde_json::{Value as Json, json};
use sync::{Act, Fields, Half, Hands as _};
use tokio::net::TcpListener;

use super::*;

/// Both systems with a small provider's records, and our hands in them.
struct Site {
    autotask: sandbox::autotask::Autotask,
    jim2: sandbox::jim2::Jim2,
    http: rest::Client,
    hands: TicketHands,
}

/// Jim2's own resource id and initials of our user in the stand-ins.
const US: (i64, &str) = (29_682_999, "API");

impl Site {
    async fn start() -> Self {
        Self::with(sandbox::jim2::Options::default()).await
    }

    async fn with(options: sandbox::jim2::Options) -> Self {
        let now = "2026-11-23T00:00:00Z".parse().unwrap();
        let provider =
            sandbox::provider::Provider::generate(7, &sandbox::provider::Size::small(), now);
        let autotask = sandbox::autotask::Autotask::start(
            free_port().await,
            &provider,
            sandbox::autotask::Options::default(),
        )
        .await
        .unwrap();
        let options = options.taking_every_jobcreate_field();
        let jim2 = sandbox::jim2::Jim2::start(free_port().await, &provider, options)
            .await
            .unwrap();
        let http = rest::Client::new(&rest::Settings::default()).unwrap();
        let hands = TicketHands {
            autotask: autotask::testing::client(&http, &autotask.base_url()),
            jim2: jim2::testing::client(&http, &jim2.base_url(), now),
            settings: settings(),
        };
        Self {
            autotask,
            jim2,
            http,
            hands,
        }
    }

    /// What a person, or the keeper of a stand-in, does.
    async fn sandbox(&self, on: System, verb: Method, deed: &str, body: &Json) -> Json {
        let base = match on {
            System::Autotask => self.autotask.base_url(),
            System::Jim2 => self.jim2.base_url(),
        };
        let request = self
            .http
            .request(verb, format!("{base}/sandbox/{deed}"))
            .json(body);
        self.http
            .send("test", request)
            .await
            .unwrap()
            .json()
            .unwrap()
    }

    async fn person(&self, on: System, deed: &str, body: Json) -> Json {
        self.sandbox(on, Method::POST, deed, &body).await["id"].clone()
    }

    /// A new ticket of a new company.
    async fn ticket(&self, set: Json) -> RecordId {
        let company = json!({"entity": "Companies", "set": {"companyName": "Bondi Bakery"}});
        let company = self.person(System::Autotask, "create", company).await;
        let mut body = json!({"entity": "Tickets", "set": {"title": "Printer on fire"}});
        body["set"]["companyID"] = company;
        for (name, value) in set.as_object().cloned().unwrap_or_default() {
            body["set"][name] = value;
        }
        self.person(System::Autotask, "create", body)
            .await
            .as_i64()
            .unwrap()
            .into()
    }

    /// The company of a ticket that has no job yet.
    async fn company_of(&self, ticket: &RecordId) -> Option<i64> {
        let half = self.half(System::Autotask, ticket).await;
        half.fact("company").and_then(Value::as_number)
    }

    /// The number of some customer's card.
    async fn card(&self) -> i64 {
        let cards = self.hands.jim2.cardfiles_after(0, 50).await.unwrap();
        let customer = cards
            .iter()
            .find(|card| card.is_customer.get() == Some(&true));
        customer.unwrap().card_no
    }

    /// A job as we make them.
    async fn job(&self, ticket: &RecordId, extra: Fields) -> RecordId {
        let act = self.job_act(ticket, extra).await;
        self.hands.perform(&act).await.unwrap().unwrap()
    }

    async fn job_act(&self, ticket: &RecordId, extra: Fields) -> Act {
        let number = self
            .half(System::Autotask, ticket)
            .await
            .fact("number")
            .unwrap()
            .to_string();
        let mut fields = fields([
            ("customer", self.card().await.into()),
            ("status", "Booked".into()),
        ]);
        fields.extend(extra);
        Act::Create {
            on: System::Jim2,
            from: ticket.clone(),
            generation: 1,
            reference: format!("{number}/1"),
            fields,
        }
    }

    async fn half(&self, on: System, id: &RecordId) -> Half {
        let mut halves = self.hands.read(on, std::slice::from_ref(id)).await.unwrap();
        assert_eq!(halves.len(), 1, "{on} {id}");
        halves.remove(0)
    }

    /// The calls that were made of each endpoint while `deed` ran.
    async fn calls(&self, on: System, deed: impl Future<Output = ()>) -> BTreeMap<String, i64> {
        let before = self.counts(on).await;
        deed.await;
        let mut spent = self.counts(on).await;
        for (endpoint, count) in before {
            *spent.entry(endpoint).or_default() -= count;
        }
        spent.retain(|_, count| *count != 0);
        spent
    }

    async fn counts(&self, on: System) -> BTreeMap<String, i64> {
        let stats = self.sandbox(on, Method::GET, "stats", &Json::Null).await;
        let counts = stats["calls"]["byEndpoint"].as_object().unwrap().clone();
        counts
            .into_iter()
            .map(|(name, count)| (name, count.as_i64().unwrap()))
            .collect()
    }

    /// The next write on this system is done, and its answer is lost.
    async fn lose_an_answer(&self, on: System) {
        let fault = json!({"name": "lost-answer", "on": true, "count": 1});
        self.sandbox(on, Method::POST, "fault", &fault).await;
    }
}

async fn free_port() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

fn settings() -> TicketSettings {
    let facts = sync::Facts::empty(
        chrono_tz::Australia::Sydney,
        "2026-11-23T00:00:00Z".parse().unwrap(),
    );
    TicketSettings {
        api_resource: Some(US.0),
        api_initials: US.1.to_owned(),
        ..TicketSettings::of(&facts)
    }
}

fn fields<const N: usize>(fields: [(&str, Value); N]) -> Fields {
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn update(on: System, id: &RecordId, changes: Fields) -> Act {
    Act::Update {
        on,
        id: id.clone(),
        fields: changes,
    }
}

/// The engine learns from this that Jim2 does not take the field.
#[track_caller]
fn is_refused_as(field: &str, refused: &Result<Option<RecordId>, Failure>) {
    let Err(Failure::Hold { problems }) = refused else {
        panic!("{field}: {refused:?}")
    };
    assert_eq!(problems.len(), 1, "{problems:?}");
    let told = (problems[0].code.as_str(), problems[0].field.as_deref());
    assert_eq!(told, (domain::Problem::NOT_WRITABLE, Some(field)));
}
