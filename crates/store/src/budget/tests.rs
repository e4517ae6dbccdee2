//! Granting and measuring, against Postgres.

use sqlx::PgPool;

use super::*;

fn told(used: i32) -> Told {
    Told {
        used,
        allowance: 10_000,
        window_minutes: 60,
    }
}

async fn measure_now(db: &Db, used: i32) {
    let begun = begin_measure(db).await.unwrap();
    measure(db, begun, told(used)).await.unwrap();
}

/// Moves everything that was noted into the past.
async fn pass(db: &Db, minutes: i32) {
    for sql in [
        "update system_state set measured_at = measured_at - make_interval(mins => $1)",
        "update lane_use set at = at - make_interval(mins => $1)",
    ] {
        sqlx::query(sql).bind(minutes).execute(&db.0).await.unwrap();
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn grants_count_until_the_next_measure_and_what_waits_does_not(pool: PgPool) {
    let db = Db::from(pool);
    count(&db, Lane::Bulk, 100).await.unwrap();
    measure_now(&db, 4990).await;
    assert_eq!(grant(&db, Lane::Bulk, 9).await.unwrap(), Grant::Go);
    let waits = grant(&db, Lane::Bulk, 9).await.unwrap();
    assert!(matches!(waits, Grant::Wait(_)), "{waits:?}");
    assert_eq!(grant(&db, Lane::Live, 9).await.unwrap(), Grant::Slow(SLOW));
    let now = usage(&db).await.unwrap();
    assert_eq!(now.granted_since, 18, "what waits is not counted");
    assert_eq!(now.granted, [109, 0, 0, 9, 0, 0]);
    measure_now(&db, 100).await;
    assert_eq!(usage(&db).await.unwrap().granted_since, 0);
    assert_eq!(grant(&db, Lane::Bulk, 9).await.unwrap(), Grant::Go);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_lane_has_its_floor_in_each_window_and_not_in_each_measure(pool: PgPool) {
    let db = Db::from(pool);
    measure_now(&db, 6000).await;
    assert_eq!(grant(&db, Lane::Bulk, 60).await.unwrap(), Grant::Slow(SLOW));
    measure_now(&db, 6060).await;
    assert_eq!(grant(&db, Lane::Bulk, 40).await.unwrap(), Grant::Slow(SLOW));
    let waits = grant(&db, Lane::Bulk, 1).await.unwrap();
    assert!(matches!(waits, Grant::Wait(_)), "{waits:?}");
    pass(&db, 61).await;
    measure_now(&db, 6000).await;
    assert_eq!(grant(&db, Lane::Bulk, 1).await.unwrap(), Grant::Slow(SLOW));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn of_two_processes_at_the_stop_only_one_is_granted_the_last_call(pool: PgPool) {
    let db = Db::from(pool);
    for lane in Lane::ALL {
        count(&db, lane, 300).await.unwrap();
    }
    measure_now(&db, 8998).await;
    let ask = || grant(&db, Lane::Essential, 1);
    let (first, second, third) = tokio::join!(ask(), ask(), ask());
    let granted = [first.unwrap(), second.unwrap(), third.unwrap()];
    let slow = granted.iter().filter(|it| **it == Grant::Slow(SLOW));
    assert_eq!(slow.count(), 1, "{granted:?}");
    assert_eq!(usage(&db).await.unwrap().granted_since, 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_we_did_not_grant_is_somebody_elses(pool: PgPool) {
    let db = Db::from(pool);
    measure_now(&db, 0).await;
    grant(&db, Lane::Live, 100).await.unwrap();
    pass(&db, 10).await;
    measure_now(&db, 300).await;
    let now = usage(&db).await.unwrap();
    let rate = now.rate_others;
    assert!((rate - (20.0 + 200.0 / 60.0)).abs() < 0.1, "{rate}");
    assert_eq!(now.ours(), 100);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_steady_rate_of_others_is_seen_when_the_window_rolls(pool: PgPool) {
    let db = Db::from(pool);
    for _ in 0..40 {
        measure_now(&db, 5000).await;
        pass(&db, 2).await;
    }
    let now = usage(&db).await.unwrap();
    assert!((now.rate_others - 5000.0 / 60.0).abs() < 0.1, "{now:?}");
    let share = now.share();
    assert!((share - 0.5167).abs() < 0.001, "{share}: 2 minutes old");
    pass(&db, 30).await;
    let share = usage(&db).await.unwrap().share();
    assert!((share - 0.7667).abs() < 0.001, "{share}: 32 minutes old");
}

/// A call that was granted after a measure of nothing, and holds its place.
async fn one_on_its_way(db: &Db) {
    let minute = std::time::Duration::from_mins(1);
    measure_now(db, 0).await;
    let place = crate::slot::slot_take(db, "Tickets", "us", minute, minute).await;
    assert!(place.unwrap().is_some());
    grant(db, Lane::Live, 1).await.unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_measure_loses_no_call_that_is_on_its_way(pool: PgPool) {
    let db = Db::from(pool);
    one_on_its_way(&db).await;
    let begun = begin_measure(&db).await.unwrap();
    grant(&db, Lane::Live, 5).await.unwrap();
    measure(&db, begun, told(0)).await.unwrap();
    let now = usage(&db).await.unwrap();
    assert_eq!(
        now.granted_since, 6,
        "one before it and five while it was taken"
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn once_autotask_says_that_it_is_used_up_nobody_is_granted_anything(pool: PgPool) {
    let db = Db::from(pool);
    let (reason, minute) = (
        domain::StopReason::Budget,
        std::time::Duration::from_mins(1),
    );
    crate::system::stop(&db, System::Autotask, &reason, minute)
        .await
        .unwrap();
    for lane in Lane::ALL {
        let stop = grant(&db, lane, 1).await.unwrap();
        assert!(
            matches!(stop, Grant::Stop(left) if left <= minute),
            "{stop:?}"
        );
    }
    crate::system::clear_stop(&db, System::Autotask)
        .await
        .unwrap();
    assert_eq!(grant(&db, Lane::Bulk, 1).await.unwrap(), Grant::Go);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_call_on_its_way_is_not_taken_for_one_that_autotask_counted(pool: PgPool) {
    let db = Db::from(pool);
    one_on_its_way(&db).await;
    measure_now(&db, 1).await;
    let rate = usage(&db).await.unwrap().rate_others;
    assert!((rate - 1.0 / 60.0).abs() < 1e-9, "{rate}: it was another's");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_was_granted_before_the_window_is_not_kept(pool: PgPool) {
    let db = Db::from(pool);
    count(&db, Lane::Bulk, 1).await.unwrap();
    pass(&db, 62).await;
    count(&db, Lane::Live, 1).await.unwrap();
    measure_now(&db, 1).await;
    let kept = sqlx::query_scalar::<_, String>("select lane from lane_use");
    assert_eq!(kept.fetch_all(&db.0).await.unwrap(), ["live"]);
}
