//! Polling against the stand-in of Autotask, a real broker and a real database.

use autotask::LocalGate;
use domain::{Kind, StopReason};
use sandbox::autotask::{Autotask, Options};
use serde_json::{Value as Json, json};
use sqlx::PgPool;

use super::*;
use crate::{
    kind::{COMPANY, CONTACT, TICKET},
    testing::{Site, edit, hand, listener, provider, state},
};

struct Shop {
    site: Site,
    autotask: Autotask,
    poll: Poll,
}

async fn open(database: PgPool) -> Shop {
    let site = Site::start(database).await;
    let provider = provider();
    let autotask = Autotask::start(listener().await, &provider, Options::default());
    let autotask = autotask.await.unwrap();
    let credentials = autotask::Credentials {
        username: "crossbill@provider.example".to_owned(),
        secret: "sandbox-secret".into(),
        integration_code: "SANDBOX".into(),
    };
    let url = format!("{}/ATServicesRest/", autotask.base_url());
    let settings = autotask::Settings {
        zone_url: Some(url.parse().unwrap()),
        ..autotask::Settings::new(credentials)
    };
    let gate = Arc::new(LocalGate::default());
    let poll = Poll {
        autotask: autotask::Client::new(crate::testing::http(), settings, gate).unwrap(),
        db: site.db.clone(),
        publish: site.publish.clone(),
        clock: Arc::clone(&site.clock),
        every: Duration::from_millis(20),
    };
    Shop {
        site,
        autotask,
        poll,
    }
}

/// The first record of an entity that people work with.
async fn some(shop: &Shop, entity: &str) -> Json {
    let state = state(&shop.autotask.base_url()).await;
    let records = state[entity].as_array().unwrap();
    let record = records.iter().find(|record| record["id"] != 0).unwrap();
    record["id"].clone()
}

const TECHNICIAN: i64 = 29_682_885;

async fn change(shop: &Shop, entity: &str, id: &Json, set: Json) {
    let body = edit(entity, id, TECHNICIAN, set);
    let answer = hand(&shop.autotask.base_url(), "edit", body).await;
    assert!(answer["error"].is_null(), "{entity}: {answer}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_people_change_is_found_and_told_once(pool: PgPool) {
    let shop = open(pool).await;
    let mut published = Published::default();
    shop.poll.step(&mut published).await.unwrap();
    assert_eq!(
        shop.site.waiting().await,
        0,
        "what was there before is not news"
    );

    let (ticket, contact) = (some(&shop, "Tickets").await, some(&shop, "Contacts").await);
    change(&shop, "Tickets", &ticket, json!({"title": "Changed"})).await;
    change(&shop, "Contacts", &contact, json!({"title": "Boss"})).await;
    shop.poll.step(&mut published).await.unwrap();
    let told = shop.site.waiting().await;
    shop.poll.step(&mut published).await.unwrap();
    assert_eq!(
        shop.site.waiting().await,
        told,
        "the overlap is not told again"
    );

    let events = shop.site.reader().await.events(told as usize).await;
    let has = |kind: Kind, id: &Json| {
        let id = id.to_string();
        events
            .iter()
            .any(|event| event.key.kind == kind && event.key.id.as_str() == id)
    };
    assert!(has(TICKET, &ticket) && has(CONTACT, &contact), "{events:?}");
    assert!(
        events.iter().any(|event| event.key.kind == COMPANY),
        "its activity moved"
    );
    assert!(
        events
            .iter()
            .all(|event| event.floor.at.is_some() && event.evidence.is_empty())
    );
    shop.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_note_is_an_event_of_its_ticket(pool: PgPool) {
    let shop = open(pool).await;
    let mut published = Published::default();
    shop.poll.step(&mut published).await.unwrap();
    let ticket = some(&shop, "Tickets").await;
    let note = json!({"entity": "TicketNotes", "by": TECHNICIAN, "set": {
        "ticketID": ticket, "title": "Call", "description": "Called back", "noteType": 1, "publish": 1}});
    let answer = hand(&shop.autotask.base_url(), "create", note).await;
    assert!(answer["error"].is_null(), "{answer}");
    shop.poll.read::<TicketNote>(&mut published).await.unwrap();
    let events = shop.site.reader().await.events(1).await;
    assert_eq!(events[0].key.id.as_str(), ticket.to_string());
    shop.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_stopped_autotask_is_left_alone(pool: PgPool) {
    let shop = open(pool).await;
    let minute = Duration::from_mins(1);
    system::stop(
        &shop.site.db,
        domain::System::Autotask,
        &StopReason::Budget,
        minute,
    )
    .await
    .unwrap();
    let look = shop.poll.step(&mut Published::default()).await.unwrap();
    assert_eq!(look, Look::Nothing);
    assert!(cursor::list(&shop.site.db).await.unwrap().is_empty());
    shop.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn it_runs_until_it_is_stopped(pool: PgPool) {
    let shop = open(pool).await;
    let task = run(shop.poll.clone(), shop.site.stop.clone());
    shop.site.tasks.spawn(task);
    broker::testing::eventually(async || cursor::list(&shop.site.db).await.unwrap().len() == 4)
        .await;
    shop.site.stop().await;
}
