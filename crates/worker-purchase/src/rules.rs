//! How purchase orders and purchases stand to each other. Pure: no I/O, no clock.

use std::time::Duration;

use autotask::Trail as Columns;
use domain::{Fixer, Key, Kind, Problem, RecordId, System, Value};
use sync::{
    Creation, Facts, Field, Fields, Half, LINES, LinedRules, Mapped, Rules, Shows, Standing, Trail,
    Transform, Way, doubled_lines, needs_of_lines, one_by_one,
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

/// Purchases are finance's, and closed in these statuses (jim2.md §4.7 names the first two).
const LINED: LinedRules = LinedRules {
    kind: KIND,
    who: Fixer::Finance,
    closed: &["received", "finish", "cancel"],
};

/// Autotask tells when an order was made, submitted and cancelled, and of an item not even that (autotask.md §7.1): new
/// items are known by their ids, and every order is looked at now and then until it is two months old.
const TRAILS: &[Trail] = &[
    Trail {
        name: "",
        prefix: "",
        every: Duration::from_mins(15),
        shows: Shows::Autotask(ORDERS),
    },
    Trail {
        name: "items",
        prefix: "",
        every: Duration::from_mins(15),
        shows: Shows::Autotask(Columns {
            about: "orderID",
            new_by_id: true,
            ..Columns::stamped("PurchaseOrderItems", "purchase order item", &[])
        }),
    },
    Trail {
        name: "recent",
        prefix: "",
        every: Duration::from_hours(4),
        shows: Shows::Autotask(Columns {
            lingers: Duration::from_hours(60 * 24),
            ..ORDERS
        }),
    },
    Trail {
        name: "",
        prefix: "",
        every: Duration::from_mins(15),
        shows: Shows::Jim2(jim2::Modified::Purchases),
    },
];

const ORDERS: Columns = Columns::stamped(
    "PurchaseOrders",
    "purchase order",
    &["createDateTime", "submitDateTime", "cancelDateTime"],
);

/// The thinking about purchase orders.
#[derive(Debug, Clone, Copy, Default)]
pub struct PurchaseRules;

impl Rules for PurchaseRules {
    fn kind(&self) -> Kind {
        KIND
    }

    fn fields(&self) -> &'static [Field] {
        FIELDS
    }

    fn trails(&self) -> &'static [Trail] {
        TRAILS
    }

    fn needs(&self, on: System, half: &Half) -> Vec<Key> {
        if on == System::Jim2 {
            return Vec::new();
        }
        needs_of_lines(half).chain([LINED.company(half)]).collect()
    }

    fn create(&self, to: System, half: &Half, generation: i32, facts: &Facts) -> Creation {
        let no = |reason: &str| Creation::No(reason.to_owned());
        let status = half.fact("status").and_then(Value::as_number);
        let status = status.map(serde_json::Value::from);
        let number = half.fact("number").and_then(Value::as_text);
        if to == System::Autotask {
            return no("purchases that people make in Jim2 are theirs");
        } else if !facts.may_create(&KIND, to) {
            return no("making purchases in Jim2 is off");
        } else if half.is("cancelled") {
            return no("it is cancelled");
        } else if !half.is("submitted") {
            return no("it was not submitted yet");
        } else if !facts.lets_pass(&KIND, "statuses", status.as_ref()) {
            return no("its status is filtered out");
        }
        if number.is_none() {
            return no("it has no number");
        }
        match LINED.draft(half, generation, facts) {
            Ok(draft) => Creation::Yes(draft),
            Err(problem) => Creation::Held(vec![*problem]),
        }
    }

    fn identity(&self, autotask: &Half, jim2: &Half, _: &Facts) -> Result<(), Box<Problem>> {
        LINED.identity(autotask, jim2)
    }

    /// A purchase's vendor is what a job's customer is: it stays, or it is another record.
    fn customer(&self, jim2: &Half) -> Option<Value> {
        jim2.fact("card").cloned()
    }

    fn company(&self, autotask: &Half) -> Option<Value> {
        autotask.fact("company").cloned()
    }

    fn problems(&self, autotask: &Half, jim2: &Half, _: &Facts) -> Vec<Problem> {
        let cancelled = (autotask.is("cancelled") && LINED.closed(jim2).is_none()).then(|| {
            let says = format!("{} is cancelled, and {} is not", autotask.label, jim2.label);
            let who = (Fixer::Finance, format!("cancel {} in Jim2", jim2.label));
            jim2.problem(&KIND, System::Jim2, "cancelled", says, who)
        });
        cancelled
            .into_iter()
            .chain(doubled_lines(&KIND, jim2))
            .collect()
    }

    /// An order's external number is the purchase's, unless somebody has put another there. Our Ref can be given to a
    /// purchase only when it is made.
    fn owes_reference(&self, on: System, half: &Half, _: &RecordId, _: i32) -> bool {
        on == System::Autotask && half.is("no_reference")
    }

    fn standing(&self, on: System, half: &Half, field: &str, _: &Facts) -> Standing {
        LINED.standing(on, half, field)
    }

    fn steps(
        &self,
        on: System,
        half: &Half,
        fields: Fields,
        _: &Facts,
    ) -> Result<Vec<Fields>, Box<Problem>> {
        let name = match on {
            System::Jim2 => LINES.name,
            System::Autotask => RECEIVED.name,
        };
        Ok(one_by_one(half, name, fields))
    }
}

fn came(received: &Value, _: &Facts) -> Mapped {
    Mapped::Value(received.clone())
}

#[cfg(test)]
mod tests;
