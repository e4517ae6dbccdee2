//! Why a call gave nothing, and what happens next.

mod classify;
mod failure;

use std::time::Duration;

pub(crate) use self::classify::{Asked, Effect, classify, is_thread_limit};
use crate::GateRefused;

/// Why Autotask did not do what was asked. A variant for each thing a caller does about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The credentials do not hold, also after asking for the tenant's zone again.
    #[error("Autotask refuses our credentials: {reason}")]
    Unauthorized {
        /// What was refused.
        reason: String,
    },
    /// The API user's security level does not allow this.
    #[error("Autotask does not let our API user do this with a {entity}: {says}")]
    Forbidden {
        /// What people call the entity.
        entity: String,
        /// What Autotask says.
        says: String,
    },
    /// A refusal for good: the same request will be refused again.
    #[error("Autotask refuses this {entity}: {}", messages.join("; "))]
    Invalid {
        /// What people call the entity.
        entity: String,
        /// Autotask's reasons, all of them.
        messages: Vec<String>,
    },
    /// The call itself is not there, so that no value of the record can mend it.
    #[error("Autotask does not offer this call for a {entity} here ({says})")]
    NoSuchCall {
        /// What people call the entity.
        entity: String,
        /// What came instead.
        says: String,
        /// Whether a web page came in answer to a read: a web server shows such while it starts, too.
        passing: bool,
    },
    /// What answers at the address that is asked for the tenant's zone is not Autotask, or names no zone.
    #[error("the address that is asked for Autotask's zone does not tell it: {says}")]
    NoZone {
        /// What came instead.
        says: String,
    },
    /// It was surely not done, and will be soon: a lock, a deadlock, too many calls at once; and a
    /// read over which Autotask stumbled without saying why.
    #[error("Autotask is busy: {says}")]
    Busy {
        /// How long to wait, where it said.
        after: Option<Duration>,
        /// What it says.
        says: String,
    },
    /// Too many calls at once on this endpoint. Surely not done.
    #[error("Autotask allows no further call at once on this endpoint")]
    TooManyAtOnce {
        /// How long to wait, where it said.
        after: Option<Duration>,
    },
    /// The tenant's hourly threshold is used up; all its integrations are refused.
    #[error("Autotask's hourly threshold is used up")]
    SlowDown {
        /// How long to wait, where it said.
        after: Option<Duration>,
    },
    /// The record is not there, or our API user may not see it.
    #[error("the {entity} is not in Autotask any more")]
    Gone {
        /// What people call the entity.
        entity: String,
    },
    /// Autotask does not answer, or something before it answers in its place.
    #[error("Autotask does not answer")]
    Away(#[source] rest::Error),
    /// A write whose answer was lost: look before writing again.
    #[error("Autotask's answer to a write was lost")]
    MaybeDone(#[source] rest::Error),
    /// Our own gate does not let the call through now.
    #[error("our share of Autotask's allowance is used up")]
    Budget(#[from] GateRefused),
    /// An answer in a shape we do not know.
    #[error("Autotask's answer cannot be read: {says}")]
    Unreadable {
        /// Where, and what was expected.
        says: String,
    },
}
