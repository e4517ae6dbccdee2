//! The day against both stand-ins, with a person in Crossbill's place.

use std::time::SystemTime;

use axum::Router;
use axum::routing::get;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::*;
use crate::autotask::{self, Autotask};
use crate::jim2::{self, Jim2};
use crate::provider::{Provider, Size};

/// What a Crossbill that has nothing to do tells.
const IDLE: &str = "crossbill_queue_messages{queue=\"ticket\"} 0\n\
    crossbill_queue_messages{queue=\"crossbill.dead.v1\"} 0\n\
    crossbill_spill_messages 0\ncrossbill_open_intents 0\ncrossbill_applied_total{kind=\"ticket\"} 3\n";

/// A Crossbill's program that holds nothing, and one that holds a ticket.
const HOLDS_NOTHING: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/crossbill-idle");
const HOLDS_A_TICKET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/crossbill-holding");

struct Place {
    autotask: Autotask,
    jim2: Jim2,
    settings: Settings,
    /// The metrics, for as long as the place is there.
    _tasks: JoinSet<()>,
}

/// Both stand-ins, and `program` for Crossbill, which has nothing to do.
async fn place(program: &str) -> Place {
    place_that_tells(program, IDLE.to_owned()).await
}

/// The same with a Crossbill whose metrics tell this.
async fn place_that_tells(program: &str, told: String) -> Place {
    let provider = Provider::generate(1, &Size::small(), SystemTime::now().into());
    let listener = async || TcpListener::bind("127.0.0.1:0").await.unwrap();
    let metrics = listener().await;
    let url = format!("http://{}/metrics", metrics.local_addr().unwrap());
    let router = Router::new().route("/metrics", get(async move || told));
    let mut tasks = JoinSet::new();
    tasks.spawn(async { drop(axum::serve(metrics, router).await) });
    let autotask = Autotask::start(listener().await, &provider, autotask::Options::default());
    let jim2 = Jim2::start(listener().await, &provider, jim2::Options::default());
    let (autotask, jim2) = (autotask.await.unwrap(), jim2.await.unwrap());
    let settings = Settings {
        autotask: autotask.base_url(),
        jim2: jim2.base_url(),
        crossbill: program.into(),
        metrics: url,
        tickets_burst: 0,
        zone: chrono_tz::Australia::Sydney,
        between_steps: None,
        amid_steps: None,
        patience: Duration::from_secs(5),
        still: Duration::from_millis(500),
    };
    Place {
        autotask,
        jim2,
        settings,
        _tasks: tasks,
    }
}

/// A ticket, and the person who makes the job for it where `by_hand` says so.
fn script(by_hand: bool) -> Script {
    let job = json!({"do": "create", "at": "jim2", "entity": "Job", "by": "API", "as": "made",
        "set": {"custNo": "${card.cardNo}", "ourRef": "${ticket.ticketNumber}/1", "item": "SERVICE",
            "faultDesc": "No tone\n\nDead.", "priority": "Normal", "type": "Service Request"}});
    let name = json!({"do": "edit", "at": "autotask", "entity": "Companies", "id": "${company.id}", "by": null,
        "set": {"phone": "02 5550 0001"}});
    let mut does = vec![
        json!({"do": "create", "at": "autotask", "entity": "Tickets", "by": null, "as": "ticket",
        "set": {"companyID": "${company.id}", "title": "No tone", "description": "Dead.", "ticketType": 1}}),
    ];
    does.push(name);
    if by_hand {
        does.push(job);
    }
    let step = json!({"name": "A ticket gets a job",
        "finds": [
            {"at": "autotask", "entity": "Companies", "where": {"id": {"not": 0}, "companyType": 1}, "as": "company"},
            {"at": "jim2", "entity": "CardFile", "where": {"name": {"not": ""}, "user": "", "active": true}, "as": "card"},
        ],
        "does": does,
        "sees": [{"at": "jim2", "entity": "Job", "where": {"OurRef": {"contains": "${ticket.ticketNumber}"}}, "as": "job"}],
        "seen": "${ticket.ticketNumber} is job ${job.id}"});
    Script::read(&json!({ "steps": [step] }).to_string()).unwrap()
}

async fn played(place: Place, script: &Script) -> Result<(Report, Vec<String>), Error> {
    let mut told = Vec::new();
    let report = Box::pin(play(script, &place.settings, &mut |line| {
        told.push(line.to_owned());
    }))
    .await;
    place.autotask.stop().await;
    place.jim2.stop().await;
    Ok((report?, told))
}

#[test]
fn the_day_that_comes_with_the_program_can_be_read() {
    let script = Script::standard().unwrap();
    assert!(script.steps.len() > 15);
}

#[test]
fn a_script_with_a_word_that_nobody_knows_is_refused() {
    assert!(Script::read(r#"{"steps": [{"name": "x", "seen": "", "looks": []}]}"#).is_err());
    assert!(
        Script::read(r#"{"steps": [{"name": "x", "seen": "", "does": [{"do": "dance"}]}]}"#)
            .is_err()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_seen_is_told_in_plain_words_and_what_does_not_agree_fails_the_day() {
    let (report, told) = played(place(HOLDS_NOTHING).await, &script(true))
        .await
        .unwrap();
    assert!(told[1].starts_with("✓  1  A ticket gets a job"), "{told:?}");
    assert!(told[1].contains(" is job 5"), "{told:?}");
    // The job was made, but nobody wrote its number on the ticket.
    assert!(!report.ok);
    let says = |words: &str| report.reasons.iter().any(|reason| reason.contains(words));
    assert_eq!(report.reasons.len(), 2, "{:?}", report.reasons);
    assert!(says("does not name this job"), "{:?}", report.reasons);
    assert!(says("it has no job"), "{:?}", report.reasons);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_seen_in_time_is_told_with_what_is_missing() {
    let mut place = place(HOLDS_NOTHING).await;
    place.settings.patience = Duration::from_millis(300);
    let (report, told) = played(place, &script(false)).await.unwrap();
    assert!(told[1].starts_with("✗  1"), "{told:?}");
    assert!(!report.ok);
    assert!(
        report.reasons[0].contains("0 Job with OurRef"),
        "{:?}",
        report.reasons
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_that_fail_end_the_day_with_what_they_said() {
    let error = played(place("false").await, &script(true))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("mapping apply"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn hooks_run_between_and_amid_steps() {
    for amid in [true, false] {
        let mut place = place(HOLDS_NOTHING).await;
        let line = Some("test \"$STEP\" = 1 && exit 7".to_owned());
        if amid {
            place.settings.amid_steps = line;
        } else {
            place.settings.between_steps = line;
        }
        let error = played(place, &script(true)).await.unwrap_err();
        assert!(matches!(error, Error::Command { .. }), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_nothing_has_is_told() {
    let step = json!({"name": "x", "seen": "", "sees": [{"at": "jim2", "entity": "Job", "where": {"id": "${nobody.id}"}}]});
    let script = Script::read(&json!({ "steps": [step] }).to_string()).unwrap();
    let error = played(place(HOLDS_NOTHING).await, &script)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("${nobody.id}"), "{error}");
}

/// A day on which nobody does anything.
fn nothing_happens() -> Script {
    Script::read(r#"{"steps": []}"#).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_on_which_nothing_is_wrong_is_a_good_one() {
    let (report, _) = played(place(HOLDS_NOTHING).await, &nothing_happens())
        .await
        .unwrap();
    assert!(report.ok, "{:?}", report.reasons);
    assert!(report.totals.lines().contains("webhook-to-job p50"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_in_the_evening_fails_the_day() {
    let (report, _) = played(place(HOLDS_A_TICKET).await, &nothing_happens())
        .await
        .unwrap();
    assert!(!report.ok);
    assert!(
        report.reasons[0].contains("T20261123.0009 (issue type"),
        "{:?}",
        report.reasons
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn dead_letters_and_a_dead_queue_that_is_not_told_fail_the_day() {
    let dead = "crossbill_queue_messages{queue=\"crossbill.dead.v1\"} ";
    let some = IDLE.replace(&format!("{dead}0"), &format!("{dead}2"));
    let none = IDLE.replace(&format!("{dead}0\n"), "");
    for (told, reason) in [(some, "2 dead letters"), (none, "of dead letters")] {
        let place = place_that_tells(HOLDS_NOTHING, told).await;
        let (report, _) = played(place, &nothing_happens()).await.unwrap();
        assert!(report.reasons[0].contains(reason), "{:?}", report.reasons);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_never_quiet_while_a_gauge_is_missing_or_full() {
    for (from, to) in [
        ("crossbill_spill_messages 0", "crossbill_spilled 0"),
        ("crossbill_open_intents 0", "crossbill_open_intents 1"),
        ("{queue=\"ticket\"} 0", "{queue=\"ticket\"} 1"),
    ] {
        let mut place = place_that_tells(HOLDS_NOTHING, IDLE.replace(from, to)).await;
        let mut stage = stage::Stage::set(&place.settings).await.unwrap();
        place.settings.patience = Duration::from_millis(900);
        let moving = quiet::wait(&mut stage, place.settings.patience)
            .await
            .unwrap();
        assert!(moving.is_some(), "{from}");
    }
}
