//! `jobcreate`, the eBusiness queue and its protection from duplicates.

use serde_json::{Value, json};

use super::site::Site;
use crate::jim2::Queueing;

async fn body(site: &Site) -> Value {
    json!({
        "jobType": "Incident",
        "customer": { "cardNo": site.customer().await },
        "dateDue": "2026-12-01",
        "item": { "code": "PRINTER" },
        "status": "Proceed",
        "priority": "High",
        "ourRef": "T20261123.0009",
        "custRefNo": "PO 1",
        "faultDesc": "Paper jam",
        "name": site.initials().await,
        "attn": "Kim",
    })
}

/// A Jim2 whose `jobcreate` takes what no document shows.
async fn generous() -> Site {
    Site::with(|options| *options = options.clone().taking_every_jobcreate_field()).await
}

async fn jobs_with(site: &Site, reference: &str) -> Vec<String> {
    let list = site.get(&format!("jobs?filter[OurRef]={reference}")).await;
    list.ids().into_iter().map(str::to_owned).collect()
}

async fn queue(site: &Site) -> Value {
    site.look("queue").await
}

/// Waits until nothing on the queue is waiting: the background step runs when it runs.
async fn processed(site: &Site) -> Value {
    loop {
        let queue = queue(site).await;
        let requests = queue.as_array().unwrap();
        if requests.iter().all(|one| one["progress"] != "Waiting") {
            return queue;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_job_is_created_at_once_with_all_its_fields() {
    let site = generous().await;
    let reply = site.post("jobcreate", body(&site).await).await;
    assert_eq!(reply.status, 201);
    let job = site.record("Job", &reply.body["jobNo"]).await;
    assert_eq!(job["DateDue"], "2026-12-01T00:00:00");
    assert_eq!(job["ItemCode"], "PRINTER");
    assert_eq!(job["ItemDesc"], "Printer service");
    assert_eq!(job["Status"], "Proceed");
    assert_eq!(job["CustRef"], "PO 1");
    assert_eq!(job["FaultDesc"], "Paper jam");
    assert_eq!(job["Attn"], "Kim");
    assert_eq!(job["ShipNo"], job["CustNo"]);
    assert_eq!(job["madeBy"], "API");
    site.stop().await;
}

#[tokio::test]
async fn jobcreate_refuses_what_it_cannot_use() {
    let site = Site::with(|options| {
        *options = options.clone().taking_every_jobcreate_field();
        options.jobcreate_takes.remove("itemDesc");
    })
    .await;
    let customer = site.customer().await;
    let card = json!({ "cardNo": customer });
    for (body, code) in [
        (json!({}), "customer-required"),
        (json!({ "customer": {} }), "card-required"),
        (json!({ "customer": { "cardNo": 9 } }), "unknown-card"),
        (
            json!({ "customer": { "cardCode": "NO.SUCH" } }),
            "unknown-card",
        ),
        (
            json!({ "customer": { "cardNo": customer, "cardCode": "U.API" } }),
            "card-mismatch",
        ),
        (
            json!({ "customer": card, "dateDue": "2026-12-01T10:00:00" }),
            "wrong-type",
        ),
        (
            json!({ "customer": card, "status": "Checked" }),
            "status-not-linked",
        ),
        (
            json!({ "customer": card, "item": { "code": "SW" } }),
            "unknown-item",
        ),
        (json!({ "customer": card, "name": "ZZZ" }), "unknown-user"),
        (json!({ "customer": card, "stock": [] }), "unknown-field"),
        (
            json!({ "customer": card, "itemDesc": "switched off" }),
            "unknown-field",
        ),
    ] {
        let reply = site.post("jobcreate", body.clone()).await;
        assert_eq!(reply.refusal(), (422, code), "{body}");
    }
    site.stop().await;
}

#[tokio::test]
async fn a_queued_request_is_accepted_and_processed_in_the_background() {
    let site = generous().await;
    let reply = site.post("jobcreate?Queue=true", body(&site).await).await;
    assert_eq!(
        (reply.status, &reply.body),
        (202, &json!({ "requestNo": 1 }))
    );
    let queue = processed(&site).await;
    assert_eq!(queue[0]["progress"], "Processed");
    assert_eq!(jobs_with(&site, "T20261123.0009").await.len(), 1);

    let bad = json!({ "customer": { "cardNo": 9 } });
    assert_eq!(site.post("jobcreate?Queue=1", bad).await.status, 202);
    let queue = processed(&site).await;
    assert_eq!(queue[1]["message"], "There is no cardfile 9.");
    site.stop().await;
}

#[tokio::test]
async fn the_same_submit_ref_is_accepted_once() {
    let site = generous().await;
    let first = site
        .post("jobcreate?Queue=t&SubmitRefId=cb-1", body(&site).await)
        .await;
    assert_eq!(first.status, 202);
    let again = site
        .post("jobcreate?Queue=t&SubmitRefId=cb-1", body(&site).await)
        .await;
    assert_eq!(again.refusal(), (409, "duplicate-submit-ref"));
    let mut in_body = body(&site).await;
    in_body["submitRefId"] = "cb-1".into();
    let again = site.post("jobcreate?Queue=t", in_body.clone()).await;
    assert_eq!(again.status, 409);
    let differ = site
        .post("jobcreate?Queue=t&SubmitRefId=cb-2", in_body)
        .await;
    assert_eq!(differ.refusal(), (400, "submit-ref-mismatch"));
    let alone = site
        .post("jobcreate?SubmitRefId=cb-3", body(&site).await)
        .await;
    assert_eq!(alone.refusal(), (400, "submit-ref-without-queue"));
    processed(&site).await;
    assert_eq!(jobs_with(&site, "T20261123.0009").await.len(), 1);
    site.stop().await;
}

#[tokio::test]
async fn a_repeat_may_get_the_first_answer_again() {
    let site = Site::with(|options| options.duplicate_answers_first = true).await;
    for _ in 0..2 {
        let reply = site
            .post("jobcreate?Queue=t&SubmitRefId=cb-1", body(&site).await)
            .await;
        assert_eq!((reply.status, &reply.body["requestNo"]), (202, &json!(1)));
    }
    site.stop().await;
}

#[tokio::test]
async fn processing_again_doubles_unless_the_reference_is_in_the_body() {
    let site = generous().await;
    site.post("jobcreate?Queue=t&SubmitRefId=cb-1", body(&site).await)
        .await;
    let mut protected = body(&site).await;
    protected["submitRefId"] = "cb-2".into();
    protected["ourRef"] = "protected".into();
    site.post("jobcreate?Queue=t&SubmitRefId=cb-2", protected)
        .await;
    processed(&site).await;

    let again = site.hands("reprocess", json!({ "requestNo": 1 })).await;
    assert_eq!(again.status, 200);
    assert_eq!(jobs_with(&site, "T20261123.0009").await.len(), 2);
    let again = site.hands("reprocess", json!({ "requestNo": 2 })).await;
    assert_eq!(again.status, 422);
    assert_eq!(jobs_with(&site, "protected").await.len(), 1);
    assert_eq!(queue(&site).await[1]["progress"], "Processed");
    site.stop().await;
}

#[tokio::test]
async fn a_held_or_failing_queue_waits_for_an_operator() {
    for (queueing, progress) in [(Queueing::Held, "Waiting"), (Queueing::Failing, "Failed")] {
        let site = Site::with(|options| {
            *options = options.clone().taking_every_jobcreate_field();
            options.queueing = queueing;
        })
        .await;
        let reply = site.post("jobcreate?Queue=true", body(&site).await).await;
        assert_eq!(reply.status, 202);
        assert_eq!(queue(&site).await[0]["progress"], progress);
        assert_eq!(jobs_with(&site, "T20261123.0009").await.len(), 0);
        site.hands("reprocess", json!({ "requestNo": 1 })).await;
        assert_eq!(jobs_with(&site, "T20261123.0009").await.len(), 1);
        site.stop().await;
    }
}

#[tokio::test]
async fn jobcreate_takes_what_the_documents_show_and_each_other_field_only_when_told_to() {
    let (site, taking) = (Site::new().await, generous().await);
    let customer = json!({ "cardNo": site.customer().await });
    let shown = [
        ("jobType", json!("Incident")),
        ("shipTo", customer.clone()),
        ("from", customer.clone()),
        ("dateDue", json!("2026-12-01")),
        ("accountMgr", json!(site.initials().await)),
        ("status", json!("Proceed")),
        ("custRefNo", json!("PO 1")),
        ("ourRef", json!("T1")),
        ("serialNo", json!("S1")),
        ("shipAttn", json!("Kim")),
    ];
    let others = [
        ("item", json!({ "code": "SERVER" })),
        ("priority", json!("High")),
        ("custRef", json!("PO 1")),
        ("faultDesc", json!("Smoke")),
        ("invoiceDesc", json!("Smoke")),
        ("itemDesc", json!("Smoke")),
        ("name", json!(site.initials().await)),
        ("attn", json!("Kim")),
    ];
    for (name, value) in &shown {
        let body = json!({ "customer": customer, *name: value });
        assert_eq!(site.post("jobcreate", body).await.status, 201, "{name}");
    }
    for (name, value) in &others {
        let body = json!({ "customer": customer, *name: value });
        let refused = site.post("jobcreate", body.clone()).await;
        assert_eq!(refused.refusal(), (422, "unknown-field"), "{name}");
        assert_eq!(refused.pointer(), format!("/{name}"));
        assert_eq!(taking.post("jobcreate", body).await.status, 201, "{name}");
    }
    site.stop().await;
    taking.stop().await;
}

#[tokio::test]
async fn what_only_the_page_of_quotes_shows_can_be_refused() {
    let site = Site::with(|options| {
        options.jobcreate_refuses.insert("ourRef".into());
    })
    .await;
    let customer = json!({ "cardNo": site.customer().await });
    let reply = site
        .post("jobcreate", json!({ "customer": customer, "ourRef": "T1" }))
        .await;
    assert_eq!(reply.refusal(), (422, "unknown-field"));
    site.stop().await;
}

#[tokio::test]
async fn a_request_number_that_cannot_be_is_not_found() {
    let site = generous().await;
    site.post("jobcreate?Queue=true", body(&site).await).await;
    processed(&site).await;
    let again = site.hands("reprocess", json!({ "requestNo": -1 })).await;
    assert_eq!(again.status, 404);
    assert_eq!(jobs_with(&site, "T20261123.0009").await.len(), 1);
    site.stop().await;
}
