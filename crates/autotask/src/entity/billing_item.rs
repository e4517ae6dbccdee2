//! Billing items: what was approved and posted, and the column of its source.

use std::convert::Infallible;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

super::entity! {
    /// A billing item. Only `webServiceDate` can be written. One of the columns from `timeEntryID` on names its source;
    /// an item that was taken back and posted again has another id and the same source.
    BillingItem, "billing item", read at "BillingItems",
    written under (): |()| "BillingItems".to_owned(),
    {
        billing_item_type: i64 = "billingItemType",
        sub_type: i64 = "subType",
        company_id: i64 = "companyID",
        ticket_id: i64 = "ticketID",
        project_id: i64 = "projectID",
        task_id: i64 = "taskID",
        contract_id: i64 = "contractID",
        invoice_id: i64 = "invoiceID",
        billing_code_id: i64 = "billingCodeID",
        role_id: i64 = "roleID",
        item_name: String = "itemName",
        description: String = "description",
        purchase_order_number: String = "purchaseOrderNumber",
        quantity: Decimal = "quantity",
        rate: Decimal = "rate",
        extended_price: Decimal = "extendedPrice",
        tax_dollars: Decimal = "taxDollars",
        total_amount: Decimal = "totalAmount",
        internal_currency_extended_price: Decimal = "internalCurrencyExtendedPrice",
        non_billable: i64 = "nonBillable",
        item_date: DateTime<Utc> = "itemDate",
        posted_date: DateTime<Utc> = "postedDate",
        posted_on_time: DateTime<Utc> = "postedOnTime",
        web_service_date: DateTime<Utc> = "webServiceDate",
        time_entry_id: i64 = "timeEntryID",
        ticket_charge_id: i64 = "ticketChargeID",
        project_charge_id: i64 = "projectChargeID",
        contract_charge_id: i64 = "contractChargeID",
        expense_item_id: i64 = "expenseItemID",
        milestone_id: i64 = "milestoneID",
        contract_block_id: i64 = "contractBlockID",
        contract_service_id: i64 = "contractServiceID",
        contract_service_period_id: i64 = "contractServicePeriodID",
        contract_service_adjustment_id: i64 = "contractServiceAdjustmentID",
        contract_service_bundle_period_id: i64 = "contractServiceBundlePeriodID",
        contract_service_bundle_adjustment_id: i64 = "contractServiceBundleAdjustmentID",
        service_id: i64 = "serviceID",
    }
}

super::entity! {
    /// An invoice of Autotask's own. Only `invoiceNumber`, `paidDate` (a date) and `webServiceDate` can be written.
    /// It is there with its totals before all of its items are attached to it.
    Invoice, "invoice", read at "Invoices",
    written under (): |()| "Invoices".to_owned(),
    {
        company_id: i64 = "companyID",
        invoice_number: String = "invoiceNumber",
        invoice_date_time: DateTime<Utc> = "invoiceDateTime",
        create_date_time: DateTime<Utc> = "createDateTime",
        from_date: DateTime<Utc> = "fromDate",
        to_date: DateTime<Utc> = "toDate",
        invoice_total: Decimal = "invoiceTotal",
        total_tax_value: Decimal = "totalTaxValue",
        is_voided: bool = "isVoided",
        voided_date: DateTime<Utc> = "voidedDate",
        paid_date: DateTime<Utc> = "paidDate",
        web_service_date: DateTime<Utc> = "webServiceDate",
    }
}

super::entity! {
    /// A tax category, such as what is free of GST.
    TaxCategory, "tax category", read at "TaxCategories",
    written under Infallible: |never| match never {},
    {
        name: String = "name",
        is_active: bool = "isActive",
    }
}
