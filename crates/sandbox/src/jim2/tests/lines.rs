//! Stock, labour and comments of a job.

use serde_json::json;

use super::site::Site;

#[tokio::test]
async fn jim2_prices_a_line_that_has_no_price() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    let path = format!("jobs/{job}/stock");
    let line = json!({ "stockCode": "lab.onsite", "qty": 1.5 });
    let reply = site.add(&path, "JobStock", line).await;
    let told = reply.attributes();
    assert_eq!(told["stockCode"], "LAB.ONSITE");
    assert_eq!(told["qty"], "1.5000");
    assert_eq!(told["suppliedQty"], "1.5000");
    assert_eq!(told["unitPriceTF"], "185.0000");
    assert_eq!(told["unitPriceTP"], "203.5000");
    assert_eq!(told["unitPrice"], "185.0000");

    let line = format!("{path}/{job}-1");
    let reply = site.patch(&line, "JobStock", json!({ "qty": "2" })).await;
    assert_eq!(
        reply.attributes()["unitPriceTF"],
        "185.0000",
        "never re-priced"
    );
    assert_eq!(reply.attributes()["suppliedQty"], "1.5000", "independent");
    let reply = site
        .patch(&line, "JobStock", json!({ "unitPriceTF": 0 }))
        .await;
    assert_eq!(reply.attributes()["unitPriceTP"], "0.0000");
    site.stop().await;
}

#[tokio::test]
async fn a_tax_inclusive_job_rounds_the_price_with_tax() {
    let site = Site::new().await;
    let job = site.job(json!({ "TaxInc": true })).await;
    let line = json!({ "stockCode": "PARTS", "unitPriceTF": 10.123 });
    let reply = site
        .add(&format!("jobs/{job}/stock"), "JobStock", line)
        .await;
    let told = reply.attributes();
    assert_eq!(told["unitPriceTP"], "11.1400");
    assert_eq!(told["unitPrice"], "11.1400");
    assert_eq!(told["unitPriceTF"], "10.1273");
    site.stop().await;
}

#[tokio::test]
async fn stock_lines_refuse_what_is_fixed_or_unknown() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    let path = format!("jobs/{job}/stock");
    let reply = site
        .add(&path, "JobStock", json!({ "stockCode": "NOPE" }))
        .await;
    assert_eq!(reply.refusal(), (422, "unknown-stock"));
    let reply = site.add(&path, "JobStock", json!({ "qty": 1 })).await;
    assert_eq!(reply.refusal(), (422, "field-required"));
    site.add(&path, "JobStock", json!({ "stockCode": "PARTS" }))
        .await;
    let line = format!("{path}/{job}-1");
    for (attributes, code) in [
        (json!({ "stockCode": "TRAVEL" }), "attribute-create-only"),
        (json!({ "unit": "BOX" }), "attribute-read-only"),
        (json!({ "taxCode": "N" }), "attribute-unknown"),
    ] {
        let reply = site.patch(&line, "JobStock", attributes).await;
        assert_eq!(reply.refusal(), (403, code));
    }
    assert_eq!(site.delete(&line).await.status, 204);
    assert_eq!(site.delete(&line).await.status, 404);
    let again = site
        .add(&path, "JobStock", json!({ "stockCode": "PARTS" }))
        .await;
    assert_eq!(
        again.body["data"]["id"],
        format!("{job}-2"),
        "ids are not used again"
    );
    site.stop().await;
}

#[tokio::test]
async fn labour_is_added_and_changed_but_never_deleted() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    let path = format!("jobs/{job}/labour");
    let who = site.initials().await;
    let line = json!({
        "start": "2026-11-23T09:00:00", "hours": 0, "minutes": 45,
        "labourType": "Remote", "labourInit": who, "comment": "Reset it",
    });
    let reply = site.add(&path, "JobLabour", line).await;
    assert_eq!(reply.status, 201);
    assert_eq!(reply.attributes()["start"], "2026-11-23T09:00:00");
    assert_eq!(reply.attributes()["addInit"], "API");
    assert_eq!(
        reply.attributes()["addDate"],
        "2026-11-23T10:00:00.000000+11:00"
    );

    let line = format!("{path}/{job}-1");
    assert_eq!(
        site.get(&line).await.attributes()["addDate"],
        "2026-11-23T10:00:00"
    );
    let reply = site
        .patch(&line, "JobLabour", json!({ "minutes": 50 }))
        .await;
    assert_eq!(reply.attributes()["minutes"], 50);
    for (attributes, code) in [
        (json!({ "minutes": 60 }), "wrong-type"),
        (json!({ "labourType": "Chat" }), "unknown-labour-type"),
        (json!({ "labourInit": "ZZZ" }), "unknown-user"),
    ] {
        let reply = site.patch(&line, "JobLabour", attributes).await;
        assert_eq!(reply.refusal(), (422, code));
    }
    assert_eq!(
        site.delete(&line).await.refusal(),
        (405, "method-not-allowed")
    );
    site.stop().await;
}

#[tokio::test]
async fn the_id_of_a_deleted_line_is_not_used_again() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    for expected in [2, 3] {
        let set = json!({ "jobNo": job, "comment": "Typed in error" });
        let body = json!({ "entity": "JobComment", "by": "JC", "set": set });
        let made = site.hands("create", body).await;
        let id = json!(format!("{job}-{expected}"));
        assert_eq!(made.body["id"], id);
        let gone = json!({ "entity": "JobComment", "id": id, "by": "JC" });
        assert_eq!(site.hands("delete", gone).await.status, 200);
    }
    site.stop().await;
}

#[tokio::test]
async fn comments_are_read_only_unless_switched_on() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    let path = format!("jobs/{job}/comments");
    let reply = site
        .add(&path, "JobComment", json!({ "comment": "Hello" }))
        .await;
    assert_eq!(reply.refusal(), (405, "method-not-allowed"));
    let one = site.get(&format!("{path}/{job}-1")).await;
    assert_eq!(one.attributes()["status"], "Booked");
    site.stop().await;

    let site = Site::with(|options| options.job_comments_writable = true).await;
    let job = site.job(json!({})).await;
    let path = format!("jobs/{job}/comments");
    let reply = site
        .add(&path, "JobComment", json!({ "comment": "Hello" }))
        .await;
    assert_eq!(reply.status, 201);
    assert_eq!(reply.attributes()["status"], "");
    let line = format!("{path}/{job}-2");
    let reply = site
        .patch(&line, "JobComment", json!({ "include": true }))
        .await;
    assert_eq!(reply.attributes()["include"], true);
    let reply = site
        .patch(&line, "JobComment", json!({ "status": "Call" }))
        .await;
    assert_eq!(reply.refusal(), (403, "attribute-read-only"));
    site.stop().await;
}

#[tokio::test]
async fn numbers_too_large_to_reckon_with_are_refused() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    let path = format!("jobs/{job}/stock");
    for field in [
        "qty",
        "suppliedQty",
        "unitPrice",
        "unitPriceTF",
        "unitPriceTP",
    ] {
        for number in [
            "79228162514264337593543950335",
            "-79228162514264337593543950335",
            "1000000000",
        ] {
            let line = json!({ "stockCode": "PARTS", field: number });
            let reply = site.add(&path, "JobStock", line).await;
            assert_eq!(reply.refusal(), (422, "wrong-type"), "{field} {number}");
        }
        let line = json!({ "stockCode": "PARTS", field: "999999999.9999" });
        assert_eq!(
            site.add(&path, "JobStock", line).await.status,
            201,
            "{field}"
        );
    }
    site.stop().await;
}

/// A job with a line of each kind, which `state` then closes to everybody.
async fn closed_job(site: &Site, state: &str) -> i64 {
    let job = site.job(json!({})).await;
    let labour = json!({ "labourType": "Remote", "labourInit": site.initials().await });
    for (kind, name, line) in [
        ("stock", "JobStock", json!({ "stockCode": "TRAVEL" })),
        ("labour", "JobLabour", labour),
        ("comments", "JobComment", json!({ "comment": "Hello" })),
    ] {
        let reply = site.add(&format!("jobs/{job}/{kind}"), name, line).await;
        assert_eq!(reply.status, 201, "{kind}");
    }
    if state == "job-locked" {
        site.hands("lock", json!({ "job": job, "by": "JC" })).await;
        return job;
    }
    site.walk(job, &["Proceed", "Checked", "FINISH"]).await;
    site.hands("ready", json!({ "job": job })).await;
    if state == "job-invoiced" {
        site.hands("invoice", json!({ "jobs": [job] })).await;
    }
    job
}

#[tokio::test]
async fn lines_of_a_locked_ready_or_invoiced_job_take_no_write() {
    let site = Site::with(|options| options.job_comments_writable = true).await;
    let who = site.initials().await;
    for (state, status) in [
        ("job-locked", 423),
        ("job-ready", 409),
        ("job-invoiced", 409),
    ] {
        let job = closed_job(&site, state).await;
        let before = site.look("state").await;
        for (kind, name, line, change, id) in [
            (
                "stock",
                "JobStock",
                json!({ "stockCode": "PARTS" }),
                json!({ "qty": 2 }),
                1,
            ),
            (
                "labour",
                "JobLabour",
                json!({ "labourType": "Remote", "labourInit": who }),
                json!({ "minutes": 5 }),
                1,
            ),
            (
                "comments",
                "JobComment",
                json!({ "comment": "x" }),
                json!({ "comment": "y" }),
                2,
            ),
        ] {
            let path = format!("jobs/{job}/{kind}");
            let one = format!("{path}/{job}-{id}");
            let added = site.add(&path, name, line).await;
            assert_eq!(added.refusal(), (status, state), "POST {kind}");
            let changed = site.patch(&one, name, change).await;
            assert_eq!(changed.refusal(), (status, state), "PATCH {kind}");
            let deleted = site.delete(&one).await;
            let expected = if kind == "stock" {
                (status, state)
            } else {
                (405, "method-not-allowed")
            };
            assert_eq!(deleted.refusal(), expected, "DELETE {kind}");
        }
        assert_eq!(site.look("state").await, before, "{state}");
    }
    site.stop().await;
}
