//! The kinds that events are about.

use domain::Kind;

/// Companies and cardfiles.
pub(crate) const COMPANY: Kind = Kind::new("company");
/// Contacts of both systems.
pub(crate) const CONTACT: Kind = Kind::new("contact");
/// Tickets and jobs, with their notes and comments.
pub(crate) const TICKET: Kind = Kind::new("ticket");
/// Autotask invoices, and what Jim2 invoiced of them.
pub(crate) const INVOICE: Kind = Kind::new("invoice");
/// Contracts and projects.
pub(crate) const CONTRACT: Kind = Kind::new("contract");
/// Configuration items and assets.
pub(crate) const ASSET: Kind = Kind::new("asset");
/// Products and stock.
pub(crate) const STOCK: Kind = Kind::new("stock");
