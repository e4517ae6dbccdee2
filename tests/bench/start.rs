//! From the start of `crossbill serve` to its being ready.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::{
    caller::{Caller, get},
    it::{
        figures::{Aim, Row},
        system::LATER,
    },
    stage::Stage,
};

/// Between two looks.
const PACE: Duration = Duration::from_millis(2);

/// The row `start`.
pub(crate) async fn measure(stage: &Stage, rounds: usize) -> Vec<Row> {
    let mut samples = Vec::new();
    for _ in 0..rounds {
        let began = Instant::now();
        let process = stage.system.launch_role(&[], "serve");
        while !is_ready(process.admin()).await {
            assert!(began.elapsed() < LATER, "it did not get ready");
            sleep(PACE).await;
        }
        samples.push(began.elapsed().as_secs_f64());
        stage.end(process).await;
    }
    vec![Row {
        name: "start",
        what: "start to ready of `crossbill serve`",
        unit: "s",
        aim: Aim::AtMost(1.0),
        samples,
        made_of: Vec::new(),
    }]
}

async fn is_ready(admin: &str) -> bool {
    match Caller::to(admin).await {
        Ok(mut caller) => caller.call(&get("/health/ready")).await.status == 200,
        Err(_) => false,
    }
}
