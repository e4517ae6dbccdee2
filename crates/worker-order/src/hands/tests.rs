//! The hands against both stand-ins, over HTTP.

mod billing;

use domain::{OrderFor, Value};
use reqwest::Method;
use serde_json::{Value as Json, json};
use sync::Fields;
use tokio::net::TcpListener;

use super::*;

/// The first customer of the stand-in's provider.
const COMPANY_ID: i64 = 174;

struct Site {
    hands: OrderHands,
    autotask: sandbox::autotask::Autotask,
    jim2: sandbox::jim2::Jim2,
    http: rest::Client,
}

impl Site {
    async fn start() -> Self {
        let options = sandbox::jim2::Options::default().taking_every_jobcreate_field();
        Self::with(options).await
    }

    async fn with(options: sandbox::jim2::Options) -> Self {
        let now = "2026-11-23T00:00:00Z".parse().unwrap();
        let provider =
            sandbox::provider::Provider::generate(7, &sandbox::provider::Size::small(), now);
        let port = || TcpListener::bind("127.0.0.1:0");
        let own = sandbox::autotask::Options::default();
        let autotask = sandbox::autotask::Autotask::start(port().await.unwrap(), &provider, own);
        let autotask = autotask.await.unwrap();
        let jim2 = sandbox::jim2::Jim2::start(port().await.unwrap(), &provider, options);
        let jim2 = jim2.await.unwrap();
        let http = rest::Client::new(&rest::Settings::default()).unwrap();
        let hands = OrderHands {
            autotask: autotask::testing::client(&http, &autotask.base_url()),
            jim2: jim2::testing::client(&http, &jim2.base_url(), now),
            settings: OrderSettings {
                finishes: true,
                billing_from: None,
            },
        };
        Self {
            hands,
            autotask,
            jim2,
            http,
        }
    }

    async fn sandbox(&self, base: String, verb: Method, deed: &str, body: &Json) -> Json {
        let request = self.http.request(verb, format!("{base}/sandbox/{deed}"));
        let sent = self.http.send("test", request.json(body)).await;
        sent.unwrap().json().unwrap()
    }

    /// What a person makes in Autotask.
    async fn makes(&self, entity: &str, set: Json) -> i64 {
        let body = json!({"entity": entity, "set": set});
        let base = self.autotask.base_url();
        let made = self.sandbox(base, Method::POST, "create", &body).await;
        made["id"].as_i64().unwrap()
    }

    /// What a person does in Autotask.
    async fn does(&self, deed: &str, body: Json) -> Json {
        let base = self.autotask.base_url();
        self.sandbox(base, Method::POST, deed, &body).await
    }

    async fn lose_an_answer(&self) {
        let fault = json!({"name": "lost-answer", "on": true, "count": 1});
        let base = self.jim2.base_url();
        self.sandbox(base, Method::POST, "fault", &fault).await;
    }

    /// The act that makes the job of an order.
    async fn act(&self, order: Order) -> Act {
        let cards = self.hands.jim2.cardfiles_after(0, 50).await.unwrap();
        let customer = cards
            .iter()
            .find(|card| card.is_customer.get() == Some(&true));
        let fields: [(&str, Value); 4] = [
            ("customer", customer.unwrap().card_no.into()),
            ("item", "SALE".into()),
            ("invoice_desc", "project P2026.0004 Office move".into()),
            ("cust_ref", "PO 7".into()),
        ];
        Act::Create {
            on: System::Jim2,
            from: order.into(),
            generation: 1,
            reference: format!("{order}/1"),
            fields: fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        }
    }

    async fn job(&self, id: &RecordId) -> Half {
        let mut jobs = self
            .hands
            .read(System::Jim2, std::slice::from_ref(id))
            .await
            .unwrap();
        jobs.remove(0)
    }
}

const fn order(of: OrderFor, id: i64) -> Order {
    Order {
        of,
        id,
        payer: COMPANY_ID,
    }
}

#[tokio::test]
async fn orders_are_told_by_what_they_are_for_and_one_of_nothing_is_not_there() {
    let site = Site::start().await;
    let set = json!({"companyID": COMPANY_ID, "projectName": "Office move"});
    let project = order(OrderFor::Project, site.makes("Projects", set).await);
    let set = json!({"companyID": COMPANY_ID, "title": "Slow"});
    let ticket = order(OrderFor::Ticket, site.makes("Tickets", set).await);
    let nothing = order(OrderFor::Invoice, 999_999);
    let ids = [project, ticket, nothing].map(RecordId::from);
    let halves = site.hands.read(System::Autotask, &ids).await.unwrap();
    let told: Vec<_> = halves.iter().map(|half| &half.id).collect();
    assert_eq!(told, [&ids[0], &ids[1]]);
    assert!(
        halves[0].label.ends_with("Office move"),
        "{}",
        halves[0].label
    );
    for (id, gone) in [(&ids[0], false), (&ids[2], true)] {
        let is_gone = site.hands.is_gone(System::Autotask, id).await.unwrap();
        assert_eq!(is_gone, gone, "{id}");
    }
}

#[tokio::test]
async fn a_job_whose_answer_was_lost_is_found_and_that_of_another_order_is_not() {
    let site = Site::start().await;
    let act = site.act(order(OrderFor::Project, 12)).await;
    let other = site.act(order(OrderFor::Project, 1)).await;
    let both = [act.clone(), other.clone()];
    assert_eq!(site.hands.surely_new(&both).await.unwrap(), both);
    site.lose_an_answer().await;
    let failure = site.hands.perform(&act).await.unwrap_err();
    assert!(matches!(failure, Failure::Unsure { .. }), "{failure:?}");
    let found = site.hands.find(&act).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(site.hands.find(&other).await.unwrap(), []);
    assert_eq!(site.hands.surely_new(&both).await.unwrap(), [other]);
    let job = site.job(&found[0]).await;
    assert_eq!(
        job.points_to.unwrap().to,
        order(OrderFor::Project, 12).into()
    );
    assert_eq!(job.fields["cust_ref"], "PO 7".into());
    assert_eq!(job.fields["item"], "SALE".into());
}

#[tokio::test]
async fn a_field_that_jim2_does_not_take_is_told_by_our_word_for_it() {
    let site = Site::with(sandbox::jim2::Options::default()).await;
    let act = site.act(order(OrderFor::Project, 12)).await;
    let Err(Failure::Hold { problems }) = site.hands.perform(&act).await else {
        panic!("an undocumented field was taken")
    };
    let field = problems[0].field.as_deref().unwrap();
    assert!(act.fields().unwrap().contains_key(field), "{field}");
}

#[tokio::test]
async fn what_was_left_out_and_a_reference_that_somebody_emptied_are_written_again() {
    let site = Site::start().await;
    let project = order(OrderFor::Project, 12);
    let act = site.act(project).await;
    let job = site.hands.perform(&act).await.unwrap().unwrap();
    let update = Act::Update {
        on: System::Jim2,
        id: job.clone(),
        fields: Fields::from([("invoice_desc".to_owned(), "Move".into())]),
    };
    let refer = Act::Refer {
        on: System::Jim2,
        id: job.clone(),
        to: Some(project.into()),
        generation: 2,
        knowing: sync::Fields::new(),
    };
    for act in [update, refer] {
        assert_eq!(site.hands.perform(&act).await.unwrap(), None);
    }
    let told = site.job(&job).await;
    assert_eq!(told.fields["invoice_desc"], "Move".into());
    assert_eq!(told.points_to.unwrap().generation, 2);
}
