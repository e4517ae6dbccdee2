//! Contracts, and what is sold under them.

use std::convert::Infallible;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

super::entity! {
    /// A contract; `contractType` 7 is for recurring services, of which the others differ by tenant's metadata.
    Contract, "contract", read at "Contracts",
    written under (): |()| "Contracts".to_owned(),
    {
        contract_name: String = "contractName",
        contract_number: String = "contractNumber",
        contract_type: i64 = "contractType",
        contract_category: i64 = "contractCategory",
        company_id: i64 = "companyID",
        bill_to_company_id: i64 = "billToCompanyID",
        purchase_order_number: String = "purchaseOrderNumber",
        start_date: DateTime<Utc> = "startDate",
        end_date: DateTime<Utc> = "endDate",
        status: i64 = "status",
        last_modified_date_time: DateTime<Utc> = "lastModifiedDateTime",
    }
}

super::entity! {
    /// A service of a contract, at the price agreed on. Price and quantity change by adjustments only.
    ContractService, "contract service", read at "ContractServices",
    written under i64: |contract| format!("Contracts/{contract}/Services"),
    {
        contract_id: i64 = "contractID",
        service_id: i64 = "serviceID",
        invoice_description: String = "invoiceDescription",
        internal_description: String = "internalDescription",
        unit_price: Decimal = "unitPrice",
    }
}

super::entity! {
    /// How many units of a contract's service were billed for a period.
    ContractServiceUnit, "contract service unit", read at "ContractServiceUnits",
    written under Infallible: |never| match never {},
    {
        contract_id: i64 = "contractID",
        contract_service_id: i64 = "contractServiceID",
        service_id: i64 = "serviceID",
        start_date: DateTime<Utc> = "startDate",
        end_date: DateTime<Utc> = "endDate",
        units: i64 = "units",
        price: Decimal = "price",
    }
}

super::entity! {
    /// What contracts sell month by month.
    Service, "service", read at "Services",
    written under (): |()| "Services".to_owned(),
    {
        name: String = "name",
        invoice_description: String = "invoiceDescription",
        billing_code_id: i64 = "billingCodeID",
        period_type: String = "periodType",
        unit_price: Decimal = "unitPrice",
        is_active: bool = "isActive",
        last_modified_date: DateTime<Utc> = "lastModifiedDate",
    }
}

super::entity! {
    /// Several services that are sold as one.
    ServiceBundle, "service bundle", read at "ServiceBundles",
    written under (): |()| "ServiceBundles".to_owned(),
    {
        name: String = "name",
        billing_code_id: i64 = "billingCodeID",
    }
}
