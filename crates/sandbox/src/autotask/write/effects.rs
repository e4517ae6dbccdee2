//! What Autotask writes by itself when a record is written: dates, authors, activity of the records above, logs of
//! what was deleted.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::super::answer::Refusal;
use super::super::row::{Row, stamp};
use super::super::schema::{Entity, known};
use super::super::udf::{DEFINITIONS, definition};
use super::super::webhook;
use super::super::world::{Actor, World};
use super::{Change, delete, finish, sale, ticket, time};

/// Changes of these move `lastTrackedModifiedDateTime` of a company; of others do not.
const TRACKED_OF_COMPANIES: &[&str] = &[
    "address1",
    "address2",
    "alternatePhone1",
    "alternatePhone2",
    "city",
    "companyName",
    "companyNumber",
    "companyType",
    "countryID",
    "fax",
    "isActive",
    "ownerResourceID",
    "parentCompanyID",
    "phone",
    "postalCode",
    "state",
    "taxID",
    "webAddress",
];

/// Changes of these move `lastTrackedModificationDateTime` of a ticket; of others do not.
const TRACKED_OF_TICKETS: &[&str] = &[
    "assignedResourceID",
    "assignedResourceRoleID",
    "companyID",
    "companyLocationID",
    "contactID",
    "contractID",
    "description",
    "dueDateTime",
    "issueType",
    "priority",
    "purchaseOrderNumber",
    "queueID",
    "resolution",
    "source",
    "status",
    "subIssueType",
    "ticketCategory",
    "ticketType",
    "title",
];

/// Fills what the system fills in a new row.
pub(super) fn on_create(world: &mut World, entity: &Entity, row: &mut Row, actor: Actor) {
    let now = world.now();
    for name in ["createDate", "createDateTime"] {
        set_if_there(entity, row, name, stamp(now).into());
    }
    for name in [
        "creatorResourceID",
        "createdByResourceID",
        "createdByPersonID",
        "creatorUserID",
    ] {
        set_if_there(entity, row, name, actor.resource.into());
    }
    set_if_there(
        entity,
        row,
        "impersonatorCreatorResourceID",
        actor.impersonator.into(),
    );
    match entity.plural {
        "Tickets" => {
            let number = ticket::next_number(world, now);
            row.set("ticketNumber", number);
            row.set("creatorType", 1);
            ticket::complete(None, row, now, actor);
        }
        "TimeEntries" => time::complete(None, row),
        "TicketAttachments" => {
            let ticket = row.get("parentID").clone();
            row.set("ticketID", ticket);
            row.set("attachDate", stamp(now));
            row.set("attachedByResourceID", actor.resource);
        }
        "Companies" if row.get("isActive").is_null() => row.set("isActive", true),
        DEFINITIONS => definition::complete(row),
        _ => webhook::subscription::on_create(entity, row, actor),
    }
    sale::complete(world, entity, None, row, actor);
    mark(entity, None, row, now, actor);
}

/// Fills what the system fills in a changed row.
pub(super) fn on_update(
    world: &mut World,
    entity: &Entity,
    before: &Row,
    row: &mut Row,
    actor: Actor,
) {
    let now = world.now();
    if entity.plural == "Tickets" {
        ticket::complete(Some(before), row, now, actor);
    }
    if entity.plural == "TimeEntries" {
        time::complete(Some(before), row);
    }
    sale::complete(world, entity, Some(before), row, actor);
    set_if_there(
        entity,
        row,
        "impersonatorUpdaterResourceID",
        actor.impersonator.into(),
    );
    mark(entity, Some(before), row, now, actor);
}

/// Refuses what people could not delete either, and takes the records along that cannot be without this one.
pub(super) fn before_delete(
    world: &mut World,
    entity: &Entity,
    id: i64,
    row: &Row,
    actor: Actor,
) -> Result<(), Refusal> {
    if let Some(sentence) = sale::keeps(entity, row) {
        return Err(Refusal::invalid(sentence));
    }
    match entity.plural {
        "Companies" => {
            if world
                .rows("Tickets")
                .any(|(_, ticket)| ticket.int("companyID") == Some(id))
            {
                return Err(Refusal::invalid(format!(
                    "Company {id} has tickets and cannot be deleted; set isActive to false instead."
                )));
            }
            delete_below(world, "Contacts", "companyID", id, actor)?;
        }
        "Contacts" => clear(world, known("Tickets"), "contactID", id, actor),
        "Tickets" => {
            for below in [
                "TicketNotes",
                "TicketAttachments",
                "TimeEntries",
                "TicketCharges",
            ] {
                for own in ids_below(world, below, "ticketID", id) {
                    world.remove(below, own);
                }
            }
            ticket::spend_number(world, row);
            log_ticket(world, id, row, actor);
        }
        "TicketNotes" => log_note(
            world,
            row,
            (1, "creatorResourceID", "createDateTime"),
            actor,
        ),
        "TicketAttachments" => {
            log_note(world, row, (3, "attachedByResourceID", "attachDate"), actor);
        }
        "TimeEntries" => {
            if let Some(sentence) = time::keeps(row) {
                return Err(Refusal::invalid(sentence));
            }
            log_time(world, row, actor);
        }
        _ => webhook::subscription::before_delete(world, entity, id),
    }
    Ok(())
}

/// Moves the activity of the records above this one; answers what was changed by that.
pub(super) fn touch(world: &mut World, change: &Change, actor: Actor) -> Vec<Change> {
    let is_old_note = change.entity.plural == "TicketNotes" && change.before.is_some();
    if is_old_note && !world.options.note_edits_move_tickets {
        return Vec::new();
    }
    let row = change.after.as_ref().or(change.before.as_ref());
    let above = |name: &str| row.and_then(|row| row.int(name));
    let plural = change.entity.plural;
    let ticket = above("ticketID")
        .filter(|_| matches!(plural, "TicketNotes" | "TicketAttachments" | "TimeEntries"));
    let task = above("taskID").filter(|_| plural == "TimeEntries");
    let project = match plural {
        "Tasks" => above("projectID"),
        _ => task
            .and_then(|id| world.row("Tasks", id))
            .and_then(|task| task.int("projectID")),
    };
    let owner = |plural: &str, id: Option<i64>| {
        id.and_then(|id| world.row(plural, id))
            .and_then(|row| row.int("companyID"))
    };
    let company = match plural {
        "Tickets" | "Contacts" => above("companyID"),
        _ => owner("Tickets", ticket).or_else(|| owner("Projects", project)),
    };
    let changed = [
        ("Tickets", ticket),
        ("Tasks", task),
        ("Projects", project),
        ("Companies", company),
    ];
    changed
        .into_iter()
        .filter_map(|(plural, id)| touch_one(world, plural, id?, actor))
        .collect()
}

fn touch_one(world: &mut World, plural: &'static str, id: i64, actor: Actor) -> Option<Change> {
    let now = world.now();
    let entity = known(plural);
    let row = world.row_mut(plural, id)?;
    let before = row.clone();
    active(entity, row, now, actor);
    Some(Change {
        entity,
        id,
        before: Some(before),
        after: Some(row.clone()),
    })
}

/// Dates the change of a row itself.
fn mark(entity: &Entity, before: Option<&Row>, row: &mut Row, now: DateTime<Utc>, actor: Actor) {
    active(entity, row, now, actor);
    let tracked: &[&str] = match entity.plural {
        "Companies" => TRACKED_OF_COMPANIES,
        "Tickets" => TRACKED_OF_TICKETS,
        _ => &[],
    };
    if before.is_none_or(|before| tracked.iter().any(|name| before.get(name) != row.get(name))) {
        set_if_there(
            entity,
            row,
            "lastTrackedModifiedDateTime",
            stamp(now).into(),
        );
        set_if_there(
            entity,
            row,
            "lastTrackedModificationDateTime",
            stamp(now).into(),
        );
    }
    for name in [
        "lastModifiedDate",
        "lastModifiedDateTime",
        "lastModifiedTime",
    ] {
        set_if_there(entity, row, name, stamp(now).into());
    }
    for name in ["lastModifiedUserID", "lastModifiedBy"] {
        set_if_there(entity, row, name, actor.resource.into());
    }
}

fn active(entity: &Entity, row: &mut Row, now: DateTime<Utc>, actor: Actor) {
    for name in ["lastActivityDate", "lastActivityDateTime"] {
        set_if_there(entity, row, name, stamp(now).into());
    }
    set_if_there(entity, row, "lastActivityResourceID", actor.resource.into());
    set_if_there(entity, row, "lastActivityPersonType", 1.into());
}

fn set_if_there(entity: &Entity, row: &mut Row, name: &str, value: Value) {
    if let Some(field) = entity.fields.iter().find(|field| field.name == name) {
        row.set(field.name, value);
    }
}

fn ids_below(world: &World, plural: &str, key: &str, id: i64) -> Vec<i64> {
    world
        .rows(plural)
        .filter(|(_, row)| row.int(key) == Some(id))
        .map(|(id, _)| id)
        .collect()
}

fn delete_below(
    world: &mut World,
    plural: &str,
    key: &str,
    id: i64,
    actor: Actor,
) -> Result<(), Refusal> {
    for child in ids_below(world, plural, key, id) {
        delete(world, known(plural), None, child, actor)?;
    }
    Ok(())
}

/// Takes a reference away from the rows that have it, which is a change of theirs like any other.
fn clear(world: &mut World, entity: &'static Entity, name: &'static str, id: i64, actor: Actor) {
    for own in ids_below(world, entity.plural, name, id) {
        let Some(before) = world.row(entity.plural, own).cloned() else {
            continue;
        };
        let mut row = before.clone();
        row.set(name, Value::Null);
        on_update(world, entity, &before, &mut row, actor);
        world.put(entity, own, row);
        finish(world, entity, own, Some(before), actor);
    }
}

fn log_ticket(world: &mut World, id: i64, ticket: &Row, actor: Actor) {
    let mut log = Row::default();
    log.set("ticketID", id);
    log.set("ticketNumber", ticket.get("ticketNumber").clone());
    log.set("ticketTitle", ticket.get("title").clone());
    log.set("deletedByResourceID", actor.resource);
    log.set("deletedDateTime", stamp(world.now()));
    world.insert(known("DeletedTicketLogs"), log);
}

/// The log carries neither the note's id nor the attachment's, as the real one does not.
fn log_note(world: &mut World, note: &Row, (kind, author, at): (i64, &str, &str), actor: Actor) {
    let ticket = note.int("ticketID").and_then(|id| world.row("Tickets", id));
    let mut log = Row::default();
    log.set("typeID", kind);
    log.set("ticketID", note.get("ticketID").clone());
    log.set(
        "ticketNumber",
        ticket.map_or(Value::Null, |ticket| ticket.get("ticketNumber").clone()),
    );
    log.set("noteOrAttachmentTitle", note.get("title").clone());
    log.set("createdByResourceID", note.get(author).clone());
    log.set("activityDateTime", note.get(at).clone());
    log.set("deletedByResourceID", actor.resource);
    log.set("deletedDateTime", stamp(world.now()));
    world.insert(known("DeletedTicketActivityLogs"), log);
}

/// The log does not carry the entry's id, as the real one does not: one of the ticket's activities, or of the task's.
/// Time of the provider's own is in no log.
fn log_time(world: &mut World, entry: &Row, actor: Actor) {
    let (log, key, above, number) = if entry.int("ticketID").is_some() {
        (
            "DeletedTicketActivityLogs",
            "ticketID",
            "Tickets",
            "ticketNumber",
        )
    } else if entry.int("taskID").is_some() {
        ("DeletedTaskActivityLogs", "taskID", "Tasks", "taskNumber")
    } else {
        return;
    };
    let row = entry.int(key).and_then(|id| world.row(above, id));
    let told = row.map_or(Value::Null, |row| row.get(number).clone());
    let mut row = Row::default();
    row.set("typeID", 2);
    row.set(key, entry.get(key).clone());
    row.set(number, told);
    row.set("createdByResourceID", entry.get("creatorUserID").clone());
    row.set("activityDateTime", entry.get("createDateTime").clone());
    for name in ["startDateTime", "endDateTime", "hoursWorked"] {
        row.set(name, entry.get(name).clone());
    }
    row.set("deletedByResourceID", actor.resource);
    row.set("deletedDateTime", stamp(world.now()));
    world.insert(known(log), row);
}
