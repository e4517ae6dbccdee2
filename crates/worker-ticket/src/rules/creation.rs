//! When a ticket gets a job, when a job gets a ticket, and what they begin with beside the mapping table.

use domain::{Fixer, Key, Problem, RecordId, Remedy, Subject, System, Value};
use serde_json::Value as Json;
use sync::{Creation, Draft, Facts, Fields, Half, SIGNED_OFF, workflow};

use super::{filter, identity::record, limits};
use crate::{COMPANY, KIND, LOCATION};

/// The longest title of a ticket.
const TITLE_MAX: usize = 255;
/// The longest description of a ticket.
const DESCRIPTION_MAX: usize = 8000;

/// The longest serial number of a job.
const SERIAL_MAX: usize = 50;

/// What a new ticket needs and a job cannot tell: setting, and the field it fills.
const DEFAULTS: [(&str, &str); 4] = [
    ("default.queue", "queue"),
    ("default.source", "source"),
    ("default.priority", "priority"),
    ("default.work_type", "work_type"),
];

/// A job for this ticket.
pub(super) fn job(ticket: &Half, generation: i32, facts: &Facts) -> Creation {
    if !facts.may_create(&KIND, System::Jim2) {
        return Creation::No("no jobs are made here".to_owned());
    }
    if let Some(reason) = filter::keeps_out(ticket, generation, facts) {
        return Creation::No(reason);
    }
    let Some(number) = ticket.fact("number") else {
        return Creation::No("Autotask did not tell its number".to_owned());
    };
    let mut problems = Vec::new();
    let mut extra = Fields::new();
    let own = card(ticket, "company", facts, &mut problems);
    let payer = if ticket.fact("parent").is_some() {
        card(ticket, "parent", facts, &mut problems)
    } else {
        own.clone()
    };
    let ship = ship_card(ticket, facts).or(own);
    extra.extend(ship.map(|card| ("ship".to_owned(), card)));
    extra.extend(payer.map(|card| ("customer".to_owned(), card)));
    if let Some(name) = ticket.fact("contact_name").and_then(Value::as_text) {
        extra.insert(
            "attn".to_owned(),
            limits::cut(limits::ATTENTION, name, facts).into(),
        );
    }
    let serial = ticket.fact("serial").and_then(Value::as_text);
    // A serial number that is cut is another one.
    let serial = serial.filter(|serial| serial.chars().count() <= SERIAL_MAX);
    extra.extend(serial.map(|serial| ("serial".to_owned(), serial.into())));
    match left_for_later(ticket, facts) {
        Ok(later) => extra.extend(later),
        Err(problem) => problems.push(*problem),
    }
    let own = Key::new(KIND, System::Autotask, ticket.id.clone());
    if facts.is_signed_off(&own) {
        extra.insert(SIGNED_OFF.to_owned(), true.into());
    }
    let reference = format!("{number}/{generation}");
    let longest = limits::longest(limits::OUR_REF, facts);
    if longest.is_some_and(|longest| reference.chars().count() > longest) {
        problems.push(too_long(ticket, &reference));
    }
    if !problems.is_empty() {
        return Creation::Held(problems);
    }
    Creation::Yes(Draft { reference, extra })
}

/// The ship card of the ticket's location. One without is no reason to wait: the company's own card does.
fn ship_card(ticket: &Half, facts: &Facts) -> Option<Value> {
    let location = ticket.fact("location")?.as_number()?;
    let card = facts.other_half(&Key::new(LOCATION, System::Autotask, location))?;
    card.number().map(Value::Number)
}

/// A reference that is cut would be another ticket's.
fn too_long(ticket: &Half, reference: &str) -> Problem {
    Problem {
        code: "reference-too-long".to_owned(),
        says: format!(
            "the reference {reference} is longer than Jim2's Our Ref takes by the setting {}",
            limits::OUR_REF
        ),
        subject: record(System::Autotask, ticket),
        field: None,
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!(
                "crossbill settings set {} <characters>, then replay",
                limits::OUR_REF
            ),
            continues: false,
        },
    }
}

/// The card of the company that `fact` names, or the problem that it has none.
fn card(ticket: &Half, fact: &str, facts: &Facts, problems: &mut Vec<Problem>) -> Option<Value> {
    let id = ticket.fact(fact)?.as_number()?;
    let key = Key::new(COMPANY, System::Autotask, id);
    let card = facts.other_half(&key).and_then(RecordId::number);
    if card.is_none() {
        let name = ticket.fact("company_name").filter(|_| fact == "company");
        let company = name.map_or_else(
            || format!("company {id}"),
            |name| format!("company {name} ({id})"),
        );
        problems.push(unpaired(
            &ticket.label,
            &company,
            &key,
            &format!("{id} <CardNo>"),
        ));
    }
    card.map(Value::Number)
}

fn unpaired(label: &str, company: &str, key: &Key, link: &str) -> Problem {
    Problem {
        code: "company-not-paired".to_owned(),
        says: format!(
            "{label} cannot go to {} before its {company} is paired",
            key.system.other()
        ),
        subject: Subject::Pair {
            kind: key.kind.clone(),
            system: key.system,
            id: key.id.clone(),
        },
        field: None,
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!("crossbill pairs link company {link}"),
            continues: true,
        },
    }
}

/// What a create call cannot give the job, and a step of its own gives it right after: a status that takes
/// more than one step, and the time of day of the due date.
fn left_for_later(ticket: &Half, facts: &Facts) -> Result<Fields, Box<Problem>> {
    let mut later = Fields::new();
    if needs_a_path(ticket, facts)? {
        later.insert("status".to_owned(), Value::Empty);
    }
    if let Some(due) = ticket.fields.get("due").filter(|due| !due.is_empty()) {
        later.insert("due".to_owned(), Value::Empty);
        later.insert("due_day".to_owned(), due.clone());
    }
    Ok(later)
}

/// Whether the workflow has more than one step from a new job's status to the mapped one.
fn needs_a_path(ticket: &Half, facts: &Facts) -> Result<bool, Box<Problem>> {
    let status = ticket.fields.get("status").map(ToString::to_string);
    // One that stands for a status that is gone is a problem by itself, and no way leads there.
    let status = status.filter(|status| {
        let vanished = facts.vanished(("status", "Status"), "status", System::Autotask, status);
        vanished.is_none()
    });
    let mapping = status.and_then(|status| facts.mapping("status", System::Autotask, &status));
    let Some(to) = mapping.and_then(|mapping| mapping.to.as_deref()) else {
        return Ok(false);
    };
    let way = workflow::way_of_a_new_job(to, facts).ok_or_else(|| {
        let from = workflow::first(facts);
        Box::new(workflow::refused(
            &KIND,
            (System::Autotask, ticket),
            from,
            to,
        ))
    })?;
    Ok(way.len() > 1)
}

/// A ticket for this job.
pub(super) fn ticket(job: &Half, facts: &Facts) -> Creation {
    if !facts.may_create(&KIND, System::Autotask) {
        return Creation::No("no tickets are made from jobs here".to_owned());
    }
    if let Some(reason) = job_kept_out(job, facts) {
        return Creation::No(reason);
    }
    let mut problems = Vec::new();
    let mut extra = words(job);
    if let Some(customer) = job.fact("customer").and_then(Value::as_number) {
        let key = Key::new(COMPANY, System::Jim2, customer);
        match facts.other_half(&key).and_then(RecordId::number) {
            Some(company) => drop(extra.insert("company".to_owned(), company.into())),
            None => problems.push(unpaired(
                &job.label,
                &format!("card {customer}"),
                &key,
                &format!("<company id> {customer}"),
            )),
        }
        extra.insert("customer".to_owned(), customer.into());
    }
    for (name, list) in [("priority", "priority"), ("type", "type")] {
        let value = job.fields.get(name).map(ToString::to_string);
        let vanished =
            value.and_then(|value| facts.vanished((name, name), list, System::Jim2, &value));
        if let Some(problem) = vanished {
            problems.push(problem);
        } else if let Some(value) = reverse(job, name, list, facts) {
            extra.insert(name.to_owned(), value);
        }
    }
    let mut wanted: Vec<(&str, &str)> = DEFAULTS.to_vec();
    if reverse(job, "status", "status", facts).is_none() {
        wanted.push(("default.status", "status"));
    }
    for (setting, field) in wanted {
        if extra.contains_key(field) {
            continue;
        }
        match facts.number(setting) {
            Some(value) => drop(extra.insert(field.to_owned(), value.into())),
            None => problems.push(missing(&job.label, setting)),
        }
    }
    if !problems.is_empty() {
        return Creation::Held(problems);
    }
    Creation::Yes(Draft {
        reference: job.id.to_string(),
        extra,
    })
}

/// Nothing is made unless the site chose job types, Items or customers for it.
fn job_kept_out(job: &Half, facts: &Facts) -> Option<String> {
    const FILTERS: [(&str, &str); 3] = [
        ("job_types", "type"),
        ("job_items", "item"),
        ("job_customers", "customer"),
    ];
    if workflow::closed(&KIND, job).is_some() {
        return Some("work on it is over".to_owned());
    }
    if !FILTERS
        .iter()
        .any(|(filter, _)| filter::is_set(facts, filter))
    {
        return Some("no job type, Item or customer is chosen for tickets".to_owned());
    }
    let value = |name: &str| {
        job.fields
            .get(name)
            .or_else(|| job.fact(name))
            .map(|value| Json::from(value.to_string()))
    };
    FILTERS
        .iter()
        .find(|(filter, name)| !filter::passes(facts, filter, value(name).as_ref()))
        .map(|(_, name)| format!("its {name} is not chosen for tickets"))
}

/// The mapped value, and nothing where the mapping leaves it or has none.
fn reverse(job: &Half, field: &str, list: &str, facts: &Facts) -> Option<Value> {
    let value = job.fields.get(field)?.as_text()?;
    let mapping = facts.mapping(list, System::Jim2, value)?;
    mapping.to.as_deref()?.parse().ok().map(Value::Number)
}

/// The first line is the title; the whole is the description, as a ticket's description that begins with
/// its title is the fault description as it is.
fn words(job: &Half) -> Fields {
    let text = ["fault", "item_desc", "invoice_desc"]
        .iter()
        .find_map(|name| job.fields.get(*name).filter(|text| !text.is_empty()));
    let text = text.map_or_else(|| job.label.clone(), ToString::to_string);
    let title = text.trim().lines().next().unwrap_or_default();
    let due = job.fields.get("due").filter(|due| !due.is_empty());
    let mut words = Fields::from([
        ("title".to_owned(), cut(title, TITLE_MAX).into()),
        (
            "description".to_owned(),
            cut(text.trim(), DESCRIPTION_MAX).into(),
        ),
    ]);
    words.extend(due.map(|due| ("due".to_owned(), due.clone())));
    words
}

fn missing(label: &str, setting: &str) -> Problem {
    Problem {
        code: "setting-missing".to_owned(),
        says: format!("{label} cannot become a ticket: the site has no {setting}"),
        subject: Subject::Setting {
            name: setting.to_owned(),
        },
        field: None,
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!("crossbill settings set {setting} <value>"),
            continues: true,
        },
    }
}

fn cut(text: &str, max: usize) -> String {
    text.chars().take(max).collect()
}
