//! What only tickets have: their number, their completion, who works on them.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::super::row::{Row, stamp};
use super::super::world::{Actor, World};

/// The system's status for a finished ticket.
const COMPLETE: i64 = 5;

/// Resource and role come together; and a ticket is in a queue or with somebody.
pub(super) fn rules(world: &World, row: &Row) -> Vec<String> {
    let mut errors = Vec::new();
    let (resource, role) = (
        row.int("assignedResourceID"),
        row.int("assignedResourceRoleID"),
    );
    if resource.is_some() != role.is_some() {
        errors.push("When assigning a Resource, you must assign both a assignedResourceID and assignedResourceRoleID.".to_owned());
    }
    if world.options.queue_required && row.int("queueID").is_none() && resource.is_none() {
        errors.push(
            "Missing Required Field: queueID (or assignedResourceID with assignedResourceRoleID)."
                .to_owned(),
        );
    }
    errors
}

/// The next number of the day; none is given twice, also when its ticket is gone.
pub(super) fn next_number(world: &mut World, now: DateTime<Utc>) -> String {
    let day = now.format("T%Y%m%d").to_string();
    let next = last_number(world, &day) + 1;
    let number = format!("{day}.{next:04}");
    world.ticket_numbers.insert(day, next);
    number
}

/// Keeps the number of a ticket that goes from being given again.
pub(super) fn spend_number(world: &mut World, ticket: &Row) {
    if let Some((day, _)) = ticket.text("ticketNumber").split_once('.') {
        let last = last_number(world, day);
        world.ticket_numbers.insert(day.to_owned(), last);
    }
}

fn last_number(world: &World, day: &str) -> u32 {
    if let Some(last) = world.ticket_numbers.get(day) {
        return *last;
    }
    let number = |row: &Row| {
        let (own, number) = row.text("ticketNumber").split_once('.')?;
        number.parse().ok().filter(|_| own == day)
    };
    let numbers = world.rows("Tickets").filter_map(|(_, row)| number(row));
    numbers.max().unwrap_or(0)
}

/// Keeps the fields that tell when and by whom the ticket was completed.
pub(super) fn complete(before: Option<&Row>, row: &mut Row, now: DateTime<Utc>, actor: Actor) {
    let was = before.and_then(|before| before.int("status")) == Some(COMPLETE);
    let is = row.int("status") == Some(COMPLETE);
    if is && !was {
        row.set("completedDate", stamp(now));
        row.set("completedByResourceID", actor.resource);
    } else if was && !is {
        row.set("completedDate", Value::Null);
        row.set("completedByResourceID", Value::Null);
    }
}
