//! Events that ask for nothing, worked off by the engine, against taking and acknowledging the same messages.

use crate::{
    it::figures::{Aim, Row},
    stage::Stage,
};

/// The row `no-ops`.
pub(crate) async fn measure(stage: &Stage, rounds: usize) -> Vec<Row> {
    let burst = stage.burst().await;
    let count = stage.scale.no_ops;
    let (mut engine, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        stage.fill(&burst.messages, count).await;
        let acknowledged = r#"crossbill_broker_settled_total{how="acknowledged""#;
        let (rate, mut worker) = stage.work_off(acknowledged, count).await;
        let asked = worker.count("crossbill_writes_total").await;
        assert!(asked < 1.0, "{asked} events asked for a write");
        stage.end(worker.process).await;
        engine.push(rate);
        stage.fill(&burst.messages, count).await;
        bare.push(stage.drain(count).await.0);
    }
    vec![Row {
        name: "no-ops",
        what: "events through the engine per second, all no-ops ÷ consume and acknowledge, same prefetch",
        unit: "",
        aim: Aim::AtLeast(0.3),
        samples: Row::ratios(&engine, &bare),
        made_of: vec![("engine", "/s", engine), ("consume", "/s", bare)],
    }]
}
