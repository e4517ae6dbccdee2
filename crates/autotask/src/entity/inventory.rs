//! What lies where (`autotask.md` §6.2). Whether a tenant has these records, or `InventoryProducts` in their place, depends
//! on its edition; no document says which.

use rust_decimal::Decimal;

super::entity! {
    /// How many of a product lie at a location. It cannot be deleted by the API, and no field tells when it was changed.
    InventoryItem, "inventory item", read at "InventoryItems",
    written under (): |()| "InventoryItems".to_owned(),
    {
        product_id: i64 = "productID",
        inventory_location_id: i64 = "inventoryLocationID",
        quantity_on_hand: Decimal = "quantityOnHand",
    }
}

super::entity! {
    /// A place where products lie.
    InventoryLocation, "inventory location", read at "InventoryLocations",
    written under (): |()| "InventoryLocations".to_owned(),
    {
        location_name: String = "locationName",
        is_active: bool = "isActive",
    }
}
