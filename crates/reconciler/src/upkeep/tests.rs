use std::time::Duration;

use broker::testing::eventually;
use domain::{Cause, Event, StopReason, System};
use sqlx::PgPool;
use store::{spill, system};

use super::*;
use crate::upkeep::testing::{Site, ticket};

fn quick() -> Timing {
    let soon = Duration::from_millis(20);
    Timing {
        drain: soon,
        rescue: soon,
        mapping: soon,
        file: soon,
        guard: soon,
        look: soon,
        measure: soon,
        tell: soon,
        ..Timing::default()
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn all_loops_run_until_they_are_stopped(pool: PgPool) {
    let site = Site::start(pool).await;
    let event = Event::new(ticket(1), Cause::Live);
    site.cut_off()
        .publish
        .events([event.clone()])
        .await
        .unwrap();
    system::resume(&site.upkeep.db, System::Autotask, "mia")
        .await
        .unwrap();
    let upkeep = Upkeep {
        timing: quick(),
        ..site.upkeep.clone()
    };
    site.tasks.spawn(run(upkeep, site.stop.clone()));
    assert_eq!(site.events(1).await, [event]);
    eventually(async || spill::count(&site.upkeep.db).await.unwrap() == 0).await;
    let usage = async || store::budget::usage(&site.upkeep.db).await.unwrap();
    eventually(async || usage().await.age_seconds.is_some()).await;
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_refusal_of_our_credentials_stops_autotask_for_everybody(pool: PgPool) {
    let site = Site::start(pool).await;
    let refused = autotask::Error::Unauthorized {
        reason: "wrong secret".to_owned(),
    };
    crate::trouble::Trouble::from(refused)
        .heed(&site.upkeep.db)
        .await;
    let [autotask, jim2] = system::state(&site.upkeep.db).await.unwrap();
    let code = autotask.stop.map(|stop| stop.code);
    assert_eq!(
        code.as_deref(),
        Some(StopReason::Credentials(String::new()).as_str())
    );
    assert!(jim2.stop.is_none());
    site.stop().await;
}
