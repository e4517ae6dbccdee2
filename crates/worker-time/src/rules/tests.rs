//! The rules through [`sync::plan`], on entries and lines as the clients tell them.

mod creating;
mod following;
mod mapping;

use std::collections::HashMap;

use autotask::{Company, Project, Task, Ticket, TimeEntry};
use domain::{Cause, Key, System, Told, Value};
use jim2::{Job, JobLabour};
use serde_json::{Value as Json, json};
use sync::{Act, Facts, Fields, Half, Known, Mapping, Next, Plan, Shadow};

use super::*;
use crate::{TimeSettings, halves};

/// List, value in Autotask, and what it stands for in Jim2.
const MAPPINGS: [(&str, &str, Option<&str>); 6] = [
    ("workType", "29682801", Some("Remote")),
    ("workType", "29682802", Some("Onsite")),
    ("timeEntryType", "2", Some("Workshop")),
    ("technician", "29682885", Some("JC")),
    ("technician", "29682886", Some("PK")),
    ("technician", "29682887", None),
];

/// A site in Sydney where ticket 7001 is job 5001.
fn facts() -> Facts {
    let now = "2026-11-23T00:00:00Z".parse().unwrap();
    let mut facts = Facts::empty(chrono_tz::Australia::Sydney, now);
    for (list, value, to) in MAPPINGS {
        let key = (list.to_owned(), System::Autotask, value.to_owned());
        let mapping = Mapping {
            to: to.map(str::to_owned),
            path: Vec::new(),
        };
        facts.mappings.insert(key, mapping);
    }
    facts.creates = vec![(KIND, System::Jim2)];
    facts.pairs = HashMap::from([(Key::new(TICKET, System::Autotask, 7001), 5001.into())]);
    facts
}

fn settings() -> TimeSettings {
    TimeSettings {
        fallback_initials: Some("SD".to_owned()),
        ..TimeSettings::of(&facts())
    }
}

/// An hour and a quarter on ticket 7001, changed by `changes`.
fn entry(changes: Json) -> Half {
    entry_of(changes, json!({}), json!({}), &settings())
}

fn entry_of(changes: Json, ticket: Json, company: Json, settings: &TimeSettings) -> Half {
    let mut told = json!({
        "id": 40001, "ticketID": 7001, "taskID": null, "internalBillingCodeID": null, "resourceID": 29_682_885,
        "roleID": 4, "billingCodeID": 29_682_801, "timeEntryType": 2, "dateWorked": "2026-11-22T00:00:00Z",
        "startDateTime": "2026-11-22T22:00:00Z", "endDateTime": "2026-11-22T23:15:00Z", "hoursWorked": 1.25,
        "summaryNotes": "Replaced the disk", "internalNotes": "They were rude",
        "createDateTime": "2026-11-22T23:20:00Z",
    });
    merge(&mut told, changes);
    let entry: TimeEntry = serde_json::from_value(told).unwrap();
    let id = entry.ticket_id.get().copied();
    let mut told = json!({"id": id.unwrap_or(0), "ticketNumber": "T20261123.0001", "companyID": 174, "queueID": 8});
    merge(&mut told, ticket);
    let ticket: Ticket = serde_json::from_value(told).unwrap();
    let mut told = json!({"id": 174, "companyType": 1});
    merge(&mut told, company);
    let company: Company = serde_json::from_value(told).unwrap();
    let task: Task =
        serde_json::from_value(json!({"id": 6001, "projectID": 5001, "title": "Cabling"})).unwrap();
    let project: Project = serde_json::from_value(json!({"id": 5001, "companyID": 174})).unwrap();
    let is_planned = entry.task_id.get().is_some();
    let about = halves::About {
        ticket: id.map(|_| &ticket),
        task: is_planned.then_some(&task),
        project: is_planned.then_some(&project),
        contract: None,
        company: (id.is_some() || is_planned).then_some(&company),
    };
    halves::entry(&entry, about, settings)
}

fn merge(into: &mut Json, changes: Json) {
    if let Json::Object(changes) = changes {
        for (name, value) in changes {
            into[name] = value;
        }
    }
}

/// The job that the line below is on.
fn base_job() -> Job {
    Job {
        job_no: 5001,
        status: is("Proceed"),
        our_ref: is("T20261123.0001/1"),
        ready: Told::Is(false),
        inv_no: Told::Empty,
        ..Job::default()
    }
}

/// The line that the entry above is paired with.
fn base_line() -> JobLabour {
    JobLabour {
        job_no: 5001,
        line_id: 3,
        start: Told::Is("2026-11-23T09:00:00".parse().unwrap()),
        minutes: Told::Is(75),
        labour_type: is("Remote"),
        labour_init: is("JC"),
        comment: is("Replaced the disk"),
        add_init: is("API"),
        ..JobLabour::default()
    }
}

fn is(text: &str) -> Told<String> {
    Told::Is(text.to_owned())
}

fn line() -> Half {
    halves::line(&base_line(), &base_job(), &settings())
}

/// What is known of an entry that was never seen.
fn unknown(entry: Half) -> Known {
    Known {
        autotask: Some(entry),
        jim2: None,
        autotask_id: None,
        jim2_id: None,
        generation: 1,
        shadow: None,
        children: Vec::new(),
        cause: Cause::Sweep,
        evidence: Vec::new(),
    }
}

/// What is known of a pair whose halves once agreed as they stood by default.
fn known(autotask: Option<Half>, jim2: Option<Half>) -> Known {
    let then = (entry(json!({})), line());
    let mut shadow = Shadow::default();
    for field in FIELDS {
        if let (Some(a), Some(j)) = (then.0.fields.get(field.name), then.1.fields.get(field.name)) {
            shadow.agree(field.name, a.clone(), j.clone());
        }
    }
    shadow.company = Some("ticket 7001".into());
    Known {
        autotask_id: Some(40001.into()),
        jim2_id: Some("5001-3".into()),
        shadow: Some(shadow),
        jim2,
        autotask,
        ..unknown(then.0)
    }
}

fn plan(known: &Known, facts: &Facts) -> Plan {
    sync::plan(&TimeRules, known, facts)
}

/// What would be written on an existing line.
fn updates(plan: &Plan) -> Vec<Fields> {
    let fields = |act: &Act| match act {
        Act::Update { fields, .. } => Some(fields.clone()),
        Act::Create { .. }
        | Act::Refer { .. }
        | Act::CreateChild { .. }
        | Act::UpdateChild { .. } => None,
    };
    plan.acts.iter().filter_map(fields).collect()
}

/// What a new line would be made with.
fn made(plan: &Plan) -> Fields {
    match plan.acts.first() {
        Some(Act::Create { fields, .. }) => fields.clone(),
        other => panic!("{other:?}: {:?} {:?}", plan.next, plan.problems),
    }
}

fn fields<const N: usize>(fields: [(&str, Value); N]) -> Fields {
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn codes(plan: &Plan) -> Vec<&str> {
    plan.problems.iter().map(|it| it.code.as_str()).collect()
}
