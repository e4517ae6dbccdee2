//! The rules through [`sync::plan`], on tickets and jobs as the clients tell them.

mod attached;
mod choosing;
mod creating;
mod evidence;
mod finishing;
mod notes;
mod opened;
mod pairing;
mod undoing;
mod updating;
mod vanished;
mod working;

use std::collections::HashMap;

use autotask::{Company, Contact, Ticket, TicketNote};
use domain::{Cause, Key, Problem, System, Told, Value};
use jim2::{Job, JobComment};
use serde_json::json;
use sync::{Act, Facts, Fields, Half, Known, Mapping, Plan, Shadow};

use super::*;
use crate::{ASSET, CONTRACT, LOCATION, TicketSettings, halves};

/// The system's own sandbox workflow.
const WORKFLOW: [(&str, &[&str]); 8] = [
    ("Booked", &["Proceed", "Call", "CANCEL", "WAIT"]),
    (
        "Proceed",
        &["Checked", "Parts", "WAIT", "Call", "Booked", "CANCEL"],
    ),
    ("Checked", &["FINISH", "Proceed"]),
    ("Parts", &["Proceed", "WAIT"]),
    ("WAIT", &["Proceed", "Call"]),
    ("HOLD", &["Proceed"]),
    ("FINISH", &["Checked"]),
    ("CANCEL", &["Booked"]),
];

/// List, system, value, and what it stands for.
const MAPPINGS: [(&str, System, &str, Option<&str>); 19] = [
    ("status", System::Autotask, "1", Some("Booked")),
    ("status", System::Autotask, "8", Some("Proceed")),
    ("status", System::Autotask, "9", Some("Parts")),
    ("status", System::Autotask, "5", Some("Checked")),
    ("status", System::Autotask, "12", Some("HOLD")),
    ("status", System::Jim2, "Booked", Some("1")),
    ("status", System::Jim2, "Proceed", Some("8")),
    ("status", System::Jim2, "Parts", Some("9")),
    ("status", System::Jim2, "FINISH", None),
    ("priority", System::Autotask, "1", Some("High")),
    ("priority", System::Autotask, "2", Some("Normal")),
    ("priority", System::Jim2, "High", Some("1")),
    ("type", System::Autotask, "1", Some("Service Request")),
    ("technician", System::Autotask, "29682885", Some("JC")),
    ("technician", System::Jim2, "JC", Some("29682885")),
    ("issueType", System::Autotask, "", Some("SERVICE")),
    ("issueType", System::Autotask, "12", Some("PRINTER")),
    ("issueType", System::Autotask, "14", Some("SALE")),
    ("issueType", System::Jim2, "PRINTER", Some("12")),
];

/// A site where company 174 is card 12 and tickets become jobs.
fn facts() -> Facts {
    let now = "2026-11-23T00:00:00Z".parse().unwrap();
    let mut facts = Facts::empty(chrono_tz::Australia::Sydney, now);
    for (list, system, value, to) in MAPPINGS {
        let mapping = Mapping {
            to: to.map(str::to_owned),
            path: Vec::new(),
        };
        facts
            .mappings
            .insert((list.to_owned(), system, value.to_owned()), mapping);
    }
    facts.workflow = WORKFLOW
        .iter()
        .map(|(from, to)| {
            (
                (*from).to_owned(),
                to.iter().map(|to| (*to).to_owned()).collect(),
            )
        })
        .collect();
    facts.creates = vec![(KIND, System::Jim2)];
    facts.settings = HashMap::from([
        ("jim2.sales_items".to_owned(), json!(["SALE"])),
        ("jim2.comments_writable".to_owned(), json!(true)),
    ]);
    facts.pairs = HashMap::from([
        (Key::new(COMPANY, System::Autotask, 174), 12.into()),
        (Key::new(COMPANY, System::Jim2, 12), 174.into()),
    ]);
    facts
}

fn settings() -> TicketSettings {
    let mut facts = facts();
    facts
        .settings
        .insert("autotask.resource_id".to_owned(), json!(29_682_999));
    for (system, value, name) in [
        (System::Autotask, "29682885", "Jane Citizen"),
        (System::Jim2, "JC", "Jane Citizen"),
    ] {
        facts.labels.insert(
            ("technician".to_owned(), system, value.to_owned()),
            name.to_owned(),
        );
    }
    TicketSettings::of(&facts)
}

/// The ticket that most tests begin with, changed by `changes`.
fn told(changes: serde_json::Value) -> Ticket {
    let mut ticket = json!({
        "id": 7001, "ticketNumber": "T20261123.0001", "companyID": 174, "contactID": 30,
        "title": "Printer on fire", "description": "Smoke in room 4.", "status": 1, "priority": 2,
        "ticketType": 1, "queueID": 29_682_833, "source": 4, "issueType": 12, "purchaseOrderNumber": "",
        "dueDateTime": "2026-11-24T06:30:12Z", "createDate": "2026-11-22T22:00:00Z",
        "assignedResourceID": 29_682_885, "assignedResourceRoleID": 4, "completedDate": null,
        "userDefinedFields": [{"name": "Jim2 Job#", "value": ""}, {"name": "Jim2 earlier jobs", "value": ""},
            {"name": "Jim2 invoice#", "value": ""}],
    });
    merge(&mut ticket, changes);
    serde_json::from_value(ticket).unwrap()
}

fn merge(into: &mut serde_json::Value, changes: serde_json::Value) {
    if let serde_json::Value::Object(changes) = changes {
        for (name, value) in changes {
            into[name] = value;
        }
    }
}

fn company(changes: serde_json::Value) -> Company {
    let mut company = json!({"id": 174, "companyName": "Bondi Bakery", "companyType": 1});
    merge(&mut company, changes);
    serde_json::from_value(company).unwrap()
}

fn ticket(changes: serde_json::Value) -> Half {
    ticket_of(changes, &company(json!({})), &[])
}

fn ticket_of(changes: serde_json::Value, company: &Company, notes: &[&TicketNote]) -> Half {
    let contact: Contact =
        serde_json::from_value(json!({"id": 30, "firstName": "Bob", "lastName": "Baker"})).unwrap();
    let around = halves::Around {
        attachments: None,
        notes,
        company: Some(company),
        contacts: &HashMap::from([(contact.id, contact)]),
        items: &HashMap::new(),
        billed: None,
    };
    halves::ticket(&told(changes), around, &settings())
}

/// The job that a ticket as above is paired with.
fn base_job() -> Job {
    let is = |text: &str| Told::Is(text.to_owned());
    Job {
        job_no: 5001,
        cust_no: Told::Is(12),
        ship_no: Told::Is(12),
        status: is("Booked"),
        cust_ref: Told::Empty,
        our_ref: is("T20261123.0001/1"),
        priority: is("Normal"),
        job_type: is("Service Request"),
        fault_desc: is("Printer on fire\r\n\r\nSmoke in room 4."),
        invoice_desc: is("T20261123.0001 Printer on fire"),
        item_desc: is("Printer service"),
        item_code: is("PRINTER"),
        name_init: is("JC"),
        date_due: Told::Is("2026-11-24T06:30:00Z".parse().unwrap()),
        ready: Told::Is(false),
        inv_no: Told::Empty,
        ..Job::default()
    }
}

fn job(job: &Job) -> Half {
    halves::job(job, &[], &settings())
}

fn job_with(job: &Job, comments: &[&JobComment]) -> Half {
    halves::job(job, comments, &settings())
}

/// What is known of a pair whose halves once agreed as they stood by default.
fn known(autotask: Option<Half>, jim2: Option<Half>) -> Known {
    let then = (ticket(json!({})), job(&base_job()));
    let mut shadow = Shadow::default();
    for field in FIELDS {
        if let (Some(a), Some(j)) = (then.0.fields.get(field.name), then.1.fields.get(field.name)) {
            shadow.agree(field.name, a.clone(), j.clone());
        }
    }
    shadow.customer = Some(12.into());
    Known {
        autotask_id: Some(7001.into()),
        jim2_id: Some(5001.into()),
        shadow: Some(shadow),
        ..unknown(autotask, jim2)
    }
}

/// What is known of a record that was never seen.
fn unknown(autotask: Option<Half>, jim2: Option<Half>) -> Known {
    Known {
        autotask,
        jim2,
        autotask_id: None,
        jim2_id: None,
        generation: 1,
        shadow: None,
        children: Vec::new(),
        cause: Cause::Live,
        evidence: Vec::new(),
    }
}

fn plan(known: &Known, facts: &Facts) -> Plan {
    sync::plan(&TicketRules, known, facts)
}

/// A pair that was in step, with the two halves as they are now.
fn plan_pair(ticket: Half, job: Half) -> Plan {
    plan(&known(Some(referred(ticket)), Some(job)), &facts())
}

/// The same ticket, naming job 5001.
fn referred(mut ticket: Half) -> Half {
    ticket.points_to = Some(sync::Pointer {
        to: 5001.into(),
        by_name: false,
        generation: 1,
    });
    ticket
}

/// The updates of one system, in order.
fn updates(plan: &Plan, system: System) -> Vec<Fields> {
    plan.acts
        .iter()
        .filter_map(|act| match act {
            Act::Update { on, fields, .. } if *on == system => Some(fields.clone()),
            Act::Create { .. }
            | Act::Update { .. }
            | Act::Refer { .. }
            | Act::CreateChild { .. }
            | Act::UpdateChild { .. } => None,
        })
        .collect()
}

fn fields<const N: usize>(fields: [(&str, Value); N]) -> Fields {
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn codes(problems: &[Problem]) -> Vec<&str> {
    problems
        .iter()
        .map(|problem| problem.code.as_str())
        .collect()
}
