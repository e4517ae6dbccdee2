//! Records without their other half: those that Crossbill's own user made, and those that it should have carried.
//!
//! What should have been carried is what the default mapping carries where every creation is allowed: active customers
//! that have not opted out, their people and their tickets, and Jim2's active customers with their people.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::ticket::Pair;
use super::world::{World, detail, text, udf};
use super::{Agreement, Settings, Trouble, contact, same, tables};

/// What Crossbill made and nothing names.
pub(super) const FORGOTTEN: &str = "Crossbill made it, and";

/// Companies and cards.
pub(super) fn companies(
    world: &World<'_>,
    pairs: &BTreeMap<String, String>,
    settings: &Settings,
    agreement: &mut Agreement,
) {
    let named: BTreeSet<&String> = pairs.values().collect();
    let known: BTreeMap<String, &String> = named
        .iter()
        .filter_map(|no| Some((text(world.cards.get(*no)?, "name").to_lowercase(), *no)))
        .collect();
    for (no, card) in world.cards.iter().filter(|(no, _)| !named.contains(no)) {
        let name = text(card, "name");
        let label = format!("card {no} ({name})");
        let is_customer = card["customer"].is_object() && text(card, "active") == "true";
        if world.is_made_by_us(card) {
            match known.get(&name.to_lowercase()) {
                Some(other) => {
                    let says = format!("{FORGOTTEN} card {other} has the same name and a company");
                    agreement.find(Trouble::Twice, &label, says);
                }
                None => {
                    agreement.find(
                        Trouble::Missing,
                        &label,
                        format!("{FORGOTTEN} no company names it"),
                    );
                }
            }
        } else if is_customer && settings.is_new(&text(card, "madeAt")) {
            agreement.find(Trouble::Missing, &label, "no company names it");
        }
    }
    for (id, company) in &world.companies {
        let label = format!("company {} ({id})", text(company, "companyName"));
        if !udf(company, "Jim2 CardNo").is_empty() {
            continue;
        }
        if world
            .api_resources
            .contains(&text(company, "createdByResourceID"))
        {
            agreement.find(
                Trouble::Missing,
                &label,
                format!("{FORGOTTEN} it names no card"),
            );
        } else if is_carried(company)
            && text(company, "isActive") == "true"
            && settings.is_new(&same::zoned(&text(company, "createDate")))
        {
            agreement.find(Trouble::Missing, &label, "it has no card");
        }
    }
}

/// Whether a company and what is below it goes to Jim2 at all.
pub(super) fn is_carried(company: &Value) -> bool {
    let out = udf(company, "Jim2 opt-out").to_lowercase();
    text(company, "id") != "0"
        && text(company, "companyType") == tables::CUSTOMER
        && matches!(out.as_str(), "" | "no" | "n" | "false" | "0")
}

/// Contacts and people on cards.
pub(super) fn contacts(
    world: &World<'_>,
    companies: &BTreeMap<String, String>,
    settings: &Settings,
    agreement: &mut Agreement,
) {
    let named = world
        .contacts
        .values()
        .filter_map(|one| contact::person_of(one));
    let named: BTreeSet<String> = named.collect();
    let cards: BTreeSet<&String> = companies.values().collect();
    let likeness = |id: &str, person: &Value| {
        let card = id.split('-').next().unwrap_or_default().to_owned();
        let parts = [text(person, "firstName"), text(person, "lastName")];
        (
            card,
            detail(person, "EMail").to_lowercase(),
            parts.join(" ").to_lowercase(),
        )
    };
    let known: BTreeMap<_, _> = world
        .people
        .iter()
        .filter(|(id, _)| named.contains(*id))
        .map(|(id, person)| (likeness(id, person), id))
        .collect();
    for (id, person) in world.people.iter().filter(|(id, _)| !named.contains(*id)) {
        let like = likeness(id, person);
        let (card, _, name) = &like;
        let label = format!("person {id} ({})", text(person, "displayName"));
        if world.is_made_by_us(person) {
            match known.get(&like) {
                Some(other) => {
                    let says = format!("{FORGOTTEN} person {other} is the same and has a contact");
                    agreement.find(Trouble::Twice, &label, says);
                }
                None => {
                    agreement.find(
                        Trouble::Missing,
                        &label,
                        format!("{FORGOTTEN} no contact names it"),
                    );
                }
            }
        } else if cards.contains(card)
            && !name.trim().is_empty()
            && settings.is_new(&text(person, "madeAt"))
        {
            agreement.find(Trouble::Missing, &label, "no contact names them");
        }
    }
    for (id, contact) in &world.contacts {
        let is_wanted = companies.contains_key(&text(contact, "companyID"))
            && text(contact, "isActive") == "1"
            && settings.is_new(&same::zoned(&text(contact, "createDate")));
        if is_wanted && contact::person_of(contact).is_none() {
            let label = format!("contact {} ({id})", contact::name(contact));
            agreement.find(Trouble::Missing, &label, "it is on no card");
        }
    }
}

/// Tickets; jobs are looked at from the other side.
pub(super) fn tickets(
    world: &World<'_>,
    pairs: &[Pair],
    settings: &Settings,
    agreement: &mut Agreement,
) {
    let paired: BTreeSet<&String> = pairs.iter().map(|pair| &pair.ticket).collect();
    for (id, ticket) in world.tickets.iter().filter(|(id, _)| !paired.contains(id)) {
        // A ticket that names a job has been told already.
        if !udf(ticket, "Jim2 Job#").is_empty() {
            continue;
        }
        let label = format!("ticket {} ({id})", text(ticket, "ticketNumber"));
        if world
            .api_resources
            .contains(&text(ticket, "creatorResourceID"))
        {
            agreement.find(
                Trouble::Missing,
                &label,
                format!("{FORGOTTEN} it names no job"),
            );
        } else if gets_a_job(world, ticket)
            && settings.is_new(&same::zoned(&text(ticket, "createDate")))
        {
            let says = format!("it has no job: \"{}\"", same::tidy(&text(ticket, "title")));
            agreement.find(Trouble::Missing, &label, says);
        }
    }
}

fn gets_a_job(world: &World<'_>, ticket: &Value) -> bool {
    let company = world.companies.get(&text(ticket, "companyID"));
    company.is_some_and(|company| is_carried(company))
        && text(ticket, "status") != tables::COMPLETE
        && text(ticket, "ticketType") != tables::ALERT
        && text(ticket, "source") != tables::MONITORING
}
