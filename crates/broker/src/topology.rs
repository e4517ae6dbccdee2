//! The names of exchanges and queues, and who is bound to whom.
//!
//! | name | what it is |
//! |---|---|
//! | `crossbill.events` | topic exchange; key `system.kind`, or `bulk.system.kind` |
//! | `crossbill.FAMILY.v1`, `crossbill.FAMILY.bulk.v1` | work queues |
//! | `crossbill.FAMILY.suspect.v1` | work queue of what died by the delivery limit, perhaps innocently: see [`crate::Suspects`] |
//! | `crossbill.retry.TIER.v2` | fanout exchange and queue of the same name, one pair per delay |
//! | `crossbill.back` | direct exchange keyed by queue name: the way back from a tier; without its queue, to the dead |
//! | `crossbill.return` | direct exchange keyed by queue name: the way of a replay |
//! | `crossbill.dead`, `crossbill.dead.v1` | fanout exchange and the queue for what nobody could handle |
//!
//! No queue has a maximum length. A limit on a work queue would also refuse what comes back from the tiers,
//! replays and re-published keys, and only ingress may be refused: so the limit sits in ingress's publisher
//! ([`crate::Limits::queue_length`]).
//!
//! A tier dead-letters at least once: it keeps a message that no queue takes, and with 32 of them it lets nothing
//! through any more (tried on 3.10.8). So the way back from a tier ends with the dead where its queue is not there.

mod declare;

use std::time::Duration;

use domain::{Kind, System};

use crate::Lane;

pub(crate) use declare::declare;

/// The exchange that events are published to.
pub const EVENTS: &str = "crossbill.events";
/// The exchange that puts a message into the queue its key names.
pub const RETURN: &str = "crossbill.return";
/// The exchange that brings a message back from a tier into the queue its key names, or else to the dead.
pub const BACK: &str = "crossbill.back";
/// The exchange of what nobody could handle.
pub const DEAD: &str = "crossbill.dead";
/// The queue of what nobody could handle.
pub const DEAD_QUEUE: &str = "crossbill.dead.v1";
/// Deliveries after which the broker takes a message for poison. It also counts the deaths of the consumer,
/// so it is generous, and such a message is replayed once alone before it is believed to be poison.
pub const DELIVERY_LIMIT: u32 = 20;

/// Everything that Crossbill declares in RabbitMQ.
#[derive(Debug, Clone)]
pub struct Topology {
    /// The families of kinds, one pair of work queues each.
    pub families: Vec<Family>,
    /// The delays of the retry ladder.
    pub tiers: Tiers,
}

/// Kinds that share one worker and its two queues.
#[derive(Debug, Clone)]
pub struct Family {
    /// The word in the queue's name, such as `ticket`.
    pub name: String,
    /// The kinds whose events end there.
    pub kinds: Vec<Kind>,
}

impl Family {
    /// A family called `name`.
    pub fn new(name: impl Into<String>, kinds: impl IntoIterator<Item = Kind>) -> Self {
        Self {
            name: name.into(),
            kinds: kinds.into_iter().collect(),
        }
    }

    /// The queue of `lane`.
    pub fn queue(&self, lane: Lane) -> String {
        match lane {
            Lane::Live => format!("crossbill.{}.v1", self.name),
            Lane::Bulk => format!("crossbill.{}.bulk.v1", self.name),
        }
    }

    /// The queue of what died by the delivery limit, perhaps innocently.
    pub fn suspects(&self) -> String {
        format!("crossbill.{}.suspect.v1", self.name)
    }

    /// The queue where a message that died in the work queue `queue` has its second chance.
    pub(crate) fn suspects_of(queue: &str) -> Option<String> {
        let family = queue.strip_prefix("crossbill.")?.strip_suffix(".v1")?;
        let family = family.strip_suffix(".bulk").unwrap_or(family);
        Some(Self::new(family, []).suspects())
    }

    fn keys(&self, lane: Lane) -> impl Iterator<Item = String> {
        self.kinds.iter().flat_map(move |kind| {
            System::BOTH
                .into_iter()
                .map(move |system| key(lane, system, kind))
        })
    }
}

/// The routing key of an event.
pub(crate) fn key(lane: Lane, system: System, kind: &Kind) -> String {
    let (system, kind) = (system.as_str(), kind.as_str());
    match lane {
        Lane::Live => format!("{system}.{kind}"),
        Lane::Bulk => format!("bulk.{system}.{kind}"),
    }
}

/// One delay of the retry ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier {
    delay: Duration,
}

impl Tier {
    /// How long a message stays.
    pub fn delay(&self) -> Duration {
        self.delay
    }

    /// The name of its exchange and of its queue. The delay is part of it, so another delay is another queue.
    pub fn name(&self) -> String {
        let ms = self.delay.as_millis();
        let delay = match (ms % 3_600_000, ms % 60_000, ms % 1_000) {
            (0, ..) => format!("{}h", ms / 3_600_000),
            (_, 0, _) => format!("{}m", ms / 60_000),
            (_, _, 0) => format!("{}s", ms / 1_000),
            _ => format!("{ms}ms"),
        };
        format!("crossbill.retry.{delay}.v2")
    }
}

/// The retry ladder: delays in ascending order, at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tiers(Vec<Tier>);

impl Default for Tiers {
    /// 5 s, 30 s, 2 min, 10 min, 1 h.
    fn default() -> Self {
        Self::new([5, 30, 120, 600, 3_600].map(Duration::from_secs))
    }
}

impl Tiers {
    /// A ladder of these delays, in any order.
    ///
    /// # Panics
    ///
    /// Panics where there is none: a failed message would have nowhere to go.
    pub fn new(delays: impl IntoIterator<Item = Duration>) -> Self {
        let mut tiers: Vec<_> = delays.into_iter().map(|delay| Tier { delay }).collect();
        tiers.sort_by_key(Tier::delay);
        tiers.dedup();
        assert!(!tiers.is_empty(), "a retry ladder has at least one tier");
        Self(tiers)
    }

    /// The shortest delay of at least `after`, or the longest there is.
    pub fn at_least(&self, after: Duration) -> &Tier {
        self.0
            .iter()
            .find(|tier| tier.delay >= after)
            .unwrap_or_else(|| self.longest())
    }

    /// The longest delay.
    pub fn longest(&self) -> &Tier {
        self.0
            .last()
            .expect("a ladder is made with at least one tier")
    }

    /// Every delay, shortest first.
    pub fn iter(&self) -> impl Iterator<Item = &Tier> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_takes_the_smallest_tier_that_is_long_enough() {
        let tiers = Tiers::default();
        for (after, expected) in [
            (0, "crossbill.retry.5s.v2"),
            (5, "crossbill.retry.5s.v2"),
            (6, "crossbill.retry.30s.v2"),
            (31, "crossbill.retry.2m.v2"),
            (600, "crossbill.retry.10m.v2"),
            (601, "crossbill.retry.1h.v2"),
            (86_400, "crossbill.retry.1h.v2"),
        ] {
            let tier = tiers.at_least(Duration::from_secs(after));
            assert_eq!(tier.name(), expected, "{after} s");
        }
    }

    #[test]
    fn both_lanes_have_queues_and_keys_of_their_own() {
        let family = Family::new("ticket", [Kind::new("ticket")]);
        assert_eq!(family.queue(Lane::Live), "crossbill.ticket.v1");
        assert_eq!(family.queue(Lane::Bulk), "crossbill.ticket.bulk.v1");
        assert_eq!(
            family.keys(Lane::Bulk).collect::<Vec<_>>(),
            ["bulk.autotask.ticket", "bulk.jim2.ticket"]
        );
    }

    #[test]
    fn suspects_of_both_lanes_share_a_queue() {
        let family = Family::new("ticket", [Kind::new("ticket")]);
        for lane in [Lane::Live, Lane::Bulk] {
            let suspects = Family::suspects_of(&family.queue(lane));
            assert_eq!(suspects, Some(family.suspects()));
        }
        assert_eq!(Family::suspects_of("somebody's queue"), None);
    }
}
