use sqlx::PgPool;

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
