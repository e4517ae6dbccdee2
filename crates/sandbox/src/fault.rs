//! Things that go wrong on demand, the same way in both stand-ins: a named switch with a rate or a count, and with a
//! setting where the fault needs one.
//!
//! Every fault draws from a seeded generator of its own, so that the same seed and the same calls go wrong the same
//! way whatever else is switched on.

pub mod setting;
pub mod switch;

use std::fmt::Debug;
use std::io;

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use self::setting::{Setting, Takes};
use self::switch::{Switch, is_share};

/// The faults of one stand-in. A new one is a variant, its line in the table, and one place that asks for it.
pub(crate) trait Kind: Copy + Debug + PartialEq + 'static {
    /// Every fault there is, in the order in which they are told.
    const TABLE: &'static [(Self, About)];

    /// Tells whether a setting may name this.
    fn knows(name: &str) -> bool;
}

/// What is said of a fault.
#[derive(Debug)]
pub(crate) struct About {
    name: &'static str,
    does: &'static str,
    takes: Takes,
    lasts: bool,
}

impl About {
    /// A fault that strikes at times and needs no setting.
    pub(crate) const fn new(name: &'static str, does: &'static str) -> Self {
        Self {
            name,
            does,
            takes: Takes::Nothing,
            lasts: false,
        }
    }

    /// One that needs a setting.
    pub(crate) const fn taking(self, takes: Takes) -> Self {
        Self { takes, ..self }
    }

    /// One that is a state of the system, and neither strikes at times nor ends by itself.
    pub(crate) const fn lasting(self) -> Self {
        Self {
            lasts: true,
            ..self
        }
    }
}

/// What can go wrong in a stand-in, and what does now.
#[derive(Debug)]
pub(crate) struct Faults<F: Kind> {
    states: Vec<State<F>>,
}

#[derive(Debug)]
struct State<F> {
    fault: F,
    about: &'static About,
    active: Option<Active>,
    struck: u64,
    chance: ChaCha8Rng,
}

/// How a fault strikes while it is on.
#[derive(Clone, Debug)]
struct Active {
    rate: Option<f64>,
    left: Option<u64>,
    setting: Setting,
}

impl<F: Kind> Faults<F> {
    /// Every fault off; the seed decides what a rate will strike.
    pub(crate) fn new(seed: u64) -> Self {
        let state = |((fault, about), stream): (&'static (F, About), u64)| {
            let mut chance = ChaCha8Rng::seed_from_u64(seed);
            chance.set_stream(stream);
            State {
                fault: *fault,
                about,
                active: None,
                struck: 0,
                chance,
            }
        };
        Self {
            states: F::TABLE.iter().zip(0..).map(state).collect(),
        }
    }

    /// Switches on what is to go wrong from the start.
    pub(crate) fn start(&mut self, switches: &[Switch]) -> io::Result<()> {
        let wrong = |reason| io::Error::new(io::ErrorKind::InvalidInput, reason);
        switches
            .iter()
            .try_for_each(|switch| self.switch(switch).map_err(wrong))
    }

    /// Switches a fault; answers a sentence where it cannot be switched like this.
    pub(crate) fn switch(&mut self, switch: &Switch) -> Result<(), String> {
        let active = check::<F>(switch)?;
        let state = self.states.iter_mut();
        for state in state.filter(|state| state.about.name == switch.name) {
            state.active.clone_from(&active);
        }
        Ok(())
    }

    /// Tells whether the fault strikes this time, and counts it.
    pub(crate) fn strikes(&mut self, fault: F) -> bool {
        self.strike(fault).is_some()
    }

    /// The setting of a fault that strikes this time, which is counted.
    pub(crate) fn strike(&mut self, fault: F) -> Option<Setting> {
        let state = self.states.iter_mut().find(|state| state.fault == fault)?;
        let active = state.active.as_mut()?;
        if active
            .rate
            .is_some_and(|rate| !state.chance.random_bool(rate))
        {
            return None;
        }
        state.struck += 1;
        active.left = active.left.map(|left| left - 1);
        let setting = active.setting.clone();
        if active.left == Some(0) {
            state.active = None;
        }
        Some(setting)
    }

    /// What a fault is set to, without counting it as a strike; none while it is off.
    pub(crate) fn setting(&self, fault: F) -> Option<&Setting> {
        let mut states = self.states.iter();
        let state = states.find(|state| state.fault == fault)?;
        state.active.as_ref().map(|active| &active.setting)
    }

    /// Ends a fault that has done its work.
    pub(crate) fn end(&mut self, fault: F) {
        for state in self.states.iter_mut().filter(|state| state.fault == fault) {
            state.active = None;
        }
    }

    /// Every fault: what it does, what it takes, whether it is on.
    pub(crate) fn tell(&self) -> Value {
        let tell = |state: &State<F>| {
            let active = state.active.as_ref();
            json!({
                "name": state.about.name,
                "does": state.about.does,
                "takes": state.about.takes.tell(),
                "on": active.is_some(),
                "rate": active.and_then(|active| active.rate),
                "count": active.and_then(|active| active.left),
                "value": active.and_then(|active| active.setting.tell()),
                "struck": state.struck,
            })
        };
        Value::Array(self.states.iter().map(tell).collect())
    }
}

/// How the fault is to strike from now on, none for not at all; or a sentence on what is wrong with the switch.
fn check<F: Kind>(switch: &Switch) -> Result<Option<Active>, String> {
    let name = &switch.name;
    let Some((_, about)) = F::TABLE.iter().find(|(_, about)| about.name == name) else {
        let known: Vec<_> = F::TABLE.iter().map(|(_, about)| about.name).collect();
        let known = known.join(", ");
        return Err(format!("there is no fault '{name}'; there are {known}"));
    };
    if !switch.on {
        return Ok(None);
    }
    if about.lasts && (switch.rate.is_some() || switch.count.is_some()) {
        return Err(format!(
            "'{name}' is on or off: it takes no rate and no count"
        ));
    }
    if !switch.rate.is_none_or(is_share) || switch.count == Some(0) {
        return Err(format!(
            "'{name}' takes a rate above 0 and up to 1, and a count of 1 or more"
        ));
    }
    let setting = about
        .takes
        .read(switch.value.as_deref(), F::knows)
        .map_err(|reason| format!("'{name}' {reason}"))?;
    Ok(Some(Active {
        rate: switch.rate,
        left: switch.count,
        setting,
    }))
}

/// Reads a switch such as `NAME:rate=0.1` of a stand-in with these faults.
pub(crate) fn read<F: Kind>(text: &str) -> Result<Switch, String> {
    let switch: Switch = text.parse()?;
    check::<F>(&switch).map(|_| switch)
}

#[cfg(test)]
mod tests;
