//! What is stored before the first remote write: the acts, the shadow they lead to, and what the journal is owed (rule 4).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::System;
use serde::{Deserialize, Serialize};
use store::journal::Entry;

use super::{
    case::Case,
    record::{entries, notices},
};
use crate::{Act, Plan, Shadow};

/// The body of a stored intent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Intent {
    /// The writes, in order.
    pub(crate) acts: Vec<Act>,
    /// The shadow once all of them are done.
    pub(crate) shadow: Shadow,
    /// The shadow they were planned from: an earlier intent's, taken in, may be in no row any more.
    pub(crate) before: Option<Shadow>,
    /// The states that they were planned from, in each system's own time.
    #[serde(default)]
    pub(crate) read_at: BTreeMap<System, DateTime<Utc>>,
    /// What the journal is owed for each act once it is done.
    #[serde(default)]
    pub(crate) journal: Vec<Entry>,
    /// What it is owed for what was decided, once any act is done.
    #[serde(default)]
    pub(crate) notices: Vec<Entry>,
    /// What it is owed for an earlier intent, whose acts were done.
    #[serde(default)]
    pub(crate) told: Vec<Entry>,
}

impl Intent {
    /// What is about to be written for a case.
    pub(crate) fn of(case: &Case, plan: &Plan) -> Self {
        let read_at = |system| Some((system, case.half(system)?.changed_at?));
        Self {
            acts: plan.acts.clone(),
            shadow: plan.shadow.clone(),
            before: case.agreed(),
            read_at: System::BOTH.into_iter().filter_map(read_at).collect(),
            journal: entries(case, plan, plan.acts.len()),
            notices: notices(case, &plan.notices),
            told: case.owed_journal(),
        }
    }

    /// The act that makes the missing half, where there is one.
    pub(crate) fn creation(&self) -> Option<&Act> {
        creation(&self.acts)
    }
}

/// The act of a plan that makes the missing half, where there is one.
pub(super) fn creation(acts: &[Act]) -> Option<&Act> {
    acts.iter().find(|act| matches!(act, Act::Create { .. }))
}
