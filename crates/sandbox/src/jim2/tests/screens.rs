//! What people do at their screens, and what was there before anybody came.

use serde_json::{Value, json};

use super::site::{NOW, Site};
use crate::provider::{Presence, Provider, Size, ticket_number};

#[tokio::test]
async fn the_providers_share_is_there_from_the_start() {
    let site = Site::new().await;
    let provider = Provider::generate(7, &Size::small(), NOW.parse().unwrap());
    let state = site.look("state").await;
    let cards = state["CardFile"].as_array().unwrap();
    let known = |side: &Presence| *side != Presence::AutotaskOnly;
    let companies = provider.companies.iter().filter(|one| known(&one.side));
    let codes: Vec<&String> = companies.map(|one| &one.card_code).collect();
    let told: Vec<&Value> = cards
        .iter()
        .take(codes.len())
        .map(|one| &one["cardCode"])
        .collect();
    assert_eq!(told, codes);
    assert_eq!(cards[0]["id"], 1001);
    let old =
        |record: &Value| record["madeAt"].as_str().unwrap() < "2021" && record["madeBy"] == "SYS";
    assert!(cards.iter().all(old));
    assert!(state["CardFileContact"].as_array().unwrap().iter().all(old));
    let emails = cards
        .iter()
        .filter_map(|card| card["user"]["email"].as_str());
    let emails: Vec<&str> = emails.collect();
    assert!(
        provider
            .technicians
            .iter()
            .all(|one| emails.contains(&one.email.as_str()))
    );
    site.stop().await;
}

#[tokio::test]
async fn a_ticket_with_a_job_has_it_with_the_default_mapping() {
    let site = Site::new().await;
    let provider = Provider::generate(7, &Size::small(), NOW.parse().unwrap());
    let state = site.look("state").await;
    let jobs = state["Job"].as_array().unwrap();
    let known = |index: usize| provider.companies[index].side != Presence::AutotaskOnly;
    let mut expected = Vec::new();
    for (index, ticket) in provider.tickets.iter().enumerate() {
        if ticket.has_job && known(ticket.company) {
            let fault = format!("{}\n\n{}", ticket.title, ticket.description);
            expected.push((ticket_number(&provider, index), fault));
        }
    }
    let text = |job: &Value, name: &str| job[name].as_str().unwrap().to_owned();
    let told: Vec<_> = jobs
        .iter()
        .map(|job| (text(job, "OurRef"), text(job, "FaultDesc")))
        .collect();
    assert_eq!(told, expected);
    assert!(
        jobs.iter()
            .all(|job| job["Status"] == "Booked" && job["ItemCode"] == "SERVICE")
    );
    site.stop().await;
}

#[tokio::test]
async fn people_obey_the_workflow_but_may_write_what_the_api_may_not() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    let edit = |set: Value| json!({ "entity": "Job", "id": job, "by": "JC", "set": set });
    let reply = site
        .hands("edit", edit(json!({ "Status": "FINISH" })))
        .await;
    assert_eq!(reply.status, 422);
    assert!(
        reply.body["error"]
            .as_str()
            .unwrap()
            .contains("Proceed, Call, CANCEL, WAIT")
    );
    let reply = site
        .hands("edit", edit(json!({ "item": "NETWORK", "attn": "Kim" })))
        .await;
    assert_eq!(reply.status, 200);
    let told = site.record("Job", &json!(job)).await;
    assert_eq!(
        (&told["ItemCode"], &told["ModifiedBy"]),
        (&json!("NETWORK"), &json!("JC"))
    );
    site.stop().await;
}

#[tokio::test]
async fn people_keep_cards_contacts_and_comments() {
    let site = Site::new().await;
    let card = json!({ "name": "Walk-in", "customer": {}, "ABN": "51 824 753 556" });
    let made = site
        .hands(
            "create",
            json!({ "entity": "CardFile", "by": "JC", "set": card }),
        )
        .await;
    let card = &made.body["id"];
    let hold = json!({ "customer": { "creditHold": true }, "cardCode": "WALK" });
    let edit = json!({ "entity": "CardFile", "id": card, "by": "JC", "set": hold });
    assert_eq!(site.hands("edit", edit).await.status, 200);
    let told = site.get(&format!("cardfiles/{card}")).await;
    assert_eq!(told.attributes()["cardCode"], "WALK");
    assert_eq!(told.attributes()["customer"]["creditHold"], "Y");

    for name in ["One", "Two"] {
        let set = json!({ "cardNo": card, "displayName": name });
        let body = json!({ "entity": "CardFileContact", "by": "JC", "set": set });
        assert_eq!(site.hands("create", body).await.status, 200);
    }
    let second = format!("{card}-2");
    let set = json!({ "isPrimary": true });
    let body = json!({ "entity": "CardFileContact", "id": second, "by": "JC", "set": set });
    site.hands("edit", body).await;
    assert_eq!(
        site.record("CardFileContact", &json!(second)).await["isPrimary"],
        true
    );
    let gone = json!({ "entity": "CardFileContact", "id": second, "by": "JC" });
    site.hands("delete", gone).await;
    let first = format!("{card}-1");
    assert_eq!(
        site.record("CardFileContact", &json!(first)).await["isPrimary"],
        true
    );
    let rows = site.query("crossbill_changes&qp1=0&qp2=100").await;
    let last = rows[1].iter().rev().take(2).map(|row| &row["ObjectKey"]);
    assert_eq!(
        last.collect::<Vec<_>>(),
        [&json!(first), &json!(second)],
        "both people changed"
    );

    let gone = json!({ "entity": "CardFile", "id": card, "by": "JC" });
    assert_eq!(site.hands("delete", gone).await.status, 200);
    assert_eq!(site.get(&format!("cardfiles/{card}")).await.status, 404);
    site.stop().await;
}

#[tokio::test]
async fn a_card_that_a_job_uses_cannot_be_deleted() {
    let site = Site::new().await;
    site.job(json!({})).await;
    let card = site.customer().await;
    let body = json!({ "entity": "CardFile", "id": card, "by": "JC" });
    assert_eq!(site.hands("delete", body).await.status, 422);
    site.stop().await;
}

#[tokio::test]
async fn one_invoice_covers_jobs_of_one_customer_only() {
    let site = Site::new().await;
    let (first, second) = (site.job(json!({})).await, site.job(json!({})).await);
    let cards = site.get("cardfiles?filter[Customer]=True").await;
    let other_customer: i64 = cards.ids()[1].parse().unwrap();
    let move_it = json!({ "custNo": other_customer });
    let edit = json!({ "entity": "Job", "id": second, "by": "JC", "set": move_it });
    assert_eq!(site.hands("edit", edit).await.status, 200);
    for job in [first, second] {
        site.walk(job, &["Proceed", "Checked", "FINISH"]).await;
        site.hands("ready", json!({ "job": job, "ready": true }))
            .await;
    }
    let both = site
        .hands("invoice", json!({ "jobs": [first, second] }))
        .await;
    assert_eq!(both.status, 422);
    let one = site.hands("invoice", json!({ "jobs": [first] })).await;
    assert_eq!(
        site.record("Job", &json!(first)).await["InvNo"],
        one.body["invNo"]
    );
    let again = site.hands("invoice", json!({ "jobs": [first] })).await;
    assert_eq!(again.status, 422);
    site.stop().await;
}

#[tokio::test]
async fn an_un_readied_job_can_be_edited_again() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    site.walk(job, &["Proceed", "Checked", "FINISH"]).await;
    site.hands("ready", json!({ "job": job, "ready": true }))
        .await;
    site.hands("ready", json!({ "job": job, "ready": false }))
        .await;
    assert_eq!(
        site.patch_job(job, json!({ "CustRef": "x" })).await.status,
        200
    );
    site.stop().await;
}

#[tokio::test]
async fn strange_requests_of_people_are_refused_in_a_sentence() {
    let site = Site::new().await;
    for (what, body) in [
        ("create", json!({ "entity": "Ticket", "by": "JC" })),
        ("create", json!({ "entity": "Job", "set": {} })),
        (
            "create",
            json!({ "entity": "Job", "by": "JC", "set": { "colour": "red" } }),
        ),
        (
            "create",
            json!({ "entity": "JobComment", "by": "JC", "set": { "comment": "x" } }),
        ),
        (
            "edit",
            json!({ "entity": "Job", "id": "ten", "by": "JC", "set": {} }),
        ),
        ("lock", json!({ "job": 1, "by": "JC" })),
        ("clock", json!({ "now": "noon" })),
        ("fault", json!({ "name": "flood" })),
    ] {
        let reply = site.hands(what, body.clone()).await;
        assert!(
            (400..500).contains(&reply.status),
            "{what} {body}: {reply:?}"
        );
        assert!(reply.body["error"].is_string(), "{what} {body}: {reply:?}");
    }
    site.stop().await;
}

#[tokio::test]
async fn what_goes_with_a_card_or_a_job_is_logged_before_it() {
    let site = Site::new().await;
    let people = json!([{ "displayName": "One" }, { "displayName": "Two" }]);
    let set = json!({ "name": "Walk-in", "contacts": people });
    let body = json!({ "entity": "CardFile", "by": "JC", "set": set });
    let card = site.hands("create", body).await.body["id"].clone();
    let job = site.job(json!({})).await;
    let line = json!({ "stockCode": "TRAVEL" });
    site.add(&format!("jobs/{job}/stock"), "JobStock", line)
        .await;
    let labour = json!({ "labourType": "Remote", "labourInit": site.initials().await });
    site.add(&format!("jobs/{job}/labour"), "JobLabour", labour)
        .await;
    let mark = site.look("stats").await["changes"]["safeMark"].clone();
    for (entity, id) in [("CardFile", &card), ("Job", &json!(job))] {
        let body = json!({ "entity": entity, "id": id, "by": "JC" });
        assert_eq!(site.hands("delete", body).await.status, 200, "{entity}");
    }
    let query = format!("crossbill_changes&qp1={mark}&qp2=100");
    let rows = site.query(&query).await;
    let told: Vec<String> = rows[1]
        .iter()
        .map(|row| {
            format!(
                "{} {} {}",
                row["Operation"], row["Object"], row["ObjectKey"]
            )
        })
        .collect();
    let expected = [
        ("CardFileContact", format!("{card}-1")),
        ("CardFileContact", format!("{card}-2")),
        ("CardFile", card.to_string()),
        ("JobComment", format!("{job}-1")),
        ("JobStock", format!("{job}-1")),
        ("JobLabour", format!("{job}-1")),
        ("Job", job.to_string()),
    ];
    let expected = expected.map(|(object, key)| format!("\"D\" \"{object}\" \"{key}\""));
    assert_eq!(told, expected);
    site.stop().await;
}

#[tokio::test]
async fn a_person_is_edited_whole_or_not_at_all() {
    let site = Site::new().await;
    let people = json!([{ "displayName": "One" }, { "displayName": "Two" }]);
    let set = json!({ "name": "Walk-in", "contacts": people });
    let body = json!({ "entity": "CardFile", "by": "JC", "set": set });
    let card = site.hands("create", body).await.body["id"].clone();
    let second = format!("{card}-2");
    for set in [
        json!({ "isPrimary": true, "title": "Professor" }),
        json!({ "isPrimary": false }),
    ] {
        let body = json!({ "entity": "CardFileContact", "id": second, "by": "JC", "set": set });
        assert!(site.hands("edit", body).await.status >= 400, "{set}");
        let told = site.record("CardFileContact", &json!(second)).await;
        assert_eq!(told["isPrimary"], false, "{set}");
    }
    site.stop().await;
}

#[tokio::test]
async fn who_made_a_record_is_told_with_what_it_was_made_with() {
    let site = Site::new().await;
    let customer = site.customer().await;
    let made = site
        .post("jobcreate", json!({ "customer": { "cardNo": customer } }))
        .await;
    let job = &made.body["jobNo"];
    let moved = json!({ "entity": "Job", "id": job, "by": "JC", "set": { "item": "SERVER" } });
    site.hands("edit", moved).await;
    let told = site.record("Job", job).await;
    let with = json!({ "ShipNo": customer, "ItemCode": "SERVICE", "NameInit": "" });
    assert_eq!((&told["madeBy"], &told["madeWith"]), (&json!("API"), &with));
    let path = format!("cardfiles/{customer}/contacts");
    let person = json!({ "displayName": "Reception" });
    let made = site.add(&path, "CardFileContact", person).await;
    let told = site
        .record("CardFileContact", &made.body["data"]["id"])
        .await;
    assert_eq!(
        (&told["madeBy"], &told["madeAt"]),
        (&json!("API"), &json!(NOW))
    );
    site.stop().await;
}

#[tokio::test]
async fn impossible_times_are_refused_and_move_nothing() {
    let site = Site::new().await;
    for (what, body) in [
        ("clock", json!({ "advanceSeconds": i64::MAX })),
        ("clock", json!({ "now": "+262142-12-31T00:00:00Z" })),
        ("hold-transaction", json!({ "seconds": i64::MAX })),
        (
            "hold-transaction",
            json!({ "seconds": 400_000_000_000_i64 }),
        ),
    ] {
        let reply = site.hands(what, body.clone()).await;
        assert_eq!(reply.status, 400, "{what} {body}");
    }
    assert_eq!(site.look("state").await["now"], NOW);
    site.stop().await;
}
