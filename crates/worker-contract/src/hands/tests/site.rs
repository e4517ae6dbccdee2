//! Both systems with a small provider's records, and our hands in them.

use std::future::Future;

use reqwest::Method;
use tokio::net::TcpListener;

use super::*;

pub(super) struct Site {
    pub(super) hands: ContractHands,
    pub(super) facts: Facts,
    /// A company of Autotask.
    pub(super) company: i64,
    /// A customer of Jim2.
    pub(super) card: i64,
    pub(super) autotask: sandbox::autotask::Autotask,
    pub(super) jim2: sandbox::jim2::Jim2,
    http: rest::Client,
}

impl Site {
    pub(super) async fn start() -> Self {
        Self::with(sandbox::jim2::Options::default()).await
    }

    pub(super) async fn with(options: sandbox::jim2::Options) -> Self {
        let now = "2026-11-23T00:00:00Z".parse().unwrap();
        let provider =
            sandbox::provider::Provider::generate(7, &sandbox::provider::Size::small(), now);
        let own = sandbox::autotask::Options::default();
        let autotask = sandbox::autotask::Autotask::start(free_port().await, &provider, own);
        let jim2 = sandbox::jim2::Jim2::start(free_port().await, &provider, options);
        let (autotask, jim2) = (autotask.await.unwrap(), jim2.await.unwrap());
        let http = rest::Client::new(&rest::Settings::default()).unwrap();
        let mut facts = Facts::empty(chrono_tz::Australia::Sydney, now);
        let hands = ContractHands {
            autotask: autotask::testing::client(&http, &autotask.base_url()),
            jim2: jim2::testing::client(&http, &jim2.base_url(), now),
            settings: ContractSettings::of(&facts),
        };
        let cards = hands.jim2.cardfiles_after(0, 50).await.unwrap();
        let customers = cards
            .iter()
            .filter(|card| card.is_customer.get() == Some(&true));
        let card = customers.map(|card| card.card_no).next().unwrap();
        let company = 174;
        for (system, id, other) in [(A, company, card), (J, card, company)] {
            let key = Key::new(crate::COMPANY, system, id);
            facts.pairs.insert(key, other.into());
        }
        Self {
            hands,
            facts,
            company,
            card,
            autotask,
            jim2,
            http,
        }
    }

    /// What a person does.
    pub(super) async fn person(&self, on: System, deed: &str, mut body: Json) -> Json {
        let base = match on {
            System::Autotask => self.autotask.base_url(),
            System::Jim2 => {
                body["by"] = json!("JC");
                self.jim2.base_url()
            }
        };
        let url = format!("{base}/sandbox/{deed}");
        let request = self.http.request(Method::POST, url).json(&body);
        let answer: Json = self
            .http
            .send("test", request)
            .await
            .unwrap()
            .json()
            .unwrap();
        answer["id"].clone()
    }

    /// A contract of the company, changed by `changes`.
    pub(super) async fn contract(&self, changes: Json) -> RecordId {
        let mut set = json!({
            "companyID": self.company, "contractName": "Managed services", "contractNumber": "C-100",
            "contractType": 7, "status": 1, "timeReportingRequiresStartAndStopTimes": 0,
            "startDate": "2026-01-01T00:00:00Z", "endDate": "2026-12-31T00:00:00Z",
        });
        for (name, value) in changes.as_object().cloned().unwrap_or_default() {
            set[name] = value;
        }
        let made = self.person(A, "create", json!({"entity": "Contracts", "set": set}));
        made.await.as_i64().unwrap().into()
    }

    /// A project of the customer, changed by `changes`.
    pub(super) async fn project(&self, changes: Json) -> RecordId {
        let mut set = json!({
            "CustNo": self.card, "projectCode": "C-100", "billingItemDesc": "Managed services",
        });
        for (name, value) in changes.as_object().cloned().unwrap_or_default() {
            set[name] = value;
        }
        let made = self.person(J, "create", json!({"entity": "Project", "set": set}));
        made.await.as_i64().unwrap().into()
    }

    /// How many calls were made while `deed` ran.
    pub(super) async fn calls(&self, on: System, deed: impl Future<Output = ()>) -> i64 {
        let before = self.count(on).await;
        deed.await;
        self.count(on).await - before
    }

    async fn count(&self, on: System) -> i64 {
        let base = match on {
            System::Autotask => self.autotask.base_url(),
            System::Jim2 => self.jim2.base_url(),
        };
        let request = self
            .http
            .request(Method::GET, format!("{base}/sandbox/stats"));
        let stats: Json = self
            .http
            .send("test", request)
            .await
            .unwrap()
            .json()
            .unwrap();
        let counts = stats["calls"]["byEndpoint"].as_object().unwrap().values();
        counts.filter_map(Json::as_i64).sum()
    }

    /// The next write on Jim2 is done, and its answer is lost.
    pub(super) async fn lose_an_answer(&self) {
        let fault = json!({"name": "lost-answer", "on": true, "count": 1});
        self.person(J, "fault", fault).await;
    }

    pub(super) async fn half(&self, on: System, id: &RecordId) -> Half {
        let mut halves = self.hands.read(on, std::slice::from_ref(id)).await.unwrap();
        assert_eq!(halves.len(), 1, "{on} {id}");
        halves.remove(0)
    }

    /// What the record turns out to be on the other side.
    pub(super) async fn counterpart(&self, on: System, id: &RecordId) -> Match {
        let half = self.half(on, id).await;
        self.hands
            .counterpart(on, &half, &self.facts)
            .await
            .unwrap()
    }

    /// The act that makes the project of a contract.
    pub(super) fn act(&self, from: &RecordId) -> Act {
        Act::Create {
            on: J,
            from: from.clone(),
            generation: 1,
            reference: "C-100".to_owned(),
            fields: fields([
                ("name", "Managed services".into()),
                ("starts", "2026-01-01".into()),
                ("ends", "2026-12-31".into()),
                ("status", "Booked".into()),
                ("cust_ref", "PO 9".into()),
                ("code", "C-100".into()),
                ("type", "Managed Service".into()),
                ("customer", self.card.into()),
                ("ship", self.card.into()),
            ]),
        }
    }
}

async fn free_port() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}
