//! Which tickets get a job at all. A ticket that is filtered out is nobody's problem.

use chrono::{NaiveDateTime, TimeDelta};
use domain::Value;
use serde_json::Value as Json;
use sync::{Facts, Half};

use crate::{COMPANY, KIND, settings};

/// The ticket type of alerts, unless the filter `alert_types` says otherwise.
const ALERT: i64 = 5;
/// The source of tickets that monitoring opens, unless the filter `alert_sources` says otherwise.
const MONITORING: i64 = 8;
/// How many days before they are due recurring tickets get their jobs, unless the setting `recurring_days` says
/// otherwise.
const RECURRING_DAYS: i64 = 14;

/// The filters on one value of the ticket: filter, fact, and what people call it.
const VALUES: [(&str, &str, &str); 6] = [
    ("queues", "queue", "queue"),
    ("types", "type", "type"),
    ("categories", "category", "category"),
    ("sources", "source", "source"),
    ("statuses", "status", "status"),
    ("contracts", "contract", "contract"),
];

/// Why this ticket gets no job, if it gets none, whatever work there is on it. One that has had a job gets the next.
pub(super) fn keeps_out(ticket: &Half, generation: i32, facts: &Facts) -> Option<String> {
    let number = |fact: &str| ticket.fact(fact).and_then(Value::as_number);
    if number("company").unwrap_or(0) == 0 {
        return Some("it is the provider's own ticket".to_owned());
    }
    if ticket.is("opt_out") {
        return Some("its company has opted out".to_owned());
    }
    if let Some(kind) = number("company_type")
        && !company_types(facts).contains(&kind)
    {
        return Some("its company is no customer".to_owned());
    }
    if generation > 1 {
        return None;
    }
    if is_too_old(ticket, facts) {
        return Some("it is from before the start".to_owned());
    }
    VALUES
        .iter()
        .find(|(filter, fact, _)| !passes(facts, filter, number(fact).map(Json::from).as_ref()))
        .map(|(_, _, word)| format!("its {word} is filtered out"))
}

/// Rule 14: why this ticket gets no job before there is time or a charge on it.
pub(super) fn waits_for_work(ticket: &Half, facts: &Facts) -> Option<String> {
    let number = |fact: &str| ticket.fact(fact).and_then(Value::as_number);
    let is_of = |fact: &str, filter: &str, default: &[i64]| {
        let listed = settings::numbers(rule(facts, filter)).unwrap_or_else(|| default.to_vec());
        number(fact).is_some_and(|value| listed.contains(&value))
    };
    if ticket.is("completed") {
        return Some("it is completed".to_owned());
    }
    if is_of("type", "alert_types", &[ALERT]) || is_of("source", "alert_sources", &[MONITORING]) {
        return Some("alerts get a job at their first time or charge".to_owned());
    }
    if is_of("source", "recurring_sources", &[]) && !is_its_turn(ticket, facts) {
        return Some(
            "it is a recurring ticket, not due soon, and nobody has worked on it".to_owned(),
        );
    }
    None
}

/// Whether the filter lets the value pass.
pub(super) fn passes(facts: &Facts, filter: &str, value: Option<&Json>) -> bool {
    facts.lets_pass(&KIND, filter, value)
}

/// Whether the site has said anything about this filter.
pub(super) fn is_set(facts: &Facts, filter: &str) -> bool {
    rule(facts, filter).is_some()
}

fn rule<'a>(facts: &'a Facts, filter: &str) -> Option<&'a Json> {
    facts
        .filters
        .get(&(KIND, filter.to_owned()))
        .filter(|rule| !rule.is_null())
}

fn company_types(facts: &Facts) -> Vec<i64> {
    let own = rule(facts, "company_types");
    let companies = facts.filters.get(&(COMPANY, "types".to_owned()));
    settings::numbers(own.or(companies)).unwrap_or_else(|| vec![1])
}

/// Whether somebody works on a recurring ticket, or it is due soon. One that is never due has no turn to wait for.
fn is_its_turn(ticket: &Half, facts: &Facts) -> bool {
    let days = facts.number("recurring_days").unwrap_or(RECURRING_DAYS);
    let due = ticket.fields.get("due").and_then(Value::as_text);
    let due = due.and_then(|due| due.strip_suffix('Z'));
    let due = due.and_then(|due| NaiveDateTime::parse_from_str(due, "%Y-%m-%dT%H:%M").ok());
    let soon = TimeDelta::try_days(days).unwrap_or(TimeDelta::MAX);
    ticket.is("active") || due.is_none_or(|due| due.and_utc() - facts.now <= soon)
}

fn is_too_old(ticket: &Half, facts: &Facts) -> bool {
    let starts = facts.moment("starts_from");
    matches!((starts, ticket.created_at), (Some(starts), Some(created)) if created < starts)
}
