use domain::System;
use sqlx::PgPool;

use super::*;
use crate::{
    sweep::{self, Due, Mark, Passed},
    testing::COMPANY,
};

const LEASE: Duration = Duration::from_mins(2);

fn companies() -> Swept {
    Swept {
        kind: COMPANY,
        system: System::Autotask,
        trail: "absent".to_owned(),
    }
}

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(minute * 60, 0).unwrap()
}

/// Companies 1 to `count`, with cards, paired an hour ago.
async fn paired(pool: &PgPool, count: i32) {
    sqlx::query(
        "insert into pair (id, kind, autotask_id, jim2_id, state, created_at)
         select gen_random_uuid(), 'company', n::text, (1000 + n)::text, 'paired', now() - interval '1 hour'
         from generate_series(1, $1) as n",
    )
    .bind(count)
    .execute(pool)
    .await
    .unwrap();
}

async fn taken(db: &Db, holder: &str) -> bool {
    sweep::plant(db, &companies(), at(0)).await.unwrap();
    let due = Due {
        every: None,
        gaps_until: None,
    };
    let taken = sweep::take(db, &companies(), due, (holder, LEASE)).await;
    taken.unwrap().is_some()
}

async fn begun(db: &Db, holder: &str, minute: i64) -> Asking {
    let asking = begin(db, &companies(), holder, (at(minute), None)).await;
    asking.unwrap().unwrap()
}

/// All that is to be asked after, in pages of `limit`, and the place behind them.
async fn page(db: &Db, place: Option<&str>, limit: i64) -> Vec<String> {
    next(db, &companies(), place, limit).await.unwrap()
}

async fn is_told(db: &Db, ids: &[&str]) {
    let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    assert!(
        told(db, &companies(), "us", &ids, (None, None))
            .await
            .unwrap()
    );
}

async fn ends(db: &Db, minute: i64) {
    let mark = |minute| Mark {
        at: at(minute),
        last_id: None,
    };
    let standing = sweep::list(db).await.unwrap()[0].watermark.unwrap();
    let passed = Passed {
        from: standing,
        to: at(minute),
        found: 0,
        asked: Some(0),
        mark: mark(minute),
    };
    let from = Mark {
        at: standing,
        last_id: None,
    };
    let done = sweep::finish(db, &companies(), "us", &from, &passed).await;
    assert!(done.unwrap());
}

async fn absent(db: &Db) -> Vec<String> {
    let ids = unpublished(db, &companies(), 100).await.unwrap();
    ids.iter().map(ToString::to_string).collect()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_was_not_told_is_told_of_once_until_it_is_there_again(pool: PgPool) {
    let db = Db::from(pool.clone());
    let of = companies();
    paired(&pool, 4).await;
    assert!(taken(&db, "us").await);
    assert_eq!(begun(&db, "us", 5).await.asked, 4);
    is_told(&db, &["1", "3", "77"]).await;
    assert_eq!(absent(&db).await, ["2", "4"]);
    assert_eq!(left(&db, &of).await.unwrap().absent, 2);
    published(&db, &of, &["2".into(), "4".into()])
        .await
        .unwrap();
    ends(&db, 5).await;

    assert!(taken(&db, "us").await);
    assert_eq!(begun(&db, "us", 9).await.asked, 4, "all are asked after");
    is_told(&db, &["1", "3", "4"]).await;
    assert_eq!(absent(&db).await, [""; 0], "of 2 was told");
    assert_eq!(left(&db, &of).await.unwrap().absent, 0, "nor is it counted");
    ends(&db, 9).await;

    assert!(taken(&db, "us").await);
    begun(&db, "us", 12).await;
    is_told(&db, &["1", "2", "3"]).await;
    assert_eq!(absent(&db).await, ["4"], "it was there meanwhile");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_pass_goes_on_where_a_killed_one_stood_and_only_with_the_lease(pool: PgPool) {
    let db = Db::from(pool.clone());
    let of = companies();
    paired(&pool, 5).await;
    assert!(taken(&db, "us").await);
    begun(&db, "us", 5).await;
    let first = page(&db, None, 2).await;
    assert_eq!(first, ["1", "2"], "a page, and no more");
    let there = ["1".to_owned()];
    let moved = (None, Some("2"));
    assert!(told(&db, &of, "us", &there, moved).await.unwrap());
    let again = told(&db, &of, "us", &["3".to_owned()], moved).await;
    assert!(!again.unwrap(), "the place was moved already");

    sqlx::query("update sweep set leased_until = now() - interval '1 second'")
        .execute(&pool)
        .await
        .unwrap();
    assert!(taken(&db, "they").await);
    let gone_on = begun(&db, "they", 30).await;
    let asking = Asking {
        began_at: at(5),
        asked: 5,
        place: Some("2".to_owned()),
    };
    assert_eq!(gone_on, asking, "it is the same pass");
    let late = told(&db, &of, "us", &["4".to_owned()], (Some("2"), Some("4"))).await;
    assert!(!late.unwrap(), "it is somebody else's");
    assert_eq!(begin(&db, &of, "us", (at(31), None)).await.unwrap(), None);
    assert_eq!(page(&db, Some("2"), 9).await, ["3", "4", "5"]);
    let rest = ["3", "4", "5"].map(str::to_owned);
    let moved = (Some("2"), Some("5"));
    assert!(told(&db, &of, "they", &rest, moved).await.unwrap());
    assert_eq!(absent(&db).await, ["2"], "found before it was killed");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn only_what_is_paired_and_older_than_any_replica_lags_is_asked_after(pool: PgPool) {
    let db = Db::from(pool.clone());
    let of = companies();
    paired(&pool, 9).await;
    for change in [
        "update pair set created_at = now() where autotask_id = '1'",
        "update pair set written_at = now() where autotask_id = '2'",
        "update pair set state = 'gone' where autotask_id = '3'",
        "update pair set state = 'new', jim2_id = null where autotask_id = '4'",
        "update pair set state = 'earlier' where autotask_id = '5'",
        "update pair set kind = 'ticket' where autotask_id = '6'",
        "update pair set created_at = now() - interval '61 days' where autotask_id = '7'",
    ] {
        sqlx::query(change).execute(&pool).await.unwrap();
    }
    assert!(taken(&db, "us").await);
    begun(&db, "us", 5).await;
    assert_eq!(page(&db, None, 99).await, ["7", "8", "9"]);
    let unpaired = "update pair set state = 'gone' where autotask_id = '9'";
    sqlx::query(unpaired).execute(&pool).await.unwrap();
    assert_eq!(
        left(&db, &of).await.unwrap().absent,
        2,
        "9 is over meanwhile"
    );
    ends(&db, 5).await;

    assert!(taken(&db, "us").await);
    let lately = Some(Duration::from_hours(60 * 24));
    let asking = begin(&db, &of, "us", (at(9), lately)).await;
    assert_eq!(asking.unwrap().unwrap().asked, 1);
    assert_eq!(page(&db, None, 99).await, ["8"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_other_side_is_asked_after_by_its_own_ids(pool: PgPool) {
    let db = Db::from(pool.clone());
    let cards = Swept {
        system: System::Jim2,
        ..companies()
    };
    paired(&pool, 1).await;
    sweep::plant(&db, &cards, at(0)).await.unwrap();
    let due = Due {
        every: None,
        gaps_until: None,
    };
    sweep::take(&db, &cards, due, ("us", LEASE)).await.unwrap();
    begin(&db, &cards, "us", (at(5), None)).await.unwrap();
    assert_eq!(next(&db, &cards, None, 9).await.unwrap(), ["1001"]);
    assert_eq!(left(&db, &cards).await.unwrap().absent, 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_few_may_be_absent_and_many_are_stopped_until_a_person_says_so(pool: PgPool) {
    let db = Db::from(pool.clone());
    let of = companies();
    for (lost, pairs, is_too_many) in [
        (20, 10_000, false),
        (21, 500, true),
        (21, 5_000, false),
        (300, 300, true),
        (20, 20, false),
    ] {
        sqlx::query("truncate pair, untold, sweep cascade")
            .execute(&pool)
            .await
            .unwrap();
        paired(&pool, pairs).await;
        assert!(taken(&db, "us").await);
        begun(&db, "us", 5).await;
        let there: Vec<String> = (lost + 1..=pairs).map(|id| id.to_string()).collect();
        assert!(told(&db, &of, "us", &there, (None, None)).await.unwrap());
        let expected = Left {
            absent: lost.into(),
            asked: pairs.into(),
            is_too_many,
        };
        assert_eq!(left(&db, &of).await.unwrap(), expected);
        sweep::stop(&db, &of, "us", "many").await.unwrap();
        guard::release(&db, &COMPANY, "mia").await.unwrap();
        assert!(!left(&db, &of).await.unwrap().is_too_many, "it is meant");
        sqlx::query("truncate loss_release")
            .execute(&pool)
            .await
            .unwrap();
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_a_record_is_made_of_is_named_by_its_shadow(pool: PgPool) {
    let db = Db::from(pool.clone());
    paired(&pool, 3).await;
    for change in [
        r#"update pair set shadow = '{"autotask": {"lines": {"7": {}, "8/code": {}}}, "jim2": {"lines": {"9": {}}}}'
           where autotask_id = '1'"#,
        r#"update pair set shadow = '{"autotask": {"lines": null}}' where autotask_id = '2'"#,
    ] {
        sqlx::query(change).execute(&pool).await.unwrap();
    }
    let ids = ["1", "2", "3", "4"].map(str::to_owned);
    let mut made_of = parts(&db, &companies(), "lines", &ids).await.unwrap();
    made_of.sort_unstable();
    let expected = [("1", "7"), ("1", "8/code")];
    assert_eq!(
        made_of,
        expected.map(|(of, part)| (of.to_owned(), part.to_owned()))
    );
}
