//! Webhooks accepted a second while the broker is away, against commits of single rows of the same table.

use std::sync::Arc;

use chrono::DateTime;
use serde_json::{Value, json};
use sqlx::postgres::PgPoolOptions;
use store::{Db, spill::Spilled};
use uuid::Uuid;

use crate::{
    caller::{Repeat, requests},
    it::figures::{Aim, Row},
    load::{Deed, per_second},
    stage::{Message, Stage},
};

/// As many as a process of Crossbill has.
const CONNECTIONS: u32 = 16;

/// Keeps a message in Postgres, a commit each.
struct Commit {
    db: Db,
    messages: Arc<[Message]>,
    next: usize,
}

impl Deed for Commit {
    async fn once(&mut self) {
        let message = &self.messages[self.next % self.messages.len()];
        let row = Spilled {
            id: Uuid::now_v7(),
            route: json!({"to": "event", "system": "autotask", "kind": "ticket", "lane": "live"}),
            headers: headers(message),
            body: message.body.to_vec(),
            due_at: DateTime::UNIX_EPOCH,
        };
        store::spill::put(&self.db, &[row]).await.unwrap();
        self.next += 1;
    }
}

/// The row `spill`.
pub(crate) async fn measure(stage: &Stage, rounds: usize) -> Vec<Row> {
    let (system, burst) = (&stage.system, stage.burst().await);
    let calls = requests(&burst.calls);
    let messages: Arc<[Message]> = burst.messages.clone().into();
    let (length, at_once) = (stage.scale.length, stage.scale.at_once);
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS);
    let db = Db::from(pool.connect_lazy(&system.database.url()).unwrap());
    let by_proxy = system.rabbit.url_by(system.rabbitmq.port());
    let process = stage.take_in(&[("AMQP_URL", &by_proxy)], &calls[0]).await;
    system.rabbitmq.cut();
    let (mut accepted, mut committed) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let callers = Repeat::many(at_once, stage.ingress(), &calls, 202).await;
        accepted.push(per_second(callers, length).await);
        let spilled = system.database.count("select count(*) from spill").await;
        assert!(spilled > 0, "the broker was not away");
        system.database.execute("truncate spill").await;
        let committers = (0..at_once).map(|next| Commit {
            db: db.clone(),
            messages: Arc::clone(&messages),
            next,
        });
        committed.push(per_second(committers.collect(), length).await);
        system.database.execute("truncate spill").await;
    }
    system.rabbitmq.restore();
    stage.end(process).await;
    vec![Row {
        name: "spill",
        what: "webhooks accepted per second with the broker away ÷ single-row commits, same table and pool",
        unit: "",
        aim: Aim::AtLeast(0.8),
        samples: Row::ratios(&accepted, &committed),
        made_of: vec![("webhooks", "/s", accepted), ("commits", "/s", committed)],
    }]
}

fn headers(message: &Message) -> Value {
    serde_json::to_value(&message.headers).unwrap()
}
