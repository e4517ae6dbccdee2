//! A time entry as a half.

use autotask::{Company, Contract, Project, Task, Ticket, TimeEntry};
use chrono::{DateTime, Timelike as _, Utc};
use domain::{Order, OrderFor, Told, Value};
use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive as _};
use sync::Half;

use super::{ENTRY_TYPE, WORK_TYPE};
use crate::settings::TimeSettings;

/// Minutes of an hour.
const HOUR: Decimal = Decimal::from_parts(60, 0, 0, false, 0);

/// What an entry is about, as far as it could be read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct About<'a> {
    /// Its ticket.
    pub(crate) ticket: Option<&'a Ticket>,
    /// Its task.
    pub(crate) task: Option<&'a Task>,
    /// The task's project.
    pub(crate) project: Option<&'a Project>,
    /// The contract that it is under, where it is time of a project.
    pub(crate) contract: Option<&'a Contract>,
    /// The company of the ticket or project.
    pub(crate) company: Option<&'a Company>,
}

/// The half that a time entry is.
pub(crate) fn entry(entry: &TimeEntry, about: About<'_>, settings: &TimeSettings) -> Half {
    let mut half = Half::new(entry.id, label(entry, about, settings));
    half.tell("start", start(entry));
    half.tell(
        "minutes",
        entry.hours_worked.clone().map(minutes).into_value(),
    );
    half.tell("labour_type", kind_of_work(entry));
    half.tell("technician", entry.resource_id.clone().into_value());
    half.tell("comment", comment(entry, settings));
    facts(&mut half, entry, about);
    if let Some(company) = about.company {
        whose(&mut half, company, settings);
    }
    half.changed_at = entry.last_modified_date_time.get().copied();
    half.created_at = entry.create_date_time.get().copied();
    half
}

/// As people know it: `T20261123.0001: 1:15 by Ann Lee`.
fn label(entry: &TimeEntry, about: About<'_>, settings: &TimeSettings) -> String {
    let number = about.ticket.and_then(|ticket| ticket.ticket_number.get());
    let what = match (number, about.task) {
        (Some(number), _) => number.clone(),
        (None, Some(task)) => format!("task {}", task.title.get().map_or("", String::as_str)),
        (None, None) => "time entry".to_owned(),
    };
    let minutes = entry.hours_worked.get().copied().map_or(0, minutes);
    let by = entry.resource_id.get();
    let by = by.map_or_else(String::new, |id| {
        let name = settings.resources.get(id).cloned();
        format!(" by {}", name.unwrap_or_else(|| format!("resource {id}")))
    });
    format!("{what}: {}:{:02}{by}", minutes / 60, minutes % 60)
}

/// When it began: an instant, or only the day where no time of day was entered.
fn start(entry: &TimeEntry) -> Option<Value> {
    let instant = |at: &DateTime<Utc>| Value::text(at.format("%Y-%m-%dT%H:%MZ").to_string());
    let day = |at: &DateTime<Utc>| {
        if at.num_seconds_from_midnight() == 0 {
            Value::text(at.format("%Y-%m-%d").to_string())
        } else {
            instant(at)
        }
    };
    let began = entry.start_date_time.get().map(instant);
    began.or_else(|| entry.date_worked.get().map(day))
}

/// Hours as minutes, half a minute up.
fn minutes(hours: Decimal) -> i64 {
    let minutes = hours.checked_mul(HOUR).unwrap_or(Decimal::MAX);
    let whole = minutes.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    whole.to_i64().unwrap_or(i64::MAX)
}

/// The work type, and Autotask's own type of the entry, as one value: a labour type stands for either.
fn kind_of_work(entry: &TimeEntry) -> Option<Value> {
    let value = |told: &Told<i64>| told.clone().into_value().unwrap_or(Value::Empty);
    let is_told = entry.billing_code_id.is_told() || entry.time_entry_type.is_told();
    is_told.then(|| {
        Value::parts([
            (WORK_TYPE, value(&entry.billing_code_id)),
            (ENTRY_TYPE, value(&entry.time_entry_type)),
        ])
    })
}

/// The summary; internal notes are for our own people and stay where they are, unless the site wants them.
fn comment(entry: &TimeEntry, settings: &TimeSettings) -> Option<Value> {
    let summary = entry.summary_notes.clone().into_value()?;
    let internal = entry.internal_notes.get();
    let internal = internal.filter(|text| settings.internal_notes && !text.trim().is_empty());
    Some(match (summary.as_text(), internal) {
        (_, None) => summary,
        (None, Some(internal)) => internal.as_str().into(),
        (Some(summary), Some(internal)) => format!("{}\n\n{internal}", summary.trim_end()).into(),
    })
}

/// What it is about. `owner` is that in one word, by which an entry that moved is known.
fn facts(half: &mut Half, entry: &TimeEntry, about: About<'_>) {
    let ticket = entry.ticket_id.get().copied();
    let task = entry.task_id.get().copied();
    let project = about.task.and_then(|task| task.project_id.get().copied());
    half.know("owner", Some(owner(ticket, project, task)));
    half.know("ticket", ticket.map(Value::Number));
    half.know("task", task.map(Value::Number));
    half.know("project", project.map(Value::Number));
    half.flag("internal", ticket.is_none() && task.is_none());
    let order = about.project.and_then(|it| order(entry, it, about));
    half.know("order", order.map(|order| order.to_string().into()));
    if let Some(project) = about.project {
        half.know("company", project.company_id.clone().into_value());
    }
    let Some(ticket) = about.ticket else {
        return;
    };
    half.know("number", ticket.ticket_number.clone().into_value());
    for (name, value) in [
        ("company", &ticket.company_id),
        ("queue", &ticket.queue_id),
        ("type", &ticket.ticket_type),
        ("category", &ticket.ticket_category),
        ("source", &ticket.source),
        ("contract", &ticket.contract_id),
    ] {
        half.know(name, value.clone().into_value());
    }
}

/// What an entry belongs to, in one word.
pub(crate) fn owner(ticket: Option<i64>, project: Option<i64>, task: Option<i64>) -> Value {
    let owner = match (ticket, project, task) {
        (Some(ticket), _, _) => format!("ticket {ticket}"),
        (None, Some(project), _) => format!("project {project}"),
        (None, None, Some(task)) => format!("task {task}"),
        (None, None, None) => "the provider".to_owned(),
    };
    owner.into()
}

/// The order whose job the time of a project belongs on: that of the project, for whoever pays.
fn order(entry: &TimeEntry, project: &Project, about: About<'_>) -> Option<Order> {
    let own = *project.company_id.get()?;
    let contract = entry.contract_id.get().or(project.contract_id.get());
    let contract = contract.map(|id| (*id, about.contract));
    Some(Order {
        of: OrderFor::Project,
        id: project.id,
        payer: autotask::payer(own, about.company, contract),
    })
}

/// What keeps the tickets of this company out of Jim2.
fn whose(half: &mut Half, company: &Company, settings: &TimeSettings) {
    half.know("company_type", company.company_type.clone().into_value());
    let opt_out = settings.opt_out_udf.as_ref();
    let said = opt_out.map(|name| company.user_defined_fields.get(name));
    let says_yes = said.is_some_and(|said| {
        said.get()
            .is_some_and(|text| Value::text(text.as_str()).says_yes())
    });
    half.flag("opt_out", says_yes);
}
