//! What the provider has offered: a handful of opportunities with their quotes, for the first customers it has.

use serde_json::{Value, json};

use super::super::row::{Row, stamp};
use super::super::schema::known;
use super::super::world::World;
use super::Ids;
use crate::provider::Provider;

/// Statuses of opportunities, as the tenant's picklist numbers them.
const ACTIVE: i64 = 1;
const LOST: i64 = 2;
const WON: i64 = 3;

/// Title, status, chance in per cent.
const OFFERS: [(&str, i64, i64); 4] = [
    ("Faster disks for reception", ACTIVE, 60),
    ("Patch leads for the new floor", WON, 100),
    ("Backup of all mailboxes", ACTIVE, 40),
    ("Disks and leads for the workshop", LOST, 0),
];

/// What each is of, round and round: the type of item, the field that names it, which of them, how many.
const ITEMS: [(i64, &str, &str, usize, i64); 3] = [
    (1, "productID", "Products", 0, 4),
    (1, "productID", "Products", 1, 10),
    (11, "serviceID", "Services", 2, 25),
];

/// Puts them in.
pub(super) fn all(world: &mut World, provider: &Provider, ids: &Ids) {
    let customers = ids.companies.iter();
    let customers =
        customers.filter(|(index, id)| **id != 0 && provider.companies[**index].is_customer);
    let customers: Vec<i64> = customers.map(|(_, id)| *id).collect();
    for ((number, offer), company) in OFFERS.into_iter().enumerate().zip(customers) {
        let (title, status, chance) = offer;
        let opportunity = opportunity(world, (title, status, chance), company, ids);
        let opportunity = world.insert(known("Opportunities"), opportunity);
        let at = place(world);
        let quote = quote(world, (title, number), (opportunity, company), at);
        let quote = world.insert(known("Quotes"), quote);
        for step in 0..2 {
            let item = item(world, ITEMS[(number + step) % ITEMS.len()], quote);
            world.insert(known("QuoteItems"), item);
        }
    }
}

fn opportunity(
    world: &World,
    (title, status, chance): (&str, i64, i64),
    company: i64,
    ids: &Ids,
) -> Row {
    let mut row = Row::default();
    let now = stamp(world.now());
    for (name, value) in [
        ("companyID", json!(company)),
        ("title", json!(title)),
        ("status", json!(status)),
        ("stage", json!(29_682_791)),
        ("probability", json!(chance)),
        ("amount", json!(0.0)),
        ("cost", json!(0.0)),
        ("useQuoteTotals", json!(true)),
        ("projectedCloseDate", json!(now)),
        ("createDate", json!(now)),
        ("lastActivity", json!(now)),
        ("ownerResourceID", json!(ids.resources.first())),
    ] {
        row.set(name, value);
    }
    match status {
        LOST => row.set("lostDate", now),
        WON => row.set("closedDate", now),
        _ => {}
    }
    row
}

fn place(world: &mut World) -> i64 {
    let mut row = Row::default();
    row.set("city", "Sydney");
    row.set("state", "NSW");
    world.insert(known("QuoteLocations"), row)
}

fn quote(
    world: &World,
    (title, number): (&str, usize),
    (opportunity, company): (i64, i64),
    at: i64,
) -> Row {
    let mut row = Row::default();
    let now = stamp(world.now());
    for name in ["billToLocationID", "shipToLocationID", "soldToLocationID"] {
        row.set(name, at);
    }
    for name in [
        "createDate",
        "lastActivityDate",
        "lastPublishedDateTime",
        "effectiveDate",
        "expirationDate",
    ] {
        row.set(name, now.as_str());
    }
    for (name, value) in [
        ("opportunityID", json!(opportunity)),
        ("companyID", json!(company)),
        ("name", json!(title)),
        ("quoteNumber", json!(2001 + number)),
        ("isActive", json!(true)),
        ("primaryQuote", json!(true)),
    ] {
        row.set(name, value);
    }
    row
}

fn item(
    world: &World,
    (kind, field, plural, which, qty): (i64, &'static str, &str, usize, i64),
    quote: i64,
) -> Row {
    let mut row = Row::default();
    let sold = world.rows(plural).nth(which);
    let told = |name: &str| sold.map_or(Value::Null, |(_, row)| row.get(name).clone());
    for (name, value) in [
        ("quoteID", json!(quote)),
        ("quoteItemType", json!(kind)),
        (field, json!(sold.map(|(id, _)| id))),
        ("name", told("name")),
        ("quantity", json!(qty)),
        ("unitPrice", told("unitPrice")),
        ("unitDiscount", json!(0.0)),
        ("lineDiscount", json!(0.0)),
        ("percentageDiscount", json!(0.0)),
        ("isOptional", json!(false)),
    ] {
        row.set(name, value);
    }
    row
}
