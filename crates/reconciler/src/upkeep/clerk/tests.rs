use broker::{Suspects, testing::eventually, topology::DELIVERY_LIMIT};
use domain::{Cause, Kind, System};
use sqlx::PgPool;
use store::{
    held::{Resend, Which},
    pair::Page,
};

use super::*;
use crate::upkeep::testing::{Site, queue, queues, ticket};

const ALL: Page = Page {
    offset: 0,
    limit: 10,
};

/// Puts a message into the queue, takes it and buries it, as a worker does.
async fn bury_one(site: &Site, body: &str, reason: &str) {
    let route = broker::Route::Queue { queue: queue() };
    let publish = site.upkeep.publisher.publish(route, outgoing(site, body));
    publish.await.unwrap();
    let mut consumer = site.consumer().await;
    let linger = std::time::Duration::from_millis(20);
    let taken = consumer.next_batch(1, linger, &site.stop).await.unwrap();
    let settled = site.settler.bury(&taken[0], reason).await.unwrap();
    assert!(matches!(settled, broker::Settled::Done));
    consumer.close().await;
}

fn outgoing(site: &Site, body: &str) -> broker::Outgoing {
    broker::Outgoing {
        id: uuid::Uuid::now_v7(),
        body: body.to_owned().into(),
        headers: broker::Headers::new(site.upkeep.clock.now()),
    }
}

/// Takes the only message and drops it until the broker has had enough.
async fn die_by_limit(site: &Site) {
    let mut consumer = site.consumer().await;
    let linger = std::time::Duration::from_millis(5);
    for _ in 0..=DELIVERY_LIMIT {
        let mut taken = consumer.next_batch(1, linger, &site.stop).await.unwrap();
        site.settler.give_back(taken.remove(0)).await.unwrap();
    }
    // Else it may take what comes next, and give it back only when it is gone.
    consumer.close().await;
    eventually(async || site.waiting(DEAD_QUEUE).await == 1).await;
}

/// The same with the only suspect.
async fn die_by_limit_alone(site: &Site) {
    let queues = queues();
    let suspects = Suspects::open(&site.upkeep.broker, &queues).await.unwrap();
    let suspects = suspects.unwrap();
    for _ in 0..=DELIVERY_LIMIT {
        let suspect = suspects.next().await.unwrap().unwrap();
        site.settler.give_back(suspect.delivery).await.unwrap();
    }
    suspects.close().await;
    eventually(async || site.waiting(DEAD_QUEUE).await == 1).await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_buried_event_becomes_a_held_item_of_its_record(pool: PgPool) {
    let site = Site::start(pool).await;
    let event = Event::new(ticket(7), Cause::Live);
    bury_one(
        &site,
        &serde_json::to_string(&event).unwrap(),
        "it made the worker fail",
    )
    .await;
    file_once(&site.upkeep).await.unwrap();
    assert_eq!(site.waiting(DEAD_QUEUE).await, 0);
    let held = held::list(&site.upkeep.db, &Which::All, ALL).await.unwrap();
    assert_eq!(held.len(), 1);
    assert_eq!(
        held[0].record_id.as_ref().map(domain::RecordId::as_str),
        Some("7")
    );
    assert_eq!(held[0].reason, "it made the worker fail");
    assert_eq!(held[0].queue.as_deref(), Some(&*queue()));
    let problems = held::open_problems(&site.upkeep.db).await.unwrap();
    assert_eq!(problems[0].code, "dead-letter");
    assert!(
        problems[0].says.contains("ticket 7 in Autotask"),
        "{}",
        problems[0].says
    );
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_no_event_is_held_with_its_body_and_once_however_often(pool: PgPool) {
    let site = Site::start(pool).await;
    for _ in 0..2 {
        bury_one(&site, "not json", "not an event").await;
        file_once(&site.upkeep).await.unwrap();
    }
    let held = held::list(&site.upkeep.db, &Which::All, ALL).await.unwrap();
    assert_eq!((held.len(), held[0].attempts), (1, 2));
    let replayed = held::take_for_replay(&site.upkeep.db, &Which::All, 10).await;
    let expected = Resend::Body {
        queue: queue(),
        body: b"not json".to_vec(),
    };
    assert_eq!(replayed.unwrap()[0].resend, expected);
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_buried_note_whose_ticket_is_not_known_is_sent_again_and_makes_no_pair(pool: PgPool) {
    let site = Site::start(pool).await;
    let key = Key::new(Kind::new("ticket"), System::Autotask, "note:7");
    let event = serde_json::to_string(&Event::new(key.clone(), Cause::Live)).unwrap();
    bury_one(&site, &event, "it made the worker fail").await;
    file_once(&site.upkeep).await.unwrap();
    let db = &site.upkeep.db;
    assert_eq!(store::pair::find(db, &key).await.unwrap(), None);
    let held = held::list(db, &Which::All, ALL).await.unwrap();
    assert_eq!((held.len(), held[0].pair), (1, None));

    let replayed = held::take_for_replay(db, &Which::All, 10).await.unwrap();
    let expected = Resend::Body {
        queue: queue(),
        body: event.into_bytes(),
    };
    assert_eq!(replayed[0].resend, expected);
    assert_eq!(held::resent(db, &[replayed[0].held]).await.unwrap(), 1);
    assert_eq!(held::list(db, &Which::All, ALL).await.unwrap(), []);
    site.stop().await;
}

#[test]
fn only_a_records_own_id_names_it() {
    for (system, id, names) in [
        (System::Autotask, "7", true),
        (System::Autotask, "note:7", false),
        (System::Autotask, "T20261123.0001", false),
        (System::Autotask, "", false),
        (System::Jim2, "5001", true),
        (System::Jim2, "1200-3", true),
        (System::Jim2, "comment:9", false),
        (System::Jim2, "", false),
    ] {
        let key = Key::new(Kind::new("ticket"), system, id);
        assert_eq!(names_a_record(&key), names, "{key}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_letter_dead_by_the_delivery_limit_has_one_more_chance_alone(pool: PgPool) {
    let site = Site::start(pool).await;
    let event = Event::new(ticket(7), Cause::Live);
    site.upkeep.publish.events([event]).await.unwrap();
    die_by_limit(&site).await;
    file_once(&site.upkeep).await.unwrap();
    assert!(
        held::list(&site.upkeep.db, &Which::All, ALL)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(site.waiting(&queues().suspects).await, 1, "it is back");

    die_by_limit_alone(&site).await;
    file_once(&site.upkeep).await.unwrap();
    let held = held::list(&site.upkeep.db, &Which::All, ALL).await.unwrap();
    assert_eq!(held.len(), 1);
    assert!(held[0].reason.contains("also alone"), "{}", held[0].reason);
    assert_eq!(site.waiting(&queues().suspects).await, 0);
    site.stop().await;
}

/// Publishes a message into a tier, from where it goes back to `queue`.
async fn send_through_a_tier(site: &Site, to: &str, body: &str) {
    let route = broker::Route::Tier {
        tier: site
            .settler
            .tiers()
            .at_least(std::time::Duration::ZERO)
            .name(),
        queue: to.to_owned(),
    };
    let publish = site.upkeep.publisher.publish(route, outgoing(site, body));
    publish.await.unwrap();
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_found_its_queue_gone_goes_there_once_it_is_back(pool: PgPool) {
    let site = Site::start(pool).await;
    let event = serde_json::to_string(&Event::new(ticket(7), Cause::Live)).unwrap();
    site.vhost.delete_queue(&queue());
    send_through_a_tier(&site, &queue(), &event).await;
    eventually(async || site.waiting(DEAD_QUEUE).await == 1).await;
    file_once(&site.upkeep).await.unwrap();
    assert_eq!(site.take(1).await[0].body, event);
    let held = held::list(&site.upkeep.db, &Which::All, ALL).await;
    assert!(held.unwrap().is_empty());
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_belongs_in_a_queue_that_is_no_more_is_held(pool: PgPool) {
    let site = Site::start(pool).await;
    send_through_a_tier(&site, "crossbill.retired.v1", "{}").await;
    eventually(async || site.waiting(DEAD_QUEUE).await == 1).await;
    file_once(&site.upkeep).await.unwrap();
    assert_eq!(site.waiting(DEAD_QUEUE).await, 0);
    let held = held::list(&site.upkeep.db, &Which::All, ALL).await.unwrap();
    assert_eq!(held[0].queue.as_deref(), Some("crossbill.retired.v1"));
    assert!(held[0].reason.contains("not there any more"), "{held:?}");
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_deleted_dead_queue_is_declared_again(pool: PgPool) {
    let site = Site::start(pool).await;
    site.vhost.delete_queue(DEAD_QUEUE);
    file_once(&site.upkeep).await.unwrap();
    assert_eq!(site.waiting(DEAD_QUEUE).await, 0);
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn with_postgres_away_the_letter_stays_in_the_dead_queue(pool: PgPool) {
    let site = Site::start(pool).await;
    bury_one(&site, "not json", "not an event").await;
    site.pool.close().await;
    assert!(file_once(&site.upkeep).await.is_err());
    eventually(async || site.waiting(DEAD_QUEUE).await == 1).await;
    site.stop().await;
}

#[test]
fn a_problem_names_the_record_and_the_next_step() {
    let key = domain::Key::new(Kind::new("ticket"), System::Jim2, "5001");
    let event = Event::new(key, Cause::Live);
    let named = problem(Some(&event), "q", "boom");
    assert_eq!(named.identity(), "dead-letter|record:ticket:jim2:5001");
    assert_eq!(named.says, "ticket 5001 in Jim2 cannot be handled: boom.");
    assert!(named.remedy.step.contains("crossbill held"));
    assert_eq!(
        problem(None, "q", "boom").identity(),
        "dead-letter|setting:messages of q"
    );
}
