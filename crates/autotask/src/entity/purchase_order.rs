//! What is bought from vendors: orders, their items and what of them was received (`autotask.md` §3.1, §6.2).

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

super::entity! {
    /// An order to a vendor. Autotask tells when it was made, submitted and cancelled, and no other change of it.
    PurchaseOrder, "purchase order", read at "PurchaseOrders",
    written under (): |()| "PurchaseOrders".to_owned(),
    {
        purchase_order_number: String = "purchaseOrderNumber",
        external_po_number: String = "externalPONumber",
        vendor_id: i64 = "vendorID",
        status: i64 = "status",
        vendor_invoice_number: String = "vendorInvoiceNumber",
        create_date_time: DateTime<Utc> = "createDateTime",
        submit_date_time: DateTime<Utc> = "submitDateTime",
        cancel_date_time: DateTime<Utc> = "cancelDateTime",
    }
}

super::entity! {
    /// An item of an order, which is written below it only and deleted by nobody but people.
    PurchaseOrderItem, "purchase order item", read at "PurchaseOrderItems",
    written under i64: |order| format!("PurchaseOrders/{order}/Items"),
    {
        order_id: i64 = "orderID",
        product_id: i64 = "productID",
        quantity: Decimal = "quantity",
        unit_cost: Decimal = "unitCost",
        memo: String = "memo",
    }
}

super::entity! {
    /// What of an item was received at once; such are made and never changed.
    PurchaseOrderItemReceiving, "receiving of a purchase order item", read at "PurchaseOrderItemReceiving",
    written under i64: |item| format!("PurchaseOrderItems/{item}/Receiving"),
    {
        purchase_order_item_id: i64 = "purchaseOrderItemID",
        quantity_now_receiving: Decimal = "quantityNowReceiving",
        receive_date: DateTime<Utc> = "receiveDate",
    }
}
