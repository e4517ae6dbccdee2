//! Configuration items and assets. Neither names the other: they are one thing by serial number, under the same owner.
//!
//! Pairs that people made on both sides may differ from before Crossbill, so only those are compared of which it made one.

use std::collections::BTreeMap;

use serde_json::Value;

use super::alone::{FORGOTTEN, is_carried};
use super::world::{World, text};
use super::{Agreement, Settings, Trouble, same};

/// The most characters of a description that Jim2 takes.
const WHAT: usize = 255;

/// Compares what Crossbill made, and misses assets of new things where the site has them made.
pub(super) fn check(
    world: &World<'_>,
    cards: &BTreeMap<String, String>,
    settings: &Settings,
    agreement: &mut Agreement,
) {
    let mut seen: BTreeMap<&String, &String> = BTreeMap::new();
    for (no, asset) in &world.assets {
        let is_made_by_us = world.is_made_by_us(asset);
        let label = format!("asset {no} ({})", text(asset, "serialNo"));
        let mut fitting = world.things.iter();
        let Some((id, thing)) = fitting.find(|(_, thing)| fits(thing, asset, cards)) else {
            // An owner who is not there has been told already.
            if is_made_by_us && world.cards.contains_key(&text(asset, "OwnerNo")) {
                let says = format!("{FORGOTTEN} its owner has nothing of that serial number");
                agreement.find(Trouble::Missing, &label, says);
            }
            continue;
        };
        let by = text(thing, "createdByPersonID");
        if !is_made_by_us && !world.api_resources.contains(&by) {
            continue;
        }
        if let Some(other) = seen.insert(id, no) {
            let says = format!("configuration item {id} has asset {other} already");
            agreement.find(Trouble::Twice, &label, says);
            continue;
        }
        agreement.compared("assets");
        compare(world, &label, thing, asset, agreement);
    }
    for (id, thing) in world.things.iter().filter(|_| settings.makes("asset")) {
        let owner = text(thing, "companyID");
        let own = world.companies.get(&owner);
        let is_wanted = own.is_some_and(|company| is_carried(company))
            && cards.contains_key(&owner)
            && text(thing, "isActive") == "true"
            && !text(thing, "serialNumber").trim().is_empty()
            && settings.is_new(&same::zoned(&text(thing, "createDate")));
        let mut assets = world.assets.values();
        if is_wanted && !assets.any(|asset| fits(thing, asset, cards)) {
            let label = format!("configuration item {} ({id})", text(thing, "serialNumber"));
            agreement.find(Trouble::Missing, &label, "it has no asset");
        }
    }
}

/// Whether an asset is this thing.
fn fits(thing: &Value, asset: &Value, cards: &BTreeMap<String, String>) -> bool {
    let (there, here) = (text(thing, "serialNumber"), text(asset, "serialNo"));
    let owner = cards.get(&text(thing, "companyID"));
    owner == Some(&text(asset, "OwnerNo"))
        && !there.trim().is_empty()
        && same::case_free(&there, &here)
}

fn compare(
    world: &World<'_>,
    label: &str,
    thing: &Value,
    asset: &Value,
    agreement: &mut Agreement,
) {
    let title = text(thing, "referenceTitle");
    let product = world.products.get(&text(thing, "productID"));
    let product = product.map(|product| text(product, "name"));
    let what = Some(title).filter(|title| !title.trim().is_empty());
    let (there, here) = (
        what.or(product).unwrap_or_default(),
        text(asset, "itemDesc"),
    );
    let is_same = same::unless_blank(&there, &here, same::text(&there, &here, WHAT));
    agreement.value(is_same, label, "title", &there, &here);
    for (field, there, here) in [
        ("warranty from", "installDate", "warDateIn"),
        ("warranty to", "warrantyExpirationDate", "warDateOut"),
    ] {
        let (there, here) = (text(thing, there), text(asset, here));
        agreement.value(same::day(&there, &here), label, field, &there, &here);
    }
}
