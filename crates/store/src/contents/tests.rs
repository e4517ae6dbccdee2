use std::time::Duration;

use sqlx::PgPool;

use super::*;
use crate::{
    sweep::{self, Due},
    testing::COMPANY,
};

const LEASE: Duration = Duration::from_mins(2);

fn companies(system: System) -> Swept {
    Swept {
        kind: COMPANY,
        system,
        trail: "contents".to_owned(),
    }
}

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(minute * 60, 0).unwrap()
}

/// Companies 1 to `count`, with cards and what they agreed on.
async fn paired(pool: &PgPool, count: i32) {
    sqlx::query(
        "insert into pair (id, kind, autotask_id, jim2_id, state, shadow)
         select gen_random_uuid(), 'company', n::text, (1000 + n)::text, 'paired', '{\"v\": 1}'
         from generate_series(1, $1) as n",
    )
    .bind(count)
    .execute(pool)
    .await
    .unwrap();
}

async fn taken(db: &Db, of: &Swept, holder: &str) -> bool {
    sweep::plant(db, of, at(0)).await.unwrap();
    let due = Due {
        every: None,
        gaps_until: None,
    };
    let taken = sweep::take(db, of, due, (holder, LEASE)).await;
    taken.unwrap().is_some()
}

fn ids(ids: &[RecordId]) -> Vec<&str> {
    ids.iter().map(RecordId::as_str).collect()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn pairs_are_gone_through_by_the_ids_of_either_side(pool: PgPool) {
    paired(&pool, 12).await;
    let db = Db::from(pool.clone());
    sqlx::query("update pair set shadow = null where autotask_id = '3'")
        .execute(&pool)
        .await
        .unwrap();
    for (system, expected) in [
        (System::Autotask, ["11", "12", "2", "4"]),
        (System::Jim2, ["1005", "1006", "1007", "1008"]),
    ] {
        let of = companies(system);
        let place = expected[0].to_owned();
        let before = next(&db, &of, None, 3).await.unwrap();
        assert!(ids(&before) < expected.to_vec(), "{before:?}");
        let mut page = next(&db, &of, Some(&place), 3).await.unwrap();
        page.insert(0, place.into());
        assert_eq!(ids(&page), expected);
        let end = next(&db, &of, Some("9999"), 3).await.unwrap();
        assert!(end.is_empty(), "{end:?}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_somebody_is_at_or_waits_for_a_person_is_not_compared(pool: PgPool) {
    paired(&pool, 7).await;
    let db = Db::from(pool.clone());
    for change in [
        "update pair set claimed_by = 'x', claimed_until = now() + interval '1 minute' where autotask_id = '1'",
        "update pair set dirty = '[]' where autotask_id = '2'",
        "insert into intent (pair_id, epoch, v, body) select id, 1, 1, '{}' from pair where autotask_id = '3'",
        "insert into held (id, pair_id, event, reason) select gen_random_uuid(), id, '{}', 'x' from pair where autotask_id = '4'",
        "update pair set state = 'gone' where autotask_id = '5'",
        // A claim that ran out is nobody's.
        "update pair set claimed_by = 'x', claimed_until = now() - interval '1 minute' where autotask_id = '6'",
    ] {
        sqlx::query(change).execute(&pool).await.unwrap();
    }
    let all: Vec<RecordId> = (1..=9).map(RecordId::from).collect();
    let rows = at_rest(&db, &companies(System::Autotask), &all).await;
    let mut left: Vec<_> = rows
        .unwrap()
        .into_iter()
        .map(|row| row.autotask_id.unwrap())
        .collect();
    left.sort_unstable();
    assert_eq!(ids(&left), ["6", "7"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_pass_goes_on_where_it_stood_and_counts_nothing_twice(pool: PgPool) {
    let db = Db::from(pool);
    let of = companies(System::Autotask);
    assert!(taken(&db, &of, "us").await);
    assert_eq!(begin(&db, &of, "them", at(5)).await.unwrap(), None);
    let began = begin(&db, &of, "us", at(5)).await.unwrap().unwrap();
    assert_eq!((began.began_at, began.place), (at(5), None));
    let drift = |pairs| {
        [Drift {
            cause: Cause::Missed,
            pairs,
            example: format!("{pairs} of them"),
        }]
    };
    let page = |from, to| Page {
        moved: (from, Some(to)),
        compared: 500,
        calls: 1,
        drift: &[],
    };
    let first = drift(2);
    let first = Page {
        drift: &first,
        ..page(None, "500")
    };
    let ours = ("us", at(5));
    assert!(compared(&db, &of, ours, &first).await.unwrap());
    assert!(!compared(&db, &of, ours, &first).await.unwrap(), "again");
    // Killed: another process goes on with the same pass.
    sweep::give_up(&db, &of, "us", "killed").await.unwrap();
    assert!(taken(&db, &of, "them").await);
    let on = begin(&db, &of, "them", at(9)).await.unwrap().unwrap();
    assert_eq!((on.began_at, on.place.as_deref()), (at(5), Some("500")));
    let second = drift(1);
    let second = Page {
        drift: &second,
        ..page(Some("500"), "1000")
    };
    assert!(
        !compared(&db, &of, ours, &second).await.unwrap(),
        "not ours"
    );
    let theirs = ("them", at(5));
    assert!(compared(&db, &of, theirs, &second).await.unwrap());
    end(&db, &of, at(5)).await.unwrap();
    let [sweep] = last(&db).await.unwrap().try_into().unwrap();
    assert_eq!((sweep.compared, sweep.calls), (1_000, 2));
    assert!(sweep.ended_at.is_some());
    let [found] = sweep.drift.try_into().unwrap();
    assert_eq!((found.pairs, found.example.as_str()), (3, "2 of them"));
}
