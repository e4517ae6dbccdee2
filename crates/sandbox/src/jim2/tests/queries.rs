//! Named queries and the change table.

use serde_json::{Value, json};

use super::site::Site;

async fn changes(site: &Site, cursor: i64) -> (i64, Vec<Value>) {
    let query = format!("crossbill_changes&qp1={cursor}&qp2=100");
    let mut sets = site.query(&query).await;
    let rows = sets.pop().unwrap();
    (sets[0][0]["SafeMark"].as_i64().unwrap(), rows)
}

fn told(rows: &[Value]) -> Vec<String> {
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    rows.iter()
        .map(|row| {
            let names = ["Operation", "Object", "ObjectKey", "ChangedBy"];
            names.map(|name| text(row, name)).join(" ")
        })
        .collect()
}

fn edit(job: i64, reference: &str) -> Value {
    let set = json!({ "CustRef": reference });
    json!({ "entity": "Job", "id": job, "by": "JC", "set": set })
}

#[tokio::test]
async fn the_system_says_which_database_it_is() {
    let mut site = Site::new().await;
    let sets = site.query("crossbill_system").await;
    let row = &sets[0][0];
    assert_eq!(row["TimeZone"], "Australia/Sydney");
    assert_eq!(row["Epoch"], 1);
    assert_eq!(row["ServerTime"], "/Date(1795388400000)/");
    site.hands("database", json!({ "databaseId": "restored", "epoch": 2 }))
        .await;
    let token = site.sign_in("view").await;
    site.use_token(&token.body["access_token"]);
    let sets = site.query("crossbill_system").await;
    assert_eq!(sets[0][0]["DatabaseId"], "restored");
    assert_eq!(sets[0][0]["Training"], false);
    let copy = json!({ "name": "Jim_Training", "training": true });
    site.hands("database", copy).await;
    let token = site.sign_in("view").await;
    site.use_token(&token.body["access_token"]);
    let system = site.query("crossbill_system").await;
    let row = &system[0][0];
    assert_eq!(
        (&row["DatabaseName"], &row["Training"]),
        (&json!("Jim_Training"), &json!(true))
    );
    let changes = site.query("crossbill_changes&qp1=0&qp2=1").await;
    assert_eq!(changes[0][0]["Training"], true);
    site.stop().await;

    let site = Site::with(|options| options.first_queries = true).await;
    let system = site.query("crossbill_system").await;
    assert_eq!(system[0][0].as_object().unwrap().len(), 5);
    let changes = site.query("crossbill_changes&qp1=0&qp2=1").await;
    assert_eq!(changes[0][0].as_object().unwrap().len(), 3);
    site.stop().await;
}

#[tokio::test]
async fn a_cleaned_change_table_tells_what_is_left() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    for number in 0..4 {
        site.hands("edit", edit(job, &format!("PO {number}"))).await;
    }
    let told = async || {
        let sets = site.query("crossbill_changes&qp1=0&qp2=100").await;
        let mark = sets[0][0].clone();
        (
            mark["SafeMark"].clone(),
            mark["OldestPosition"].clone(),
            sets[1].len(),
        )
    };
    let (mark, oldest, rows) = told().await;
    assert_eq!(oldest, json!(1));
    let cleaned = site.hands("clean-changes", json!({ "keepRows": 1 })).await;
    assert_eq!(cleaned.body, json!({ "cleaned": rows - 1, "oldest": mark }));
    assert_eq!(told().await, (mark.clone(), mark.clone(), 1));
    site.hands("clean-changes", json!({ "keepRows": 0 })).await;
    assert_eq!(told().await, (mark, Value::Null, 0));
    assert_eq!(site.hands("clean-changes", json!({})).await.status, 400);
    site.stop().await;
}

#[tokio::test]
async fn queries_may_be_missing_and_dates_local() {
    let site = Site::with(|options| options.named_queries = false).await;
    let reply = site.get("custom/getdata?queryname=crossbill_system").await;
    assert_eq!(reply.refusal(), (400, "unknown-query"));
    site.stop().await;

    let site = Site::with(|options| options.getdata_local_dates = true).await;
    let sets = site.query("crossbill_system").await;
    assert_eq!(sets[0][0]["ServerTime"], "/Date(1795428000000)/");
    site.stop().await;
}

#[tokio::test]
async fn wrong_parameters_of_a_query_are_refused() {
    let site = Site::new().await;
    for (query, code) in [
        ("crossbill_nothing", "unknown-query"),
        ("crossbill_changes&qp1=x&qp2=1", "query-parameter"),
        ("crossbill_jobs&qp1=1,x", "query-parameter"),
        (
            "crossbill_jobs_after&qp1=0&qp2=5&qp3=some",
            "query-parameter",
        ),
        ("crossbill_contacts&qp1=1001", "query-parameter"),
        ("crossbill_lists&pageno=0", "page"),
    ] {
        let reply = site.get(&format!("custom/getdata?queryname={query}")).await;
        assert_eq!(reply.refusal(), (400, code), "{query}");
    }
    site.stop().await;
}

#[tokio::test]
async fn every_change_is_logged_with_who_made_it() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    site.patch_job(job, json!({ "Status": "Proceed" })).await;
    let line = json!({ "stockCode": "TRAVEL" });
    site.add(&format!("jobs/{job}/stock"), "JobStock", line)
        .await;
    site.delete(&format!("jobs/{job}/stock/{job}-1")).await;
    let (mark, rows) = changes(&site, 0).await;
    assert_eq!(
        told(&rows),
        [
            format!("I Job {job} JC"),
            format!("I JobComment {job}-1 JC"),
            format!("U Job {job} API"),
            format!("I JobComment {job}-2 API"),
            format!("U Job {job} API"),
            format!("I JobStock {job}-1 API"),
            format!("U Job {job} API"),
            format!("D JobStock {job}-1 API"),
        ]
    );
    assert_eq!(mark, 8);
    let (_, none) = changes(&site, mark).await;
    assert!(none.is_empty());

    let card = site.customer().await;
    let path = format!("cardfiles/{card}/contacts");
    let person = json!({ "displayName": "Reception" });
    site.add(&path, "CardFileContact", person).await;
    site.patch(
        &format!("cardfiles/{card}"),
        "CardFile",
        json!({ "name": "N" }),
    )
    .await;
    let (_, rows) = changes(&site, mark).await;
    assert!(told(&rows)[0].starts_with(&format!("I CardFileContact {card}-")));
    assert_eq!(told(&rows)[1], format!("U CardFile {card} API"));
    site.stop().await;
}

#[tokio::test]
async fn a_transaction_that_commits_late_holds_the_safe_mark() {
    let site = Site::new().await;
    let (slow, quick) = (site.job(json!({})).await, site.job(json!({})).await);
    let (before, _) = changes(&site, 0).await;
    site.hands("hold-transaction", json!({ "edit": edit(slow, "late") }))
        .await;
    site.hands("edit", edit(quick, "early")).await;
    let (mark, rows) = changes(&site, before).await;
    assert_eq!((mark, rows.len()), (before, 0));
    let told_slow = site.record("Job", &json!(slow)).await;
    assert_eq!(told_slow["CustRef"], "", "not committed yet");

    site.hands("release-transaction", json!({})).await;
    let (_, rows) = changes(&site, before).await;
    let keys: Vec<&Value> = rows.iter().map(|row| &row["ObjectKey"]).collect();
    assert_eq!(keys, [&json!(slow.to_string()), &json!(quick.to_string())]);
    site.stop().await;
}

#[tokio::test]
async fn a_held_transaction_commits_when_its_time_is_over() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    let (before, _) = changes(&site, 0).await;
    let body = json!({ "seconds": 60, "edit": edit(job, "late") });
    site.hands("hold-transaction", body).await;
    site.hands("clock", json!({ "advanceSeconds": 59 })).await;
    assert!(changes(&site, before).await.1.is_empty());
    site.hands("clock", json!({ "advanceSeconds": 1 })).await;
    assert_eq!(changes(&site, before).await.1.len(), 1);
    site.stop().await;
}

#[tokio::test]
async fn jobs_are_found_by_number_cursor_and_reference() {
    let site = Site::new().await;
    let first = site.job(json!({ "OurRef": "T20261123.0001" })).await;
    let second = site.job(json!({ "OurRef": "T20261123.0001/2" })).await;
    site.walk(first, &["CANCEL"]).await;
    let numbers = |rows: &[Value]| -> Vec<i64> {
        rows.iter()
            .map(|row| row["JobNo"].as_i64().unwrap())
            .collect()
    };
    let query = format!("crossbill_jobs&qp1={first},{second},1");
    let rows = site.query(&query).await;
    assert_eq!(numbers(&rows[0]), [first, second]);
    assert_eq!(rows[0][0]["ItemCode"], "SERVICE");
    assert_eq!(rows[0][0]["LineCount"], 0);
    assert!(rows[0][0]["InvNo"].is_null());
    let rows = site.query("crossbill_jobs_by_ref&qp1=T20261123.0001").await;
    assert_eq!(numbers(&rows[0]), [first, second]);
    let after = |which: &str| format!("crossbill_jobs_after&qp1={}&qp2=10&qp3={which}", first - 1);
    assert_eq!(
        numbers(&site.query(&after("all")).await[0]),
        [first, second]
    );
    assert_eq!(numbers(&site.query(&after("open")).await[0]), [second]);
    let rows = site
        .query(&format!("crossbill_job_comments&qp1={first}"))
        .await;
    assert_eq!(rows[0][1]["Status"], "CANCEL");
    site.stop().await;
}

#[tokio::test]
async fn cards_and_contacts_are_found_by_number_code_and_cursor() {
    let site = Site::new().await;
    let rows = site.query("crossbill_cardfiles_after&qp1=0&qp2=3").await;
    let numbers: Vec<&Value> = rows[0].iter().map(|row| &row["CardNo"]).collect();
    assert_eq!(numbers, [1001, 1002, 1003]);
    let code = rows[0][1]["CardCode"].as_str().unwrap().to_lowercase();
    let by_code = site
        .query(&format!("crossbill_cardfiles_by_code&qp1={code}"))
        .await;
    assert_eq!(by_code[0][0], rows[0][1]);
    let by_number = site.query("crossbill_cardfiles&qp1=1002").await;
    assert_eq!(by_number[0][0], rows[0][1]);

    let card = site.customer().await;
    let person = json!({
        "displayName": "Reception",
        "details": [{ "type": "Phone", "value": "02 9000 0000" }],
    });
    let path = format!("cardfiles/{card}/contacts");
    let made = site.add(&path, "CardFileContact", person).await;
    let id = made.body["data"]["id"].as_str().unwrap();
    let rows = site.query(&format!("crossbill_contacts&qp1={id}")).await;
    let details: Value = serde_json::from_str(rows[0][0]["Details"].as_str().unwrap()).unwrap();
    assert_eq!(details[0]["value"], "02 9000 0000");
    let all = site
        .query(&format!("crossbill_card_contacts&qp1={card}"))
        .await;
    assert_eq!(all[0].last(), rows[0].first());
    site.stop().await;
}

#[tokio::test]
async fn notes_of_cards_are_told_by_their_query_only_and_logged_without_moving_the_card() {
    let site = Site::new().await;
    let card = site.customer().await;
    let told = async || site.query(&format!("crossbill_cardfiles&qp1={card}")).await[0][0].clone();
    let before = told().await;
    site.hands("clock", json!({ "advanceSeconds": 60 })).await;
    let note = json!({ "entity": "CardFileNote", "by": "JC", "set": { "cardNo": card, "text": "Pays late" } });
    let made = site.hands("create", note).await;
    let id = format!("{card}-1");
    assert_eq!(made.body["id"], id.as_str());
    let notes = async || {
        site.query(&format!("crossbill_card_notes&qp1={card}"))
            .await[0]
            .clone()
    };
    let rows = notes().await;
    assert_eq!(
        (&rows[0]["Text"], &rows[0]["Init"]),
        (&json!("Pays late"), &json!("JC"))
    );
    assert!(rows[0]["NoteDate"].as_str().unwrap().starts_with("/Date("));
    let edit = json!({ "entity": "CardFileNote", "id": id, "by": "MB", "set": { "text": "Pays" } });
    site.hands("edit", edit).await;
    assert_eq!(notes().await[0]["Init"], "JC", "its author stays");
    let gone = json!({ "entity": "CardFileNote", "id": id, "by": "MB" });
    site.hands("delete", gone).await;
    assert_eq!(notes().await, [Value::Null; 0]);
    let (_, rows) = changes(&site, 0).await;
    let logged = self::told(&rows);
    for (letter, by) in [("I", "JC"), ("U", "MB"), ("D", "MB")] {
        let row = format!("{letter} CardFileNote {id} {by}");
        assert!(logged.contains(&row), "{logged:?}");
    }
    assert_eq!(told().await, before);
    let reply = site.get(&format!("cardfiles/{card}/notes")).await;
    assert_eq!(reply.status, 404, "no document shows such an address");
    site.stop().await;
}

#[tokio::test]
async fn lists_tell_statuses_links_items_and_users() {
    let site = Site::new().await;
    let rows = site.query("crossbill_lists").await;
    let of = |list: &str| rows[0].iter().filter(|row| row["List"] == list).count();
    assert_eq!(of("JobStatus"), 13);
    assert_eq!(of("StatusLink"), 34);
    assert_eq!(of("Item"), 6);
    assert_eq!(of("UserCategory"), 0, "nobody was given one");
    let user = rows[0].iter().find(|row| row["Code"] == "API").unwrap();
    assert_eq!(user["Extra"], "crossbill@provider.example");

    let page = site
        .get("custom/getdata?queryname=crossbill_lists&pageno=1&pagesize=10")
        .await;
    let rows = page.body["resultSets"][0]["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 10);
    assert_eq!(rows[0][1], "CANCEL");
    site.stop().await;
}

#[tokio::test]
async fn what_a_late_transaction_did_is_stamped_with_when_it_was_opened() {
    let site = Site::new().await;
    let (slow, quick) = (site.job(json!({})).await, site.job(json!({})).await);
    site.hands("hold-transaction", json!({ "edit": edit(slow, "late") }))
        .await;
    site.hands("clock", json!({ "advanceSeconds": 60 })).await;
    site.hands("edit", edit(quick, "early")).await;
    site.hands("release-transaction", json!({})).await;
    let at = async |job: i64| site.record("Job", &json!(job)).await["LastModified"].clone();
    assert_eq!(at(quick).await, "2026-11-22T23:01:00Z");
    assert_eq!(
        at(slow).await,
        "2026-11-22T23:00:00Z",
        "older, and seen later"
    );
    site.stop().await;
}

#[tokio::test]
async fn one_act_that_is_refused_keeps_no_other_transaction_open() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    for act in [edit(1, "no such job"), edit(job, "late")] {
        site.hands("hold-transaction", json!({ "edit": act })).await;
    }
    let reply = site.hands("release-transaction", json!({})).await;
    assert_eq!(reply.body["released"].as_array().unwrap().len(), 2);
    let refused = reply.body["refused"].as_array().unwrap();
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert_eq!(site.record("Job", &json!(job)).await["CustRef"], "late");
    site.stop().await;
}

#[tokio::test]
async fn the_stand_in_knows_how_far_its_changes_were_read() {
    let site = Site::new().await;
    site.job(json!({})).await;
    let stats = site.look("stats").await;
    assert_eq!(stats["changes"], json!({ "safeMark": 2, "readTo": null }));
    changes(&site, 0).await;
    changes(&site, 2).await;
    let stats = site.look("stats").await;
    assert_eq!(stats["changes"], json!({ "safeMark": 2, "readTo": 2 }));
    site.stop().await;
}

#[tokio::test]
async fn pages_of_a_query_count_from_nought_or_from_one() {
    for (base, first) in [(0, 0_i64), (1, 1)] {
        let site = Site::with(|options| options.pageno_base = base).await;
        let page =
            |no: i64| format!("custom/getdata?queryname=crossbill_lists&pageno={no}&pagesize=10");
        let reply = site.get(&page(first)).await;
        assert_eq!(reply.body["resultSets"][0]["rows"][0][1], "Booked");
        let before = site.get(&page(first - 1)).await;
        assert_eq!(before.refusal(), (400, "page"));
        site.stop().await;
    }
}
