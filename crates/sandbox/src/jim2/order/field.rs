//! Fields of the header, by whatever name a call, a resource or a person gives them.

use super::{Kind, Order};
use crate::jim2::input::Input;
use crate::jim2::list;
use crate::jim2::refusal::Refusal;
use crate::jim2::world::World;

/// Types of purchases, and of quotes (jim2.md §4.7).
pub(super) const TYPES: [&[&str]; 2] = [
    &["Purchase", "Debtors PO"],
    &["Normal", "Back Order", "TASK"],
];

const STATUSES: [&[&str]; 2] = [
    &["Booked", "Ordered", "Received", "FINISH", "CANCEL"],
    list::QUOTE_STATUSES,
];

/// The fields that the page of the create call names, as far as it is known and the stand-in keeps them.
pub(super) const fn taken(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Purchase => &[
            "poType",
            "vendorInvNo",
            "seller",
            "shipTo",
            "dateDue",
            "ourRef",
            "status",
        ],
        Kind::Quote => &[
            "quoteType",
            "customer",
            "shipTo",
            "dateRequired",
            "dateValid",
            "status",
            "probability",
            "custRefNo",
            "ourRef",
        ],
    }
}

impl World {
    pub(super) fn set_order(
        &self,
        kind: Kind,
        order: &mut Order,
        field: &Input,
    ) -> Result<(), Refusal> {
        let (zone, of) = (self.zone(), usize::from(kind == Kind::Quote));
        match (kind, field.name.to_lowercase().as_str()) {
            (Kind::Purchase, "potype") | (Kind::Quote, "quotetype") => {
                order.of = field.one_of(TYPES[of], "unknown-type")?;
            }
            (Kind::Purchase, "seller" | "vendor" | "vendorno")
            | (Kind::Quote, "customer" | "custno") => order.card = self.card_number(field)?,
            (_, "shipto" | "ship" | "shipno") => order.ship = self.card_number(field)?,
            (_, "status") => order.status = field.one_of(STATUSES[of], "unknown-status")?,
            (_, "ourref") => order.our_ref = field.text(50)?,
            (Kind::Purchase, "vendorinvno") | (Kind::Quote, "custrefno" | "custref") => {
                order.their_ref = field.text(50)?;
            }
            (Kind::Purchase, "datedue") | (Kind::Quote, "daterequired") => {
                order.due = field.moment(zone)?;
            }
            (Kind::Quote, "datevalid") => order.valid = field.moment(zone)?,
            (Kind::Purchase, "recdate") => order.received = field.moment(zone)?,
            (Kind::Quote, "probability") => order.probability = field.whole()?,
            _ => return Err(field.unknown()),
        }
        Ok(())
    }
}
