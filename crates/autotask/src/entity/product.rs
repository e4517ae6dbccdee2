//! Products: what charges and quotes sell.

use rust_decimal::Decimal;

super::entity! {
    /// A product. It cannot be deleted by the API; `isActive` false is the end of one. No field tells when it was changed
    /// (§7.1), and there is no webhook for it.
    Product, "product", read at "Products",
    written under (): |()| "Products".to_owned(),
    user defined fields user_defined_fields,
    {
        name: String = "name",
        description: String = "description",
        sku: String = "sku",
        external_product_id: String = "externalProductID",
        manufacturer_product_name: String = "manufacturerProductName",
        product_billing_code_id: i64 = "productBillingCodeID",
        charge_billing_code_id: i64 = "chargeBillingCodeID",
        unit_price: Decimal = "unitPrice",
        unit_cost: Decimal = "unitCost",
        is_active: bool = "isActive",
        is_serialized: bool = "isSerialized",
        default_vendor_id: i64 = "defaultVendorID",
    }
}
