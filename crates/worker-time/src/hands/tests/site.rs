//! Both systems with a small provider's records, and our hands in them.

use std::future::Future;

use jim2::{Created, JobCreate};
use reqwest::Method;
use tokio::net::TcpListener;

use super::*;

/// Somebody who works at the provider.
const TECHNICIAN: i64 = 29_682_885;

pub(super) struct Site {
    pub(super) hands: TimeHands,
    /// The initials of a user of Jim2.
    pub(super) initials: String,
    autotask: sandbox::autotask::Autotask,
    jim2: sandbox::jim2::Jim2,
    http: rest::Client,
}

impl Site {
    pub(super) async fn start() -> Self {
        let now = "2026-11-23T00:00:00Z".parse().unwrap();
        let provider =
            sandbox::provider::Provider::generate(7, &sandbox::provider::Size::small(), now);
        let options = sandbox::autotask::Options::default();
        let autotask = sandbox::autotask::Autotask::start(free_port().await, &provider, options)
            .await
            .unwrap();
        let options = sandbox::jim2::Options::default().taking_every_jobcreate_field();
        let jim2 = sandbox::jim2::Jim2::start(free_port().await, &provider, options)
            .await
            .unwrap();
        let http = rest::Client::new(&rest::Settings::default()).unwrap();
        let facts = sync::Facts::empty(chrono_tz::Australia::Sydney, now);
        let hands = TimeHands {
            autotask: autotask::testing::client(&http, &autotask.base_url()),
            jim2: jim2::testing::client(&http, &jim2.base_url(), now),
            settings: TimeSettings::of(&facts),
        };
        let lists = hands.jim2.lists().await.unwrap();
        let mut users = lists
            .into_iter()
            .filter(|entry| entry.list == "User" && entry.active.get() == Some(&true));
        let initials = users.next().unwrap().code;
        Self {
            hands,
            initials,
            autotask,
            jim2,
            http,
        }
    }

    /// What a person, or the keeper of a stand-in, does.
    async fn sandbox(&self, on: System, verb: Method, deed: &str, body: &Json) -> Json {
        let base = match on {
            System::Autotask => self.autotask.base_url(),
            System::Jim2 => self.jim2.base_url(),
        };
        let request = self.http.request(verb, format!("{base}/sandbox/{deed}"));
        let sent = self.http.send("test", request.json(body)).await;
        sent.unwrap().json().unwrap()
    }

    pub(super) async fn person(&self, on: System, deed: &str, body: Json) -> Json {
        self.sandbox(on, Method::POST, deed, &body).await["id"].clone()
    }

    /// A ticket of the first customer.
    pub(super) async fn ticket(&self) -> i64 {
        let set = json!({"companyID": 174, "title": "Slow"});
        let made = self.person(A, "create", json!({"entity": "Tickets", "set": set}));
        made.await.as_i64().unwrap()
    }

    /// A task of a project of the first customer.
    pub(super) async fn task(&self) -> i64 {
        let set = json!({"companyID": 174, "projectName": "Office move"});
        let project = self.person(A, "create", json!({"entity": "Projects", "set": set}));
        let set = json!({"projectID": project.await, "title": "Cabling"});
        let made = self.person(A, "create", json!({"entity": "Tasks", "set": set}));
        made.await.as_i64().unwrap()
    }

    /// An hour and a quarter of remote support, changed by `changes`.
    pub(super) async fn entry(&self, changes: Json) -> RecordId {
        let mut set = json!({
            "resourceID": TECHNICIAN, "roleID": 29_683_387, "billingCodeID": 29_682_801, "hoursWorked": 1.25,
            "startDateTime": "2026-11-22T22:00:00Z", "summaryNotes": "Replaced the disk",
        });
        for (name, value) in changes.as_object().cloned().unwrap_or_default() {
            set[name] = value;
        }
        let made = self.person(A, "create", json!({"entity": "TimeEntries", "set": set}));
        made.await.as_i64().unwrap().into()
    }

    /// A job of some customer.
    pub(super) async fn job(&self) -> i64 {
        let cards = self.hands.jim2.cardfiles_after(0, 50).await.unwrap();
        let mut customers = cards
            .iter()
            .filter(|card| card.is_customer.get() == Some(&true));
        let job = JobCreate {
            cust_no: customers.next().unwrap().card_no,
            item_code: Some("SERVICE".to_owned()),
            ..JobCreate::default()
        };
        match self.hands.jim2.create_job(&job, "x", false).await.unwrap() {
            Created::Job { job_no } => job_no,
            Created::Queued { .. } => unreachable!("it was not put on the queue"),
        }
    }

    /// Walks a job to its end.
    pub(super) async fn finish(&self, job: i64) {
        for status in ["Proceed", "Checked", "FINISH"] {
            self.hands.jim2.set_job_status(job, status).await.unwrap();
        }
    }

    pub(super) async fn ready(&self, job: i64) {
        let body = json!({"jobNo": job, "job": job, "id": job, "by": self.initials});
        self.sandbox(J, Method::POST, "ready", &body).await;
    }

    pub(super) async fn invoice(&self, job: i64) {
        let body = json!({"jobs": [job], "by": self.initials});
        self.sandbox(J, Method::POST, "invoice", &body).await;
    }

    /// An act with what is seen of its job.
    pub(super) async fn on_its_job(&self, act: &Act) -> Act {
        let job = act.fields().unwrap()["job"].as_number().unwrap();
        let job = self.hands.jim2.jobs(&[job]).await.unwrap().remove(0);
        assert!(job.date_out.get().is_some());
        act.clone().on_job_of(&job.date_out)
    }

    /// The act that makes the line of an entry of ticket 7001.
    pub(super) fn act(&self, job: i64, changes: Fields) -> Act {
        let mut fields = fields([
            ("start", "2026-11-23T09:00".into()),
            ("minutes", 75.into()),
            ("labour_type", "Remote".into()),
            ("technician", self.initials.as_str().into()),
            ("comment", "Replaced the disk".into()),
            ("job", job.into()),
            ("ticket", 7001.into()),
        ]);
        fields.extend(changes);
        Act::Create {
            on: J,
            from: 40001.into(),
            generation: 1,
            reference: format!("job {job}"),
            fields,
        }
    }

    pub(super) async fn half(&self, on: System, id: &RecordId) -> Half {
        let mut halves = self.hands.read(on, std::slice::from_ref(id)).await.unwrap();
        assert_eq!(halves.len(), 1, "{on} {id}");
        halves.remove(0)
    }

    /// A line as Jim2 has it.
    pub(super) async fn line(&self, id: &RecordId) -> Json {
        let path = format!("state?entity=JobLabour&id={id}");
        let told = self.sandbox(J, Method::GET, &path, &Json::Null).await;
        told["JobLabour"][0].clone()
    }

    /// How many calls were made while `deed` ran.
    pub(super) async fn calls(&self, on: System, deed: impl Future<Output = ()>) -> i64 {
        let before = self.count(on).await;
        deed.await;
        self.count(on).await - before
    }

    async fn count(&self, on: System) -> i64 {
        let stats = self.sandbox(on, Method::GET, "stats", &Json::Null).await;
        let counts = stats["calls"]["byEndpoint"].as_object().unwrap().values();
        counts.filter_map(Json::as_i64).sum()
    }

    /// The next write on Jim2 is done, and its answer is lost.
    pub(super) async fn lose_an_answer(&self) {
        let fault = json!({"name": "lost-answer", "on": true, "count": 1});
        self.sandbox(J, Method::POST, "fault", &fault).await;
    }
}

async fn free_port() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}
