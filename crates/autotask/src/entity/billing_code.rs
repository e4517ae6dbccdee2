//! Billing codes: what is billed, from work types to materials.

use std::convert::Infallible;

use rust_decimal::Decimal;

super::entity! {
    /// A billing code; `useType` says of which of the six categories.
    BillingCode, "billing code", read at "BillingCodes",
    written under Infallible: |never| match never {},
    {
        name: String = "name",
        description: String = "description",
        external_number: String = "externalNumber",
        use_type: i64 = "useType",
        billing_code_type: i64 = "billingCodeType",
        department: i64 = "department",
        general_ledger_account: i64 = "generalLedgerAccount",
        after_hours_work_type: i64 = "afterHoursWorkType",
        unit_price: Decimal = "unitPrice",
        unit_cost: Decimal = "unitCost",
        is_active: bool = "isActive",
    }
}
