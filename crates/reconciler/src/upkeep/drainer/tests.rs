use broker::testing::eventually;
use chrono::DateTime;
use domain::{Cause, Event};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use super::*;
use crate::upkeep::testing::{Site, queue, queues, ticket};

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_was_spilled_goes_on_once_the_broker_is_back(pool: PgPool) {
    let site = Site::start(pool).await;
    let away = site.cut_off();
    let events = [1, 2].map(|id| Event::new(ticket(id), Cause::Live));
    let kept = away.publish.events(events.clone()).await.unwrap();
    assert_eq!(kept.spilled, 2);
    assert_eq!(drain_once(&away).await.unwrap(), Step::Rest);
    assert_eq!(
        spill::count(&site.upkeep.db).await.unwrap(),
        2,
        "still there"
    );

    assert_eq!(drain_once(&site.upkeep).await.unwrap(), Step::Rest);
    assert_eq!(spill::count(&site.upkeep.db).await.unwrap(), 0);
    assert_eq!(site.events(2).await, events);
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_message_keeps_its_way_its_attempts_and_its_time(pool: PgPool) {
    let site = Site::start(pool).await;
    let due = |id: u128, due_at: &str| Spilled {
        id: Uuid::from_u128(id),
        route: json!({"to": "queue", "queue": queue()}),
        headers: json!({"attempt": 3, "first_seen": "2026-11-23T00:00:00Z", "alone": true}),
        body: format!("{id}").into_bytes(),
        due_at: due_at.parse().unwrap(),
    };
    let later = due(2, "2126-11-23T00:00:00Z");
    spill::put(&site.upkeep.db, &[due(1, "2026-11-23T00:00:00Z"), later])
        .await
        .unwrap();
    drain_once(&site.upkeep).await.unwrap();
    let taken = site.take(1).await;
    assert_eq!((taken.len(), &*taken[0].body), (1, &b"1"[..]));
    assert_eq!(taken[0].id, Uuid::from_u128(1));
    assert_eq!(
        (taken[0].headers.attempt, taken[0].headers.alone),
        (3, true)
    );
    assert_eq!(spill::count(&site.upkeep.db).await.unwrap(), 1, "not due");
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_that_cannot_go_on_stays_and_does_not_keep_the_others(pool: PgPool) {
    let site = Site::start(pool).await;
    let with = |route: serde_json::Value| Spilled {
        id: Uuid::now_v7(),
        route,
        headers: json!({"first_seen": "2026-11-23T00:00:00Z"}),
        body: b"{}".to_vec(),
        due_at: DateTime::UNIX_EPOCH,
    };
    let messages = [
        with(json!({"to": "the moon"})),
        with(json!({"to": "queue", "queue": "no such queue"})),
        with(json!({"to": "queue", "queue": queue()})),
    ];
    spill::put(&site.upkeep.db, &messages).await.unwrap();
    let trouble = drain_once(&site.upkeep).await.unwrap_err();
    assert!(trouble.to_string().contains("not stored"), "{trouble}");
    assert_eq!(spill::count(&site.upkeep.db).await.unwrap(), 2);
    assert_eq!(site.take(1).await.len(), 1);
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn live_events_wait_while_the_queues_are_full_and_hold_up_nothing_else(pool: PgPool) {
    let site = Site::start(pool).await;
    let flood = [1, 2].map(|id| Event::new(ticket(id), Cause::Live));
    site.upkeep.publish.events(flood).await.unwrap();
    let limited = site.limited(2).await;
    eventually(async || limited.intake.is_full()).await;

    let live = Event::new(ticket(3), Cause::Live);
    let sweep = Event::new(ticket(4), Cause::Sweep);
    let kept = site.cut_off().publish.events([live.clone(), sweep]).await;
    assert_eq!(kept.unwrap().spilled, 2);
    assert_eq!(drain_once(&limited).await.unwrap(), Step::Rest);
    assert_eq!(spill::count(&limited.db).await.unwrap(), 1);
    assert_eq!(site.waiting(&queue()).await, 2, "it was not pushed in");
    assert_eq!(site.waiting(&queues().bulk).await, 1);

    site.take(3).await;
    eventually(async || !limited.intake.is_full()).await;
    drain_once(&limited).await.unwrap();
    assert_eq!(site.events(1).await, [live]);
    site.stop().await;
}
