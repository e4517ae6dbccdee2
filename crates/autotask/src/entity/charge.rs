//! Charges: what was sold beside hours, below a ticket, a project or a contract.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

/// Declares a charge below `$above`; all three have the same fields.
macro_rules! charge {
    ($(#[$about:meta])* $name:ident, $called:literal, $path:literal, $above:literal, $field:ident = $wire:literal) => {
        super::entity! {
            $(#[$about])*
            $name, $called, read at $path,
            written under i64: |above| format!("{}/{above}/Charges", $above),
            {
                $field: i64 = $wire,
                name: String = "name",
                description: String = "description",
                product_id: i64 = "productID",
                billing_code_id: i64 = "billingCodeID",
                purchase_order_number: String = "purchaseOrderNumber",
                unit_quantity: Decimal = "unitQuantity",
                unit_price: Decimal = "unitPrice",
                billable_amount: Decimal = "billableAmount",
                is_billable_to_company: bool = "isBillableToCompany",
                is_billed: bool = "isBilled",
                date_purchased: DateTime<Utc> = "datePurchased",
                create_date: DateTime<Utc> = "createDate",
                status_last_modified_date: DateTime<Utc> = "statusLastModifiedDate",
            }
        }
    };
}

charge! {
    /// A charge of a ticket. It can be changed while `isBilled` is false.
    TicketCharge, "ticket charge", "TicketCharges", "Tickets", ticket_id = "ticketID"
}

charge! {
    /// A charge of a project. It can be changed while `isBilled` is false.
    ProjectCharge, "project charge", "ProjectCharges", "Projects", project_id = "projectID"
}

charge! {
    /// A charge of a contract. It can be changed while `isBilled` is false.
    ContractCharge, "contract charge", "ContractCharges", "Contracts", contract_id = "contractID"
}
