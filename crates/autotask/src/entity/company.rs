//! Companies: customers, leads, vendors, and the provider itself as company 0.

use chrono::{DateTime, Utc};

super::entity! {
    /// A company. It cannot be deleted; `isActive` false is the end of one.
    Company, "company", read at "Companies",
    written under (): |()| "Companies".to_owned(),
    user defined fields user_defined_fields,
    {
        company_name: String = "companyName",
        company_number: String = "companyNumber",
        company_type: i64 = "companyType",
        tax_id: String = "taxID",
        address1: String = "address1",
        address2: String = "address2",
        additional_address_information: String = "additionalAddressInformation",
        city: String = "city",
        state: String = "state",
        postal_code: String = "postalCode",
        country_id: i64 = "countryID",
        phone: String = "phone",
        alternate_phone1: String = "alternatePhone1",
        fax: String = "fax",
        web_address: String = "webAddress",
        owner_resource_id: i64 = "ownerResourceID",
        classification: i64 = "classification",
        is_active: bool = "isActive",
        is_tax_exempt: bool = "isTaxExempt",
        tax_region_id: i64 = "taxRegionID",
        currency_id: i64 = "currencyID",
        invoice_method: i64 = "invoiceMethod",
        parent_company_id: i64 = "parentCompanyID",
        invoice_non_contract_items_to_parent_company: bool = "invoiceNonContractItemsToParentCompany",
        created_by_resource_id: i64 = "createdByResourceID",
        create_date: DateTime<Utc> = "createDate",
        last_activity_date: DateTime<Utc> = "lastActivityDate",
        last_tracked_modified_date_time: DateTime<Utc> = "lastTrackedModifiedDateTime",
    }
}
