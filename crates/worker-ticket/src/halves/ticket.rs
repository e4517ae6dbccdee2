//! A ticket and its notes as a half.

use std::collections::HashMap;

use autotask::{
    Company, ConfigurationItem, Contact, Entity as _, Ticket, TicketAttachment, TicketNote,
};
use chrono::TimeDelta;
use domain::{RecordId, Told, Value};
use sync::{Billed, Child, Half, Mark, Pointer, finish};

use super::{attachments, minute};
use crate::{
    named::{NAMED, Named},
    rules::{ISSUE, RESOURCE, ROLE, SUB_ISSUE},
    settings::TicketSettings,
};

/// The system's own status for a finished ticket.
const COMPLETE: i64 = 5;

/// How long after a ticket was made Autotask's own rules may still touch it.
const SETTLED: TimeDelta = TimeDelta::minutes(5);

/// What was read around a ticket. Its company is read only where a job may have to be made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Around<'a> {
    pub(crate) notes: &'a [&'a TicketNote],
    /// Its attachments and where it is looked at; `None` where they are not told.
    pub(crate) attachments: Option<(&'a [&'a TicketAttachment], Option<&'a str>)>,
    pub(crate) company: Option<&'a Company>,
    /// The contacts that the tickets of the batch and its notes name, as far as they were read.
    pub(crate) contacts: &'a HashMap<i64, Contact>,
    /// Configuration items by id.
    pub(crate) items: &'a HashMap<i64, ConfigurationItem>,
    /// What became of the work of a completed ticket, where it was asked for.
    pub(crate) billed: Option<Billed>,
}

/// The half that a ticket is.
pub(crate) fn ticket(ticket: &Ticket, around: Around<'_>, settings: &TicketSettings) -> Half {
    let number = ticket.ticket_number.get().map_or("", String::as_str);
    let title = ticket.title.get().map_or("", String::as_str);
    let mut half = Half::new(ticket.id, format!("{number} {title}").trim());
    fields(&mut half, ticket, settings);
    facts(&mut half, ticket, settings);
    work(&mut half, ticket, around.billed);
    if let Some(company) = around.company {
        company_facts(&mut half, company, settings);
    }
    let contact = ticket.contact_id.get();
    if let Some(contact) = contact.and_then(|id| around.contacts.get(id)) {
        half.know("contact_name", Some(name(contact).into()));
    }
    let item = ticket.configuration_item_id.get();
    let serial = item.and_then(|id| around.items.get(id)?.serial_number.get());
    half.know("serial", serial.map(|serial| serial.trim().into()));
    let activity = ticket.last_activity_date.get().copied();
    half.changed_at = activity.max(ticket.last_tracked_modification_date_time.get().copied());
    half.created_at = ticket.create_date.get().copied();
    half.flag("active", is_active(ticket, around.notes, settings));
    half.children = around
        .notes
        .iter()
        .map(|note| child(note, around.contacts, settings))
        .collect();
    if let Some((attachments, link)) = around.attachments {
        let list = attachments::list(ticket.id, attachments, link, settings);
        half.children.push(list);
    }
    half
}

/// Whether somebody has worked on the ticket since it was made: a person wrote a note, or Autotask tells of an activity
/// later than what its own rules do on creation.
fn is_active(ticket: &Ticket, notes: &[&TicketNote], settings: &TicketSettings) -> bool {
    let is_by_rule = |note: &&&TicketNote| {
        let kind = note.note_type.get();
        kind.is_some_and(|kind| settings.system_note_types.contains(kind))
    };
    let activity = ticket.last_activity_date.get();
    notes.iter().any(|note| !is_by_rule(&note))
        || matches!((activity, ticket.create_date.get()), (Some(at), Some(made)) if *at - *made > SETTLED)
}

fn fields(half: &mut Half, ticket: &Ticket, settings: &TicketSettings) {
    let title = ticket.title.clone();
    half.tell("fault", fault(ticket));
    half.tell("item_desc", title.clone().into_value());
    half.tell(
        "cust_ref",
        ticket.purchase_order_number.clone().into_value(),
    );
    half.tell("status", ticket.status.clone().into_value());
    half.tell("priority", ticket.priority.clone().into_value());
    half.tell("type", ticket.ticket_type.clone().into_value());
    half.tell("due", minute(&ticket.due_date_time));
    half.tell("invoice", ticket.udf(&settings.invoice_no_udf).into_value());
    half.tell("item", issue(ticket));
    half.tell("resolution", ticket.resolution.clone().into_value());
    // A ticket without one says nothing about its job's.
    for (name, id) in [
        ("contract", &ticket.contract_id),
        ("asset", &ticket.configuration_item_id),
    ] {
        half.tell(name, id.get().copied().map(Value::Number));
    }
    if ticket.assigned_resource_id.is_told() && ticket.assigned_resource_role_id.is_told() {
        let part = |told: &Told<i64>| told.get().copied().map_or(Value::Empty, Value::Number);
        half.tell(
            "assignee",
            Some(Value::parts([
                (RESOURCE, part(&ticket.assigned_resource_id)),
                (ROLE, part(&ticket.assigned_resource_role_id)),
            ])),
        );
    }
    if let (Some(number), Some(title)) = (ticket.ticket_number.get(), title.get()) {
        half.tell("invoice_desc", Some(format!("{number} {title}").into()));
    }
}

/// Whether its job may be finished. A ticket that is not completed needs no look at its work.
fn work(half: &mut Half, ticket: &Ticket, billed: Option<Billed>) {
    if half.points_to.is_some() && ticket.status.is_told() {
        finish::tell_work(half, is_completed(ticket), billed);
    }
    finish::tell_completed(half, ticket.completed_date.get());
}

/// Whether people say that the work on it is done.
pub(crate) fn is_completed(ticket: &Ticket) -> bool {
    ticket.completed_date.get().is_some() || ticket.status.get() == Some(&COMPLETE)
}

/// The issue type, with the sub-issue type where the ticket has one.
fn issue(ticket: &Ticket) -> Option<Value> {
    let issue = ticket.issue_type.clone().into_value()?;
    match ticket.sub_issue_type.get() {
        Some(sub) if !issue.is_empty() => {
            Some(Value::parts([(ISSUE, issue), (SUB_ISSUE, (*sub).into())]))
        }
        Some(_) | None => Some(issue),
    }
}

/// Title, blank line, description; a description that begins with the title is enough.
fn fault(ticket: &Ticket) -> Option<Value> {
    if !ticket.title.is_told() || !ticket.description.is_told() {
        return None;
    }
    let text = |told: &Told<String>| told.get().map_or("", |text| text.trim()).to_owned();
    let (title, description) = (text(&ticket.title), text(&ticket.description));
    let whole = if description.starts_with(&title) {
        description
    } else {
        format!("{title}\n\n{description}")
    };
    Some(whole.trim().into())
}

fn facts(half: &mut Half, ticket: &Ticket, settings: &TicketSettings) {
    half.know("number", ticket.ticket_number.clone().into_value());
    half.know("external_id", ticket.external_id.clone().into_value());
    half.know("location", ticket.company_location_id.clone().into_value());
    half.know("contract", ticket.contract_id.clone().into_value());
    half.know("asset", ticket.configuration_item_id.clone().into_value());
    half.know("company", ticket.company_id.clone().into_value());
    half.know("queue", ticket.queue_id.clone().into_value());
    half.know("type", ticket.ticket_type.clone().into_value());
    half.know("category", ticket.ticket_category.clone().into_value());
    half.know("source", ticket.source.clone().into_value());
    half.know("status", ticket.status.clone().into_value());
    half.know(
        "earlier_jobs",
        ticket.udf(&settings.earlier_jobs_udf).into_value(),
    );
    if let Some(named) = Named::told(ticket, settings) {
        half.facts.insert(NAMED, named);
    }
    half.flag("completed", is_completed(ticket));
    // Rule 7: a field that was not told is not an empty one.
    match ticket.udf(&settings.job_no_udf) {
        Told::Not => {}
        Told::Empty => half.flag("no_reference", true),
        Told::Is(job) => {
            half.points_to = Some(Pointer {
                to: job.trim().into(),
                by_name: false,
                generation: 1,
            });
        }
    }
}

fn company_facts(half: &mut Half, company: &Company, settings: &TicketSettings) {
    half.know("company_name", company.company_name.clone().into_value());
    half.know("company_type", company.company_type.clone().into_value());
    let said = company.udf(&settings.opt_out_udf).into_value();
    half.flag("opt_out", said.is_some_and(|said| said.says_yes()));
    if company.invoice_non_contract_items_to_parent_company.get() == Some(&true) {
        half.know("parent", company.parent_company_id.clone().into_value());
    }
}

fn child(note: &TicketNote, contacts: &HashMap<i64, Contact>, settings: &TicketSettings) -> Child {
    let (text, mark) = Mark::split(note.description.get().map_or("", String::as_str));
    let creator = note.creator_resource_id.get().copied();
    let is_us = |id: &Told<i64>| {
        settings.api_resource.is_some() && id.get().copied() == settings.api_resource
    };
    let kind = note.note_type.get().copied();
    let publish = note
        .publish
        .get()
        .map(|publish| ("publish", Value::Number(*publish)));
    let is_system = kind.is_some_and(|kind| settings.system_note_types.contains(&kind));
    Child {
        id: RecordId::from(note.id),
        text: text.to_owned(),
        author: author(note, creator, contacts, settings),
        at: note.create_date_time.get().copied(),
        ours: is_us(&note.creator_resource_id) || is_us(&note.impersonator_creator_resource_id),
        mark,
        facts: publish
            .into_iter()
            .chain([("system", Value::Flag(is_system))])
            .collect(),
    }
}

fn author(
    note: &TicketNote,
    creator: Option<i64>,
    contacts: &HashMap<i64, Contact>,
    settings: &TicketSettings,
) -> String {
    if let Some(id) = note.created_by_contact_id.get() {
        let said = contacts.get(id).map(name);
        let said = said.filter(|name| !name.trim().is_empty());
        return said.unwrap_or_else(|| "The customer".to_owned());
    }
    let known = creator.and_then(|id| settings.resources.get(&id).cloned());
    known
        .or_else(|| creator.map(|id| format!("Resource {id}")))
        .unwrap_or_default()
}

/// A contact's name as people say it: one word has a dash for a first name, as Autotask asks for both.
fn name(contact: &Contact) -> String {
    let parts = [&contact.first_name, &contact.last_name];
    let parts: Vec<&str> = parts
        .iter()
        .filter_map(|part| part.get())
        .map(|part| part.trim())
        .filter(|part| !matches!(*part, "" | "-"))
        .collect();
    parts.join(" ")
}
