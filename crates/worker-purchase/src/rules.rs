//! How purchase orders and purchases stand to each other. Pure: no I/O, no clock.

use std::time::Duration;

use autotask::Trail as Columns;
use domain::{Fixer, Key, Kind, Problem, RecordId, System, Value};
use sync::{
    Creation, Draft, Facts, Field, Fields, Half, LINES, Mapped, Rules, Shows, Standing, Trail,
    Transform, Way, doubled_lines, needs_of_lines, one_by_one,
};

use crate::{COMPANY, KIND};

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

/// Statuses in which Jim2 changes no line any more (jim2.md §4.7 names the first two).
const CLOSED: [&str; 3] = ["received", "finish", "cancel"];

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
        needs_of_lines(half).chain([vendor(half)]).collect()
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
        let Some(number) = number else {
            return no("it has no number");
        };
        match facts.partner(half, vendor(half)) {
            Ok(card) => Creation::Yes(Draft {
                reference: format!("{number}/{generation}"),
                extra: [("customer".to_owned(), card.into())].into(),
            }),
            Err(problem) => Creation::Held(vec![*problem]),
        }
    }

    fn identity(&self, autotask: &Half, jim2: &Half, _: &Facts) -> Result<(), Box<Problem>> {
        let named = jim2.points_to.as_ref().map(|pointer| pointer.to.as_str());
        let number = autotask.fact("number").and_then(Value::as_text);
        if named.is_none() || named == number {
            return Ok(());
        }
        let (label, named) = (&jim2.label, named.unwrap_or_default());
        let says = format!(
            "{label} was made for {} and names {named} now",
            autotask.label
        );
        let step = format!("crossbill pairs unlink {KIND} {}", autotask.id);
        let who = (Fixer::Finance, step);
        let problem = jim2.problem(&KIND, System::Jim2, "not-the-same-record", says, who);
        Err(Box::new(problem))
    }

    /// A purchase's vendor is what a job's customer is: it stays, or it is another record.
    fn customer(&self, jim2: &Half) -> Option<Value> {
        jim2.fact("vendor").cloned()
    }

    fn company(&self, autotask: &Half) -> Option<Value> {
        autotask.fact("vendor").cloned()
    }

    fn problems(&self, autotask: &Half, jim2: &Half, _: &Facts) -> Vec<Problem> {
        let cancelled = (autotask.is("cancelled") && closed(jim2).is_none()).then(|| {
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
        let problem = closed(half).or_else(|| doubled_lines(&KIND, half));
        match problem.filter(|_| on == System::Jim2) {
            None => Standing::Open,
            Some(problem) => Standing::Closed(Box::new(Problem {
                field: Some(field.to_owned()),
                ..problem
            })),
        }
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

fn vendor(order: &Half) -> Key {
    let id = order.fact("vendor").and_then(Value::as_number);
    Key::new(COMPANY, System::Autotask, id.unwrap_or_default())
}

/// Why no line of a purchase is changed any more.
fn closed(purchase: &Half) -> Option<Problem> {
    let status = purchase.fact("status").and_then(Value::as_text)?;
    let is_closed = CLOSED.contains(&status.trim().to_lowercase().as_str());
    is_closed.then(|| {
        let says = format!("{} is {status} and cannot be changed", purchase.label);
        let step = "make the change in Jim2 by hand where it matters, then archive this item";
        let who = (Fixer::Finance, step.to_owned());
        purchase.problem(&KIND, System::Jim2, "purchase-is-closed", says, who)
    })
}

fn came(received: &Value, _: &Facts) -> Mapped {
    Mapped::Value(received.clone())
}

#[cfg(test)]
mod tests;
