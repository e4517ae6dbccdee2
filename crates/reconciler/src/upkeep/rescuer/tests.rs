use domain::Cause;
use sqlx::PgPool;
use store::Taken;

use super::*;
use crate::upkeep::testing::{Site, ticket};

async fn let_claims_run_out(site: &Site) {
    sqlx::query(
        "update pair set claimed_until = now() - interval '1 second' where claimed_by is not null",
    )
    .execute(&site.pool)
    .await
    .unwrap();
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_event_that_met_the_claim_of_a_dead_process_is_published_again(pool: PgPool) {
    let site = Site::start(pool).await;
    let key = ticket(7);
    site.claim(&key).await;
    assert!(matches!(site.try_claim(&key).await, Taken::Busy));
    rescue_once(&site.upkeep).await.unwrap();
    assert!(
        matches!(site.try_claim(&key).await, Taken::Busy),
        "it has not run out"
    );

    let_claims_run_out(&site).await;
    rescue_once(&site.upkeep).await.unwrap();
    let events = site.events(1).await;
    assert_eq!(events.len(), 1);
    assert_eq!((&events[0].key, events[0].cause), (&key, Cause::Rescue));
    assert!(
        claim::expired(&site.upkeep.db, 10)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(rescue_once(&site.upkeep).await.unwrap(), Step::Rest);
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn with_the_broker_away_the_event_is_spilled_and_the_claim_ended(pool: PgPool) {
    let site = Site::start(pool).await;
    let key = ticket(7);
    site.claim(&key).await;
    site.try_claim(&key).await;
    let_claims_run_out(&site).await;
    rescue_once(&site.cut_off()).await.unwrap();
    assert_eq!(store::spill::count(&site.upkeep.db).await.unwrap(), 1);
    assert!(
        claim::expired(&site.upkeep.db, 10)
            .await
            .unwrap()
            .is_empty()
    );
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_claim_on_which_nothing_waits_is_left_alone(pool: PgPool) {
    let site = Site::start(pool).await;
    site.claim(&ticket(7)).await;
    let_claims_run_out(&site).await;
    assert_eq!(rescue_once(&site.upkeep).await.unwrap(), Step::Rest);
    assert_eq!(site.waiting(&crate::upkeep::testing::queue()).await, 0);
    site.stop().await;
}
