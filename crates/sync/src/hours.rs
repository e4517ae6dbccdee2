//! Hours of the week in which something is done, or is not. Pure.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

use crate::{Facts, WorkingDays, wall_clock};

/// The setting in which the hours are chosen when Crossbill writes nothing.
pub const QUIET_HOURS: &str = "quiet_hours";
/// The setting in which the hours are chosen when work may be done that is much and for which nobody waits.
pub const NIGHT_HOURS: &str = "night_hours";
/// What holds where nobody chose `night_hours`.
pub const USUAL_NIGHT: &str = "20:00-06:00";

/// The longest time that is looked ahead: a week, and one in which the clocks leave something out.
const LONGEST_DAYS: u64 = 15;

/// Hours of the week, by the clocks of the site: `mon..fri 08:00-18:00, sat 09:00-12:00`, or of every day, such as
/// `20:00-06:00`. Those that go past midnight belong to the day on which they begin; the last minute does not belong to
/// them.
///
/// What begins or ends in an hour that the clocks tell twice holds from its first time to its last, and what they leave out
/// takes no time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours(Vec<Span>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    days: WorkingDays,
    from: NaiveTime,
    to: NaiveTime,
}

impl Hours {
    /// When Crossbill writes nothing (`quiet_hours`); by default there are no such hours.
    pub fn quiet(facts: &Facts) -> Option<Self> {
        Self::read(facts.setting(QUIET_HOURS)?)
    }

    /// When full sweeps and the like may run (`night_hours`).
    pub fn night(facts: &Facts) -> Option<Self> {
        let chosen = facts.setting(NIGHT_HOURS).and_then(Self::read);
        chosen.or_else(|| Self::read(USUAL_NIGHT))
    }

    /// Reads hours with commas between them. Days without hours have those that follow: `mon, wed 08:00-12:00`.
    pub fn read(text: &str) -> Option<Self> {
        let mut spans = Vec::new();
        let mut without = Vec::new();
        for word in text.split(',') {
            let (days, hours) = apart(word.trim());
            if days.is_empty() && hours.is_empty() {
                return None;
            }
            if !days.is_empty() {
                without.push(WorkingDays::read(days)?);
            }
            if hours.is_empty() {
                continue;
            }
            let (from, to) = hours.split_once('-').or_else(|| hours.split_once(".."))?;
            let (from, to) = (time(from)?, end(to)?);
            if without.is_empty() {
                without.push(WorkingDays::ALL);
            }
            let of_days = without.drain(..);
            spans.extend(of_days.map(|days| Span { days, from, to }));
        }
        (without.is_empty() && !spans.is_empty()).then_some(Self(spans))
    }

    /// Whether they hold at `now`.
    pub fn holds(&self, now: DateTime<Utc>, zone: Tz) -> bool {
        self.around(now, zone).any(|span| span.has(now))
    }

    /// When they are over, where they hold at `now`: those that follow each other are one.
    pub fn until(&self, now: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        let spans: Vec<When> = self.around(now, zone).collect();
        let mut over = now;
        // What holds for ever is looked at again.
        while let Some(span) = spans.iter().find(|span| span.has(over)) {
            over = span.to;
        }
        (over > now).then_some(over)
    }

    /// When they begin next, where they do not hold at `now`; else `now`.
    pub fn next(&self, now: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        let spans = self.around(now, zone).filter(|span| span.to > now);
        spans.map(|span| span.from.max(now)).min()
    }

    /// The times of the days around `now`.
    fn around(&self, now: DateTime<Utc>, zone: Tz) -> impl Iterator<Item = When> {
        let today = now.with_timezone(&zone).date_naive();
        let days = (0..=LONGEST_DAYS).filter_map(move |count| {
            let yesterday = today.pred_opt()?;
            yesterday.checked_add_days(Days::new(count))
        });
        days.flat_map(move |day| self.0.iter().filter_map(move |span| span.on(day, zone)))
    }
}

impl Span {
    /// When it is, of a day; nothing where the clocks leave all of it out.
    fn on(self, day: NaiveDate, zone: Tz) -> Option<When> {
        if !self.days.has(day.weekday()) {
            return None;
        }
        let last = if self.to <= self.from {
            day.succ_opt()?
        } else {
            day
        };
        let from = wall_clock::first(day.and_time(self.from), zone);
        let to = wall_clock::last(last.and_time(self.to), zone);
        (from < to).then_some(When { from, to })
    }
}

/// One time that hours hold.
#[derive(Debug, Clone, Copy)]
struct When {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

impl When {
    fn has(self, now: DateTime<Utc>) -> bool {
        (self.from..self.to).contains(&now)
    }
}

/// Days, and hours: these begin with the first digit.
fn apart(word: &str) -> (&str, &str) {
    let at = word.find(|letter: char| letter.is_ascii_digit());
    let (days, hours) = word.split_at(at.unwrap_or(word.len()));
    (days.trim(), hours.trim())
}

fn time(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text.trim(), "%H:%M").ok()
}

/// The end of a day is the next one's midnight.
fn end(text: &str) -> Option<NaiveTime> {
    match text.trim() {
        "24:00" => Some(NaiveTime::MIN),
        text => time(text),
    }
}

#[cfg(test)]
mod tests;
