//! What lies where. No document says that a product can be counted twice at one location, so it cannot.

use super::super::row::Row;
use super::super::world::World;

/// What speaks against an inventory item.
pub(super) fn rules(world: &World, plural: &str, id: i64, row: &Row) -> Vec<String> {
    if plural != "InventoryItems" {
        return Vec::new();
    }
    let place = |row: &Row| (row.int("productID"), row.int("inventoryLocationID"));
    let mut others = world.rows("InventoryItems");
    let is_there = others.any(|(other, it)| other != id && place(it) == place(row));
    let sentence = "An inventory item for this product and location already exists.";
    is_there.then(|| sentence.to_owned()).into_iter().collect()
}
