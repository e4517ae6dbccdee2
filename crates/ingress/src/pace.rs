//! How fast a source is looked at: often while it is busy, seldom while it is idle or in trouble.

use std::time::Duration;

/// The longest wait while a source is in trouble.
const LONGEST: Duration = Duration::from_mins(1);

/// What a look at a source came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// There is more to read.
    More,
    /// Something was read, and all of it.
    Some,
    /// Nothing was there.
    Nothing,
    /// Somebody else moved the cursor.
    Raced,
}

/// The waits between looks.
#[derive(Debug)]
pub(crate) struct Pace {
    busy: Duration,
    idle: Duration,
    wait: Duration,
    is_in_trouble: bool,
}

impl Pace {
    /// From `busy` to `idle`.
    pub(crate) fn new(busy: Duration, idle: Duration) -> Self {
        Self {
            busy,
            idle: idle.max(busy),
            wait: busy,
            is_in_trouble: false,
        }
    }

    /// The wait after a look that worked.
    pub(crate) fn after(&mut self, look: Look) -> Duration {
        if std::mem::take(&mut self.is_in_trouble) {
            tracing::info!("feed goes on");
            self.wait = self.busy;
        }
        self.wait = match look {
            Look::More => return Duration::ZERO,
            Look::Some | Look::Raced => self.busy,
            Look::Nothing => (self.wait * 2).clamp(self.busy, self.idle),
        };
        self.wait
    }

    /// Whether trouble that comes now is news.
    pub(crate) fn is_well(&self) -> bool {
        !self.is_in_trouble
    }

    /// The wait after trouble: longer each time, and at least `asked` of it, up to a minute.
    pub(crate) fn after_trouble(&mut self, asked: Option<Duration>) -> Duration {
        self.wait = if std::mem::replace(&mut self.is_in_trouble, true) {
            (self.wait * 2).clamp(self.busy, LONGEST)
        } else {
            self.busy
        };
        self.wait.max(asked.unwrap_or_default().min(LONGEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn an_idle_source_is_looked_at_less_and_less_until_something_comes() {
        let mut pace = Pace::new(s(1), s(5));
        for (look, wait) in [
            (Look::Nothing, 2),
            (Look::Nothing, 4),
            (Look::Nothing, 5),
            (Look::Nothing, 5),
            (Look::More, 0),
            (Look::Some, 1),
            (Look::Raced, 1),
            (Look::Nothing, 2),
        ] {
            assert_eq!(pace.after(look), s(wait), "{look:?}");
        }
    }

    #[test]
    fn trouble_is_news_once_and_waits_grow_up_to_a_minute() {
        let mut pace = Pace::new(s(1), s(5));
        assert!(pace.is_well());
        for wait in [1, 2, 4, 8, 16, 32, 60, 60] {
            assert_eq!(pace.after_trouble(None), s(wait));
            assert!(!pace.is_well());
        }
        assert_eq!(pace.after(Look::Some), s(1));
        assert!(pace.is_well());
        assert_eq!(pace.after_trouble(Some(s(30))), s(30));
        assert_eq!(pace.after_trouble(Some(s(3000))), s(60));
    }
}
