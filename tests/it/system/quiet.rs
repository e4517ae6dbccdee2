//! When nothing is on its way any more: then what is not there will not come.

use std::time::Duration;

use broker::{Family, Lane, Tiers};
use domain::Kind;
use tokio::time::Instant;

use super::{KINDS, LATER, System, eventually::eventually_every};

/// How long there must be nothing before that is believed.
const STILL: Duration = Duration::from_secs(1);
/// How often to look: it takes many questions.
const PACE: Duration = Duration::from_millis(200);

impl System {
    /// Waits until every webhook has arrived, every change is read, every message is done and nobody writes.
    pub(crate) async fn quiet(&self) {
        self.quiet_within(LATER).await;
    }

    /// The same, where it may take longer.
    pub(crate) async fn quiet_within(&self, within: Duration) {
        let mut since = None;
        eventually_every(PACE, within, "all is quiet", async || {
            let (on_its_way, writes) = (self.on_its_way().await, self.hands.writes().await);
            if !on_its_way.is_empty() {
                since = None;
                return Err(on_its_way.join(", "));
            }
            let (began, then) = *since.get_or_insert((Instant::now(), writes));
            if then != writes {
                since = None;
                return Err("somebody writes".to_owned());
            }
            if began.elapsed() < STILL {
                return Err("it is quiet, but not for long".to_owned());
            }
            Ok(())
        })
        .await;
    }

    /// What is not done yet, in words. RabbitMQ, with a queue for each kind and lane, is asked only where nothing else is on
    /// its way, and the others again after it: what had left its queue is claimed by then.
    pub(crate) async fn on_its_way(&self) -> Vec<String> {
        let mut all = self.outside_queues().await;
        if all.is_empty() {
            all = self.in_queues().await;
        }
        if all.is_empty() {
            all = self.outside_queues().await;
        }
        all
    }

    /// What the database and the two systems know not to be done yet.
    async fn outside_queues(&self) -> Vec<String> {
        let mut all = Vec::new();
        for (what, sql) in [
            // A claim that ran out with nothing waiting on it is nobody's.
            (
                "claimed",
                "select count(*) from pair where claimed_by is not null and (claimed_until > now() or dirty is not null)",
            ),
            ("written", "select count(*) from intent"),
            ("spilled", "select count(*) from spill"),
        ] {
            let count = self.database.count(sql).await;
            all.extend((count > 0).then(|| format!("{count} {what}")));
        }
        let webhooks = self.hands.autotask.stats().await.unwrap();
        let pending = webhooks["webhooks"]["pending"].as_i64().unwrap();
        all.extend((pending > 0).then(|| format!("{pending} webhooks")));
        let jim2 = self.hands.jim2.stats().await.unwrap();
        let mark = jim2["changes"]["safeMark"].as_i64().unwrap();
        let read = self
            .database
            .count("select position from cursor where name = 'jim2.changes'")
            .await;
        all.extend((read < mark).then(|| format!("change {mark} of Jim2 behind {read}")));
        all
    }

    async fn in_queues(&self) -> Vec<String> {
        let mut queues: Vec<String> = Tiers::default().iter().map(broker::Tier::name).collect();
        for kind in KINDS {
            let family = Family::new(kind, [Kind::new(kind)]);
            queues.extend([Lane::Live, Lane::Bulk].map(|lane| family.queue(lane)));
        }
        let mut waiting = Vec::new();
        for queue in queues {
            match self.broker.depth(&queue).await {
                Ok(depth) if depth.messages == 0 => {}
                Ok(depth) => waiting.push(format!("{} in {queue}", depth.messages)),
                Err(error) => waiting.push(format!("{queue}: {error}")),
            }
        }
        waiting
    }
}
