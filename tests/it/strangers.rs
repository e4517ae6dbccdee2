//! Autotask clients that other people wrote and published, unchanged, against the stand-in of Autotask.
//!
//! What they expect of the system was learnt from the real one, by somebody else than us.

mod installed;

use std::{collections::BTreeSet, path::Path};

use chrono::DateTime;
use sandbox::{
    autotask::{ApiUser, Autotask, Options},
    provider::{Provider, Size},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// More than two pages of 500.
const TICKETS: usize = 1203;
const FIRST_TICKET: i64 = 7001;

#[tokio::test(flavor = "multi_thread")]
async fn django_autotask_finds_the_zone_by_itself() {
    let site = Site::start().await;
    let told = site.django("zone", json!({})).await;
    let url = site.autotask.base_url();
    assert_eq!(told["api"], format!("{url}/ATServicesRest/v1.0/"));
    assert_eq!(told["web"], format!("{url}/"));
}

#[tokio::test(flavor = "multi_thread")]
async fn django_autotask_reads_a_long_list_page_by_page_with_get() {
    let site = Site::large().await;
    let told = site.django("whole_list_by_get", json!({})).await;
    assert_eq!(lengths(&told["pages"]), [500, 500, TICKETS - 1000]);
    let last = FIRST_TICKET + i64::try_from(TICKETS).unwrap();
    let all: Vec<i64> = (FIRST_TICKET..last).collect();
    assert_eq!(ids(&told["pages"]), all, "every ticket once, by its number");
}

#[tokio::test(flavor = "multi_thread")]
async fn django_autotask_reads_a_long_list_page_by_page_with_post() {
    let site = Site::large().await;
    let told = site.django("whole_list_by_post", json!({})).await;
    let notes = site.notes;
    let mut expected = vec![500; notes / 500];
    expected.push(notes % 500);
    assert_eq!(lengths(&told["pages"]), expected);
    let ids = ids(&told["pages"]);
    let different: BTreeSet<i64> = ids.iter().copied().collect();
    assert_eq!((ids.len(), different.len()), (notes, notes));
}

#[tokio::test(flavor = "multi_thread")]
async fn django_autotask_makes_a_ticket_and_changes_it() {
    let site = Site::start().await;
    let title = "Überprüfung der Ablage “Söndergaard”";
    let asked = json!({"ticket": ticket(title), "change": {"title": "Changed", "priority": 1}});
    let told = site.django("ticket", asked).await;
    assert_eq!(told["before"]["id"], told["id"]);
    assert_eq!(told["before"]["title"], title);
    assert_eq!(told["before"]["priority"], 2);
    assert_eq!(told["answer"], json!({"itemId": told["id"]}));
    assert_eq!(told["after"]["title"], "Changed");
    assert_eq!(told["after"]["priority"], 1);
    assert_eq!(told["after"]["queueID"], told["before"]["queueID"], "kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn django_autotask_makes_a_note_below_its_ticket_and_changes_it() {
    let site = Site::start().await;
    let asked = json!({"parent": FIRST_TICKET, "note": note(), "change": {"title": "Changed"}});
    let told = site.django("note", asked).await;
    assert_eq!(told["answer"], json!({"itemId": told["id"]}));
    let items = told["items"].as_array().unwrap();
    assert!(items.iter().all(|item| item["ticketID"] == FIRST_TICKET));
    let made = items.iter().find(|item| item["id"] == told["id"]).unwrap();
    assert_eq!(made["title"], "Changed");
    assert_eq!(made["description"], "Rang them back");
}

#[tokio::test(flavor = "multi_thread")]
async fn django_autotask_is_told_fields_picklists_and_user_defined_fields() {
    let site = Site::start().await;
    let told = site.django("metadata", json!({})).await;
    let status = named(&told["fields"], "status");
    assert_eq!(status["isPickList"], true);
    let complete = &status["picklistValues"].as_array().unwrap();
    let complete = complete.iter().find(|value| value["label"] == "Complete");
    assert_eq!(complete.unwrap()["value"], "5");
    assert_eq!(named(&told["fields"], "title")["isPickList"], false);
    let udf = named(&told["udfs"], "Jim2 Job#");
    assert_eq!(udf["type"], "string");
    assert_eq!(udf["isPickList"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn django_autotask_understands_why_a_ticket_is_refused() {
    let site = Site::start().await;
    let mut wrong = ticket("Nowhere to put it");
    wrong["priority"] = 99.into();
    let told = site.django("mistaken", json!({"ticket": wrong})).await;
    assert_eq!(
        told["refusal"],
        "Picklist value [99] does not exist for priority."
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn py_autotask_makes_a_ticket_and_finds_it() {
    let site = Site::start().await;
    let told = site.py("ticket", json!({"ticket": ticket("Café")})).await;
    assert_eq!(told["got"]["id"], told["id"]);
    assert_eq!(told["got"]["title"], "Café");
    assert_eq!(told["found"], json!([told["got"]]));
    assert_eq!(told["gone"], Value::Null, "a ticket that is not there");
}

#[tokio::test(flavor = "multi_thread")]
async fn py_autotask_is_refused_an_update_at_the_address_of_a_record() {
    let site = Site::start().await;
    let told = site.py("update_by_id", json!({"id": FIRST_TICKET})).await;
    assert_refused(&told);
}

#[tokio::test(flavor = "multi_thread")]
async fn py_autotask_makes_a_note_and_is_refused_an_update_at_its_address() {
    let site = Site::start().await;
    let asked = json!({"id": FIRST_TICKET, "note": note()});
    let told = site.py("note", asked).await;
    assert_eq!(told["update"]["before"]["id"], told["id"]);
    assert_eq!(told["update"]["before"]["ticketID"], FIRST_TICKET);
    assert_eq!(told["update"]["before"]["description"], "Rang them back");
    assert_refused(&told["update"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn py_autotask_is_told_what_an_entity_can_and_what_it_consists_of() {
    let site = Site::start().await;
    let told = site.py("metadata", json!({})).await;
    let info = &told["ticket"]["info"];
    assert_eq!(
        (&info["name"], &info["canDelete"]),
        (&json!("Ticket"), &json!(false))
    );
    assert_eq!(info["supportsWebhookCallouts"], true);
    let title = named(&told["fields"]["fields"], "title");
    assert_eq!(
        (&title["dataType"], &title["length"]),
        (&json!("string"), &json!(255))
    );
    let watchable = named(&told["webhookFields"]["fields"], "fieldID");
    assert!(watchable["picklistValues"].as_array().unwrap().len() > 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_of_py_autotask_is_called_and_signed_with_its_secret() {
    let site = Site::start().await;
    let asked = json!({"key": "a key of theirs", "watched": "Title", "ticket": ticket("Café")});
    let told = site.py("webhook", asked).await;
    assert_eq!(told["unready"]["isReady"], false, "it watches no field yet");
    assert_eq!(told["ready"]["isReady"], true);
    let event = &told["event"];
    assert_eq!(event["Guid"], told["ready"]["webhookGUID"]);
    assert_eq!(
        (&event["Action"], &event["EntityType"]),
        (&json!("Create"), &json!("Ticket"))
    );
    assert_eq!(event["Id"], told["ticket"]);
    assert_eq!(event["Fields"], json!({"Title": "Café"}));
    assert_eq!(told["signed"], true, "{}", told["signature"]);
    assert_eq!(told["signedByAnother"], false);
    assert_eq!(told["left"], Value::Null, "it was deleted");
}

/// A stand-in to work with.
struct Site {
    autotask: Autotask,
    notes: usize,
}

impl Site {
    async fn start() -> Self {
        Self::of_size(Size::small()).await
    }

    /// One with more than two pages of tickets.
    async fn large() -> Self {
        let size = Size {
            tickets: TICKETS,
            ..Size::small()
        };
        Self::of_size(size).await
    }

    async fn of_size(size: Size) -> Self {
        let now = DateTime::from_timestamp(1_795_651_200, 0).unwrap();
        let provider = Provider::generate(3, &size, now);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let autotask = Autotask::start(listener, &provider, Options::default());
        let notes = provider.tickets.iter().map(|ticket| ticket.notes.len());
        Self {
            autotask: autotask.await.unwrap(),
            notes: notes.sum(),
        }
    }

    async fn django(&self, act: &str, asked: Value) -> Value {
        self.run("through_django_autotask.py", act, asked).await
    }

    async fn py(&self, act: &str, asked: Value) -> Value {
        self.run("through_py_autotask.py", act, asked).await
    }

    async fn run(&self, script: &str, act: &str, mut asked: Value) -> Value {
        let user = ApiUser::crossbill();
        asked["url"] = self.autotask.base_url().into();
        asked["user"] = user.user_name.into();
        asked["secret"] = user.secret.into();
        asked["code"] = user.integration_code.into();
        installed::run(Path::new(script), act, &asked).await
    }
}

fn ticket(title: &str) -> Value {
    json!({
        "companyID": 0, "title": title, "description": "Told by telephone", "status": 1, "priority": 2,
        "queueID": 29_682_833,
    })
}

fn note() -> Value {
    json!({
        "ticketID": FIRST_TICKET, "title": "Call", "description": "Rang them back", "noteType": 1, "publish": 1,
    })
}

/// It was answered 405, and nothing has changed.
fn assert_refused(told: &Value) {
    assert_eq!(told["refusal"], "API error: HTTP 405");
    assert_eq!(told["before"], told["after"]);
}

fn named<'a>(fields: &'a Value, name: &str) -> &'a Value {
    let mut fields = fields.as_array().unwrap().iter();
    fields.find(|field| field["name"] == name).unwrap()
}

fn lengths(pages: &Value) -> Vec<usize> {
    let pages = pages.as_array().unwrap().iter();
    pages.map(|page| page.as_array().unwrap().len()).collect()
}

fn ids(pages: &Value) -> Vec<i64> {
    let pages = pages.as_array().unwrap().iter();
    pages
        .flat_map(|page| page.as_array().unwrap())
        .map(|id| id.as_i64().unwrap())
        .collect()
}
