//! What can go wrong with Autotask on demand.

use std::time::Duration;

use crate::fault::setting::Takes;
use crate::fault::{About, Kind};

use super::schema;

/// Something that can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Unavailable,
    LostAnswer,
    Error500,
    SlowAnswer,
    Threshold,
    ThreadRefusal,
    Forbidden,
    RepeatedWebhook,
}

/// The faults of this tenant.
pub(super) type Faults = crate::fault::Faults<Fault>;

impl Kind for Fault {
    const TABLE: &'static [(Self, About)] = &[
        (
            Self::Unavailable,
            About::new("unavailable", "answers 503 with a page to everything"),
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
            About::new("error-500", "answers 500 with a sentence and does nothing"),
        ),
        (
            Self::SlowAnswer,
            About::new("slow-answer", "answers that much later")
                .taking(Takes::Duration(Duration::from_secs(2))),
        ),
        (
            Self::Threshold,
            About::new("threshold", "allows the tenant so many requests")
                .taking(Takes::Number {
                    usual: 10_000,
                    least: 1,
                    most: 1_000_000,
                })
                .lasting(),
        ),
        (
            Self::ThreadRefusal,
            About::new(
                "thread-refusal",
                "refuses a request too many at once with this status instead of 429",
            )
            .taking(Takes::Word(&["500", "503"])),
        ),
        (
            Self::Forbidden,
            About::new(
                "forbidden",
                "answers 403 to everything about these entities",
            )
            .taking(Takes::Names("Tickets+Contacts")),
        ),
        (
            Self::RepeatedWebhook,
            About::new(
                "repeated-webhook",
                "sends a webhook so many times, all the same to the letter",
            )
            .taking(Takes::Number {
                usual: 5,
                least: 2,
                most: 100,
            }),
        ),
    ];

    /// Faults name entities, in any letter case.
    fn knows(name: &str) -> bool {
        schema::entity(name).is_some()
    }
}
