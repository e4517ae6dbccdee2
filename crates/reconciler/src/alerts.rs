//! Telling people: one message a cause and window, one when it is over, and a digest a day.
//!
//! What is alarming ([`alarming`]), what is to be told of it ([`decide`]), the words and the digest are pure; the herald
//! looks and sends. Any number of processes may do so at once: one looks at a time, and a message is claimed by one, told
//! after it was sent. Each outlet has a loop and a book of its own, so that one that is away holds up nobody.

mod alarming;
mod cause;
mod daily;
mod decide;
mod digest;
mod facts;
mod herald;
mod message;
mod outlet;
mod words;

use chrono::{NaiveTime, TimeDelta};
use chrono_tz::Tz;

pub use alarming::alarming;
pub use cause::Cause;
pub use decide::{Entry, decide};
pub use digest::{Digest, digest};
pub use facts::{Facts, gather};
pub use message::{Message, What};
pub use outlet::{Form, Mail, MailSettings, Outlet, Trouble, Web};
pub use words::sentence;

pub(crate) use herald::{look_once, tell_once};

/// How people are told.
#[derive(Debug, Clone)]
pub struct Alerts {
    /// The ways out; without any nobody is told, and the metrics tell.
    pub outlets: Vec<Outlet>,
    /// How long a cause lasts before it is told of, where it may be over by itself.
    pub patience: TimeDelta,
    /// A cause is told of once in this time.
    pub window: TimeDelta,
    /// When the digest is told, by the clocks of the site; `None` is never.
    pub digest_at: Option<NaiveTime>,
    /// The site's zone.
    pub zone: Tz,
}

#[cfg(test)]
pub(crate) mod testing;
