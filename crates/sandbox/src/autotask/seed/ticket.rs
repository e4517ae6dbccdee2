//! Tickets and what was written on them.

use super::super::row::{Row, stamp};
use super::super::schema::known;
use super::super::world::World;
use super::Ids;
use crate::provider::{Provider, Ticket, TicketStatus, ticket_number};

/// The queues tickets are in: the critical ones in the second.
const QUEUES: [i64; 2] = [29_682_833, 29_682_969];

/// Every ticket of a company that Autotask knows, with its notes; their ids by their indexes.
pub(super) fn all(world: &mut World, provider: &Provider, ids: &Ids) -> Vec<Option<i64>> {
    let mut made = vec![None; provider.tickets.len()];
    for (index, ticket) in provider.tickets.iter().enumerate() {
        let Some(company) = ids.companies.get(&ticket.company) else {
            continue;
        };
        let mut row = ticket_row(provider, ticket, ids);
        row.set("ticketNumber", ticket_number(provider, index));
        row.set("companyID", *company);
        let id = world.insert(known("Tickets"), row);
        made[index] = Some(id);
        for note in &ticket.notes {
            let author = ids.resources.get(note.author).copied();
            let mut row = Row::default();
            row.set("ticketID", id);
            row.set("title", note.text.chars().take(60).collect::<String>());
            row.set("description", note.text.as_str());
            row.set("noteType", 3);
            row.set("publish", if note.public { 4 } else { 2 });
            row.set("creatorResourceID", author);
            row.set("createDateTime", stamp(note.at));
            row.set("lastActivityDate", stamp(note.at));
            world.insert(known("TicketNotes"), row);
        }
    }
    made
}

fn ticket_row(provider: &Provider, ticket: &Ticket, ids: &Ids) -> Row {
    let mut row = Row::default();
    let resource = ticket
        .assigned
        .and_then(|index| ids.resources.get(index))
        .copied();
    let role = ticket
        .assigned
        .and_then(|index| ids.roles.get(provider.technicians[index].role))
        .copied();
    let active = ticket
        .notes
        .iter()
        .map(|note| note.at)
        .chain([ticket.created])
        .max()
        .map(stamp);
    row.set("title", ticket.title.as_str());
    row.set("description", ticket.description.as_str());
    row.set("status", status(ticket.status));
    row.set("priority", ticket.priority);
    row.set("ticketType", 1);
    row.set("ticketCategory", 3);
    row.set("source", 4);
    row.set("queueID", QUEUES[usize::from(ticket.priority == 4)]);
    row.set(
        "issueType",
        i64::try_from(ticket.issue).map_or(10, |issue| 10 + issue),
    );
    row.set(
        "contactID",
        ticket
            .contact
            .and_then(|index| ids.contacts.get(&index))
            .copied(),
    );
    row.set("assignedResourceID", resource);
    row.set(
        "assignedResourceRoleID",
        role.filter(|_| resource.is_some()),
    );
    row.set(
        "creatorResourceID",
        resource.or_else(|| ids.resources.first().copied()),
    );
    row.set("creatorType", 1);
    row.set("createDate", stamp(ticket.created));
    row.set("dueDateTime", ticket.due.map(stamp));
    row.set("purchaseOrderNumber", ticket.purchase_order.as_str());
    row.set("lastActivityDate", active.clone());
    row.set("lastTrackedModificationDateTime", active.clone());
    let completed = ticket.status == TicketStatus::Complete;
    row.set("completedByResourceID", resource.filter(|_| completed));
    row.set("completedDate", active.filter(|_| completed));
    row
}

fn status(status: TicketStatus) -> i64 {
    match status {
        TicketStatus::New => 1,
        TicketStatus::InProgress => 8,
        TicketStatus::WaitingCustomer => 7,
        TicketStatus::WaitingParts => 9,
        TicketStatus::Complete => 5,
    }
}
