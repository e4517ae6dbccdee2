//! What is offered to customers: opportunities, their quotes and the items of those (`autotask.md` §3.1, §6.2).

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

super::entity! {
    /// What a customer may buy, with how likely that is and what came of it.
    Opportunity, "opportunity", read at "Opportunities",
    written under (): |()| "Opportunities".to_owned(),
    {
        company_id: i64 = "companyID",
        title: String = "title",
        status: i64 = "status",
        probability: i64 = "probability",
        closed_date: DateTime<Utc> = "closedDate",
        lost_date: DateTime<Utc> = "lostDate",
        promised_fulfillment_date: DateTime<Utc> = "promisedFulfillmentDate",
    }
}

super::entity! {
    /// An offer of an opportunity, which may have several; one of them is the primary one.
    Quote, "quote", read at "Quotes",
    written under (): |()| "Quotes".to_owned(),
    {
        opportunity_id: i64 = "opportunityID",
        company_id: i64 = "companyID",
        quote_number: i64 = "quoteNumber",
        name: String = "name",
        is_active: bool = "isActive",
        primary_quote: bool = "primaryQuote",
        approval_status: i64 = "approvalStatus",
        last_published_date_time: DateTime<Utc> = "lastPublishedDateTime",
        expiration_date: DateTime<Utc> = "expirationDate",
        purchase_order_number: String = "purchaseOrderNumber",
        external_quote_number: String = "externalQuoteNumber",
        create_date: DateTime<Utc> = "createDate",
        last_activity_date: DateTime<Utc> = "lastActivityDate",
    }
}

super::entity! {
    /// An item of a quote, which is written below it only and of exactly one thing. Autotask tells no time of it.
    QuoteItem, "quote item", read at "QuoteItems",
    written under i64: |quote| format!("Quotes/{quote}/Items"),
    {
        quote_id: i64 = "quoteID",
        name: String = "name",
        description: String = "description",
        product_id: i64 = "productID",
        service_id: i64 = "serviceID",
        charge_id: i64 = "chargeID",
        expense_id: i64 = "expenseID",
        labor_id: i64 = "laborID",
        service_bundle_id: i64 = "serviceBundleID",
        quote_item_type: i64 = "quoteItemType",
        is_optional: bool = "isOptional",
        period_type: String = "periodType",
        quantity: Decimal = "quantity",
        unit_price: Decimal = "unitPrice",
        unit_discount: Decimal = "unitDiscount",
        percentage_discount: Decimal = "percentageDiscount",
        line_discount: Decimal = "lineDiscount",
    }
}
