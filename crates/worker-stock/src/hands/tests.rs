//! The hands against the stand-ins of both systems, which share no type with our clients.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use domain::{SystemClock, Value};
use reqwest::Method;
use sandbox::provider::{Provider, Size};
use serde_json::{Value as Json, json};
use sync::{Facts, Fields};
use tokio::net::TcpListener;

use super::*;

mod counting;
mod moving;

/// A material billing code of the generated tenant.
const BILLING_CODE: &str = "Hardware";

/// Both systems, filled by one provider, and our hands between them.
struct Site {
    at: sandbox::autotask::Autotask,
    j2: sandbox::jim2::Jim2,
    http: rest::Client,
    hands: StockHands,
}

impl Site {
    async fn new() -> Self {
        Self::with(|_| ()).await
    }

    async fn with(set_up: impl FnOnce(&mut sandbox::jim2::Options)) -> Self {
        Self::of(sandbox::autotask::Options::default(), set_up).await
    }

    async fn of(
        options: sandbox::autotask::Options,
        set_up: impl FnOnce(&mut sandbox::jim2::Options),
    ) -> Self {
        let now = "2026-11-23T00:00:00Z".parse().unwrap();
        let provider = Provider::generate(7, &Size::small(), now);
        let at = sandbox::autotask::Autotask::start(listener().await, &provider, options);
        let at = at.await.unwrap();
        let mut options = sandbox::jim2::Options::default();
        set_up(&mut options);
        let (app, queries) = (options.app.clone(), options.named_queries);
        let j2 = sandbox::jim2::Jim2::start(listener().await, &provider, options);
        let j2 = j2.await.unwrap();
        let http = rest::Client::new(&rest::Settings::default()).unwrap();
        let facts = Facts::empty(chrono_tz::UTC, chrono::DateTime::UNIX_EPOCH);
        let base = format!("{}/{app}/", j2.base_url());
        let hands = StockHands {
            autotask: autotask_client(&http, &at.base_url()),
            jim2: jim2_client(&http, &base, queries),
            settings: StockSettings::of(&facts),
        };
        Self {
            at,
            j2,
            http,
            hands,
        }
    }

    fn base(&self, on: System) -> String {
        match on {
            System::Autotask => self.at.base_url(),
            System::Jim2 => self.j2.base_url(),
        }
    }

    async fn hand(&self, on: System, act: &str, body: Json) -> Json {
        let url = format!("{}/sandbox/{act}", self.base(on));
        let request = self.http.request(Method::POST, url).json(&body);
        let answer = self.http.send("hand", request).await.unwrap();
        answer.json().unwrap()
    }

    /// Calls so far.
    async fn calls(&self, on: System) -> u64 {
        let url = format!("{}/sandbox/stats", self.base(on));
        let answer = self.http.send("stats", self.http.request(Method::GET, url));
        let stats: Json = answer.await.unwrap().json().unwrap();
        stats["calls"]["total"].as_u64().unwrap()
    }

    async fn half(&self, on: System, id: impl Into<RecordId>) -> Half {
        let read = self.hands.read(on, &[id.into()]).await;
        read.unwrap().remove(0)
    }

    async fn products(&self) -> Vec<Product> {
        let all = autotask::Query::everything();
        self.hands.autotask.query_all(&all).await.unwrap()
    }

    /// What a plan would have made of stock 6, which no product has the code of once it is renamed.
    async fn creation(&self) -> Act {
        let set = json!({"code": "CABLE.NEW"});
        let body = json!({"entity": "Stock", "id": 6, "by": "JC", "set": set});
        self.hand(System::Jim2, "edit", body).await;
        self.act(6, "CABLE.NEW").await
    }

    async fn act(&self, stock: i64, code: &str) -> Act {
        let codes: Vec<autotask::BillingCode> = self
            .hands
            .autotask
            .query_all(&autotask::Query::of(autotask::Filter::eq(
                "name",
                BILLING_CODE,
            )))
            .await
            .unwrap();
        let available = Value::parts([("Jim2 availability", "5".into())]);
        let fields = [
            ("name", "Patch lead".into()),
            ("code", code.into()),
            ("stock_code", code.into()),
            ("price", "8.9575".into()),
            ("cost", "5.5".into()),
            ("active", true.into()),
            ("serialized", false.into()),
            ("billing_code", codes[0].id.into()),
            ("availability", available),
        ];
        Act::Create {
            on: System::Autotask,
            from: stock.into(),
            generation: 1,
            reference: crate::reference(&stock.into()),
            fields: fields.map(|(name, value)| (name.to_owned(), value)).into(),
        }
    }
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

fn autotask_client(http: &rest::Client, base: &str) -> Autotask {
    let credentials = autotask::Credentials {
        username: "crossbill@provider.example".to_owned(),
        secret: "sandbox-secret".into(),
        integration_code: "SANDBOX".into(),
    };
    let settings = autotask::Settings {
        discovery_url: format!("{base}/ATServicesRest/").parse().unwrap(),
        deadline: Duration::from_secs(10),
        ..autotask::Settings::new(credentials)
    };
    let gate = Arc::new(autotask::LocalGate::default());
    Autotask::new(http.clone(), settings, gate).unwrap()
}

fn jim2_client(http: &rest::Client, base: &str, named_queries: bool) -> Jim2 {
    let credentials = jim2::Credentials {
        client_id: "crossbill".to_owned(),
        secret: "sandbox-secret".to_owned().into(),
    };
    let mut settings = jim2::Settings::new(
        base.parse().unwrap(),
        credentials,
        chrono_tz::Australia::Sydney,
    );
    settings.named_queries = named_queries;
    let session = Arc::new(jim2::LocalSession::default());
    Jim2::new(http.clone(), settings, Arc::new(SystemClock), session)
}

#[tokio::test]
async fn stock_reads_the_same_with_its_query_without_it_and_without_any() {
    let mut told = Vec::new();
    for lacks in [None, Some(false), Some(true)] {
        let site = Site::with(|options| match lacks {
            None => {}
            Some(false) => drop(
                options
                    .missing_queries
                    .insert("crossbill_stock_items".to_owned()),
            ),
            Some(true) => options.named_queries = false,
        })
        .await;
        let ids: Vec<RecordId> = [7, 1, 4_711].map(RecordId::from).into();
        let mut halves = site.hands.read(System::Jim2, &ids).await.unwrap();
        halves.sort_by(|one, other| one.id.as_str().cmp(other.id.as_str()));
        assert_eq!(halves.len(), 2, "{lacks:?}: what is not there is absent");
        told.push(halves);
    }
    assert_eq!(told[0], told[1]);
    assert_eq!(told[0], told[2]);
    let drive = &told[0][1];
    assert_eq!(drive.label, "SSD.1TB Solid state drive 1 TB");
    let price = drive.fields["price"].part("2-Trade|G").cloned();
    assert_eq!(price, Some("134.1".into()));
    assert_eq!(drive.fields["availability"].part("1"), Some(&"4".into()));
    assert_eq!(drive.fact("groups"), Some(&"Hardware".into()));
    let labour = &told[0][0].fields["availability"];
    assert!(labour.is_empty(), "labour lies nowhere: {labour:?}");
}

#[tokio::test]
async fn a_product_is_made_once_although_its_answer_is_lost_and_reads_as_it_was_written() {
    let site = Site::new().await;
    let act = site.creation().await;
    let before = site.products().await.len();
    assert_eq!(site.hands.find(&act).await.unwrap(), []);
    let fault = json!({"name": "lost-answer", "on": true, "count": 1});
    site.hand(System::Autotask, "fault", fault).await;
    let lost = site.hands.perform(&act).await.unwrap_err();
    assert!(matches!(lost, Failure::Unsure { .. }), "{lost:?}");
    let found = site.hands.find(&act).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(site.products().await.len(), before + 1);
    let half = site.half(System::Autotask, found[0].clone()).await;
    let Act::Create { fields, .. } = &act else {
        panic!();
    };
    for name in ["name", "code", "price", "cost", "active", "availability"] {
        assert_eq!(half.fields[name], fields[name], "{name}");
    }
    let points_to = half.points_to.map(|pointer| pointer.to);
    assert_eq!(points_to, Some(6.into()));
}

#[tokio::test]
async fn a_product_that_has_the_code_already_is_not_made_again() {
    let site = Site::new().await;
    let act = site.act(7, "ssd.1tb").await;
    assert_eq!(
        site.hands
            .surely_new(std::slice::from_ref(&act))
            .await
            .unwrap(),
        []
    );
    let held = site.hands.prepare(act.clone()).await.unwrap_err();
    let Failure::Hold { problems } = held else {
        panic!("{held:?}");
    };
    let step = &problems[0].remedy.step;
    assert!(step.contains("pairs link stock 29690001 7"), "{step}");
    let new = site.creation().await;
    let sure = site.hands.surely_new(&[act, new.clone()]).await.unwrap();
    assert_eq!(sure, std::slice::from_ref(&new));
    assert_eq!(site.hands.prepare(new.clone()).await.unwrap(), new);
}

#[tokio::test]
async fn what_is_written_on_a_product_is_what_it_holds_and_its_reference_stays_alone() {
    let site = Site::new().await;
    let fields: Fields = [
        ("price", "149.1234".into()),
        ("active", false.into()),
        (
            "availability",
            Value::parts([("Jim2 availability", "Sydney 4, Van 1 0".into())]),
        ),
    ]
    .map(|(name, value): (&str, Value)| (name.to_owned(), value))
    .into();
    let id = RecordId::from(29_690_001);
    let update = Act::Update {
        on: System::Autotask,
        id: id.clone(),
        fields: fields.clone(),
    };
    site.hands.perform(&update).await.unwrap();
    let refer = Act::Refer {
        on: System::Autotask,
        id: id.clone(),
        to: Some(7.into()),
        generation: 1,
        knowing: sync::Fields::new(),
    };
    site.hands.perform(&refer).await.unwrap();
    let half = site.half(System::Autotask, id).await;
    for (name, value) in &fields {
        assert_eq!(&half.fields[name], value, "{name}");
    }
    assert_eq!(half.fields["code"], "SSD.1TB".into());
    assert_eq!(half.fact("reference"), Some(&"Jim2 7".into()));
}

#[tokio::test]
async fn fields_that_no_product_has_a_value_in_are_empty_after_one_more_call() {
    let site = Site::new().await;
    let fault = json!({"name": "odd-udfs", "value": "missing"});
    let told = site.hand(System::Autotask, "fault", fault).await;
    assert!(told.get("error").is_none(), "{told}");
    let ids: Vec<RecordId> = site
        .products()
        .await
        .iter()
        .map(|one| one.id.into())
        .collect();
    let before = site.calls(System::Autotask).await;
    let halves = site.hands.read(System::Autotask, &ids).await.unwrap();
    assert_eq!(site.calls(System::Autotask).await - before, 2);
    for half in &halves {
        let told = half.fields.get("availability");
        assert_eq!(
            told,
            Some(&Value::parts([("Jim2 availability", Value::Empty)]))
        );
    }
}

#[tokio::test]
async fn stock_is_gone_only_if_it_is_not_there_by_its_number() {
    let site = Site::new().await;
    for (id, is_gone) in [(7, false), (4_711, true)] {
        let found = site.hands.is_gone(System::Jim2, &id.into()).await;
        assert_eq!(found.unwrap(), is_gone, "stock {id}");
    }
    for (id, is_gone) in [(29_690_001, false), (4_711, true)] {
        let found = site.hands.is_gone(System::Autotask, &id.into()).await;
        assert_eq!(found.unwrap(), is_gone, "product {id}");
    }
}

#[tokio::test]
async fn thousands_of_codes_are_read_in_a_call_for_two_hundred() {
    let site = Site::with(|options| options.catalogue = 4_000).await;
    let ids: Vec<RecordId> = (1..=4_000).map(RecordId::from).collect();
    let before = site.calls(System::Jim2).await;
    let mut seen = BTreeSet::new();
    for batch in ids.chunks(200) {
        let halves = site.hands.read(System::Jim2, batch).await.unwrap();
        seen.extend(halves.into_iter().map(|half| half.id));
    }
    let calls = site.calls(System::Jim2).await - before;
    assert_eq!(seen.len(), 4_000);
    assert!(
        calls <= 4_000 / 200 + 1,
        "{calls} calls, one of them for a token"
    );
}
