//! What the people who run a Jim2 change: statuses, stock, builds, and the database itself.

use serde_json::{Value, json};

use super::site::Site;

#[tokio::test]
async fn the_workflow_can_be_changed_while_it_runs() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    let added =
        json!({ "status": "Approve", "level": 4, "from": ["Booked"], "links": ["Proceed"] });
    assert_eq!(site.hands("status", added).await.status, 200);
    for status in ["Approve", "Proceed"] {
        let reply = site.patch_job(job, json!({ "Status": status })).await;
        assert_eq!(reply.status, 200, "{status}: {reply:?}");
    }
    let cut = json!({ "status": "Proceed", "links": ["Checked"], "level": 9 });
    site.hands("status", cut).await;
    let reply = site.patch_job(job, json!({ "Status": "WAIT" })).await;
    assert_eq!(reply.refusal(), (422, "status-not-linked"));
    site.fault(json!({ "name": "api-level", "value": 8 })).await;
    let reply = site.patch_job(job, json!({ "CustRef": "x" })).await;
    assert_eq!(
        reply.refusal(),
        (403, "status-level"),
        "it stands on level 9"
    );
    let lists = site.query("crossbill_lists").await;
    let is_link = |row: &&Value| row["List"] == "StatusLink" && row["Code"] == "Proceed";
    assert_eq!(lists[0].iter().filter(is_link).count(), 1);
    for body in [
        json!({ "status": "" }),
        json!({ "status": "Longer than ten" }),
        json!({ "status": "QA", "links": ["Nowhere"] }),
        json!({ "status": "QA", "from": ["Nowhere"] }),
        json!({ "status": "QA", "level": 11 }),
        json!({ "status": "QA", "end": "yes" }),
    ] {
        assert_eq!(
            site.hands("status", body.clone()).await.status,
            400,
            "{body}"
        );
    }
    site.stop().await;
}

#[tokio::test]
async fn stock_may_be_withdrawn_special_and_priced_anew() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    let path = format!("jobs/{job}/stock");
    let add = async |code: &str| {
        let line = json!({ "stockCode": code });
        site.add(&path, "JobStock", line).await
    };
    site.hands("stock", json!({ "code": "SSD.1TB", "active": false }))
        .await;
    assert_eq!(add("ssd.1tb").await.refusal(), (422, "stock-inactive"));
    site.fault(json!({ "name": "stock-inactive", "value": "TRAVEL+PARTS" }))
        .await;
    assert_eq!(add("TRAVEL").await.refusal(), (422, "stock-inactive"));
    site.fault(json!({ "name": "stock-inactive", "on": false }))
        .await;
    assert_eq!(add("TRAVEL").await.status, 201);
    site.hands("stock", json!({ "code": "CABLE.CAT6", "special": true }))
        .await;
    let special = add("CABLE.CAT6").await;
    let told = special.attributes();
    assert_eq!(
        (&told["unitPriceTF"], &told["description"]),
        (&json!("0.0000"), &json!(""))
    );
    site.hands("stock", json!({ "code": "PARTS", "price": "12.5" }))
        .await;
    assert_eq!(add("PARTS").await.attributes()["unitPriceTF"], "12.5000");
    for body in [
        json!({ "code": "NOPE" }),
        json!({ "code": "PARTS", "price": -1 }),
        json!({ "code": "PARTS", "active": "no" }),
    ] {
        assert_eq!(
            site.hands("stock", body.clone()).await.status,
            400,
            "{body}"
        );
    }
    site.stop().await;
}

#[tokio::test]
async fn the_build_decides_how_contacts_are_numbered() {
    for (build, is_long) in [
        ("9148", false),
        ("9288", false),
        ("9804", true),
        ("9900", true),
    ] {
        let site = Site::with(|options| options.build = build.into()).await;
        let path = format!("cardfiles/{}/contacts", site.customer().await);
        let made = site
            .add(
                &path,
                "CardFileContact",
                json!({ "displayName": "Reception" }),
            )
            .await;
        let id = made.body["data"]["id"].as_str().unwrap();
        assert_eq!(id.contains('-'), is_long, "{build}: {id}");
        site.stop().await;
    }
}

/// What is in the database, without who has what open.
async fn records(site: &Site) -> Value {
    let mut state = site.look("state").await;
    state["now"] = Value::Null;
    state
}

#[tokio::test]
async fn last_nights_backup_takes_the_place_of_the_database() {
    let mut site = Site::new().await;
    let kept = site.job(json!({ "OurRef": "kept" })).await;
    assert_eq!(site.hands("backup", json!({})).await.status, 200);
    let last_night = records(&site).await;
    let lost = site.job(json!({ "OurRef": "lost" })).await;
    site.patch_job(kept, json!({ "CustRef": "today" })).await;
    let card = json!({ "name": "Made today", "customer": {} });
    let made = site.post("cardfilecreate?Queue=true", card.clone()).await;
    assert_eq!(made.status, 202);
    site.hands("lock", json!({ "job": kept, "by": "JC" })).await;
    site.hands("hold-transaction", json!({})).await;
    site.hands("stock", json!({ "code": "PARTS", "active": false }))
        .await;

    let restored = site.hands("restore", json!({})).await;
    assert_eq!(restored.body, json!({ "epoch": 2 }));
    assert_eq!(records(&site).await, last_night);
    assert_eq!(site.look("queue").await, json!([]));
    assert_eq!(site.get("jobs").await.status, 401, "nobody is signed in");
    let token = site.sign_in("all").await;
    site.use_token(&token.body["access_token"]);
    assert_eq!(
        site.job(json!({ "OurRef": "again" })).await,
        lost,
        "numbers are given again"
    );
    assert_eq!(
        site.patch_job(kept, json!({ "CustRef": "x" })).await.status,
        200,
        "nobody edits"
    );
    let line = json!({ "stockCode": "PARTS" });
    let line = site
        .add(&format!("jobs/{kept}/stock"), "JobStock", line)
        .await;
    assert_eq!(line.status, 201);
    site.stop().await;
}

#[tokio::test]
async fn a_restore_may_tell_nobody_and_needs_a_backup() {
    let site = Site::new().await;
    assert_eq!(site.hands("restore", json!({})).await.status, 400);
    site.fault(json!({ "name": "restored", "count": 1, "value": "epoch-kept" }))
        .await;
    assert_eq!(site.get("jobs").await.status, 200, "no backup, so it waits");
    site.fault(json!({ "name": "restored", "on": false })).await;
    site.hands("backup", json!({})).await;
    let job = site.job(json!({})).await;
    site.fault(json!({ "name": "restored", "count": 1, "value": "epoch-kept" }))
        .await;
    assert_eq!(
        site.get(&format!("jobs/{job}")).await.status,
        401,
        "restored just before"
    );
    assert_eq!(site.record("Job", &json!(job)).await, Value::Null);
    let kept = site.hands("restore", json!({ "raiseEpoch": false })).await;
    assert_eq!(kept.body, json!({ "epoch": 1 }));
    site.stop().await;
}
