use std::time::Duration;

use sqlx::PgPool;
use store::Db;

use super::*;
use crate::upkeep::testing::Site;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_allowance_is_measured_while_autotask_runs_and_seldom(pool: PgPool) {
    let site = Site::start(pool).await;
    let db = &site.upkeep.db;
    measure_once(&site.upkeep).await.unwrap();
    assert_eq!(budget::usage(db).await.unwrap().age_seconds, None, "paused");

    system::resume(db, System::Autotask, "mia").await.unwrap();
    measure_once(&site.upkeep).await.unwrap();
    let usage = budget::usage(db).await.unwrap();
    assert_eq!(
        (usage.used, usage.allowance, usage.window_minutes),
        (1, 10_000, 60)
    );

    measure_once(&site.upkeep).await.unwrap();
    assert_eq!(
        budget::usage(db).await.unwrap().used,
        1,
        "another has just asked"
    );
    site.stop().await;
}

/// Lets a measure be so old.
async fn age(db: &Db, pool: &PgPool, seconds: f64) {
    sqlx::query("update system_state set measured_at = now() - make_interval(secs => $1)")
        .bind(seconds)
        .execute(pool)
        .await
        .unwrap();
    assert!(budget::usage(db).await.unwrap().age_seconds >= Some(seconds));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn it_is_measured_although_it_is_used_up_and_not_while_our_credentials_are_refused(
    pool: PgPool,
) {
    let site = Site::start(pool.clone()).await;
    let db = &site.upkeep.db;
    system::resume(db, System::Autotask, "mia").await.unwrap();
    measure_once(&site.upkeep).await.unwrap();
    for (reason, used) in [
        (StopReason::Budget, 2),
        (StopReason::Credentials("401".to_owned()), 2),
    ] {
        age(db, &pool, 100.0).await;
        system::clear_stop(db, System::Autotask).await.unwrap();
        let minute = Duration::from_mins(1);
        system::stop(db, System::Autotask, &reason, minute)
            .await
            .unwrap();
        measure_once(&site.upkeep).await.unwrap();
        assert_eq!(budget::usage(db).await.unwrap().used, used, "{reason}");
    }
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_short_window_is_measured_more_often(pool: PgPool) {
    let site = Site::start(pool.clone()).await;
    let db = &site.upkeep.db;
    system::resume(db, System::Autotask, "mia").await.unwrap();
    measure_once(&site.upkeep).await.unwrap();
    age(db, &pool, 2.0).await;
    measure_once(&site.upkeep).await.unwrap();
    assert_eq!(budget::usage(db).await.unwrap().used, 1, "of an hour");
    sqlx::query("update system_state set window_minutes = 1")
        .execute(&pool)
        .await
        .unwrap();
    measure_once(&site.upkeep).await.unwrap();
    assert_eq!(budget::usage(db).await.unwrap().used, 2, "of a minute");
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_loop_that_wakes_a_little_early_measures_all_the_same(pool: PgPool) {
    let site = Site::start(pool.clone()).await;
    let db = &site.upkeep.db;
    system::resume(db, System::Autotask, "mia").await.unwrap();
    measure_once(&site.upkeep).await.unwrap();
    let every = site.upkeep.timing.measure.as_secs_f64().min(90.0);
    age(db, &pool, every * 0.95).await;
    measure_once(&site.upkeep).await.unwrap();
    assert_eq!(budget::usage(db).await.unwrap().used, 2);
    site.stop().await;
}
