//! A ticket and its notes as a half.

use std::collections::HashMap;

use autotask::{Company, Contact, Entity as _, Ticket, TicketNote};
use domain::{RecordId, Told, Value};
use sync::{Child, Half, Mark, Pointer};

use super::{flag, know, minute};
use crate::{
    rules::{RESOURCE, ROLE},
    settings::TicketSettings,
};

/// The system's own status for a finished ticket.
const COMPLETE: i64 = 5;

/// What was read around a ticket. Its company is read only where a job may have to be made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Around<'a> {
    pub(crate) notes: &'a [&'a TicketNote],
    pub(crate) company: Option<&'a Company>,
    /// The contacts that the tickets of the batch and its notes name, as far as they were read.
    pub(crate) contacts: &'a HashMap<i64, Contact>,
}

/// The half that a ticket is.
pub(crate) fn ticket(ticket: &Ticket, around: Around<'_>, settings: &TicketSettings) -> Half {
    let number = ticket.ticket_number.get().map_or("", String::as_str);
    let title = ticket.title.get().map_or("", String::as_str);
    let mut half = Half::new(ticket.id, format!("{number} {title}").trim());
    fields(&mut half, ticket, settings);
    facts(&mut half, ticket, settings);
    if let Some(company) = around.company {
        company_facts(&mut half, company, settings);
    }
    let contact = ticket.contact_id.get();
    if let Some(contact) = contact.and_then(|id| around.contacts.get(id)) {
        know(&mut half, "contact_name", Some(name(contact).into()));
    }
    let activity = ticket.last_activity_date.get().copied();
    half.changed_at = activity.max(ticket.last_tracked_modification_date_time.get().copied());
    half.created_at = ticket.create_date.get().copied();
    half.children = around
        .notes
        .iter()
        .map(|note| child(note, around.contacts, settings))
        .collect();
    half
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
    half.tell("item", ticket.issue_type.clone().into_value());
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
    know(half, "number", ticket.ticket_number.clone().into_value());
    know(half, "company", ticket.company_id.clone().into_value());
    know(half, "queue", ticket.queue_id.clone().into_value());
    know(half, "type", ticket.ticket_type.clone().into_value());
    know(
        half,
        "category",
        ticket.ticket_category.clone().into_value(),
    );
    know(half, "source", ticket.source.clone().into_value());
    know(half, "status", ticket.status.clone().into_value());
    know(
        half,
        "earlier_jobs",
        ticket.udf(&settings.earlier_jobs_udf).into_value(),
    );
    let is_completed =
        ticket.completed_date.get().is_some() || ticket.status.get() == Some(&COMPLETE);
    flag(half, "completed", is_completed);
    // Rule 7: a field that was not told is not an empty one.
    match ticket.udf(&settings.job_no_udf) {
        Told::Not => {}
        Told::Empty => flag(half, "no_reference", true),
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
    know(
        half,
        "company_name",
        company.company_name.clone().into_value(),
    );
    know(
        half,
        "company_type",
        company.company_type.clone().into_value(),
    );
    let says_out = company
        .udf(&settings.opt_out_udf)
        .get()
        .is_some_and(|said| {
            !matches!(
                said.trim().to_lowercase().as_str(),
                "" | "no" | "n" | "false" | "0"
            )
        });
    flag(half, "opt_out", says_out);
    if company.invoice_non_contract_items_to_parent_company.get() == Some(&true) {
        know(
            half,
            "parent",
            company.parent_company_id.clone().into_value(),
        );
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

fn name(contact: &Contact) -> String {
    let parts = [&contact.first_name, &contact.last_name];
    let parts: Vec<&str> = parts
        .iter()
        .filter_map(|part| part.get())
        .map(String::as_str)
        .collect();
    parts.join(" ")
}
