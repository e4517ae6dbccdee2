//! As many more products as are asked for, each counted at every location by the edition that the tenant has.

use serde_json::json;

use super::super::row::Row;
use super::super::schema::known;
use super::super::world::World;

/// Puts them in.
pub(super) fn all(world: &mut World) {
    let places: Vec<i64> = world
        .rows("InventoryLocations")
        .map(|(place, _)| place)
        .collect();
    let code = world.rows("BillingCodes").next().map(|(id, _)| id);
    for number in 1..=world.options.catalogue {
        let mut row = Row::default();
        row.set("name", format!("Spare part {number}"));
        row.set("sku", format!("PART.{number}"));
        row.set("unitPrice", 10.0);
        row.set("unitCost", 5.0);
        row.set("productBillingCodeID", code);
        row.set("isActive", true);
        row.set("isSerialized", false);
        let product = world.insert(known("Products"), row);
        for place in &places {
            let pieces = number % 5;
            count(world, product, *place, i64::try_from(pieces).unwrap_or(0));
        }
    }
}

fn count(world: &mut World, product: i64, place: i64, pieces: i64) {
    let entity = ["InventoryItems", "InventoryProducts"]
        .into_iter()
        .find(|plural| world.options.inventory.has(plural));
    let entity = entity.unwrap_or("InventoryItems");
    let mut row = Row::default();
    for (name, value) in [
        ("productID", json!(product)),
        ("inventoryLocationID", json!(place)),
        ("quantityMinimum", json!(0)),
        ("quantityMaximum", json!(0)),
    ] {
        row.set(name, value);
    }
    if entity == "InventoryItems" {
        row.set("quantityOnHand", pieces);
    } else {
        row.set("onHandUnits", pieces);
        row.set("availableUnits", pieces);
    }
    world.insert(known(entity), row);
}
