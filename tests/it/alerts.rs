//! People are told what needs them.

use serde_json::{Value, json};

use crate::system::{Doorway, LATER, Site, System, eventually, only_if};

/// The issue type `Telephony`, for which `connect` has no proposal.
const TELEPHONY: i64 = 15;
/// The part of an address that nobody else knows.
const SECRET: &str = "a-path-that-only-the-alerts-of-this-site-know";

/// The next message that comes to whoever takes them.
async fn next(desk: &Doorway) -> Value {
    eventually(LATER, "somebody is told", async || {
        let calls = desk.calls();
        only_if(!calls.is_empty(), "nobody was told").map(|()| calls)
    })
    .await
    .into_iter()
    .map(|call| serde_json::from_slice(&call.body).unwrap())
    .next()
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_item_is_told_of_once_and_once_that_it_went_on() {
    let system = System::connected(Site::default()).await;
    let desk = Doorway::before("http://127.0.0.1:1".to_owned()).await;
    desk.hold();
    let address = format!("{}/{SECRET}", desk.url());
    let settings = [
        ("ALERTS_WEBHOOK_URL", address.as_str()),
        ("ALERTS_PATIENCE_MINUTES", "0"),
    ];
    system.serve_with(&settings).await;
    system.settle().await;
    desk.calls();

    let (company, _) = system.hands.customer().await;
    let set = json!({"companyID": company, "title": "Nobody mapped this", "issueType": TELEPHONY});
    let ticket = system.hands.raise_with(set).await;
    let raised = next(&desk).await;
    assert_eq!(raised["what"], "raised", "{raised}");
    let subject = raised["subject"].as_str().unwrap();
    assert!(subject.starts_with("1 record waits: "), "{raised}");
    let text = raised["text"].as_str().unwrap();
    assert!(text.contains("crossbill lookups set issueType"), "{raised}");
    assert!(text.contains("continues by itself"), "{raised}");
    assert_eq!(raised["causes"][0]["companies_in_all"], 1, "{raised}");
    assert!(text.starts_with("Affected: "), "{raised}");
    let alerts = system.crossbill(&["alerts"]).await;
    assert!(alerts.contains(subject), "{alerts}");
    assert!(alerts.contains("Told by webhook"), "{alerts}");

    let map = [
        "lookups",
        "set",
        "issueType",
        "autotask",
        "Telephony",
        "NETWORK",
    ];
    system.crossbill(&map).await;
    system.hands.job_of(&ticket, LATER).await;
    let resolved = next(&desk).await;
    assert_eq!(resolved["what"], "resolved", "{resolved}");
    assert_eq!(
        resolved["causes"][0]["identity"],
        raised["causes"][0]["identity"]
    );
    let digest = system.crossbill(&["digest"]).await;
    assert!(digest.contains("1 ticket"), "what went on: {digest}");
    system.quiet().await;
    assert_eq!(desk.calls(), [], "nobody is told twice");
}
