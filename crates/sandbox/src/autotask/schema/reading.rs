//! Reads the entities and their fields from the tables beside this file.

mod billing;

use super::field::Field;
use super::{Entity, Place, Verb, lines};

/// Reads every line of `entities.txt`.
pub(super) fn entities() -> Vec<Entity> {
    let read = |line| Entity::read(line).expect("every line of entities.txt has seven columns");
    lines(include_str!("entities.txt")).map(read).collect()
}

impl Entity {
    fn read(line: &'static str) -> Option<Self> {
        let mut columns = line.split_whitespace();
        let (plural, singular, table) = (columns.next()?, columns.next()?, columns.next()?);
        let (place, verbs) = (place(columns.next()?)?, verbs(columns.next()?));
        let first_id = columns.next()?.parse().ok()?;
        let payload = columns.next().filter(|name| *name != "-");
        let fields = lines(table_of(table)?)
            .map(Field::read)
            .collect::<Option<Vec<_>>>()?;
        Some(Self {
            plural,
            singular,
            place,
            verbs,
            first_id,
            payload,
            fields,
        })
    }
}

fn place(column: &'static str) -> Option<Place> {
    if column == "root" {
        return Some(Place::Root);
    }
    let mut parts = column.split('/');
    Some(Place::Child {
        of: parts.next()?,
        segment: parts.next()?,
        key: parts.next()?,
    })
}

fn verbs(column: &str) -> Vec<Verb> {
    let verb = |word| match word {
        "create" => Some(Verb::Create),
        "update" => Some(Verb::Update),
        "delete" => Some(Verb::Delete),
        "unread" => Some(Verb::Unread),
        _ => None,
    };
    column.split(',').filter_map(verb).collect()
}

fn table_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "billing_codes" => include_str!("tables/billing_codes.txt"),
        "companies" => include_str!("tables/companies.txt"),
        "company_locations" => include_str!("tables/company_locations.txt"),
        "company_notes" => include_str!("tables/company_notes.txt"),
        "contacts" => include_str!("tables/contacts.txt"),
        "countries" => include_str!("tables/countries.txt"),
        "deleted_task_activity_logs" => include_str!("tables/deleted_task_activity_logs.txt"),
        "deleted_ticket_activity_logs" => {
            include_str!("tables/deleted_ticket_activity_logs.txt")
        }
        "deleted_ticket_logs" => include_str!("tables/deleted_ticket_logs.txt"),
        "projects" => include_str!("tables/projects.txt"),
        "resources" => include_str!("tables/resources.txt"),
        "roles" => include_str!("tables/roles.txt"),
        "tasks" => include_str!("tables/tasks.txt"),
        "ticket_attachments" => include_str!("tables/ticket_attachments.txt"),
        "ticket_notes" => include_str!("tables/ticket_notes.txt"),
        "tickets" => include_str!("tables/tickets.txt"),
        "time_entries" => include_str!("tables/time_entries.txt"),
        "user_defined_field_definitions" => {
            include_str!("tables/user_defined_field_definitions.txt")
        }
        "webhook_event_error_logs" => include_str!("tables/webhook_event_error_logs.txt"),
        "webhook_excluded_resources" => {
            include_str!("tables/webhook_excluded_resources.txt")
        }
        "webhook_fields" => include_str!("tables/webhook_fields.txt"),
        "webhook_udf_fields" => include_str!("tables/webhook_udf_fields.txt"),
        "webhooks" => include_str!("tables/webhooks.txt"),
        other => return billing::table_of(other),
    })
}
