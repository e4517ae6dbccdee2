//! A server that is away, slow, wrong about the time, or busy with its people.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::site::Site;
use crate::fault::switch::Switch;
use crate::jim2::Jim2;
use crate::provider::{Provider, Size};

fn change() -> Value {
    json!({ "CustRef": "x" })
}

/// A hasty caller changes a job while the server answers in an hour only.
async fn gives_up(site: &Site, job: i64, fault: &str) {
    site.fault(json!({ "name": fault, "count": 1, "value": "1h" }))
        .await;
    let data = json!({ "type": "Job", "id": job.to_string(), "attributes": change() });
    let hasty = Duration::from_millis(300);
    let path = format!("jobs/{job}");
    let lost = site.patience(hasty, &path, json!({ "data": data })).await;
    assert!(lost.unwrap_err().is_timeout());
}

#[tokio::test]
async fn a_proxys_page_is_no_json_and_nothing_is_done() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    site.fault(json!({ "name": "html-page", "count": 1 })).await;
    let reply = site.patch_job(job, change()).await;
    assert_eq!(
        (reply.status, reply.kind.as_str()),
        (502, "text/html; charset=utf-8")
    );
    assert_eq!(site.record("Job", &json!(job)).await["CustRef"], "");
    site.stop().await;
}

#[tokio::test]
async fn a_hanging_server_answers_nothing_and_does_nothing() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    gives_up(&site, job, "hangs").await;
    assert_eq!(site.record("Job", &json!(job)).await["CustRef"], "");
    // It ends all the same, although that call has not.
    site.stop().await;
}

#[tokio::test]
async fn a_slow_server_has_done_what_its_caller_gave_up() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    gives_up(&site, job, "slow").await;
    assert_eq!(site.record("Job", &json!(job)).await["CustRef"], "x");
    site.stop().await;
}

#[tokio::test]
async fn a_shut_door_refuses_connections_and_opens_by_itself() {
    let site = Site::new().await;
    let began = Instant::now();
    site.fault(json!({ "name": "refused", "value": "1s" }))
        .await;
    let refused = site.connects().await.unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
    while site.connects().await.is_err() {
        tokio::task::yield_now().await;
    }
    assert!(began.elapsed() >= Duration::from_secs(1));
    assert_eq!(
        site.get("jobs").await.status,
        200,
        "everybody is still signed in"
    );
    let faults = site.look("fault").await;
    let refused = faults
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == "refused");
    assert_eq!(refused.unwrap()["on"], false);
    site.stop().await;
}

#[tokio::test]
async fn a_door_may_be_shut_from_the_start() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let provider = Provider::generate(7, &Size::small(), "2026-11-22T23:00:00Z".parse().unwrap());
    let options = crate::jim2::Options {
        faults: vec![Switch::on("refused").set_to("1h")],
        ..crate::jim2::Options::default()
    };
    let jim2 = Jim2::start(listener, &provider, options).await.unwrap();
    while tokio::net::TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    jim2.stop().await;
}

#[tokio::test]
async fn the_level_of_the_apis_user_can_change() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    site.walk(job, &["Proceed"]).await;
    site.fault(json!({ "name": "api-level", "value": 2 })).await;
    let reply = site.patch_job(job, json!({ "Status": "Checked" })).await;
    assert_eq!(reply.refusal(), (403, "status-level"));
    site.fault(json!({ "name": "api-level", "on": false }))
        .await;
    let reply = site.patch_job(job, json!({ "Status": "Checked" })).await;
    assert_eq!(reply.status, 200);
    site.stop().await;
}

#[tokio::test]
async fn people_open_jobs_and_cards_and_whoever_is_in_them() {
    let site = Site::new().await;
    let (job, card) = (site.job(json!({})).await, site.customer().await);
    let people = format!("cardfiles/{card}/contacts");
    let person = json!({ "displayName": "Reception" });
    let made = site.add(&people, "CardFileContact", person.clone()).await;
    let id = made.body["data"]["id"].as_str().unwrap();
    for (lock, refusal) in [
        (json!({ "card": card }), (423, "card-locked")),
        (json!({ "contact": id }), (423, "card-locked")),
    ] {
        let mut by = lock.clone();
        by["by"] = "JC".into();
        assert_eq!(site.hands("lock", by).await.status, 200, "{lock}");
        let name = json!({ "name": "x" });
        let reply = site
            .patch(&format!("cardfiles/{card}"), "CardFile", name)
            .await;
        assert_eq!(reply.refusal(), refusal);
        let title = json!({ "jobTitle": "x" });
        let reply = site
            .patch(&format!("{people}/{id}"), "CardFileContact", title)
            .await;
        assert_eq!(reply.refusal(), refusal);
        let reply = site.add(&people, "CardFileContact", person.clone()).await;
        assert_eq!(reply.refusal(), refusal);
        assert_eq!(
            site.delete(&format!("{people}/{id}")).await.refusal(),
            refusal
        );
        assert_eq!(
            site.record("CardFile", &json!(card)).await["lockedBy"],
            "JC"
        );
        assert_eq!(site.hands("unlock", lock).await.status, 200);
    }
    let timed = json!({ "job": job, "by": "JC", "seconds": 60 });
    site.hands("lock", timed).await;
    assert_eq!(
        site.patch_job(job, change()).await.refusal(),
        (423, "job-locked")
    );
    site.hands("clock", json!({ "advanceSeconds": 60 })).await;
    assert_eq!(site.patch_job(job, change()).await.status, 200);
    for body in [
        json!({ "card": 1, "by": "JC" }),
        json!({ "contact": "x", "by": "JC" }),
        json!({ "job": job, "by": "JC", "seconds": "soon" }),
    ] {
        assert!(
            site.hands("lock", body.clone()).await.status >= 400,
            "{body}"
        );
    }
    site.stop().await;
}

#[tokio::test]
async fn somebody_may_be_faster_at_a_record() {
    let site = Site::new().await;
    let (job, card) = (site.job(json!({})).await, site.customer().await);
    site.fault(json!({ "name": "locked", "count": 2, "value": "60s" }))
        .await;
    assert_eq!(
        site.get(&format!("jobs/{job}")).await.status,
        200,
        "no write"
    );
    assert_eq!(site.patch_job(99, change()).await.status, 404, "no record");
    assert_eq!(
        site.patch_job(job, change()).await.refusal(),
        (423, "job-locked")
    );
    let name = json!({ "name": "x" });
    let path = format!("cardfiles/{card}");
    let reply = site.patch(&path, "CardFile", name.clone()).await;
    assert_eq!(reply.refusal(), (423, "card-locked"));
    assert_eq!(
        site.patch_job(job, change()).await.status,
        423,
        "it is still open"
    );
    site.hands("clock", json!({ "advanceSeconds": 60 })).await;
    assert_eq!(site.patch_job(job, change()).await.status, 200);
    assert_eq!(site.patch(&path, "CardFile", name).await.status, 200);
    site.stop().await;
}

#[tokio::test]
async fn finance_may_be_faster_at_a_finished_job() {
    for (word, code) in [("ready", "job-ready"), ("invoiced", "job-invoiced")] {
        let site = Site::new().await;
        let job = site.job(json!({})).await;
        site.fault(json!({ "name": "made-ready", "value": word }))
            .await;
        assert_eq!(
            site.patch_job(job, change()).await.status,
            200,
            "not finished"
        );
        site.walk(job, &["Proceed", "Checked", "FINISH"]).await;
        let reply = site.patch_job(job, change()).await;
        assert_eq!(reply.refusal(), (409, code));
        site.stop().await;
    }
}

#[tokio::test]
async fn a_queued_request_may_be_processed_later_or_fail_at_times() {
    let site = Site::new().await;
    let body = json!({ "customer": { "cardNo": site.customer().await } });
    site.fault(json!({ "name": "queue-slow", "count": 1, "value": "60s" }))
        .await;
    site.fault(json!({ "name": "queue-fails", "count": 1 }))
        .await;
    for _ in 0..2 {
        let reply = site.post("jobcreate?Queue=true", body.clone()).await;
        assert_eq!(reply.status, 202);
    }
    let progress = async || {
        let queue = site.look("queue").await;
        let requests = queue.as_array().unwrap().iter();
        requests
            .map(|one| one["progress"].clone())
            .collect::<Vec<Value>>()
    };
    assert_eq!(progress().await, ["Failed", "Processed"]);
    site.hands("reprocess", json!({ "requestNo": 1 })).await;
    assert_eq!(progress().await, ["Processed", "Processed"]);
    site.fault(json!({ "name": "queue-slow", "count": 1, "value": "60s" }))
        .await;
    site.post("jobcreate?Queue=true", body).await;
    assert_eq!(progress().await[2], "Waiting");
    site.hands("clock", json!({ "advanceSeconds": 59 })).await;
    assert_eq!(progress().await[2], "Waiting");
    site.hands("clock", json!({ "advanceSeconds": 1 })).await;
    assert_eq!(progress().await[2], "Processed");
    site.stop().await;
}

#[tokio::test]
async fn a_clock_may_be_wrong_and_step_while_it_runs() {
    let site = Site::new().await;
    let told = async || site.query("crossbill_system").await[0][0]["ServerTime"].clone();
    site.fault(json!({ "name": "clock-behind", "value": "5m" }))
        .await;
    assert_eq!(told().await, "/Date(1795388100000)/");
    let job = site.job(json!({})).await;
    let stamp = site.record("Job", &json!(job)).await["LastModified"].clone();
    assert_eq!(stamp, "2026-11-22T22:55:00Z");
    site.fault(json!({ "name": "clock-behind", "on": false }))
        .await;
    site.fault(json!({ "name": "clock-ahead", "value": "5m" }))
        .await;
    assert_eq!(told().await, "/Date(1795388700000)/");
    site.fault(json!({ "name": "clock-ahead", "on": false }))
        .await;

    let off = site.hands("clock", json!({ "offsetSeconds": -7200 })).await;
    let off: chrono::DateTime<chrono::Utc> = off.body["now"].as_str().unwrap().parse().unwrap();
    let system: chrono::DateTime<chrono::Utc> = std::time::SystemTime::now().into();
    let behind = (system - off).num_seconds();
    assert!((7200..7260).contains(&behind), "{behind}");
    let running = site.look("state").await["now"].as_str().unwrap().to_owned();
    assert!(
        running.parse::<chrono::DateTime<chrono::Utc>>().unwrap() > off,
        "it runs"
    );
    let far = json!({ "offsetSeconds": i64::MAX });
    assert_eq!(site.hands("clock", far).await.status, 400);
    site.stop().await;
}

#[tokio::test]
async fn walls_may_show_another_zone_and_dates_may_be_local() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    let told = async || site.get(&format!("jobs/{job}")).await.attributes()["dateIn"].clone();
    assert_eq!(told().await, "2026-11-23T10:00:00");
    site.fault(json!({ "name": "other-time-zone", "value": "Australia/Perth" }))
        .await;
    assert_eq!(told().await, "2026-11-23T07:00:00");
    let system = site.query("crossbill_system").await;
    assert_eq!(system[0][0]["TimeZone"], "Australia/Perth");
    site.fault(json!({ "name": "other-time-zone", "on": false }))
        .await;
    site.fault(json!({ "name": "local-dates" })).await;
    let system = site.query("crossbill_system").await;
    assert_eq!(system[0][0]["ServerTime"], "/Date(1795428000000)/");
    let nowhere = json!({ "name": "other-time-zone", "value": "Australia/Atlantis" });
    assert_eq!(site.hands("fault", nowhere).await.status, 400);
    site.stop().await;
}

#[tokio::test]
async fn a_write_may_commit_late_and_hides_what_others_did_meanwhile() {
    let site = Site::new().await;
    let (slow, quick) = (site.job(json!({})).await, site.job(json!({})).await);
    let before = site.look("stats").await["changes"]["safeMark"]
        .as_i64()
        .unwrap();
    site.fault(json!({ "name": "late-commit", "count": 1, "value": "1s" }))
        .await;
    let late = site.patch_job(slow, change());
    let meanwhile = async {
        let edit = json!({ "entity": "Job", "id": quick, "by": "JC", "set": change() });
        // The late one has its position as soon as the fault is over.
        while site
            .look("fault")
            .await
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["name"] == "late-commit" && one["on"] == true)
        {
            tokio::task::yield_now().await;
        }
        site.hands("edit", edit).await;
        site.look("stats").await["changes"]["safeMark"]
            .as_i64()
            .unwrap()
    };
    let (late, mark) = tokio::join!(late, meanwhile);
    assert_eq!(mark, before, "nothing is safe while it is open");
    assert_eq!(late.status, 200);
    let rows = site
        .query(&format!("crossbill_changes&qp1={before}&qp2=9"))
        .await;
    let keys: Vec<&Value> = rows[1].iter().map(|row| &row["ObjectKey"]).collect();
    assert_eq!(keys, [&json!(slow.to_string()), &json!(quick.to_string())]);
    site.stop().await;
}

#[tokio::test]
async fn a_late_write_that_is_refused_holds_nothing_back() {
    let site = Site::new().await;
    let mark = async || {
        site.look("stats").await["changes"]["safeMark"]
            .as_i64()
            .unwrap()
    };
    let first = mark().await;
    site.fault(json!({ "name": "late-commit", "value": "0" }))
        .await;
    assert_eq!(site.patch_job(99, change()).await.status, 404);
    let before = mark().await;
    assert_eq!(before, first + 1, "a gap, as a rollback leaves");
    let job = site.job(json!({})).await;
    let rows = site
        .query(&format!("crossbill_changes&qp1={before}&qp2=9"))
        .await;
    assert_eq!(rows[1][0]["ObjectKey"], job.to_string());
    site.stop().await;
}
