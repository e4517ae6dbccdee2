//! The values of a ticket and its job.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Pair;
use crate::check::tables::{self, Decision};
use crate::check::world::{World, text};
use crate::check::{Agreement, Settings, same};

/// Compares all that is mapped of a pair.
pub(super) fn compare(
    world: &World<'_>,
    pair: &Pair,
    companies: &BTreeMap<String, String>,
    settings: &Settings,
    agreement: &mut Agreement,
) {
    let (ticket, job) = (world.tickets[&pair.ticket], world.jobs[&pair.job]);
    words(&pair.label, ticket, job, settings, agreement);
    listed(&pair.label, ticket, job, settings, agreement);
    payer(world, &pair.label, (ticket, job), companies, agreement);
    if pair.is_made_by_us {
        site(world, &pair.label, (ticket, job), companies, agreement);
    }
    if pair.is_made_by_us && settings.is_new(&text(job, "madeAt")) && is_as_raised(ticket) {
        beginning(world, &pair.label, (ticket, job), settings, agreement);
    }
}

fn words(label: &str, ticket: &Value, job: &Value, settings: &Settings, agreement: &mut Agreement) {
    let mut value = |field: &str, there: &str, here: &str, same: bool| {
        agreement.value(same, label, field, there, here);
    };
    if !text(job, "ItemCode").eq_ignore_ascii_case(tables::SALES_ITEM) {
        let (there, here) = (fault(ticket), text(job, "FaultDesc"));
        value(
            "fault description",
            &there,
            &here,
            same::text(&there, &here, usize::MAX),
        );
    }
    let (there, here) = (text(ticket, "purchaseOrderNumber"), text(job, "CustRef"));
    value(
        "purchase order",
        &there,
        &here,
        same::text(&there, &here, 50),
    );
    let (there, here) = (text(ticket, "dueDateTime"), text(job, "DateDue"));
    value(
        "due date",
        &there,
        &here,
        same::minute(&there, &here, settings.zone),
    );
}

/// Title, blank line, description; a description that begins with the title is enough.
fn fault(ticket: &Value) -> String {
    let title = same::tidy(&text(ticket, "title"));
    let description = same::tidy(&text(ticket, "description"));
    if description.starts_with(&title) {
        return description;
    }
    format!("{title}\n\n{description}").trim().to_owned()
}

/// Values of lists. A value that nobody has decided on is held by Crossbill, and not compared.
fn listed(
    label: &str,
    ticket: &Value,
    job: &Value,
    settings: &Settings,
    agreement: &mut Agreement,
) {
    let (there, here) = (text(ticket, "status"), text(job, "Status"));
    let forward = settings.tables.of_ticket("status", &there);
    let back = settings.tables.of_job("status", &here);
    let is_same = forward == Decision::Becomes(&here) || back == Decision::Becomes(&there);
    let is_left = forward == Decision::Left || back == Decision::Left;
    let is_open = forward == Decision::Open && back == Decision::Open;
    if is_same || !is_left && !is_open {
        agreement.value(is_same, label, "status", &there, &here);
    }
    for (list, in_autotask, in_jim2) in [
        ("priority", "priority", "Priority"),
        ("type", "ticketType", "Type"),
    ] {
        let (there, here) = (text(ticket, in_autotask), text(job, in_jim2));
        if let Decision::Becomes(wanted) = settings.tables.of_ticket(list, &there) {
            agreement.value(wanted == here, label, list, &there, &here);
        }
    }
}

/// The job is invoiced to whoever pays: the ticket's company, or its parent where the company says so.
fn payer(
    world: &World<'_>,
    label: &str,
    (ticket, job): (&Value, &Value),
    companies: &BTreeMap<String, String>,
    agreement: &mut Agreement,
) {
    let own = text(ticket, "companyID");
    let company = world.companies.get(&own);
    let parent = company
        .filter(|company| text(company, "invoiceNonContractItemsToParentCompany") == "true")
        .map(|company| text(company, "parentCompanyID"))
        .filter(|parent| !parent.is_empty());
    let payer = parent.unwrap_or(own);
    let card = companies.get(&payer).map_or("", String::as_str);
    let here = text(job, "CustNo");
    agreement.value(card == here, label, "payer's card", card, &here);
}

/// The work is where the ticket's company is, also where somebody else pays; or at the ship card of the ticket's location,
/// which may have become known only after the job was made.
fn site(
    world: &World<'_>,
    label: &str,
    (ticket, job): (&Value, &Value),
    companies: &BTreeMap<String, String>,
    agreement: &mut Agreement,
) {
    let card = companies.get(&text(ticket, "companyID"));
    let card = card.map_or("", String::as_str);
    let here = text(job, "madeWith.ShipNo");
    let is_there = card == here || is_ship_card_of(world, ticket, card, &here);
    agreement.value(is_there, label, "ship card", card, &here);
}

/// Whether a card is the ship card below the company's `card` that has the name of the ticket's location.
fn is_ship_card_of(world: &World<'_>, ticket: &Value, card: &str, ship: &str) -> bool {
    let location = world.locations.get(&text(ticket, "companyLocationID"));
    let (Some(location), Some(ship)) = (location, world.cards.get(ship)) else {
        return false;
    };
    let names = [text(location, "name"), text(ship, "name")].map(|name| name.trim().to_lowercase());
    text(ship, "ship") == "true" && text(ship, "parentCardNo") == card && names[0] == names[1]
}

/// Whether nobody has changed the ticket since it was raised: then the job was made from what it still says.
fn is_as_raised(ticket: &Value) -> bool {
    text(ticket, "lastTrackedModificationDateTime") == text(ticket, "createDate")
}

/// What a job is made with, and is not written again: its Item and who does it.
fn beginning(
    world: &World<'_>,
    label: &str,
    (ticket, job): (&Value, &Value),
    settings: &Settings,
    agreement: &mut Agreement,
) {
    let (there, here) = (text(ticket, "issueType"), text(job, "madeWith.ItemCode"));
    if let Decision::Becomes(item) = settings.tables.of_ticket("issueType", &there) {
        let is_same = item.eq_ignore_ascii_case(&here);
        agreement.value(is_same, label, "Item of the beginning", &there, &here);
    }
    let resource = text(ticket, "assignedResourceID");
    if let Some(initials) = initials(world, &resource, settings) {
        let here = text(job, "madeWith.NameInit");
        let is_same = initials.eq_ignore_ascii_case(&here);
        agreement.value(
            is_same,
            label,
            "assignee of the beginning",
            &initials,
            &here,
        );
    }
}

/// The initials of a resource who is an active user of Jim2: by the site's mapping, else by e-mail.
fn initials(world: &World<'_>, resource: &str, settings: &Settings) -> Option<String> {
    let active = world
        .cards
        .values()
        .filter(|card| text(card, "active") == "true");
    let mut users = active.map(|card| &card["user"]);
    if settings.tables.has("technician") {
        let Decision::Becomes(initials) = settings.tables.of_ticket("technician", resource) else {
            return None;
        };
        let is_user = users.any(|user| text(user, "initials") == initials);
        return is_user.then(|| initials.to_owned());
    }
    let mail = text(world.resources.get(resource)?, "email");
    if mail.is_empty() {
        return None;
    }
    let user = users.find(|user| same::case_free(&text(user, "email"), &mail))?;
    Some(text(user, "initials"))
}
