//! Configuration items: what is looked after at a customer's. Older parts of Autotask call them installed products.

use chrono::{DateTime, Utc};

super::entity! {
    /// A configuration item.
    ConfigurationItem, "configuration item", read at "ConfigurationItems",
    written under (): |()| "ConfigurationItems".to_owned(),
    {
        company_id: i64 = "companyID",
        product_id: i64 = "productID",
        configuration_item_type: i64 = "configurationItemType",
        configuration_item_category_id: i64 = "configurationItemCategoryID",
        serial_number: String = "serialNumber",
        reference_title: String = "referenceTitle",
        reference_number: String = "referenceNumber",
        install_date: DateTime<Utc> = "installDate",
        warranty_expiration_date: DateTime<Utc> = "warrantyExpirationDate",
        location: String = "location",
        company_location_id: i64 = "companyLocationID",
        is_active: bool = "isActive",
        create_date: DateTime<Utc> = "createDate",
        last_modified_time: DateTime<Utc> = "lastModifiedTime",
    }
}
