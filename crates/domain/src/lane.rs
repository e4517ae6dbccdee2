//! What a call is worth, where not all can be made.

use serde::Serialize;

/// What a call to Autotask is worth, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Lane {
    /// Full sweeps and first loads: nobody waits for them today.
    Bulk,
    /// Sweeps of what was changed, and what they found.
    Sweep,
    /// What is tried again because a problem was solved or a person asked.
    Replay,
    /// What has just happened.
    Live,
    /// What has just happened to tickets and to what is billed, what was begun, and what keeps the rest right.
    Essential,
    /// What a person waits for in front of a screen.
    Interactive,
}

impl Lane {
    /// All, least first.
    pub const ALL: [Self; 6] = [
        Self::Bulk,
        Self::Sweep,
        Self::Replay,
        Self::Live,
        Self::Essential,
        Self::Interactive,
    ];

    /// The word in columns, metrics and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bulk => "bulk",
            Self::Sweep => "sweep",
            Self::Replay => "replay",
            Self::Live => "live",
            Self::Essential => "essential",
            Self::Interactive => "interactive",
        }
    }

    /// Its place in [`Lane::ALL`].
    pub const fn place(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_lane_is_at_its_place_and_worth_more_than_the_one_before() {
        assert_eq!(Lane::ALL.map(Lane::place), [0, 1, 2, 3, 4, 5]);
        assert!(Lane::ALL.is_sorted());
    }
}
