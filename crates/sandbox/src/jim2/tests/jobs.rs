//! A job's header: what can be written, the workflow, and when nothing can.

use serde_json::json;

use super::site::Site;

#[tokio::test]
async fn documented_attributes_can_be_written_and_are_told_back() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    let attributes = json!({
        "CustRef": "PO 77", "OurRef": "T20261123.0001", "Priority": "High", "Type": "Incident",
        "FaultDesc": "It hums.", "InvoiceDesc": "Hum removed", "DateDue": "2026-12-01T17:00:00",
        "TaxInc": true,
    });
    let reply = site.patch_job(job, attributes.clone()).await;
    for (name, value) in attributes.as_object().unwrap() {
        assert_eq!(&reply.attributes()[name], value, "{name}");
    }
    let told = site.record("Job", &json!(job)).await;
    assert_eq!(told["ModifiedBy"], "API");
    site.stop().await;
}

#[tokio::test]
async fn read_only_and_undocumented_attributes_are_refused_by_name() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    for (attribute, code) in [
        ("dateIn", "attribute-read-only"),
        ("prevJobNo", "attribute-read-only"),
        ("Name", "attribute-unknown"),
        ("ItemNo", "attribute-unknown"),
        ("Ready", "attribute-unknown"),
        ("status", "attribute-unknown"),
    ] {
        let reply = site.patch_job(job, json!({ attribute: "x" })).await;
        assert_eq!(reply.refusal(), (403, code), "{attribute}");
        assert_eq!(reply.pointer(), format!("/data/attributes/{attribute}"));
    }
    let told = site.get(&format!("jobs/{job}")).await;
    assert!(told.attributes().get("Name").is_none());
    site.stop().await;
}

#[tokio::test]
async fn a_switch_makes_name_and_item_writable() {
    let site = Site::with(|options| {
        options.name_writable = true;
        options.item_writable = true;
    })
    .await;
    let job = site.job(json!({})).await;
    let initials = site.initials().await;
    let attributes = json!({ "Name": initials, "ItemNo": "NETWORK" });
    let reply = site.patch_job(job, attributes).await;
    assert_eq!(reply.attributes()["Name"], json!(initials));
    assert_eq!(reply.attributes()["ItemNo"], "NETWORK");
    let reply = site.patch_job(job, json!({ "Name": "ZZZ" })).await;
    assert_eq!(reply.refusal(), (422, "unknown-user"));
    let reply = site
        .patch_job(job, json!({ "ItemNo": "SW.Internal" }))
        .await;
    assert_eq!(
        reply.body["errors"][0]["detail"],
        "Item:SW.Internal is not Found!"
    );
    site.stop().await;
}

#[tokio::test]
async fn values_outside_their_lists_and_lengths_are_refused() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    for (attributes, code) in [
        (json!({ "Status": "Waiting Customer" }), "too-long"),
        (json!({ "Status": "Nowhere" }), "unknown-status"),
        (json!({ "Priority": "Urgent" }), "unknown-priority"),
        (json!({ "Type": "Ticket" }), "unknown-type"),
        (json!({ "OurRef": "x".repeat(51) }), "too-long"),
        (json!({ "DateDue": "tomorrow" }), "wrong-type"),
        (json!({ "TaxInc": "yes" }), "wrong-type"),
        (json!({ "CustRef": 7 }), "wrong-type"),
    ] {
        let reply = site.patch_job(job, attributes.clone()).await;
        assert_eq!(reply.refusal(), (422, code), "{attributes}");
    }
    site.stop().await;
}

#[tokio::test]
async fn a_refused_attribute_keeps_the_others_from_being_written() {
    let site = Site::new().await;
    let job = site.job(json!({ "CustRef": "before" })).await;
    let reply = site
        .patch_job(job, json!({ "CustRef": "after", "Status": "FINISH" }))
        .await;
    assert_eq!(reply.status, 422);
    let told = site.get(&format!("jobs/{job}")).await;
    assert_eq!(told.attributes()["CustRef"], "before");
    site.stop().await;
}

#[tokio::test]
async fn statuses_follow_the_workflow_and_leave_stamps() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    let reply = site.patch_job(job, json!({ "Status": "FINISH" })).await;
    assert_eq!(reply.refusal(), (422, "status-not-linked"));
    for status in ["Proceed", "Proceed", "Checked", "FINISH"] {
        let reply = site.patch_job(job, json!({ "Status": status })).await;
        assert_eq!(reply.attributes()["Status"], status);
    }
    let comments = site.get(&format!("jobs/{job}/comments")).await;
    assert_eq!(comments.ids().len(), 4, "the same status twice stamps once");
    let newest = &comments.body["data"][0]["attributes"];
    assert_eq!(newest["status"], "FINISH");
    assert_eq!(newest["comment"], "");
    assert_eq!(newest["modifyinit"], "API");
    assert_eq!(newest["modifydate"], "2026-11-23T10:00:00");
    site.stop().await;
}

#[tokio::test]
async fn a_stamp_may_say_what_it_is() {
    let site = Site::with(|options| options.status_stamp_text = true).await;
    let job = site.job(json!({})).await;
    site.walk(job, &["Proceed"]).await;
    let comments = site.get(&format!("jobs/{job}/comments")).await;
    let newest = &comments.body["data"][0]["attributes"];
    assert_eq!(newest["comment"], "Status changed to Proceed");
    assert_eq!(newest["modifyinit"], "JC");
    site.stop().await;
}

#[tokio::test]
async fn a_low_status_level_can_neither_set_nor_edit_a_high_status() {
    let site = Site::with(|options| options.api_level = 3).await;
    let job = site.job(json!({})).await;
    site.walk(job, &["Proceed", "Checked"]).await;
    let reply = site.patch_job(job, json!({ "Status": "FINISH" })).await;
    assert_eq!(reply.refusal(), (403, "status-level"));
    site.walk(job, &["FINISH"]).await;
    let reply = site.patch_job(job, json!({ "CustRef": "x" })).await;
    assert_eq!(reply.refusal(), (403, "status-level"));
    site.stop().await;
}

#[tokio::test]
async fn ready_invoiced_and_locked_jobs_refuse_each_in_its_own_way() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    let change = json!({ "CustRef": "x" });

    site.hands("lock", json!({ "job": job, "by": "JC" })).await;
    let reply = site.patch_job(job, change.clone()).await;
    assert_eq!(reply.refusal(), (423, "job-locked"));
    let other = json!({ "entity": "Job", "id": job, "by": "PQ", "set": change });
    assert_eq!(site.hands("edit", other).await.status, 423);
    site.hands("unlock", json!({ "job": job })).await;
    assert_eq!(site.patch_job(job, change.clone()).await.status, 200);

    let early = site
        .hands("ready", json!({ "job": job, "ready": true }))
        .await;
    assert_eq!(early.status, 422);
    site.walk(job, &["Proceed", "Checked", "FINISH"]).await;
    site.hands("ready", json!({ "job": job, "ready": true }))
        .await;
    let reply = site.patch_job(job, change.clone()).await;
    assert_eq!(reply.refusal(), (409, "job-ready"));
    let line = json!({ "stockCode": "TRAVEL" });
    let reply = site
        .add(&format!("jobs/{job}/stock"), "JobStock", line)
        .await;
    assert_eq!(reply.refusal(), (409, "job-ready"));

    let invoice = site.hands("invoice", json!({ "jobs": [job] })).await;
    assert_eq!(invoice.body["invNo"], 90_001);
    let reply = site.patch_job(job, change).await;
    assert_eq!(reply.refusal(), (409, "job-invoiced"));
    site.stop().await;
}

#[tokio::test]
async fn only_jobs_of_service_items_have_a_fault_description() {
    let site = Site::new().await;
    let job = site.job(json!({ "item": "SALE" })).await;
    let reply = site.patch_job(job, json!({ "FaultDesc": "x" })).await;
    assert_eq!(reply.refusal(), (422, "fault-desc-service-only"));
    let told = site.get(&format!("jobs/{job}")).await;
    assert!(told.attributes().get("FaultDesc").is_none());
    site.stop().await;
}

#[tokio::test]
async fn an_item_can_restrict_who_is_named() {
    let site = Site::with(|options| {
        options.name_writable = true;
        let nobody = std::collections::BTreeSet::new();
        options.item_users.insert("server".into(), nobody);
    })
    .await;
    let job = site.job(json!({ "item": "SERVER" })).await;
    let name = json!({ "Name": site.initials().await });
    let reply = site.patch_job(job, name.clone()).await;
    assert_eq!(reply.refusal(), (422, "name-not-allowed"));
    let other = site.job(json!({ "item": "SERVICE" })).await;
    assert_eq!(site.patch_job(other, name).await.status, 200);
    site.stop().await;
}

#[tokio::test]
async fn a_job_can_be_posted_as_a_resource() {
    let site = Site::new().await;
    let customer = site.customer().await.to_string();
    let card = json!({ "data": { "type": "CardFile", "id": customer } });
    let data = json!({
        "type": "Job",
        "attributes": { "OurRef": "T1", "FaultDesc": "Smoke" },
        "relationships": { "customer": card },
    });
    let reply = site.post("jobs", json!({ "data": data })).await;
    assert_eq!(reply.status, 201);
    assert_eq!(reply.attributes()["Status"], "Booked");
    let ship = &reply.body["data"]["relationships"]["ship"]["data"]["id"];
    assert_eq!(ship, &json!(customer));

    let reply = site.add("jobs", "Job", json!({ "OurRef": "T2" })).await;
    assert_eq!(reply.refusal(), (422, "customer-required"));
    let reply = site.add("jobs", "JobStock", json!({})).await;
    assert_eq!(reply.refusal(), (409, "type-mismatch"));
    site.stop().await;
}

#[tokio::test]
async fn a_body_must_be_about_the_job_in_the_address() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    let path = format!("jobs/{job}");
    let send = |body| site.call(reqwest::Method::PATCH, &path, Some(body));
    let reply = send(json!({ "data": { "type": "Job", "id": "1" } })).await;
    assert_eq!(reply.unwrap().refusal(), (409, "id-mismatch"));
    let reply = send(json!({ "data": { "type": "Job" } })).await;
    assert_eq!(reply.unwrap().refusal(), (400, "id-required"));
    let reply = send(json!({ "Status": "Proceed" })).await;
    assert_eq!(reply.unwrap().refusal(), (400, "data-required"));
    let data = json!({ "type": "Job", "id": job.to_string(), "relationships": { "customer": {} } });
    let reply = send(json!({ "data": data })).await;
    assert_eq!(reply.unwrap().refusal(), (403, "relationship-read-only"));
    assert_eq!(
        site.patch_job(99, json!({})).await.refusal(),
        (404, "not-found")
    );
    assert_eq!(
        site.delete(&path).await.refusal(),
        (405, "method-not-allowed")
    );
    site.stop().await;
}

#[tokio::test]
async fn each_refusal_has_the_status_that_is_switched() {
    for status in [400, 403, 409, 422, 423, 500] {
        let site = Site::with(|options| {
            options.ready_status = status;
            options.invoiced_status = status;
            options.locked_status = status;
        })
        .await;
        let job = site.job(json!({})).await;
        let change = json!({ "CustRef": "x" });
        site.hands("lock", json!({ "job": job, "by": "JC" })).await;
        let reply = site.patch_job(job, change.clone()).await;
        assert_eq!(reply.refusal(), (status, "job-locked"));
        site.hands("unlock", json!({ "job": job })).await;
        site.walk(job, &["Proceed", "Checked", "FINISH"]).await;
        site.hands("ready", json!({ "job": job })).await;
        let reply = site.patch_job(job, change.clone()).await;
        assert_eq!(reply.refusal(), (status, "job-ready"));
        site.hands("invoice", json!({ "jobs": [job] })).await;
        let reply = site.patch_job(job, change).await;
        assert_eq!(reply.refusal(), (status, "job-invoiced"));
        site.stop().await;
    }
}

#[tokio::test]
async fn the_price_level_is_the_customers() {
    let site = Site::new().await;
    let card = site.customer().await;
    let set = json!({ "customer": { "priceLevel": "2-trade" } });
    let body = json!({ "entity": "CardFile", "id": card, "by": "JC", "set": set });
    assert_eq!(site.hands("edit", body).await.status, 200);
    let job = site.job(json!({})).await;
    let told = site.get(&format!("jobs/{job}")).await;
    assert_eq!(told.attributes()["priceLevel"], "2-Trade");
    let line = json!({ "stockCode": "LAB.ONSITE" });
    let line = site
        .add(&format!("jobs/{job}/stock"), "JobStock", line)
        .await;
    assert_eq!(line.attributes()["unitPriceTF"], "166.5000");
    let set = json!({ "customer": { "priceLevel": "9-Friends" } });
    let body = json!({ "entity": "CardFile", "id": card, "by": "JC", "set": set });
    assert_eq!(site.hands("edit", body).await.status, 422);
    site.stop().await;
}
