//! What the provider sells beside hours: products, services, and what is taxed.

use serde_json::json;

use super::super::row::Row;
use super::super::schema::known;
use super::super::world::World;

/// The billing code that goods are sold under.
const GOODS: &str = "Hardware";

/// The billing code that licences are sold under.
const LICENCES: &str = "Software Licences";

/// Name, the code it is sold under, price in cents. Each has the stock code of its SKU in Jim2.
const PRODUCTS: [(&str, &str, &str, i32); 3] = [
    ("Solid state drive 1 TB", "SSD.1TB", GOODS, 14_900),
    ("Cat 6 patch lead 2 m", "CABLE.CAT6", GOODS, 895),
    ("Office licence, perpetual", "", LICENCES, 32_900),
];

/// Name and monthly price in cents.
const SERVICES: [(&str, i32); 3] = [
    ("Managed workstation", 4_500),
    ("Managed server", 18_000),
    ("Mailbox backup", 350),
];

/// What several of these are called together, and its monthly price in cents.
const BUNDLES: [(&str, i32); 1] = [("Managed desk", 4_850)];

/// How goods are sent.
const SHIPPING: [&str; 2] = ["Courier", "Customer collects"];

/// Where goods lie. Two of them have the names of Jim2's locations.
const LOCATIONS: [&str; 3] = ["Sydney", "Melbourne", "Returns"];

/// Puts them in.
pub(super) fn all(world: &mut World) {
    for name in ["GST", "GST free"] {
        let mut row = Row::default();
        row.set("name", name);
        row.set("isActive", true);
        world.insert(known("TaxCategories"), row);
    }
    for (index, name) in LOCATIONS.into_iter().enumerate() {
        let mut row = Row::default();
        row.set("locationName", name);
        row.set("isActive", true);
        row.set("isDefault", index == 0);
        world.insert(known("InventoryLocations"), row);
    }
    for (name, sku, code, cents) in PRODUCTS {
        let mut row = Row::default();
        row.set("name", name);
        row.set("sku", sku);
        row.set("unitPrice", dollars(cents));
        row.set("unitCost", dollars(cents / 2));
        row.set("productBillingCodeID", code_named(world, code));
        row.set("isActive", true);
        row.set("isSerialized", false);
        world.insert(known("Products"), row);
    }
    for (name, cents) in SERVICES {
        let mut row = Row::default();
        row.set("name", name);
        row.set("invoiceDescription", name);
        row.set("periodType", "m");
        row.set("unitPrice", dollars(cents));
        row.set("billingCodeID", code_named(world, LICENCES));
        row.set("isActive", true);
        world.insert(known("Services"), row);
    }
    for (name, cents) in BUNDLES {
        let mut row = Row::default();
        row.set("name", name);
        row.set("periodType", "m");
        row.set("unitPrice", dollars(cents));
        row.set("billingCodeID", code_named(world, LICENCES));
        row.set("isActive", true);
        world.insert(known("ServiceBundles"), row);
    }
    for name in SHIPPING {
        let mut row = Row::default();
        row.set("name", name);
        row.set("isActive", true);
        world.insert(known("ShippingTypes"), row);
    }
}

fn dollars(cents: i32) -> serde_json::Value {
    json!(f64::from(cents) / 100.0)
}

fn code_named(world: &World, name: &str) -> Option<i64> {
    let mut codes = world.rows("BillingCodes");
    codes
        .find(|(_, code)| code.text("name") == name)
        .map(|(id, _)| id)
}
