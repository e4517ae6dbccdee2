//! Pausing and going on, and what going on would set in motion.

use broker::{Broker, Lane};
use domain::{Kind, System};
use serde::Serialize;
use serde_json::json;
use store::{
    Db,
    mapping::{Direction, Switch},
};

use crate::kinds;

/// What waits of one kind, and what may be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Waiting {
    /// The kind.
    pub(crate) kind: Kind,
    /// Events in the queues; `None` while the broker is away.
    pub(crate) queued: Option<u32>,
    /// Held items.
    pub(crate) held: i64,
    /// Complete pairs.
    pub(crate) paired: i64,
    /// Whether, and how many, records may be made each way.
    pub(crate) switches: Vec<Switch>,
}

impl Waiting {
    /// How many new records what waits can come to, at most: one for each event and held item, as far as making
    /// records is on and the brakes leave room. `None` while the broker is away.
    pub(crate) fn at_most(&self) -> Option<i64> {
        let both = System::BOTH.map(|system| self.at_most_in(system));
        let [autotask, jim2] = both;
        Some(self.waiting()?.min(autotask?.saturating_add(jim2?)))
    }

    /// The same, of records of one system.
    pub(crate) fn at_most_in(&self, system: System) -> Option<i64> {
        let on = self
            .switches
            .iter()
            .filter(|switch| switch.create_enabled && switch.direction.target() == system);
        let room = on.map(|switch| {
            let left = |brake: i32| i64::from(brake.saturating_sub(switch.created).max(0));
            switch.brake_at.map_or(i64::MAX, left)
        });
        Some(self.waiting()?.min(room.fold(0, i64::saturating_add)))
    }

    fn waiting(&self) -> Option<i64> {
        Some(i64::from(self.queued?).saturating_add(self.held))
    }
}

/// Pauses both systems, or one. Answers those that were running before.
pub(crate) async fn pause(
    db: &Db,
    system: Option<System>,
    who: &str,
) -> anyhow::Result<Vec<System>> {
    let mut paused = Vec::new();
    for system in chosen(system) {
        if store::system::pause(db, system, who).await? {
            paused.push(system);
        }
    }
    store::audit::write(db, who, "pause", &json!({"systems": paused})).await?;
    Ok(paused)
}

/// Lets both systems go on, or one, and takes off brakes and what was held as too many at once. A stop (wrong
/// credentials, no licence, …) is looked at again at once. Answers those that were paused before.
pub(crate) async fn resume(
    db: &Db,
    system: Option<System>,
    release: &[Kind],
    who: &str,
) -> anyhow::Result<Vec<System>> {
    for kind in release {
        store::mapping::release_brake(db, kind).await?;
        store::guard::release(db, kind, who).await?;
    }
    let mut resumed = Vec::new();
    for system in chosen(system) {
        store::system::clear_stop(db, system).await?;
        if store::system::resume(db, system, who).await? {
            resumed.push(system);
        }
    }
    let detail = json!({"systems": resumed, "released": release});
    store::audit::write(db, who, "resume", &detail).await?;
    Ok(resumed)
}

/// What waits, kind by kind.
pub(crate) async fn waiting(db: &Db, broker: &Broker) -> anyhow::Result<Vec<Waiting>> {
    let pairs = store::pair::counts(db).await?;
    let switches = store::mapping::load(db).await?.switches;
    let held = held_by_kind(db).await?;
    let mut waiting = Vec::new();
    for kind in kinds::kinds() {
        waiting.push(Waiting {
            queued: queued(broker, &kind).await,
            held: held.iter().filter(|it| **it == kind).count().try_into()?,
            paired: pairs
                .iter()
                .filter(|count| count.kind == kind && count.state == store::State::Paired)
                .map(|count| count.pairs)
                .sum(),
            switches: [Direction::AutotaskToJim2, Direction::Jim2ToAutotask]
                .into_iter()
                .filter_map(|direction| {
                    switches
                        .iter()
                        .find(|switch| switch.kind == kind && switch.direction == direction)
                        .cloned()
                })
                .collect(),
            kind,
        });
    }
    Ok(waiting)
}

async fn held_by_kind(db: &Db) -> anyhow::Result<Vec<Kind>> {
    let page = store::pair::Page {
        offset: 0,
        limit: i64::MAX,
    };
    let items = store::held::list(db, &store::held::Which::All, page).await?;
    Ok(items.into_iter().filter_map(|item| item.kind).collect())
}

async fn queued(broker: &Broker, kind: &Kind) -> Option<u32> {
    let family = kinds::family(kind);
    let mut messages = 0;
    for lane in [Lane::Live, Lane::Bulk] {
        messages += broker.depth(&family.queue(lane)).await.ok()?.messages;
    }
    Some(messages)
}

fn chosen(system: Option<System>) -> Vec<System> {
    system.map_or_else(|| System::BOTH.to_vec(), |system| vec![system])
}
