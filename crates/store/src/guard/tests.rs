use sqlx::PgPool;

use super::*;
use crate::{
    mapping,
    testing::{COMPANY, TICKET},
};

const STATUS: What<'_> = What::Emptied("status");

/// Makes `count` pairs of a kind.
async fn pairs(db: &Db, kind: &Kind, count: i32) -> Vec<Uuid> {
    sqlx::query_scalar(
        "insert into pair (id, kind, autotask_id, jim2_id, state)
         select gen_random_uuid(), $1, n::text, n::text, 'paired' from generate_series(1, $2) as n
         returning id",
    )
    .bind(kind.as_str())
    .bind(count)
    .fetch_all(&db.0)
    .await
    .unwrap()
}

/// Notes the same of each, and answers the last verdict.
async fn note_all(db: &Db, what: What<'_>, pairs: &[Uuid]) -> Guard {
    let mut last = Guard::Go;
    for pair in pairs {
        last = note(db, &TICKET, what, *pair).await.unwrap();
    }
    last
}

async fn minutes_pass(db: &Db, minutes: i32) {
    for shift in [
        "update loss set at = at - make_interval(mins => $1)",
        "update loss_release set until = until - make_interval(mins => $1)",
    ] {
        sqlx::query(shift)
            .bind(minutes)
            .execute(&db.0)
            .await
            .unwrap();
    }
}

async fn rows(db: &Db) -> i64 {
    sqlx::query_scalar("select count(*) from loss")
        .fetch_one(&db.0)
        .await
        .unwrap()
}

#[test]
fn only_many_and_a_large_part_are_stopped() {
    for (count, pairs, goes) in [
        (1, 1, true),
        (20, 20, true),
        (21, 21, false),
        (21, 0, false),
        (21, 1_049, false),
        (21, 1_050, true),
        (22, 1_050, false),
        (200, 10_000, true),
        (201, 10_000, false),
        (i64::from(i32::MAX), i64::from(i32::MAX), false),
    ] {
        let guard = Guard::of(What::Vanished, count, pairs);
        assert_eq!(guard == Guard::Go, goes, "{count} of {pairs}: {guard:?}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn more_than_ten_that_leave_one_owner_are_stopped_and_can_be_released(pool: PgPool) {
    let db = Db::from(pool);
    let ids = pairs(&db, &TICKET, 30).await;
    let (one, other) = (What::Left("12"), What::Left("13"));
    assert_eq!(note_all(&db, one, &ids[..10]).await, Guard::Go);
    assert_eq!(note_all(&db, other, &ids[10..20]).await, Guard::Go);
    let stop = Guard::Stop {
        count: 11,
        pairs: 30,
    };
    assert_eq!(note_all(&db, one, &ids[20..21]).await, stop);
    assert_eq!(release(&db, &TICKET, "mia").await.unwrap(), ["left:12"]);
    assert_eq!(note_all(&db, one, &ids[20..22]).await, Guard::Go);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn more_than_twenty_pairs_that_lose_the_same_are_stopped(pool: PgPool) {
    let db = Db::from(pool);
    let ids = pairs(&db, &TICKET, 30).await;
    assert_eq!(note_all(&db, STATUS, &ids[..20]).await, Guard::Go);
    assert_eq!(
        note_all(&db, STATUS, &ids[..20]).await,
        Guard::Go,
        "the same pairs again"
    );
    let stop = |count| Guard::Stop { count, pairs: 30 };
    assert_eq!(note_all(&db, STATUS, &ids[20..21]).await, stop(21));
    assert_eq!(
        note_all(&db, STATUS, &ids[..1]).await,
        stop(21),
        "nor may one go that did before"
    );
    assert_eq!(note_all(&db, STATUS, &ids[20..22]).await, stop(22));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_small_part_of_many_pairs_may_go(pool: PgPool) {
    let db = Db::from(pool);
    let ids = pairs(&db, &TICKET, 1_100).await;
    pairs(&db, &COMPANY, 5_000).await;
    assert_eq!(note_all(&db, What::Vanished, &ids[..22]).await, Guard::Go);
    assert_eq!(
        note_all(&db, What::Vanished, &ids[22..23]).await,
        Guard::Stop {
            count: 23,
            pairs: 1_100
        },
        "pairs of another kind are no reason"
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn other_losses_and_other_kinds_are_counted_apart(pool: PgPool) {
    let db = Db::from(pool);
    let ids = pairs(&db, &TICKET, 30).await;
    assert_ne!(note_all(&db, STATUS, &ids).await, Guard::Go);
    for what in [What::Vanished, What::Emptied("due"), What::Emptied("")] {
        assert_eq!(note_all(&db, what, &ids[..20]).await, Guard::Go, "{what:?}");
    }
    let company = note(&db, &COMPANY, STATUS, ids[0]).await.unwrap();
    assert_eq!(company, Guard::Go);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_hour_later_nothing_is_remembered(pool: PgPool) {
    let db = Db::from(pool);
    let ids = pairs(&db, &TICKET, 30).await;
    note_all(&db, STATUS, &ids[..20]).await;
    minutes_pass(&db, 59).await;
    assert_ne!(note_all(&db, STATUS, &ids[20..21]).await, Guard::Go);
    minutes_pass(&db, 2).await;
    assert_eq!(note_all(&db, STATUS, &ids[21..22]).await, Guard::Go);
    assert_eq!(rows(&db).await, 2, "the old ones are gone");
    minutes_pass(&db, 61).await;
    assert_eq!(note_all(&db, STATUS, &ids[20..21]).await, Guard::Go);
    assert_eq!(rows(&db).await, 1, "its own row is as new");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_person_lets_a_mass_go_for_an_hour(pool: PgPool) {
    let db = Db::from(pool);
    let ids = pairs(&db, &TICKET, 30).await;
    assert_ne!(note_all(&db, STATUS, &ids).await, Guard::Go);
    let before = mapping::version(&db).await.unwrap();
    for _ in 0..2 {
        assert_eq!(release(&db, &TICKET, "mia").await.unwrap().len(), 1);
        assert_eq!(note_all(&db, STATUS, &ids[..1]).await, Guard::Go);
    }
    assert!(
        mapping::version(&db).await.unwrap() > before,
        "so that what was held is looked at again"
    );
    let acts = crate::audit::latest(&db, 9).await.unwrap();
    assert_eq!((acts[0].who.as_str(), acts.len()), ("mia", 2));
    assert_ne!(
        note_all(&db, What::Vanished, &ids).await,
        Guard::Go,
        "only what was named"
    );
    minutes_pass(&db, 61).await;
    assert_ne!(note_all(&db, STATUS, &ids).await, Guard::Go);
}
