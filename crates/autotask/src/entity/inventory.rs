//! What lies where (`autotask.md` §6.2). A tenant has inventory items, or inventory products in their place; no document says
//! by what it is decided which.

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
    /// The same in a tenant of the newer edition: pieces are moved by [`crate::Client::add_pieces`] and
    /// [`crate::Client::remove_pieces`] only, and no field of it counts them.
    InventoryProduct, "inventory product", read at "InventoryProducts",
    written under (): |()| "InventoryProducts".to_owned(),
    {
        product_id: i64 = "productID",
        inventory_location_id: i64 = "inventoryLocationID",
        on_hand_units: Decimal = "onHandUnits",
        available_units: Decimal = "availableUnits",
        reserved_units: Decimal = "reservedUnits",
        picked_units: Decimal = "pickedUnits",
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
