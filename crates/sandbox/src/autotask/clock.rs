//! The sandbox's own time: the system's until somebody sets it, from then on theirs.

use chrono::{DateTime, Datelike as _, Duration, SubsecRound, Utc};

/// What time the stand-in thinks it is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Clock {
    /// The machine's time.
    #[default]
    System,
    /// A time that stands still until it is set again.
    Manual(DateTime<Utc>),
}

impl Clock {
    /// The time, in the milliseconds that Autotask keeps.
    pub(super) fn now(self) -> DateTime<Utc> {
        match self {
            Self::System => system_now().trunc_subsecs(3),
            Self::Manual(now) => now,
        }
    }

    /// Stands at this time from here on.
    pub(super) fn set(&mut self, now: DateTime<Utc>) {
        *self = Self::Manual(now.trunc_subsecs(3));
    }

    /// Stands so many seconds later from here on; answers nothing where that is a time nobody can write down.
    pub(super) fn advance(&mut self, seconds: i64) -> Option<()> {
        let later = self
            .now()
            .checked_add_signed(Duration::try_seconds(seconds)?)?;
        (0..=9999).contains(&later.year()).then(|| self.set(later))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the stand-in reads the machine's time"
)]
fn system_now() -> DateTime<Utc> {
    Utc::now()
}
