//! Webhooks accepted a second, each confirmed on a quorum queue, against bare publishing with a confirm; and how long
//! they wait for their answer at half that rate.

use std::sync::Arc;

use broker::{Outgoing, Publisher};
use uuid::Uuid;

use crate::{
    caller::{Repeat, requests},
    it::figures::{Aim, Row, percentile},
    load::{Deed, at_pace, per_second},
    stage::{Message, Stage, live_event},
};

/// Publishes the same messages as ingress does.
pub(crate) struct Publish {
    publisher: Publisher,
    messages: Arc<[Message]>,
    next: usize,
}

impl Deed for Publish {
    async fn once(&mut self) {
        let message = &self.messages[self.next % self.messages.len()];
        let outgoing = Outgoing {
            id: Uuid::now_v7(),
            body: message.body.clone(),
            headers: message.headers.clone(),
        };
        let published = self.publisher.publish(live_event(), outgoing).await;
        published.unwrap();
        self.next += 1;
    }
}

/// The rows `accept` and `answer`.
pub(crate) async fn measure(stage: &Stage, rounds: usize) -> Vec<Row> {
    let burst = stage.burst().await;
    let calls = requests(&burst.calls);
    let messages: Arc<[Message]> = burst.messages.clone().into();
    let (length, at_once) = (stage.scale.length, stage.scale.at_once);
    let process = stage.take_in(&[], &calls[0]).await;
    let (mut accepted, mut published, mut waited) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        stage.forget_messages().await;
        let callers = Repeat::many(at_once, stage.ingress(), &calls, 202).await;
        let rate = per_second(callers, length).await;
        accepted.push(rate);
        stage.forget_messages().await;
        let publishers = (0..at_once).map(|next| Publish {
            publisher: stage.publisher.clone(),
            messages: Arc::clone(&messages),
            next,
        });
        published.push(per_second(publishers.collect(), length).await);
        stage.forget_messages().await;
        let callers = Repeat::many(at_once, stage.ingress(), &calls, 202).await;
        waited.push(percentile(&at_pace(callers, rate / 2.0, length).await, 99));
    }
    stage.forget_messages().await;
    stage.end(process).await;
    vec![
        Row {
            name: "accept",
            what: "webhooks accepted per second, confirmed on a quorum queue ÷ bare confirmed publishing",
            unit: "",
            aim: Aim::AtLeast(0.8),
            samples: Row::ratios(&accepted, &published),
            made_of: vec![
                ("webhooks", "/s", accepted.clone()),
                ("publishing", "/s", published),
            ],
        },
        Row {
            name: "answer",
            what: "the same, p99 of the answer at half that rate",
            unit: "ms",
            aim: Aim::AtMost(25.0),
            samples: waited,
            made_of: vec![(
                "webhooks",
                "/s",
                accepted.iter().map(|rate| rate / 2.0).collect(),
            )],
        },
    ]
}
