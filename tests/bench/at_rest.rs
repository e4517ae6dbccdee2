//! From a webhook to the ticket's job while nothing else happens, the wait for more events included.

use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::{
    caller::{Caller, get, requests},
    it::{
        figures::{Aim, Row, percentile},
        system::{Call, LATER, SOON, eventually, only_if, text},
    },
    stage::Stage,
};

/// Between two looks for the job.
const PACE: Duration = Duration::from_millis(1);

/// The rows `rest-p50` and `rest-p99`.
pub(crate) async fn measure(stage: &Stage, rounds: usize) -> Vec<Row> {
    let process = stage.serve().await;
    stage.system.quiet_within(crate::stage::PATIENCE).await;
    let (mut middle, mut most) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let mut took = Vec::new();
        for _ in 0..stage.scale.alone {
            took.push(one(stage).await);
        }
        middle.push(percentile(&took, 50));
        most.push(percentile(&took, 99));
    }
    stage.end(process).await;
    let row = |name, what, bound, samples| Row {
        name,
        what,
        unit: "ms",
        aim: Aim::AtMost(bound),
        samples,
        made_of: Vec::new(),
    };
    vec![
        row(
            "rest-p50",
            "webhook to job at rest, linger included, p50",
            60.0,
            middle,
        ),
        row("rest-p99", "the same, p99", 250.0, most),
    ]
}

/// Milliseconds from the call to the job.
async fn one(stage: &Stage) -> f64 {
    let system = &stage.system;
    let ticket = system.hands.raise("Alone").await;
    let call = told(stage).await;
    let (_, jim2) = &system.stand_ins;
    let mut ingress = Caller::to(stage.ingress()).await.unwrap();
    let mut screen = Caller::to(&jim2.base_url().replace("http://", ""))
        .await
        .unwrap();
    let request = requests(&[call]).concat();
    let last = last_job(&screen.call(&get("/sandbox/state?entity=Job")).await.json());
    let look = get(&format!("/sandbox/state?entity=Job&after={last}"));
    let began = Instant::now();
    assert_eq!(ingress.call(&request).await.status, 202);
    loop {
        let seen = screen.call(&look).await.json();
        let mut jobs = seen["Job"].as_array().into_iter().flatten();
        if jobs.any(|job| text(job, "OurRef").starts_with(&ticket.number)) {
            break;
        }
        assert!(
            began.elapsed() < SOON,
            "ticket {} got no job",
            ticket.number
        );
        sleep(PACE).await;
    }
    let took = began.elapsed();
    // What follows the job is no part of the next one.
    eventually(LATER, "all is at rest", async || {
        let on_its_way = system.on_its_way().await;
        only_if(on_its_way.is_empty(), on_its_way.join(", "))
    })
    .await;
    took.as_secs_f64() * 1_000.0
}

/// The call that tells of the new ticket.
async fn told(stage: &Stage) -> Call {
    eventually(SOON, "Autotask tells of the ticket", async || {
        let calls = stage.system.doorway.calls();
        let new = calls.into_iter().find(|call| {
            let body: Value = serde_json::from_slice(&call.body).unwrap();
            body["Action"] == "Create" && body["EntityType"] == "Ticket"
        });
        new.ok_or_else(|| "it did not yet".to_owned())
    })
    .await
}

fn last_job(state: &Value) -> i64 {
    let jobs = state["Job"].as_array().into_iter().flatten();
    let numbers = jobs.filter_map(|job| text(job, "id").parse().ok());
    numbers.max().unwrap_or(0)
}
