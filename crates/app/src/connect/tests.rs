//! `connect` against both stand-ins, a database and a broker of its own each.

mod choosing;
mod deciding;
mod forms;
mod lacking;
mod making;
mod stage;
mod trouble;

use domain::System;
use serde_json::json;
use sqlx::PgPool;

use self::stage::{Stage, args};

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_fresh_site_is_connected_and_a_second_time_changes_nothing(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let before = stage.records().await;
    let told = stage.connect(args()).await.unwrap();
    assert!(told.contains("connected and paused"), "{told}");
    let first = stage.stored().await;
    assert!(
        first.pairs.iter().any(|(kind, _)| kind == "company"),
        "{told}"
    );
    assert!(
        first.pairs.iter().any(|(kind, _)| kind == "contact"),
        "{told}"
    );
    assert!(
        first.pairs.iter().any(|(kind, _)| kind == "ticket"),
        "{told}"
    );
    assert_eq!(
        first.settings["autotask.resource_id"],
        json!(sandbox::autotask::API_RESOURCE)
    );
    assert_eq!(first.settings["jim2.initials"], json!("API"));
    assert_eq!(first.settings["jim2.named_queries"], json!(true));
    assert_eq!(first.settings["jim2.sales_items"], json!(["SALE"]));
    assert_eq!(first.settings["note.publish.customer"], json!([1, 4]));
    assert_eq!(
        first.maps[&("status".to_owned(), System::Autotask, "8".to_owned())],
        Some("Proceed".to_owned())
    );
    assert_eq!(
        first.maps[&("issueType".to_owned(), System::Autotask, String::new())],
        Some("SERVICE".to_owned())
    );
    assert_eq!(
        first.maps[&("status".to_owned(), System::Jim2, "FINISH".to_owned())],
        None
    );
    assert_eq!(first.webhooks.len(), 5);
    assert!(
        first
            .webhooks
            .iter()
            .all(|webhook| webhook.is_active && webhook.is_ready),
        "{told}"
    );
    let watched = stage.watched().await;

    let told = stage.connect(args()).await.unwrap();
    assert!(told.contains("0 webhooks made, 5 mended"), "{told}");
    assert!(told.contains("company: 0 linked"), "{told}");
    assert_eq!(stage.stored().await, first);
    assert_eq!(stage.watched().await, watched, "no field is watched twice");
    assert_eq!(
        stage.records().await,
        before,
        "no record of either system is written"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn without_named_queries_it_goes_on_and_says_what_to_send_to_happen(pool: PgPool) {
    let stage = Stage::with(pool, |_| (), |jim2| jim2.named_queries = false).await;
    let told = stage.connect(args()).await.unwrap();
    assert!(
        told.contains("which Item# their jobs get"),
        "no list, no default Item: {told}"
    );
    assert!(told.contains("Happen support: please install"), "{told}");
    assert!(told.contains("crossbill_changes"), "{told}");
    let stored = stage.stored().await;
    assert_eq!(stored.settings["jim2.named_queries"], json!(false));
    assert!(
        stored.pairs.iter().any(|(kind, _)| kind == "company"),
        "{told}"
    );
    assert!(
        stored.pairs.iter().any(|(kind, _)| kind == "ticket"),
        "{told}"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn poll_only_needs_no_address_and_makes_no_webhooks(pool: PgPool) {
    let mut stage = Stage::new(pool).await;
    stage.kit.public_url = None;
    let error = stage.connect(args()).await.unwrap_err();
    assert!(
        error.contains("INGRESS_PUBLIC_URL") && error.contains("--poll-only"),
        "{error}"
    );
    let mut polling = args();
    polling.poll_only = true;
    let told = stage.connect(polling).await.unwrap();
    assert!(told.contains("no webhooks"), "{told}");
    assert!(stage.stored().await.webhooks.is_empty());
    assert_eq!(
        stage.stored().await.settings["autotask.poll_only"],
        json!(true)
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_webhook_that_was_tampered_with_is_mended(pool: PgPool) {
    let stage = Stage::new(pool).await;
    stage.connect(args()).await.unwrap();
    let before = stage.watched().await;
    stage.spoil_webhooks().await;
    assert_ne!(stage.watched().await, before);
    stage.connect(args()).await.unwrap();
    assert_eq!(stage.watched().await, before);
    assert!(
        stage
            .stored()
            .await
            .webhooks
            .iter()
            .all(|webhook| webhook.is_active)
    );
}
