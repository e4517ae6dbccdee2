//! What lies where. No document says that a product can be counted twice at one location, so it cannot. Of the newer edition
//! pieces are counted by movements only; what a movement asks for, and what it does to costs and prices, no page that we have
//! tells.

use serde_json::Value;

use super::super::row::Row;
use super::super::schema::known;
use super::super::world::World;

/// Rows of the newer edition, a product at a location each.
const ROWS: &str = "InventoryProducts";
/// Pieces that come, and pieces that go.
const ADD: &str = "InventoryStockedItemsAdd";
const REMOVE: &str = "InventoryStockedItemsRemove";

/// `determineCostUsing` that takes the cost which was sent.
const MANUAL_COST: i64 = 4;
/// `determineNewPriceUsing` that leaves the product's price as it is, and the others that ask for a number.
const CATALOGUE_PRICE: i64 = 3;
const SHARES: [i64; 2] = [2, 4];
const MANUAL_PRICE: i64 = 5;

/// What speaks against a row of inventory or a movement.
pub(super) fn rules(world: &World, plural: &str, id: i64, row: &Row) -> Vec<String> {
    let against = match plural {
        "InventoryItems" | ROWS => once(world, plural, id, row),
        ADD => adding(world, row),
        REMOVE => removing(world, row),
        _ => None,
    };
    against.into_iter().collect()
}

fn once(world: &World, plural: &str, id: i64, row: &Row) -> Option<String> {
    let place = |row: &Row| (row.int("productID"), row.int("inventoryLocationID"));
    let mut others = world.rows(plural);
    let is_there = others.any(|(other, it)| other != id && place(it) == place(row));
    let sentence = "An inventory item for this product and location already exists.";
    is_there.then(|| sentence.to_owned())
}

fn adding(world: &World, row: &Row) -> Option<String> {
    let pieces = row.int("quantityBeingAdded").unwrap_or_default();
    let (cost, price) = (
        row.int("determineCostUsing").unwrap_or_default(),
        row.int("determineNewPriceUsing").unwrap_or_default(),
    );
    let lacks = |name: &str| row.get(name).is_null();
    let sentence = if pieces < 1 {
        "quantityBeingAdded must be greater than zero."
    } else if is_serialized(world, row) && (pieces != 1 || row.text("serialNumber").is_empty()) {
        "A serialized product is added one at a time with its serialNumber."
    } else if cost == MANUAL_COST && lacks("unitCost") {
        "Missing Required Field: unitCost."
    } else if price == MANUAL_PRICE && lacks("returnPrice") {
        "Missing Required Field: returnPrice."
    } else if SHARES.contains(&price) && lacks("pricePercentage") {
        "Missing Required Field: pricePercentage."
    } else {
        return reason(world, row);
    };
    Some(sentence.to_owned())
}

fn removing(world: &World, row: &Row) -> Option<String> {
    let pieces = row.int("quantityBeingRemoved").unwrap_or_default();
    let available = moved(world, row).and_then(|(_, place)| place.int("availableUnits"));
    let sentence = if pieces < 1 {
        "quantityBeingRemoved must be greater than zero."
    } else if is_serialized(world, row) && row.int("inventoryStockedItemID").is_none() {
        "A serialized product is removed by its inventoryStockedItemID."
    } else if pieces > available.unwrap_or_default() {
        "quantityBeingRemoved cannot exceed the available units."
    } else {
        return reason(world, row);
    };
    Some(sentence.to_owned())
}

/// A tenant may ask for a reason.
fn reason(world: &World, row: &Row) -> Option<String> {
    let is_missing = world.options.inventory_reasons && row.text("reasonForUpdate").is_empty();
    is_missing.then(|| "Missing Required Field: reasonForUpdate.".to_owned())
}

/// The row that a movement is of.
fn moved<'a>(world: &'a World, movement: &Row) -> Option<(i64, &'a Row)> {
    let id = movement.int("inventoryProductID")?;
    Some((id, world.row(ROWS, id)?))
}

fn is_serialized(world: &World, movement: &Row) -> bool {
    let product = moved(world, movement).and_then(|(_, place)| place.int("productID"));
    let product = product.and_then(|id| world.row("Products", id));
    product.is_some_and(|product| product.flag("isSerialized"))
}

/// Fills what the system fills, and moves pieces.
pub(super) fn complete(world: &mut World, plural: &str, row: &mut Row) {
    match plural {
        ROWS => count(world, row),
        ADD => {
            move_pieces(world, row, row.int("quantityBeingAdded"));
            stock(world, row);
            price(world, row);
        }
        REMOVE => {
            let pieces = row.int("quantityBeingRemoved");
            move_pieces(world, row, pieces.map(|pieces| -pieces));
        }
        _ => {}
    }
}

/// What is there, and what of it is promised to nobody. Whether what is reserved or picked counts as on hand, no page tells.
fn count(world: &World, row: &mut Row) {
    for name in [
        "onHandUnits",
        "reservedUnits",
        "pickedUnits",
        "unitsOnOrder",
    ] {
        row.set(name, row.int(name).unwrap_or_default());
    }
    let units = |name: &str| row.int(name).unwrap_or_default();
    let promised = units("reservedUnits") + units("pickedUnits");
    let apart = world.options.inventory_reserved_apart;
    let available = units("onHandUnits") - if apart { 0 } else { promised };
    row.set("availableUnits", available);
}

fn move_pieces(world: &mut World, movement: &Row, by: Option<i64>) {
    let Some((id, place)) = moved(world, movement) else {
        return;
    };
    let mut place = place.clone();
    let there = place.int("onHandUnits").unwrap_or_default();
    place.set("onHandUnits", there + by.unwrap_or_default());
    count(world, &mut place);
    world.put(known(ROWS), id, place);
}

/// Pieces that came together are a record of their own.
fn stock(world: &mut World, movement: &Row) {
    let mut row = Row::default();
    let pieces = movement.int("quantityBeingAdded");
    for name in [
        "inventoryProductID",
        "unitCost",
        "vendorID",
        "serialNumber",
        "vendorInvoiceNumber",
    ] {
        row.set(name, movement.get(name).clone());
    }
    row.set("onHandUnits", pieces);
    row.set("availableUnits", pieces);
    world.insert(known("InventoryStockedItems"), row);
}

/// Any way but the catalogue's gives the product another price: what it costs, where no price was sent.
fn price(world: &mut World, movement: &Row) {
    if movement.int("determineNewPriceUsing") == Some(CATALOGUE_PRICE) {
        return;
    }
    let product = moved(world, movement).and_then(|(_, place)| place.int("productID"));
    let Some(id) = product else {
        return;
    };
    let Some(mut row) = world.row("Products", id).cloned() else {
        return;
    };
    let sent = ["returnPrice", "unitCost"].map(|name| movement.get(name).clone());
    let sent = sent.into_iter().find(|price| !price.is_null());
    row.set("unitPrice", sent.unwrap_or(Value::Null));
    world.put(known("Products"), id, row);
}

/// What somebody promised to a customer: so many pieces of a row of inventory, however many they were before.
pub(in super::super) fn reserve(world: &mut World, id: i64, pieces: i64) -> Result<(), String> {
    let place = world.row(ROWS, id).cloned();
    let mut place = place.ok_or_else(|| format!("there is no row {id} in {ROWS}"))?;
    let free = |row: &Row| {
        let units = |name: &str| row.int(name).unwrap_or_default();
        (units("onHandUnits"), units("reservedUnits"))
    };
    let (there, before) = free(&place);
    if pieces < 0 || pieces - before > there {
        return Err(format!("{pieces} cannot be reserved of {there} on hand"));
    }
    if world.options.inventory_reserved_apart {
        place.set("onHandUnits", there - (pieces - before));
    }
    place.set("reservedUnits", pieces);
    count(world, &mut place);
    world.put(known(ROWS), id, place);
    Ok(())
}
