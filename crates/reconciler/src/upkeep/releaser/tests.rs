use domain::{Cause, System};
use sqlx::PgPool;
use store::lookup::{self, MapRow};

use super::*;
use crate::upkeep::testing::{Site, queue, ticket, unmapped};

async fn map(site: &Site, value: &str) {
    let row = MapRow {
        list: "status".to_owned(),
        system: System::Autotask,
        value: value.to_owned(),
        to_value: Some("Booked".to_owned()),
        path: None,
        decided_by: "mia".to_owned(),
    };
    lookup::set_map(&site.upkeep.db, &row).await.unwrap();
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_mapped_status_lets_go_of_what_waited_for_it_and_of_nothing_else(pool: PgPool) {
    let site = Site::start(pool).await;
    site.hold(&ticket(1), &[unmapped("8")]).await;
    site.hold(&ticket(2), &[unmapped("9")]).await;
    release_once(&site.upkeep).await.unwrap();
    assert_eq!(site.waiting(&queue()).await, 0, "nothing is solved");

    map(&site, "8").await;
    release_once(&site.upkeep).await.unwrap();
    let events = site.events(1).await;
    assert_eq!(events.len(), 1);
    assert_eq!(
        (&events[0].key, events[0].cause),
        (&ticket(1), Cause::Replay)
    );
    release_once(&site.upkeep).await.unwrap();
    assert_eq!(site.waiting(&queue()).await, 0, "told once");
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_change_of_the_mapping_is_noticed_at_once(pool: PgPool) {
    let site = Site::start(pool).await;
    let releaser = Releaser::default();
    site.hold(&ticket(1), &[unmapped("8")]).await;
    releaser.step(&site.upkeep).await.unwrap();
    assert_eq!(site.waiting(&queue()).await, 0);
    // The minute is not over.
    map(&site, "8").await;
    releaser.step(&site.upkeep).await.unwrap();
    assert_eq!(site.events(1).await.len(), 1);
    site.stop().await;
}
