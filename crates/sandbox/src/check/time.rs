//! Time entries and lines of labour: what was worked on a ticket is on its jobs, each entry once. Neither names the
//! other, so that they are compared by what they say.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, TimeDelta};
use serde_json::Value;

use super::ticket::{Pair, reference};
use super::world::{World, text};
use super::{Agreement, Settings, Trouble};

/// What a line says last where somebody else's initials stand for those of whoever worked.
const STAND_IN: &str = "Worked by ";

/// When it began by the clock on the wall, how many minutes it took, and what was done.
type Said = (String, i64, String);

/// Compares the time of each ticket with the labour that Crossbill put on its jobs. What was entered before `since` may
/// be there or not.
pub(super) fn check(
    world: &World<'_>,
    tickets: &[Pair],
    settings: &Settings,
    agreement: &mut Agreement,
) {
    let mut entries: BTreeMap<String, Vec<(&String, &Value)>> = BTreeMap::new();
    for (id, entry) in &world.entries {
        let of_ticket = entries.entry(text(entry, "ticketID")).or_default();
        of_ticket.push((id, *entry));
    }
    let mut labour = labour(world);
    for pair in tickets {
        let number = world.tickets.get(&pair.ticket);
        let number = number.map(|ticket| text(ticket, "ticketNumber"));
        let lines = number.and_then(|number| labour.remove(&number));
        let mut lines = lines.unwrap_or_default();
        for (id, entry) in entries.remove(&pair.ticket).unwrap_or_default() {
            let Some(said) = said(entry, settings) else {
                continue;
            };
            let label = format!("time entry {id} of {}", pair.label);
            let there = lines.get_mut(&said).filter(|count| **count > 0);
            if let Some(count) = there {
                *count -= 1;
                agreement.compared("time");
                agreement.values += 3;
            } else if settings.is_new(&text(entry, "createDateTime")) {
                let says = format!(
                    "no line of labour says {} minutes from {}: {}",
                    said.1, said.0, said.2
                );
                agreement.find(Trouble::Missing, &label, says);
            }
        }
        for ((start, minutes, comment), count) in lines.into_iter().filter(|(_, count)| *count > 0)
        {
            let says = format!(
                "{count} lines of labour too many say {minutes} minutes from {start}: {comment}"
            );
            agreement.find(Trouble::Strayed, &pair.label, says);
        }
    }
}

/// What an entry says; nothing where it says that nobody worked.
fn said(entry: &Value, settings: &Settings) -> Option<Said> {
    let hours = entry["hoursWorked"].as_f64()?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the hours of a day, to the minute"
    )]
    let minutes = (hours * 60.0).round() as i64;
    let began = DateTime::parse_from_rfc3339(&text(entry, "startDateTime")).ok()?;
    let wall = began.with_timezone(&settings.zone).naive_local();
    let said = text(entry, "summaryNotes");
    (minutes > 0).then(|| (minute(wall), minutes, said.trim().to_owned()))
}

/// The lines with time that Crossbill put on the jobs of each ticket, by its number, and how often each is there.
fn labour(world: &World<'_>) -> BTreeMap<String, BTreeMap<Said, usize>> {
    let number_of = |line: &str| {
        let job = line.split('-').next().and_then(|job| world.jobs.get(job));
        let our_ref = job.map(|job| text(job, "OurRef")).unwrap_or_default();
        reference(&our_ref).map(|(named, _)| named.to_owned())
    };
    let mut labour: BTreeMap<String, BTreeMap<Said, usize>> = BTreeMap::new();
    for (id, line) in &world.labour {
        let is_ours = world.api_initials.contains(&text(line, "addInit"));
        let minutes =
            line["hours"].as_i64().unwrap_or(0) * 60 + line["minutes"].as_i64().unwrap_or(0);
        let Ok(start) = text(line, "start").parse::<NaiveDateTime>() else {
            continue;
        };
        let Some(number) = number_of(id).filter(|_| is_ours && minutes > 0) else {
            continue;
        };
        let comment = text(line, "comment");
        let rest = comment
            .rsplit_once('\n')
            .filter(|(_, last)| last.starts_with(STAND_IN));
        let comment = rest
            .map_or(comment.as_str(), |(rest, _)| rest)
            .trim()
            .to_owned();
        let lines = labour.entry(number).or_default();
        *lines.entry((minute(start), minutes, comment)).or_default() += 1;
    }
    labour
}

/// To the minute.
fn minute(wall: NaiveDateTime) -> String {
    let whole = wall - TimeDelta::seconds(wall.and_utc().timestamp() % 60);
    whole.format("%Y-%m-%d %H:%M").to_string()
}
