//! Contacts and the people on cards: the contact's external id is the card's number and the person's.

use std::collections::BTreeMap;

use serde_json::Value;

use super::world::{World, detail, text};
use super::{Agreement, Trouble, same};

/// The most characters of a first or last name that Jim2 takes.
const NAME: usize = 25;
/// The most characters of a job title that both take.
const TITLE: usize = 50;
/// What a person without a first name is called in Autotask, which wants one.
const NO_FIRST_NAME: &str = "-";

/// Compares all pairs.
pub(super) fn check(
    world: &World<'_>,
    companies: &BTreeMap<String, String>,
    agreement: &mut Agreement,
) {
    let mut named: BTreeMap<String, String> = BTreeMap::new();
    for (id, contact) in &world.contacts {
        let Some(person_id) = person_of(contact) else {
            continue;
        };
        let card = person_id.split('-').next().unwrap_or_default();
        let label = format!("contact {} ({id})", name(contact));
        if let Some(other) = named.insert(person_id.clone(), label.clone()) {
            let says = format!("names person {person_id}, and so does {other}");
            agreement.find(Trouble::Twice, &label, says);
        }
        let Some(person) = world.people.get(&person_id) else {
            let says = format!("names person {person_id}, who is not in Jim2");
            agreement.find(Trouble::Missing, &label, says);
            continue;
        };
        agreement.compared("contacts");
        let own_card = companies.get(&text(contact, "companyID"));
        let own_card = own_card.map_or("", String::as_str);
        agreement.value(own_card == card, &label, "card", own_card, card);
        compare(&label, contact, person, agreement);
    }
}

fn compare(label: &str, contact: &Value, person: &Value, agreement: &mut Agreement) {
    let mut value = |field: &str, there: &str, here: &str, same: bool| {
        agreement.value(same, label, field, there, here);
    };
    let (there, here) = (text(contact, "firstName"), text(person, "firstName"));
    let is_nobody = there == NO_FIRST_NAME && here.is_empty();
    value(
        "first name",
        &there,
        &here,
        is_nobody || same::text(&there, &here, NAME),
    );
    let (there, here) = (text(contact, "lastName"), text(person, "lastName"));
    value("last name", &there, &here, same::text(&there, &here, NAME));
    let (there, here) = (text(contact, "title"), text(person, "jobTitle"));
    value("job title", &there, &here, same::text(&there, &here, TITLE));
    let (there, here) = (text(contact, "emailAddress"), detail(person, "EMail"));
    value("e-mail", &there, &here, same::case_free(&there, &here));
    for (field, in_autotask, in_jim2) in [
        ("phone", "phone", "Phone"),
        ("mobile", "mobilePhone", "Mobile"),
    ] {
        let (there, here) = (text(contact, in_autotask), detail(person, in_jim2));
        value(field, &there, &here, same::phone(&there, &here));
    }
}

/// The person that a contact's external id names, as `card-person`.
pub(super) fn person_of(contact: &Value) -> Option<String> {
    let id = text(contact, "externalID");
    let (card, _) = id.split_once('-')?;
    is_number(card).then_some(id)
}

/// First and last name.
pub(super) fn name(contact: &Value) -> String {
    let names = [text(contact, "firstName"), text(contact, "lastName")];
    names.join(" ")
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
