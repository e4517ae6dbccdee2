//! Changes applied a second while both systems answer in 5 ms, against bare writes to the stand-in at the same
//! concurrency.

use std::sync::Arc;

use sandbox::fault::switch::Switch;
use serde_json::json;

use crate::{
    caller::{Caller, Repeat, Request, send},
    it::figures::{Aim, Row},
    load::per_second,
    stage::Stage,
};

/// Crossbill makes no more calls at once to Jim2.
const AT_ONCE: usize = 2;
const DELAY: &str = "5ms";

/// The row `applied`.
pub(crate) async fn measure(stage: &Stage, rounds: usize) -> Vec<Row> {
    let burst = stage.burst().await;
    let hands = &stage.system.hands;
    let (mut applied, mut written) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        burst.change(stage, &format!("A{round}")).await;
        stage.fill(&burst.messages, burst.tickets.len()).await;
        hands.autotask.switch(&slow("slow-answer")).await.unwrap();
        hands.jim2.switch(&slow("slow")).await.unwrap();
        let (rate, worker) = stage
            .work_off("crossbill_applied_total", burst.tickets.len())
            .await;
        stage.end(worker.process).await;
        applied.push(rate);
        written.push(bare_writes(stage, &burst.spare).await);
        for (screen, fault) in [(&hands.autotask, "slow-answer"), (&hands.jim2, "slow")] {
            screen.switch(&Switch::off(fault)).await.unwrap();
        }
        drop(stage.system.doorway.calls());
    }
    vec![Row {
        name: "applied",
        what: "changes applied per second, stand-ins answering in 5 ms ÷ bare writes, same concurrency",
        unit: "",
        aim: Aim::AtLeast(0.7),
        samples: Row::ratios(&applied, &written),
        made_of: vec![("changes", "/s", applied), ("bare writes", "/s", written)],
    }]
}

fn slow(fault: &str) -> Switch {
    Switch {
        rate: Some(1.0),
        value: Some(DELAY.to_owned()),
        ..Switch::on(fault)
    }
}

/// Writes a second to jobs, each a change.
async fn bare_writes(stage: &Stage, jobs: &[String]) -> f64 {
    let (_, jim2) = &stage.system.stand_ins;
    let address = jim2.base_url().replace("http://", "");
    let token = sign_in(&address).await;
    let requests: Arc<[Request]> = jobs
        .iter()
        .enumerate()
        .flat_map(|(place, job)| {
            let patch = |word: &str| patch(&token, job, &format!("{word}-{place}"));
            [patch("one"), patch("other")]
        })
        .collect();
    let writers = Repeat::many(AT_ONCE, &address, &requests, 200).await;
    let rate = per_second(writers, stage.scale.length).await;
    let mut caller = Caller::to(&address).await.unwrap();
    let (name, value) = bearer(&token);
    let log_off = send("POST", "/jim2/logoff", &[(name, &value)], b"");
    assert_eq!(caller.call(&log_off).await.status, 200);
    rate
}

fn patch(token: &str, job: &str, reference: &str) -> Request {
    let body = json!({"data": {"type": "Job", "id": job, "attributes": {"CustRef": reference}}});
    let (name, value) = bearer(token);
    let headers = [
        (name, value.as_str()),
        ("content-type", "application/vnd.api+json"),
    ];
    send(
        "PATCH",
        &format!("/jim2/api/v1/jobs/{job}"),
        &headers,
        body.to_string().as_bytes(),
    )
}

async fn sign_in(address: &str) -> String {
    let form =
        "grant_type=client_credentials&scope=all&client_id=crossbill&client_secret=sandbox-secret";
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let mut caller = Caller::to(address).await.unwrap();
    let request = send("POST", "/jim2/token", &headers, form.as_bytes());
    let answer = caller.call(&request).await;
    let token = answer.json()["access_token"].as_str().map(str::to_owned);
    token.expect("the stand-in lets us in")
}

fn bearer(token: &str) -> (&'static str, String) {
    ("authorization", format!("Bearer {token}"))
}
