//! What can go wrong with Jim2 on demand.

use crate::fault::{About, Kind};

/// Something that can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Unavailable,
    LostAnswer,
    Error500,
}

/// The faults of this Jim2.
pub(crate) type Faults = crate::fault::Faults<Fault>;

impl Kind for Fault {
    const TABLE: &'static [(Self, About)] = &[
        (
            Self::Unavailable,
            About::new(
                "unavailable",
                "answers 503 to every call to the API and does nothing",
            ),
        ),
        (
            Self::LostAnswer,
            About::new(
                "lost-answer",
                "does the write, then cuts the connection without an answer",
            ),
        ),
        (
            Self::Error500,
            About::new(
                "error-500",
                "answers 500 to every call to the API and does nothing",
            ),
        ),
    ];

    /// No fault of Jim2 names anything.
    fn knows(_name: &str) -> bool {
        false
    }
}
