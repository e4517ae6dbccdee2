//! What is stored before the first remote write: the acts, and the shadow they lead to (rule 4).

use serde::{Deserialize, Serialize};

use crate::{Act, Shadow};

/// The body of a stored intent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Intent {
    /// The writes, in order.
    pub(crate) acts: Vec<Act>,
    /// The shadow once all of them are done.
    pub(crate) shadow: Shadow,
    /// The shadow they were planned from: an earlier intent's, taken in, may be in no row any more.
    pub(crate) before: Option<Shadow>,
}

impl Intent {
    /// The act that makes the missing half, where there is one.
    pub(crate) fn creation(&self) -> Option<&Act> {
        self.acts
            .iter()
            .find(|act| matches!(act, Act::Create { .. }))
    }
}
