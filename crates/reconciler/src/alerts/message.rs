//! What is told of a cause, in words. Pure.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::Fixer;
use rust_decimal::Decimal;
use serde::Serialize;
use store::alert::Alert;

use super::{
    cause::Cause,
    words::{capital, counted, money, time},
};

/// What is wrong takes no more of the line to read first, so that its number and money are on it.
const SAYS: usize = 150;
/// How many things of one sort are told one by one.
const SHOWN: usize = 20;

/// Why something is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// It is there.
    Raised,
    /// It is there still.
    Reminded,
    /// It is over.
    Resolved,
    /// The digest of a day.
    Digest,
    /// Somebody wants to know whether messages come.
    Test,
}

impl What {
    /// The word in metrics and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Reminded => "reminded",
            Self::Resolved => "resolved",
            Self::Digest => "digest",
            Self::Test => "test",
        }
    }
}

/// A message.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Message {
    /// Why it is told.
    pub what: What,
    /// The line to read first.
    pub subject: String,
    /// The other lines; an empty one is a paragraph's end.
    pub lines: Vec<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// What it is about: one cause, or all that were told of at once.
    pub causes: Vec<Cause>,
}

impl Message {
    /// What is told of a cause.
    pub fn about(what: What, cause: &Cause, alert: &Alert, now: DateTime<Utc>, zone: Tz) -> Self {
        let subject = match what {
            What::Reminded => format!("Still: {}", cause.headline()),
            What::Resolved => format!("Over: {}", cause.headline()),
            What::Raised | What::Digest | What::Test => cause.headline(),
        };
        let since = cause.since.unwrap_or(alert.since);
        let mut lines = Vec::new();
        lines.extend(cause.affected().map(|names| format!("Affected: {names}.")));
        lines.extend(cause.net.map(|net| format!("Held up: {}.", money(net))));
        if what == What::Resolved {
            let until = alert.over_at.unwrap_or(now);
            lines.push(format!(
                "From {} to {}.",
                time(since, zone),
                time(until, zone)
            ));
            lines.push("Nothing is left to be done.".to_owned());
        } else {
            lines.push(format!("Since {} ({zone}).", time(since, zone)));
            lines.extend(cause.detail.clone());
            lines.push(cause.next());
        }
        Self {
            what,
            subject,
            lines,
            at: now,
            causes: vec![cause.clone()],
        }
    }

    /// That very many causes are there, at once.
    pub fn together(causes: Vec<Cause>, now: DateTime<Utc>) -> Self {
        Self {
            what: What::Raised,
            subject: capital(&in_short(&causes)),
            lines: by_who(&causes),
            at: now,
            causes,
        }
    }

    /// Whether messages come.
    pub fn test(who: &str, now: DateTime<Utc>, zone: Tz) -> Self {
        let lines = vec![
            format!(
                "{who} sent it with crossbill alerts test, {}.",
                time(now, zone)
            ),
            "Nothing is wrong, and nothing is to be done.".to_owned(),
        ];
        Self {
            what: What::Test,
            subject: "A test of Crossbill's alerts".to_owned(),
            lines,
            at: now,
            causes: Vec::new(),
        }
    }

    /// All but the first line, as plain text.
    pub fn text(&self) -> String {
        self.lines.join("\n")
    }
}

impl Cause {
    /// What is wrong, with its number and money: `12 records wait: … – $4,310.20 ex GST`.
    pub fn headline(&self) -> String {
        let verb = match self.unit.as_str() {
            "sweep" if self.items == 1 => "is late",
            "sweep" => "are late",
            _ if self.items == 1 => "waits",
            _ => "wait",
        };
        let says = shortened(&self.says);
        let says = if self.items > 0 {
            format!("{} {verb}: {says}", counted(self.items, &self.unit))
        } else {
            capital(&says)
        };
        self.net
            .map_or_else(|| says.clone(), |net| format!("{says} – {}", money(net)))
    }

    /// Whom it affects, where that is known.
    pub fn affected(&self) -> Option<String> {
        let shown = i64::try_from(self.companies.len()).unwrap_or(i64::MAX);
        let more = self.companies_in_all - shown;
        let names = self.companies.join(", ");
        match (self.companies.is_empty(), more) {
            (true, _) => None,
            (false, ..=0) => Some(names),
            (false, more) => Some(format!("{names} and {more} more")),
        }
    }

    /// The one step, who does it, and what happens then.
    pub fn next(&self) -> String {
        let then = match (self.class.as_str(), self.continues) {
            (_, true) => "It continues by itself after that.",
            ("held", false) => "It needs you after that: crossbill held replay.",
            (_, false) => "It needs you.",
        };
        let step = self.step.trim_end_matches('.');
        format!("Next, for the {}: {step}. {then}", desk(&self.who))
    }
}

/// Who that is in a sentence.
fn desk(who: &str) -> &str {
    match who {
        "desk" => "service desk",
        "finance" => "bookkeeper",
        who => who,
    }
}

/// How many things need a person, how much is held by them, and how much money.
pub(super) fn in_short(causes: &[Cause]) -> String {
    let things = i64::try_from(causes.len()).unwrap_or(i64::MAX);
    let held = causes.iter().filter(|cause| cause.class == "held");
    let records: i64 = held.clone().map(|cause| cause.items).sum();
    let net: Decimal = held.filter_map(|cause| cause.net).sum();
    let needs = if things == 1 { "needs" } else { "need" };
    let mut short = vec![format!("{} {needs} a person", counted(things, "thing"))];
    if records > 0 {
        short.push(format!("{} held", counted(records, "record")));
    }
    if !net.is_zero() {
        short.push(money(net));
    }
    short.join(", ")
}

/// A line a cause, by who solves it.
pub(super) fn by_who(causes: &[Cause]) -> Vec<String> {
    let mut lines = Vec::new();
    for who in [Fixer::Integrator, Fixer::Desk, Fixer::Finance] {
        let own = causes.iter().filter(|cause| cause.who == who.as_str());
        lines.extend(listed(own.map(|cause| {
            format!(
                "{}. {}",
                cause.headline().trim_end_matches('.'),
                cause.next()
            )
        })));
    }
    lines
}

/// A line each, and how many more there are.
pub(super) fn listed(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<String> = all.map(|line| format!("  - {line}")).collect();
    let more = lines.len().saturating_sub(SHOWN);
    lines.truncate(SHOWN);
    if more > 0 {
        lines.push(format!("  and {more} more"));
    }
    lines
}

/// One line.
fn shortened(says: &str) -> String {
    let words: Vec<&str> = says.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= SAYS {
        return line;
    }
    let kept: String = line.chars().take(SAYS - 1).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests;
