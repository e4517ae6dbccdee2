//! Faults somebody switches on to see what a client makes of them.

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

/// A way to fail. A new one is a variant here, its line in [`Fault::ALL`], and one place that asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// Nothing answers but 503.
    Unavailable,
    /// The write is done, its answer is lost.
    LostAnswer,
    /// Nothing is done, 500 is answered.
    Error500,
}

impl Fault {
    /// Every fault there is.
    pub(crate) const ALL: [Self; 3] = [Self::Unavailable, Self::LostAnswer, Self::Error500];

    /// Name in `/sandbox/fault`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Unavailable => "unavailable",
            Self::LostAnswer => "lost-answer",
            Self::Error500 => "error-500",
        }
    }

    const fn about(self) -> &'static str {
        match self {
            Self::Unavailable => "every call to the API is answered 503 and does nothing",
            Self::LostAnswer => "a write is done, then the connection is cut without an answer",
            Self::Error500 => "every call to the API is answered 500 and does nothing",
        }
    }
}

/// How often an active fault strikes.
#[derive(Clone, Copy, Debug)]
struct Active {
    rate: f64,
    left: Option<u64>,
}

/// The faults that are on.
#[derive(Debug)]
pub(crate) struct Faults {
    active: BTreeMap<Fault, Active>,
    random: ChaCha8Rng,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            active: BTreeMap::new(),
            random: ChaCha8Rng::seed_from_u64(0),
        }
    }
}

impl Faults {
    /// Switches a fault on, for a share of the calls and a number of strikes, or for all.
    pub(crate) fn switch_on(&mut self, fault: Fault, rate: Option<f64>, count: Option<u64>) {
        let rate = rate.unwrap_or(1.0).clamp(0.0, 1.0);
        self.active.insert(fault, Active { rate, left: count });
    }

    /// Switches a fault off.
    pub(crate) fn switch_off(&mut self, fault: Fault) {
        self.active.remove(&fault);
    }

    /// Whether the fault strikes this time.
    pub(crate) fn strikes(&mut self, fault: Fault) -> bool {
        let Some(active) = self.active.get_mut(&fault) else {
            return false;
        };
        if active.left == Some(0) || !self.random.random_bool(active.rate) {
            return false;
        }
        active.left = active.left.map(|left| left - 1);
        if active.left == Some(0) {
            self.active.remove(&fault);
        }
        true
    }

    /// Every fault: its name, what it does, whether it is on.
    pub(crate) fn list(&self) -> Value {
        let faults = Fault::ALL.iter().map(|fault| {
            let active = self.active.get(fault);
            json!({
                "name": fault.name(),
                "about": fault.about(),
                "on": active.is_some(),
                "rate": active.map(|one| one.rate),
                "count": active.and_then(|one| one.left),
            })
        });
        Value::Array(faults.collect())
    }
}
