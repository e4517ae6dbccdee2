//! Alerts for people.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use reconciler::alerts::Message;
use store::alert::Told;

use crate::operate::alerts::{Alarm, Tried};

/// What is alarming.
pub(crate) fn alerts(alarms: &[Alarm], zone: Tz) -> String {
    if alarms.is_empty() {
        return "Nothing is alarming.".to_owned();
    }
    let texts: Vec<String> = alarms.iter().map(|alarm| one(alarm, zone)).collect();
    texts.join("\n\n")
}

fn one(alarm: &Alarm, zone: Tz) -> String {
    let cause = &alarm.cause;
    let mut text = cause.headline();
    if let Some(names) = cause.affected() {
        let _infallible = write!(text, "\n  Affected: {names}");
    }
    if let Some(since) = cause.since.or(alarm.seen_at) {
        let _infallible = write!(text, "\n  Since {}", local(since, zone));
    }
    if let Some(detail) = &cause.detail {
        let _infallible = write!(text, "\n  {detail}");
    }
    let _infallible = write!(text, "\n  {}", cause.next());
    for told in &alarm.told {
        let _infallible = write!(text, "\n  {}", by(told, zone));
    }
    if alarm.told.is_empty() {
        text.push_str("\n  Nobody was told yet");
    }
    text
}

fn by(told: &Told, zone: Tz) -> String {
    let outlet = &told.outlet;
    match (&told.trouble, told.told_at) {
        (Some(trouble), _) => format!("Not told by {outlet}: {trouble}"),
        (None, Some(at)) => format!("Told by {outlet} {}", local(at, zone)),
        (None, None) => format!("Being told by {outlet}"),
    }
}

fn local(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string()
}

/// How the ways out fared.
pub(crate) fn tested(tried: &[Tried]) -> String {
    let lines = tried.iter().map(|tried| match &tried.trouble {
        None => format!("{}: taken; see whether it comes", tried.outlet),
        Some(trouble) => format!("{}: {trouble}", tried.outlet),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A message as it is told.
pub(crate) fn message(message: &Message) -> String {
    format!("{}\n\n{}", message.subject, message.text())
}
