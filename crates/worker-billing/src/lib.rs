//! What was approved and posted in Autotask becomes stock lines on Jim2 jobs, each source once.
//!
//! [`BillingRules`] thinks and never asks anybody; [`BillingHands`] reads and writes and never decides. A record in
//! Autotask is a source (`ticket-charge:123:1`), whatever billing item stands for it now; in Jim2 it is a line
//! (`5001-2`) on the current job of its ticket, or on the job of an order: of its project, its Autotask invoice, or its
//! ticket where somebody else pays.
//!
//! A second kind takes back what becomes of it: [`InvoiceRules`] and [`InvoiceHands`] tell an Autotask invoice the numbers
//! of Jim2's invoices on which its lines are, and when all of them are paid.

mod amount;
mod beside;
mod gst;
mod halves;
mod hands;
mod invoice;
mod rules;
mod settings;
mod source;
mod stock_code;
pub mod tieout;
mod totals;

use domain::Kind;

pub use hands::{BillingHands, Period};
pub use invoice::{InvoiceHands, InvoiceRules};
pub use rules::{BillingRules, FIELDS};
pub use settings::{BillingSettings, frozen_until};

/// Billing items and the stock lines they become.
pub const KIND: Kind = Kind::new("billing");

/// What stands before the id of an Autotask invoice, where an event is about all that it bills.
const INVOICE: &str = "invoice:";

/// The kind whose pairs say which cardfile is whose.
const COMPANY: Kind = Kind::new("company");

/// The kind whose pairs say which job is an order's.
const ORDER: Kind = Kind::new("order");

/// The kind whose pairs say which stock a product is.
const STOCK: Kind = Kind::new("stock");

/// The kind whose pairs say which job is a ticket's current one.
const TICKET: Kind = Kind::new("ticket");
