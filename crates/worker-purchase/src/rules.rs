//! How purchase orders and purchases stand to each other. Pure: no I/O, no clock.

use std::time::Duration;

use autotask::{Presence, Trail as Columns};
use domain::{Fixer, Kind, System, Value};
use sync::{
    Asks, Choices, Facts, Field, Filter, Half, LINES, LinedRules, Mapped, Shows, Trail, Transform,
    Way,
};

use crate::KIND;

/// One row a field. What goes back is off until the site wants it.
pub const FIELDS: &[Field] = &[
    LINES,
    RECEIVED,
    Field {
        way: Way::Off,
        owner: System::Jim2,
        forward: Transform::None,
        autotask_max: Some(50),
        ..Field::text("vendor_invoice", "Vendor's invoice number")
    },
];

/// What was received of each item. Autotask takes what comes, and nothing back.
pub(crate) const RECEIVED: Field = Field {
    way: Way::Off,
    owner: System::Jim2,
    forward: Transform::None,
    back: Transform::By(came),
    ..Field::text("received", "Received")
};

/// Autotask tells when an order was made, submitted and cancelled, and of an item not even that (autotask.md §7.1): new
/// items are known by their ids, and every order is looked at now and then until it is two months old.
const TRAILS: &[Trail] = &[
    Trail::in_autotask("", 15, ORDERS),
    Trail::in_autotask(
        "items",
        15,
        Columns {
            about: "orderID",
            new_by_id: true,
            ..Columns::stamped("PurchaseOrderItems", "purchase order item", &[])
        },
    ),
    Trail::in_autotask(
        "recent",
        4 * 60,
        Columns {
            lingers: Duration::from_hours(60 * 24),
            ..ORDERS
        },
    ),
    Trail {
        name: "",
        prefix: "",
        every: Duration::from_mins(15),
        shows: Shows::Jim2(jim2::Modified::Purchases),
    },
    Trail::absent(
        "purchase orders",
        1,
        Asks::Autotask(Presence::by_id("PurchaseOrders", "purchase order")),
    ),
    Trail::absent_items(
        "purchase orders with all their items",
        Asks::Autotask(Presence::by_id("PurchaseOrderItems", "purchase order item")),
    ),
    Trail::absent("purchases", 1, Asks::Jim2(jim2::Presence::Purchases)),
];

const ORDERS: Columns = Columns::stamped(
    "PurchaseOrders",
    "purchase order",
    &["createDateTime", "submitDateTime", "cancelDateTime"],
);

/// The thinking about purchase orders.
#[derive(Debug, Clone, Copy, Default)]
pub struct PurchaseRules;

impl LinedRules for PurchaseRules {
    const KIND: Kind = KIND;
    const FIELDS: &'static [Field] = FIELDS;
    const TRAILS: &'static [Trail] = TRAILS;
    const CHOICES: Choices = Choices {
        kind: "purchase",
        makes: "Purchases for submitted purchase orders",
        filters: &[Filter::passing(
            "statuses",
            "statuses (numbers) of purchase orders that get purchases",
            "",
        )],
        learnt: &[
            "jim2.refused.purchase.create",
            "jim2.refused.purchase.update",
        ],
        ..Choices::NONE
    };
    const WHO: Fixer = Fixer::Finance;
    /// jim2.md §4.7 names the first two.
    const CLOSED: &'static [&'static str] = &["received", "finish", "cancel"];
    const ENDED: &'static str = "cancelled";
    const EACH: &'static str = RECEIVED.name;

    fn against(&self, half: &Half, facts: &Facts) -> Option<&'static str> {
        let status = half.fact("status").and_then(Value::as_number);
        let status = status.map(serde_json::Value::from);
        if !half.is("submitted") {
            return Some("it was not submitted yet");
        }
        let passes = facts.lets_pass(&KIND, "statuses", status.as_ref());
        (!passes).then_some("its status is filtered out")
    }
}

fn came(received: &Value, _: &Facts) -> Mapped {
    Mapped::Value(received.clone())
}

#[cfg(test)]
mod tests;
