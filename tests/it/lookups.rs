//! What a site's lists do not say yet.

use serde_json::{Value, json};

use crate::system::{SOON, Site, System, eventually, only_if, text};

/// The issue type `Telephony`, for which `connect` has no proposal.
const TELEPHONY: i64 = 15;

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_mapping_holds_a_ticket_until_it_is_mended() {
    let system = System::start(Site::default()).await;
    let (company, _) = system.hands.customer().await;
    let ticket = system
        .hands
        .raise_with(
            json!({"companyID": company, "title": "Nobody mapped this", "issueType": TELEPHONY}),
        )
        .await;
    let other = system.hands.raise("Somebody mapped this").await;

    let held = eventually(SOON, "the ticket is held", async || {
        let held = system
            .crossbill(&["held", "list", "--items", "--json"])
            .await;
        only_if(held.contains(&ticket.number), &held).map(|()| held)
    })
    .await;
    assert!(
        !held.contains(&other.number),
        "what has no problem is not held: {held}"
    );
    system.hands.job_of(&other, SOON).await;
    assert!(system.hands.jobs_of(&ticket).await.is_empty());
    let problems = system.crossbill(&["held", "list", "--json"]).await;
    let problems: Value = serde_json::from_str(&problems).unwrap();
    let told = problems.to_string();
    assert!(
        told.contains("Telephony") || told.contains("15"),
        "it names the value: {told}"
    );
    assert!(
        told.contains("crossbill lookups set"),
        "and the remedy: {told}"
    );

    system
        .crossbill(&[
            "lookups",
            "set",
            "issueType",
            "autotask",
            "Telephony",
            "NETWORK",
        ])
        .await;

    let number = system.hands.job_of(&ticket, SOON).await;
    assert_eq!(
        text(&system.hands.job(&number).await, "ItemCode"),
        "NETWORK"
    );
    system.quiet().await;
    let held = system
        .crossbill(&["held", "list", "--items", "--json"])
        .await;
    assert!(!held.contains(&ticket.number), "it is held no more: {held}");
}
