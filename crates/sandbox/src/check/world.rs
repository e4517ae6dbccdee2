//! Both systems' records, found by their ids.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::tables;
use crate::plain::plain;

/// One system's records of one entity by id.
pub(super) type Table<'a> = BTreeMap<String, &'a Value>;

/// Everything both systems told.
#[derive(Debug)]
pub(super) struct World<'a> {
    pub(super) companies: Table<'a>,
    pub(super) locations: Table<'a>,
    pub(super) contacts: Table<'a>,
    pub(super) tickets: Table<'a>,
    pub(super) notes: Table<'a>,
    pub(super) entries: Table<'a>,
    pub(super) resources: Table<'a>,
    pub(super) cards: Table<'a>,
    pub(super) people: Table<'a>,
    pub(super) jobs: Table<'a>,
    pub(super) comments: Table<'a>,
    pub(super) labour: Table<'a>,
    pub(super) items: Table<'a>,
    pub(super) stock: Table<'a>,
    pub(super) contracts: Table<'a>,
    pub(super) projects: Table<'a>,
    pub(super) things: Table<'a>,
    pub(super) assets: Table<'a>,
    pub(super) products: Table<'a>,
    pub(super) counted: Table<'a>,
    pub(super) moved: Table<'a>,
    pub(super) goods: Table<'a>,
    pub(super) orders: Table<'a>,
    pub(super) ordered: Table<'a>,
    pub(super) purchases: Table<'a>,
    pub(super) quotes: Table<'a>,
    pub(super) offered: Table<'a>,
    pub(super) opportunities: Table<'a>,
    pub(super) services: Table<'a>,
    pub(super) bundles: Table<'a>,
    pub(super) offers: Table<'a>,
    pub(super) company_notes: Table<'a>,
    pub(super) card_notes: Table<'a>,
    pub(super) attachments: Table<'a>,
    /// Ids of tickets by their numbers.
    numbers: BTreeMap<String, String>,
    /// Resources that are programs.
    pub(super) api_resources: BTreeSet<String>,
    /// The initials of those programs in Jim2: users with the same e-mail address.
    pub(super) api_initials: BTreeSet<String>,
}

impl<'a> World<'a> {
    pub(super) fn of(autotask: &'a Value, jim2: &'a Value) -> Self {
        let resources = table(autotask, "Resources");
        let cards = table(jim2, "CardFile");
        let programs: Vec<&Value> = resources
            .values()
            .copied()
            .filter(|one| text(one, "licenseType") == tables::API_LICENCE)
            .collect();
        // Nobody is the same because neither has an address.
        let mails = programs.iter().map(|one| text(one, "email").to_lowercase());
        let mails: BTreeSet<String> = mails.filter(|mail| !mail.trim().is_empty()).collect();
        let api_initials = cards.values().map(|card| &card["user"]);
        let api_initials = api_initials
            .filter(|user| mails.contains(&text(user, "email").to_lowercase()))
            .map(|user| text(user, "initials"));
        let tickets = table(autotask, "Tickets");
        let number = |(id, ticket): (&String, &&Value)| (text(ticket, "ticketNumber"), id.clone());
        Self {
            numbers: tickets.iter().map(number).collect(),
            api_initials: api_initials.collect(),
            api_resources: programs.iter().map(|one| text(one, "id")).collect(),
            companies: table(autotask, "Companies"),
            locations: table(autotask, "CompanyLocations"),
            contacts: table(autotask, "Contacts"),
            tickets,
            notes: table(autotask, "TicketNotes"),
            entries: table(autotask, "TimeEntries"),
            resources,
            cards,
            people: table(jim2, "CardFileContact"),
            jobs: table(jim2, "Job"),
            comments: table(jim2, "JobComment"),
            labour: table(jim2, "JobLabour"),
            items: table(autotask, "BillingItems"),
            stock: table(jim2, "JobStock"),
            contracts: table(autotask, "Contracts"),
            projects: table(jim2, "Project"),
            things: table(autotask, "ConfigurationItems"),
            assets: table(jim2, "Asset"),
            products: table(autotask, "Products"),
            counted: table(autotask, "InventoryItems"),
            moved: table(autotask, "InventoryProducts"),
            goods: table(jim2, "Stock"),
            orders: table(autotask, "PurchaseOrders"),
            ordered: table(autotask, "PurchaseOrderItems"),
            purchases: table(jim2, "Purchase"),
            quotes: table(autotask, "Quotes"),
            offered: table(autotask, "QuoteItems"),
            opportunities: table(autotask, "Opportunities"),
            services: table(autotask, "Services"),
            bundles: table(autotask, "ServiceBundles"),
            offers: table(jim2, "Quote"),
            company_notes: table(autotask, "CompanyNotes"),
            card_notes: table(jim2, "CardFileNote"),
            attachments: table(autotask, "TicketAttachments"),
        }
    }

    /// Whether Crossbill's own user made this record of Jim2's.
    pub(super) fn is_made_by_us(&self, record: &Value) -> bool {
        self.api_initials.contains(&text(record, "madeBy"))
    }

    /// The id of the ticket with this number, and the ticket.
    pub(super) fn ticket_numbered(&self, number: &str) -> Option<(&str, &'a Value)> {
        let id = self.numbers.get(number)?;
        let ticket = self.tickets.get(id)?;
        Some((id, ticket))
    }
}

fn table<'a>(state: &'a Value, entity: &str) -> Table<'a> {
    let records = state[entity].as_array().into_iter().flatten();
    records.map(|record| (text(record, "id"), record)).collect()
}

/// A value as text, by its path (`address.suburb`); nothing is empty text.
pub(super) fn text(record: &Value, path: &str) -> String {
    plain(path.split('.').fold(record, |value, step| &value[step]))
}

/// The value of a user-defined field.
pub(super) fn udf(record: &Value, name: &str) -> String {
    let fields = record["userDefinedFields"].as_array().into_iter().flatten();
    let mut named = fields.filter(|field| field["name"] == name);
    named
        .next()
        .map(|field| text(field, "value").trim().to_owned())
        .unwrap_or_default()
}

/// The first detail of a card's contact of this type.
pub(super) fn detail(person: &Value, kind: &str) -> String {
    let details = person["details"].as_array().into_iter().flatten();
    let mut found = details.filter(|detail| text(detail, "type").eq_ignore_ascii_case(kind));
    found
        .next()
        .map(|detail| text(detail, "value"))
        .unwrap_or_default()
}
