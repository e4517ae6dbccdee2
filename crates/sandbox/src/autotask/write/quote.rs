//! Opportunities and quotes: when they are over, their numbers, which of an opportunity's is the primary one, and that an item is of one thing.

use chrono::{DateTime, Utc};

use super::super::row::{Row, stamp};
use super::super::world::World;

/// Statuses of opportunities that are over, as the tenant's picklist numbers them.
const LOST: i64 = 2;
const WON: i64 = 3;

/// What an item is of, by its type as the tenant's picklist numbers them.
const KINDS_OF_ITEM: [(i64, &str); 7] = [
    (1, "productID"),
    (2, "chargeID"),
    (3, "laborID"),
    (4, "expenseID"),
    (6, "shippingID"),
    (11, "serviceID"),
    (12, "serviceBundleID"),
];

/// What speaks against an item of a quote.
pub(super) fn rules(row: &Row) -> Vec<String> {
    let named = KINDS_OF_ITEM.iter();
    let named: Vec<i64> = named
        .filter(|(_, field)| row.int(field).is_some())
        .map(|(kind, _)| *kind)
        .collect();
    let kind = row.int("quoteItemType").unwrap_or_default();
    if named != [kind] {
        return vec![
            "A QuoteItem is of exactly one thing, which its quoteItemType names.".to_owned(),
        ];
    }
    Vec::new()
}

/// Fills what the system fills.
pub(super) fn complete(
    world: &World,
    plural: &str,
    before: Option<&Row>,
    row: &mut Row,
    now: DateTime<Utc>,
) {
    match plural {
        "Opportunities" => {
            row.set("lastActivity", stamp(now));
            for (status, name) in [(LOST, "lostDate"), (WON, "closedDate")] {
                if row.int("status") == Some(status) && row.get(name).is_null() {
                    row.set(name, stamp(now));
                }
            }
        }
        "Quotes" if before.is_none() => new_quote(world, row),
        "QuoteItems" => priced(world, row),
        _ => {}
    }
}

/// The first quote of an opportunity is its primary one.
fn new_quote(world: &World, row: &mut Row) {
    let of = row.int("opportunityID");
    if row.get("quoteNumber").is_null() {
        row.set("quoteNumber", next_number(world));
    }
    if row.get("isActive").is_null() {
        row.set("isActive", true);
    }
    if row.get("primaryQuote").is_null() {
        let mut others = world.rows("Quotes");
        let is_there =
            others.any(|(_, other)| other.int("opportunityID") == of && other.flag("primaryQuote"));
        row.set("primaryQuote", !is_there);
    }
    if row.get("companyID").is_null() {
        let opportunity = of.and_then(|id| world.row("Opportunities", id));
        let company = opportunity.and_then(|row| row.int("companyID"));
        row.set("companyID", company);
    }
}

/// A name and a price that were not said are those of the product, the service or the bundle.
fn priced(world: &World, row: &mut Row) {
    let of = |plural: &str, field: &str| row.int(field).and_then(|id| world.row(plural, id));
    let sold = of("Products", "productID")
        .or_else(|| of("Services", "serviceID"))
        .or_else(|| of("ServiceBundles", "serviceBundleID"));
    let Some(sold) = sold.cloned() else {
        return;
    };
    for name in ["name", "unitPrice"] {
        if row.get(name).is_null() {
            row.set(name, sold.get(name).clone());
        }
    }
}

fn next_number(world: &World) -> i64 {
    let quotes = world.rows("Quotes");
    let numbers = quotes.filter_map(|(_, row)| row.int("quoteNumber"));
    numbers.max().unwrap_or(2000) + 1
}
