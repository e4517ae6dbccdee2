//! The hands against both stand-ins, over HTTP.

mod reading;
mod writing;

use autotask::BillingItem;
use domain::{Cause, Problem, Value};
use jim2::{Created, JobCreate, JobStock};
use reqwest::Method;
use serde_json::{Value as Json, json};
use sync::{CODE_STOCK, Facts, Known, Mapping, plan};
use tokio::net::TcpListener;

use super::*;
use crate::{BillingRules, COMPANY, TICKET};

/// The material code for hardware and the first customer of the stand-in's provider.
const HARDWARE: i64 = 29_682_810;
pub(crate) const COMPANY_ID: i64 = 174;

/// Both systems with a small provider's records, our hands in them, a ticket and its job.
pub(crate) struct Site {
    autotask: sandbox::autotask::Autotask,
    jim2: sandbox::jim2::Jim2,
    http: rest::Client,
    pub(crate) hands: BillingHands,
    facts: Facts,
    ticket: i64,
    job: i64,
}

impl Site {
    pub(crate) async fn start() -> Self {
        let now = "2026-11-23T00:00:00Z".parse().unwrap();
        let provider =
            sandbox::provider::Provider::generate(7, &sandbox::provider::Size::small(), now);
        let options = sandbox::autotask::Options::default();
        let autotask = sandbox::autotask::Autotask::start(free_port().await, &provider, options);
        let autotask = autotask.await.unwrap();
        let options = sandbox::jim2::Options::default().taking_every_jobcreate_field();
        let jim2 = sandbox::jim2::Jim2::start(free_port().await, &provider, options);
        let jim2 = jim2.await.unwrap();
        let http = rest::Client::new(&rest::Settings::default()).unwrap();
        let hands = BillingHands {
            autotask: ::autotask::testing::client(&http, &autotask.base_url()),
            jim2: ::jim2::testing::client(&http, &jim2.base_url(), now),
            settings: BillingSettings {
                api_initials: "API".to_owned(),
            },
        };
        let facts = Facts::empty(chrono_tz::Australia::Sydney, now);
        let mut site = Self {
            autotask,
            jim2,
            http,
            hands,
            facts,
            ticket: 0,
            job: 0,
        };
        site.begin().await;
        site
    }

    /// A ticket with a job, and a site that carries billing.
    async fn begin(&mut self) {
        let set = json!({"companyID": COMPANY_ID, "title": "Printer on fire"});
        let ticket = json!({"entity": "Tickets", "set": set});
        let ticket = self.person(System::Autotask, "create", ticket).await;
        self.ticket = ticket["id"].as_i64().unwrap();
        let cards = self.hands.jim2.cardfiles_after(0, 50).await.unwrap();
        let card = cards
            .iter()
            .find(|card| card.is_customer.get() == Some(&true))
            .unwrap()
            .card_no;
        let job = JobCreate {
            cust_no: card,
            ..JobCreate::default()
        };
        let made = self
            .hands
            .jim2
            .create_job(&job, "CB-1", false)
            .await
            .unwrap();
        let Created::Job { job_no } = made else {
            unreachable!("it was not put on the queue")
        };
        self.job = job_no;
        let facts = &mut self.facts;
        facts.creates = vec![(KIND, System::Jim2)];
        let settings = [
            ("billing_by", "ours"),
            ("billing_from", "2020-01-01T00:00:00Z"),
        ];
        let settings = settings.map(|(name, value)| (name.to_owned(), json!(value)));
        facts.settings.extend(settings);
        facts.pairs.extend([
            (Key::new(COMPANY, System::Autotask, COMPANY_ID), card.into()),
            (
                Key::new(TICKET, System::Autotask, self.ticket),
                job_no.into(),
            ),
        ]);
        let mapping = Mapping {
            to: Some("PARTS".to_owned()),
            path: Vec::new(),
        };
        let key = (
            CODE_STOCK.to_owned(),
            System::Autotask,
            HARDWARE.to_string(),
        );
        facts.mappings.insert(key, mapping);
    }

    /// What a person, or the keeper of a stand-in, does.
    pub(crate) async fn person(&self, on: System, deed: &str, body: Json) -> Json {
        let base = match on {
            System::Autotask => self.autotask.base_url(),
            System::Jim2 => self.jim2.base_url(),
        };
        let url = format!("{base}/sandbox/{deed}");
        let request = self.http.request(Method::POST, url).json(&body);
        self.http
            .send("test", request)
            .await
            .unwrap()
            .json()
            .unwrap()
    }

    /// How many calls a system was asked.
    async fn calls(&self, on: System) -> i64 {
        let base = match on {
            System::Autotask => self.autotask.base_url(),
            System::Jim2 => self.jim2.base_url(),
        };
        let url = format!("{base}/sandbox/stats");
        let request = self.http.request(Method::GET, url);
        let stats = self.http.send("test", request).await.unwrap();
        let stats: Json = stats.json().unwrap();
        let counts = stats["calls"]["byEndpoint"].as_object().unwrap().values();
        counts.filter_map(Json::as_i64).sum()
    }

    /// A charge of the ticket.
    async fn charge(&self, quantity: &str, price: &str) -> i64 {
        let set = json!({
            "ticketID": self.ticket, "name": "Toner", "chargeType": 1, "billingCodeID": HARDWARE,
            "datePurchased": "2026-11-20", "unitQuantity": quantity, "unitPrice": price,
        });
        let made = json!({"entity": "TicketCharges", "set": set});
        let made = self.person(System::Autotask, "create", made).await;
        made["id"].as_i64().unwrap()
    }

    async fn post(&self, charge: i64) -> i64 {
        let body = json!({"entity": "TicketCharges", "id": charge});
        let made = self.person(System::Autotask, "post", body).await;
        made["id"].as_i64().unwrap()
    }

    /// A posted charge, as the source that it is.
    pub(crate) async fn posted(&self, quantity: &str, price: &str) -> RecordId {
        let charge = self.charge(quantity, price).await;
        self.post(charge).await;
        RecordId::from(format!("ticket-charge:{charge}:1"))
    }

    async fn half(&self, on: System, id: &RecordId) -> Option<Half> {
        let found = self.hands.read(on, std::slice::from_ref(id)).await;
        found.unwrap().pop()
    }

    /// What the rules plan for a source that has no line yet: the line, and the mark on its item.
    async fn planned(&self, source: &RecordId) -> Vec<Act> {
        let known = Known {
            autotask: self.half(System::Autotask, source).await,
            jim2: None,
            autotask_id: Some(source.clone()),
            jim2_id: None,
            generation: 1,
            shadow: None,
            children: Vec::new(),
            cause: Cause::Live,
            evidence: Vec::new(),
        };
        let planned = plan(&BillingRules, &known, &self.facts);
        assert!(planned.problems.is_empty(), "{:?}", planned.problems);
        planned.acts
    }

    /// Makes the line that is planned for a source, and answers its id.
    pub(crate) async fn made(&self, source: &RecordId) -> RecordId {
        let acts = self.planned(source).await;
        self.hands.perform(&acts[0]).await.unwrap().unwrap()
    }

    /// The job says whose it is, as the one that Crossbill made of the ticket.
    pub(crate) async fn name_the_job(&self) {
        let ticket = self.hands.autotask.get::<::autotask::Ticket>(self.ticket);
        let ticket = ticket.await.unwrap().unwrap();
        let number = ticket.ticket_number.get().unwrap();
        let changes = ::jim2::JobChanges {
            our_ref: ::domain::Told::Is(format!("{number}/1")),
            ..::jim2::JobChanges::default()
        };
        self.hands
            .jim2
            .update_job(self.job, &changes)
            .await
            .unwrap();
    }

    /// People finish the job and put it on an invoice; its number.
    pub(crate) async fn invoiced(&self) -> i64 {
        for status in ["Proceed", "Checked", "FINISH"] {
            let walked = self.hands.jim2.set_job_status(self.job, status).await;
            walked.unwrap();
        }
        self.person(System::Jim2, "ready", json!({"job": self.job}))
            .await;
        let body = json!({"jobs": [self.job]});
        let made = self.person(System::Jim2, "invoice", body).await;
        made["invNo"].as_i64().unwrap()
    }

    /// The lines of the job.
    async fn lines(&self) -> Vec<JobStock> {
        self.hands.jim2.job_stock(&[self.job]).await.unwrap()
    }
}

/// The problems that an act is held for, by their codes.
#[track_caller]
fn held<T: std::fmt::Debug>(answer: Result<T, Failure>) -> Vec<Problem> {
    match answer {
        Err(Failure::Hold { problems }) => problems,
        other => panic!("{other:?}"),
    }
}

fn codes(problems: &[Problem]) -> Vec<&str> {
    problems
        .iter()
        .map(|problem| problem.code.as_str())
        .collect()
}

async fn free_port() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}
