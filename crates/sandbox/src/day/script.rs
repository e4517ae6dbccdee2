//! The steps of a day as data: what people do, and what is then to be seen.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// The day that comes with the program.
const STANDARD: &str = include_str!("script.json");

/// A day's steps.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// One after the other.
    pub(super) steps: Vec<Step>,
}

impl Script {
    /// The day that comes with the program.
    pub fn standard() -> Result<Self, serde_json::Error> {
        Self::read(STANDARD)
    }

    /// A day from JSON.
    pub fn read(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }

    /// How many steps it has.
    pub const fn step_count(&self) -> usize {
        self.steps.len()
    }
}

/// One thing that happens. Texts may name what was bound before: `${ticket.ticketNumber}`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    /// In plain words.
    pub(super) name: String,
    /// What it is about: records to be found before anybody acts.
    #[serde(default)]
    pub(super) finds: Vec<Pick>,
    /// What people do.
    #[serde(default)]
    pub(super) does: Vec<Deed>,
    /// What is to be seen then, all of it at the same time.
    #[serde(default)]
    pub(super) sees: Vec<Sight>,
    /// How to tell that it was seen.
    pub(super) seen: String,
}

/// Which of the two systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum At {
    Autotask,
    Jim2,
}

/// The first record that fits.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pick {
    pub(super) at: At,
    pub(super) entity: String,
    #[serde(rename = "where")]
    pub(super) wanted: BTreeMap<String, Value>,
    #[serde(rename = "as")]
    pub(super) name: String,
}

/// What somebody does.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Deed {
    /// Makes a record, and gives it a name.
    Create {
        at: At,
        entity: String,
        by: Value,
        set: Value,
        #[serde(rename = "as")]
        name: String,
    },
    /// Edits a record.
    Edit {
        at: At,
        entity: String,
        id: Value,
        by: Value,
        set: Value,
    },
    /// Does what is no record's edit: posts a charge, invoices a job.
    Act { at: At, deed: String, with: Value },
    /// Switches a fault on for so many times.
    Fault { at: At, name: String, count: u64 },
    /// Types a command of Crossbill's.
    Crossbill { arguments: Vec<String> },
}

/// What somebody sees.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Sight {
    /// Records, of those that are new today unless `id` names one.
    Records(Records),
    /// An item that waits for somebody, naming this.
    Held(Held),
}

/// Records that are to be there.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Records {
    pub(super) at: At,
    pub(super) entity: String,
    /// This very record.
    #[serde(default)]
    pub(super) id: Option<Value>,
    #[serde(rename = "where")]
    pub(super) wanted: BTreeMap<String, Value>,
    /// How many of them, not more and not fewer.
    #[serde(default = "one")]
    pub(super) count: usize,
    #[serde(default, rename = "as")]
    pub(super) name: Option<String>,
}

/// A held item that is to be there.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Held {
    pub(super) held: String,
}

const fn one() -> usize {
    1
}
