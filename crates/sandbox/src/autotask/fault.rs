//! Things that go wrong on demand: a list into which new ones fit, switched by `/sandbox/fault`.

use rand::Rng;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

/// Something that can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// 503 to everything.
    Unavailable,
    /// The write is done, then the connection is cut.
    LostAnswer,
    /// A real fault of the server before anything is done.
    Error500,
    /// A webhook is sent five times over.
    RepeatedWebhook,
}

/// Name and meaning of every fault.
const FAULTS: [(Fault, &str, &str); 4] = [
    (
        Fault::Unavailable,
        "unavailable",
        "answers 503 with a page to everything",
    ),
    (
        Fault::LostAnswer,
        "lost-answer",
        "does the write, then cuts the connection without an answer",
    ),
    (
        Fault::Error500,
        "error-500",
        "answers 500 with a sentence and does nothing",
    ),
    (
        Fault::RepeatedWebhook,
        "repeated-webhook",
        "sends a webhook five times, all the same to the letter",
    ),
];

/// What can go wrong, and what does now.
#[derive(Debug)]
pub(super) struct Faults {
    states: Vec<State>,
    chance: ChaCha8Rng,
}

#[derive(Debug)]
struct State {
    fault: Fault,
    on: bool,
    rate: Option<f64>,
    count: Option<u64>,
    struck: u64,
}

impl Default for Faults {
    fn default() -> Self {
        let state = |(fault, ..): &(Fault, _, _)| State {
            fault: *fault,
            on: false,
            rate: None,
            count: None,
            struck: 0,
        };
        Self {
            states: FAULTS.iter().map(state).collect(),
            chance: ChaCha8Rng::seed_from_u64(0),
        }
    }
}

impl Faults {
    /// Tells whether the fault strikes this call, and counts it.
    pub(super) fn strikes(&mut self, fault: Fault) -> bool {
        let Some(state) = self.states.iter_mut().find(|state| state.fault == fault) else {
            return false;
        };
        if !state.on
            || state
                .rate
                .is_some_and(|rate| !self.chance.random_bool(rate))
        {
            return false;
        }
        state.struck += 1;
        if let Some(count) = &mut state.count {
            *count = count.saturating_sub(1);
            state.on = *count > 0;
        }
        true
    }

    /// Switches a fault as the body says; answers a sentence when it cannot.
    pub(super) fn switch(&mut self, body: &Value) -> Result<(), String> {
        let name = body["name"].as_str().unwrap_or_default();
        let Some((fault, ..)) = FAULTS.iter().find(|(_, known, _)| *known == name) else {
            return Err(format!(
                "there is no fault '{name}'; GET /sandbox/fault lists them"
            ));
        };
        let rate = body["rate"].as_f64();
        if rate.is_some_and(|rate| !(0.0..=1.0).contains(&rate)) {
            return Err("rate is a share between 0 and 1".to_owned());
        }
        let Some(state) = self.states.iter_mut().find(|state| state.fault == *fault) else {
            return Err(format!("fault '{name}' has no state"));
        };
        let count = body["count"].as_u64();
        state.on = body["on"].as_bool().unwrap_or(true) && count != Some(0);
        state.rate = rate;
        state.count = count;
        Ok(())
    }

    /// Every fault, what it does and whether it is on.
    pub(super) fn tell(&self) -> Value {
        let told = self.states.iter().zip(&FAULTS).map(|(state, (_, name, does))| {
            json!({"name": name, "does": does, "on": state.on, "rate": state.rate, "count": state.count, "struck": state.struck})
        });
        Value::Array(told.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counted_fault_strikes_so_often_and_no_more() {
        let mut faults = Faults::default();
        assert!(!faults.strikes(Fault::Error500), "off at first");
        faults
            .switch(&json!({"name": "error-500", "on": true, "count": 2}))
            .expect("it is in the list");
        assert_eq!(
            [0; 3].map(|_| faults.strikes(Fault::Error500)),
            [true, true, false]
        );
        assert!(!faults.strikes(Fault::Unavailable), "the others stay off");
    }

    #[test]
    fn a_fault_nobody_knows_is_refused_by_name() {
        let refusal = Faults::default()
            .switch(&json!({"name": "flood", "on": true}))
            .expect_err("no such fault");
        assert!(refusal.contains("'flood'"), "{refusal}");
    }

    #[test]
    fn a_rate_strikes_some_calls_only() {
        let mut faults = Faults::default();
        faults
            .switch(&json!({"name": "unavailable", "on": true, "rate": 0.5}))
            .expect("it is in the list");
        let struck = (0..1000)
            .filter(|_| faults.strikes(Fault::Unavailable))
            .count();
        assert!((400..600).contains(&struck), "{struck}");
    }
}
