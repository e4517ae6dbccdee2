//! Autotask's invoices, and what Jim2 invoiced of them.
//!
//! The half in Jim2 is no record of its own: `billed:900` is all that Jim2 billed of Autotask's invoice 900, on however many
//! invoices. It is found by the marks of the lines, and there from the beginning.

mod halves;
mod hands;
mod rules;

use domain::{Kind, RecordId};

pub use self::{hands::InvoiceHands, rules::InvoiceRules};

/// Autotask invoices, and what Jim2 invoiced of them.
const KIND: Kind = Kind::new("invoice");

/// What stands before the id of an Autotask invoice in the id of its other half.
const BILLED: &str = "billed:";

fn billed(invoice: i64) -> RecordId {
    RecordId::from(format!("{BILLED}{invoice}"))
}

/// The Autotask invoice of `billed:900`.
fn invoice_of(id: &RecordId) -> Option<i64> {
    id.as_str().strip_prefix(BILLED)?.parse().ok()
}
