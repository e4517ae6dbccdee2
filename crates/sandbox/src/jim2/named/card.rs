//! The queries about cardfiles and their contacts.

use serde_json::{Value, json};

use super::{ResultSet, date, keys, number, numbers, wrong};
use crate::jim2::record::{CardFile, Contact};
use crate::jim2::refusal::Refusal;
use crate::jim2::world::World;

const COLUMNS: &[(&str, &str)] = &[
    ("CardNo", "int"),
    ("CardCode", "varchar"),
    ("Name", "varchar"),
    ("ABN", "varchar"),
    ("ACN", "varchar"),
    ("StreetAddress", "varchar"),
    ("Suburb", "varchar"),
    ("State", "varchar"),
    ("PostCode", "varchar"),
    ("Country", "varchar"),
    ("IsCustomer", "bit"),
    ("IsShip", "bit"),
    ("IsUser", "bit"),
    ("Active", "bit"),
    ("AccMgrInit", "varchar"),
    ("Phone", "varchar"),
    ("CreditHold", "bit"),
    ("SendInvVia", "varchar"),
    ("ParentCardNo", "int"),
    ("LastModified", "datetime"),
    ("ModifiedBy", "varchar"),
];

const CONTACT_COLUMNS: &[(&str, &str)] = &[
    ("CardNo", "int"),
    ("ContNo", "int"),
    ("Title", "varchar"),
    ("FirstName", "varchar"),
    ("MiddleName", "varchar"),
    ("LastName", "varchar"),
    ("DisplayName", "varchar"),
    ("JobTitle", "varchar"),
    ("Department", "varchar"),
    ("IsPrimary", "bit"),
    ("Details", "nvarchar"),
    ("LastModified", "datetime"),
    ("ModifiedBy", "varchar"),
];

const NOTE_COLUMNS: &[(&str, &str)] = &[
    ("CardNo", "int"),
    ("NoteNo", "int"),
    ("Type", "varchar"),
    ("Text", "nvarchar"),
    ("Init", "varchar"),
    ("NoteDate", "datetime"),
];

/// `crossbill_cardfiles`.
pub(super) fn cards(world: &World, list: &str) -> Result<Vec<ResultSet>, Refusal> {
    let numbers = numbers(list)?;
    let cards = world.cards.values();
    Ok(vec![set(
        world,
        cards.filter(|card| numbers.contains(&card.no)),
    )])
}

/// `crossbill_cardfiles_after`.
pub(super) fn after(world: &World, cursor: &str, max: &str) -> Result<Vec<ResultSet>, Refusal> {
    let cursor: i64 = number(cursor, 1)?;
    let max: usize = number(max, 2)?;
    let cards = world.cards.values().filter(|card| card.no > cursor);
    Ok(vec![set(world, cards.take(max))])
}

/// `crossbill_cardfiles_by_code`.
pub(super) fn by_code(world: &World, list: &str) -> ResultSet {
    let codes = keys(list);
    let fits = |card: &&CardFile| {
        codes
            .iter()
            .any(|code| code.eq_ignore_ascii_case(&card.code))
    };
    set(world, world.cards.values().filter(fits))
}

/// `crossbill_contacts`.
pub(super) fn contacts(world: &World, list: &str) -> Result<Vec<ResultSet>, Refusal> {
    let mut wanted = Vec::new();
    for key in keys(list) {
        let (card, contact) = key
            .split_once('-')
            .ok_or_else(|| wrong(1, format!("{key:?} is not written card-contact.")))?;
        wanted.push((number(card, 1)?, number(contact, 1)?));
    }
    Ok(vec![people(world, |card, contact| {
        wanted.contains(&(card.no, contact.no))
    })])
}

/// `crossbill_card_contacts`.
pub(super) fn card_contacts(world: &World, list: &str) -> Result<Vec<ResultSet>, Refusal> {
    let numbers = numbers(list)?;
    Ok(vec![people(world, |card, _| numbers.contains(&card.no))])
}

/// `crossbill_card_notes`.
pub(super) fn notes(world: &World, list: &str) -> Result<Vec<ResultSet>, Refusal> {
    let numbers = numbers(list)?;
    let cards = world.cards.values();
    let cards = cards.filter(|card| numbers.contains(&card.no));
    let rows = cards.flat_map(|card| {
        card.notes.iter().map(|note| {
            vec![
                json!(card.no),
                json!(note.no),
                json!(note.kind),
                json!(note.text),
                json!(note.made.by),
                date(world, note.made.at),
            ]
        })
    });
    Ok(vec![ResultSet {
        columns: NOTE_COLUMNS,
        rows: rows.collect(),
    }])
}

fn set<'a>(world: &World, cards: impl Iterator<Item = &'a CardFile>) -> ResultSet {
    ResultSet {
        columns: COLUMNS,
        rows: cards.map(|card| row(world, card)).collect(),
    }
}

fn row(world: &World, card: &CardFile) -> Vec<Value> {
    let customer = card.customer.as_ref();
    vec![
        json!(card.no),
        json!(card.code),
        json!(card.name),
        json!(card.abn),
        json!(card.acn),
        json!(card.address.street),
        json!(card.address.suburb),
        json!(card.address.state),
        json!(card.address.postcode),
        json!(card.address.country),
        json!(customer.is_some()),
        json!(card.is_ship),
        json!(card.user.is_some()),
        json!(card.active),
        json!(card.account_manager),
        json!(phone(card)),
        json!(customer.is_some_and(|customer| customer.credit_hold)),
        json!(customer.map_or("", |customer| &customer.send_invoice_via)),
        json!(card.parent),
        date(world, card.last_touched().at),
        json!(card.last_touched().by),
    ]
}

/// The card's own phone, else its primary contact's.
fn phone(card: &CardFile) -> &str {
    if !card.phone.is_empty() {
        return &card.phone;
    }
    let primary = card.contacts.iter().find(|contact| contact.primary);
    primary
        .and_then(|contact| contact.details.iter().find(|detail| detail.kind == "Phone"))
        .map_or("", |detail| &detail.value)
}

fn people(world: &World, wanted: impl Fn(&CardFile, &Contact) -> bool) -> ResultSet {
    let people = world.cards.values().flat_map(|card| {
        card.contacts
            .iter()
            .filter(|contact| wanted(card, contact))
            .map(|contact| person(world, card, contact))
    });
    ResultSet {
        columns: CONTACT_COLUMNS,
        rows: people.collect(),
    }
}

fn person(world: &World, card: &CardFile, contact: &Contact) -> Vec<Value> {
    let details: Vec<Value> = contact
        .details
        .iter()
        .map(|one| json!({ "type": one.kind, "value": one.value, "comments": one.comments }))
        .collect();
    vec![
        json!(card.no),
        json!(contact.no),
        json!(contact.title),
        json!(contact.first),
        json!(contact.middle),
        json!(contact.last),
        json!(contact.display),
        json!(contact.job_title),
        json!(contact.department),
        json!(contact.primary),
        json!(Value::Array(details).to_string()),
        date(world, contact.modified.at),
        json!(contact.modified.by),
    ]
}
