//! Where the time comes from.

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};

/// The years that a time may have, those of .NET and SQL Server in any zone: whatever counts with them has room to.
pub const CALENDAR: RangeInclusive<i32> = 0..=10_000;

/// The source of time. Production passes [`SystemClock`]; tests pass [`FixedClock`].
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The current time, in UTC.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the machine's clock"
    )]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that stands still.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub DateTime<Utc>);

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}
