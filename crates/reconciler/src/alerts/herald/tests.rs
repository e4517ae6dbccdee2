use std::sync::Arc;

use axum::http::StatusCode;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use domain::FixedClock;
use serde_json::Value;
use sqlx::PgPool;
use store::{alert, audit};

use super::*;
use crate::{
    alerts::{
        Form,
        testing::{Taker, at, noon, to},
    },
    upkeep::testing::{Site, outcome, ticket, unmapped},
};

/// The same site as another process sees it, so many minutes after noon.
fn process(site: &Site, holder: &str, outlets: &[Outlet], minutes: i64) -> Upkeep {
    process_at(site, holder, outlets, noon() + TimeDelta::minutes(minutes))
}

fn process_at(site: &Site, holder: &str, outlets: &[Outlet], now: DateTime<Utc>) -> Upkeep {
    let mut upkeep = site.upkeep.clone();
    upkeep.alerts.outlets = outlets.to_vec();
    upkeep.clock = Arc::new(FixedClock(now));
    upkeep.holder = holder.to_owned();
    upkeep
}

/// Looks and tells by all outlets, as one process does. Answers how each outlet fared.
async fn step(upkeep: &Upkeep) -> Vec<Result<Step, Trouble>> {
    look_once(upkeep).await.unwrap();
    let mut fared = Vec::new();
    for outlet in &upkeep.alerts.outlets {
        fared.push(tell_once(upkeep, outlet).await);
    }
    fared
}

fn subjects(taken: &[Value]) -> Vec<&str> {
    let subjects = taken.iter().map(|taken| taken["subject"].as_str().unwrap());
    subjects.collect()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn two_processes_tell_a_cause_once_and_once_that_it_is_over(pool: PgPool) {
    let site = Site::start(pool).await;
    let desk = Taker::start().await;
    let outlets = [desk.outlet(Form::Json)];
    site.hold(&ticket(1), &[unmapped("8")]).await;
    site.hold(&ticket(2), &[unmapped("8")]).await;
    let of = |holder, minutes| process(&site, holder, &outlets, minutes);
    let (one, other) = (of("one", 0), of("other", 0));
    let both = tokio::join!(step(&one), step(&other));
    assert!(both.0[0].is_ok() && both.1[0].is_ok());
    step(&of("other", 1)).await;
    let taken = desk.taken();
    assert_eq!(
        subjects(&taken),
        ["2 records wait: status 8 stands for nothing in Jim2"]
    );
    assert_eq!(taken[0]["what"], "raised");

    for id in [1, 2] {
        let claimed = site.claim(&ticket(id)).await;
        let let_go = outcome(&claimed);
        store::remember(&site.upkeep.db, &let_go).await.unwrap();
    }
    let (one, other) = (of("one", 2), of("other", 2));
    tokio::join!(step(&one), step(&other));
    step(&of("one", 3)).await;
    let taken = desk.taken();
    assert_eq!(
        subjects(&taken),
        ["Over: 2 records wait: status 8 stands for nothing in Jim2"]
    );
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_outlet_that_is_away_is_tried_again_and_holds_up_no_other(pool: PgPool) {
    let site = Site::start(pool).await;
    let desk = Taker::start().await;
    let mail = super::super::MailSettings {
        url: "smtp://127.0.0.1:1".parse().unwrap(),
        login: None,
        from: "crossbill@provider.example".to_owned(),
        to: vec!["desk@provider.example".to_owned()],
    };
    let mail = Outlet::Mail(Box::new(super::super::Mail::new(&mail).unwrap()));
    let outlets = [mail, desk.outlet(Form::Json)];
    site.hold(&ticket(1), &[unmapped("8")]).await;
    desk.answers(StatusCode::SERVICE_UNAVAILABLE);
    let fared = step(&process(&site, "one", &outlets, 0)).await;
    assert!(fared.iter().all(Result::is_err), "{fared:?}");
    desk.answers(StatusCode::OK);
    let fared = step(&process(&site, "one", &outlets, 1)).await;
    assert!(fared[0].is_err() && fared[1].is_ok(), "{fared:?}");
    assert_eq!(desk.taken().len(), 1);

    let told = alert::told(&site.upkeep.db).await.unwrap();
    let of = |outlet| told.iter().find(|told| told.outlet == outlet).unwrap();
    assert!(of("webhook").is_open && of("webhook").trouble.is_none());
    let trouble = of("mail").trouble.as_deref().unwrap();
    assert!(
        trouble.contains("the mail server does not answer"),
        "{trouble}"
    );
    assert_eq!(of("mail").told_at, None);
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_message_that_is_refused_keeps_no_other_back(pool: PgPool) {
    let site = Site::start(pool).await;
    let desk = Taker::start().await;
    let outlets = [desk.outlet(Form::Json)];
    site.hold(&ticket(1), &[unmapped("8")]).await;
    site.hold(&ticket(2), &[unmapped("9")]).await;
    desk.answers(StatusCode::BAD_REQUEST);
    let fared = step(&process(&site, "one", &outlets, 0)).await;
    assert!(fared[0].is_err());
    let told = alert::told(&site.upkeep.db).await.unwrap();
    let refused = told.iter().filter(|told| told.trouble.is_some());
    assert_eq!(refused.count(), 2, "both were tried");
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_a_process_claimed_and_did_not_tell_is_told_by_another_later(pool: PgPool) {
    let site = Site::start(pool.clone()).await;
    let desk = Taker::start().await;
    let outlets = [desk.outlet(Form::Json)];
    site.hold(&ticket(1), &[unmapped("8")]).await;
    let one = process(&site, "one", &outlets, 0);
    look_once(&one).await.unwrap();
    let cause = alert::list(&site.upkeep.db).await.unwrap().remove(0).cause;
    let on = (cause.as_str(), "webhook");
    assert!(
        alert::claim(&one.db, on, None, ("dead", LEASE))
            .await
            .unwrap()
    );
    step(&one).await;
    assert_eq!(desk.taken().len(), 0, "the other may be sending it");
    sqlx::query("update alert_told set claimed_until = now() - interval '1 second'")
        .execute(&pool)
        .await
        .unwrap();
    step(&one).await;
    assert_eq!(desk.taken().len(), 1);
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_digest_is_told_once_a_day_with_what_healed_since_the_last(pool: PgPool) {
    let site = Site::start(pool).await;
    let db = site.upkeep.db.clone();
    let desk = Taker::start().await;
    let outlets = [desk.outlet(Form::Json)];
    let of = |holder, now| {
        let mut upkeep = process_at(&site, holder, &outlets, at(now));
        upkeep.alerts.digest_at = NaiveTime::from_hms_opt(7, 30, 0);
        upkeep
    };
    // The audit log has Postgres's own times, which are later than any of this test.
    let detail = serde_json::json!({"webhook": "crossbill-ticket", "it": "was switched off"});
    audit::write(&db, crate::upkeep::GUARDIAN, "webhook mended", &detail)
        .await
        .unwrap();
    let early = of("one", "2020-11-26T20:29:00Z");
    step(&early).await;
    assert_eq!(desk.taken().len(), 0);
    let (one, other) = (
        of("one", "2020-11-26T20:31:00Z"),
        of("other", "2020-11-26T20:31:00Z"),
    );
    let both = tokio::join!(step(&one), step(&other));
    assert!(both.0[0].is_ok() && both.1[0].is_ok());
    step(&of("one", "2020-11-26T22:31:00Z")).await;
    let taken = desk.taken();
    assert_eq!(
        subjects(&taken),
        ["Digest of Fri 27 Nov: nothing needs you"]
    );
    let text = taken[0]["text"].as_str().unwrap();
    let healed = "Healed by itself since Thu 26 Nov 07:31:\n  - The webhook crossbill-ticket was mended: it was switched off";
    assert!(text.contains(healed), "{text}");

    step(&of("other", "2020-11-27T20:31:00Z")).await;
    let taken = desk.taken();
    assert_eq!(taken.len(), 1);
    let text = taken[0]["text"].as_str().unwrap();
    assert!(text.contains("since Fri 27 Nov 07:31"), "{text}");
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn who_looks_while_another_does_writes_nothing(pool: PgPool) {
    let site = Site::start(pool).await;
    site.hold(&ticket(1), &[unmapped("8")]).await;
    let outlets = [to("http://127.0.0.1:1/", Form::Json)];
    assert!(
        alert::take_look(&site.upkeep.db, "slow", LOOK)
            .await
            .unwrap()
    );
    look_once(&process(&site, "one", &outlets, 0))
        .await
        .unwrap();
    assert_eq!(alert::list(&site.upkeep.db).await.unwrap(), []);
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn where_very_many_causes_begin_at_once_one_message_tells_of_all(pool: PgPool) {
    let site = Site::start(pool).await;
    let desk = Taker::start().await;
    let outlets = [desk.outlet(Form::Json)];
    for value in 1..=6 {
        site.hold(&ticket(value), &[unmapped(&value.to_string())])
            .await;
    }
    step(&process(&site, "one", &outlets, 0)).await;
    step(&process(&site, "one", &outlets, 1)).await;
    let taken = desk.taken();
    assert_eq!(subjects(&taken), ["6 things need a person, 6 records held"]);
    assert_eq!(taken[0]["causes"].as_array().unwrap().len(), 6);
    let text = taken[0]["text"].as_str().unwrap();
    assert!(
        text.contains("- 1 record waits: status 4 stands for nothing in Jim2. Next"),
        "{text}"
    );
    site.stop().await;
}
