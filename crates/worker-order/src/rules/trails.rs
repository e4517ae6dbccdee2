//! Where it shows that what an order is for was completed or billed.

use std::time::Duration;

use autotask::Trail as Columns;
use domain::{Order, OrderFor, Value};
use sync::{Asks, Trail};

/// What stands before the id of what an order is for, so that all orders for it are found.
const OF: [(OrderFor, &str); 3] = [
    (OrderFor::Project, OF_PROJECT),
    (OrderFor::Invoice, OF_INVOICE),
    (OrderFor::Ticket, OF_TICKET),
];
const OF_PROJECT: &str = "project:";
const OF_INVOICE: &str = "invoice:";
const OF_TICKET: &str = "ticket:";

/// How often is looked for what went to a job, in minutes, and for what time alone makes due.
const CARRIED_MINUTES: u64 = 15;
const COMPLETED_MINUTES: u64 = 4 * 60;

/// How long completed projects and tickets are looked at again, as time alone makes a job that is to be finished
/// ([`sync::finish`]); and invoices, whose items were posted before they were made, so that a stamp of ours on an item
/// tells nothing.
const COMPLETED_FOR: Duration = Duration::from_hours(30);
const INVOICED_FOR: Duration = Duration::from_hours(7 * 24);

/// Whether Autotask fills in when a project was completed, as it does of tickets, is not said: that it was shows as its
/// activity, too.
const COMPLETE: &[&str] = &["completedDateTime", "lastActivityDateTime"];

/// Autotask's fields: `autotask.md` §7.1, §7.3. That an item went to its job shows on the item, as we say it there
/// (`webServiceDate`). People look after the jobs in Jim2, and nothing of them goes back: of theirs only what vanished is looked for.
pub(super) const TRAILS: &[Trail] = &[
    about(
        ("projects", OF_PROJECT, COMPLETED_MINUTES),
        Columns {
            lingers: COMPLETED_FOR,
            ..Columns::stamped("Projects", "project", COMPLETE)
        },
    ),
    about(
        ("tickets_completed", OF_TICKET, COMPLETED_MINUTES),
        Columns {
            lingers: COMPLETED_FOR,
            ..Columns::stamped("Tickets", "completed ticket", &["completedDate"])
        },
    ),
    about(
        ("invoices", OF_INVOICE, COMPLETED_MINUTES),
        Columns {
            lingers: INVOICED_FOR,
            ..Columns::stamped("Invoices", "invoice", &["createDateTime"])
        },
    ),
    carried("projects_carried", OF_PROJECT, "projectID"),
    carried("tickets_carried", OF_TICKET, "ticketID"),
    // Only its job can vanish by itself: an order is no record of Autotask's own.
    Trail::absent("jobs", 7, Asks::Jim2(jim2::Presence::Jobs)),
];

const fn about((name, prefix, minutes): (&'static str, &'static str, u64), rows: Columns) -> Trail {
    Trail {
        prefix,
        ..Trail::in_autotask(name, minutes, rows)
    }
}

/// Items that went to their jobs, by the column of what they hang on.
const fn carried(name: &'static str, prefix: &'static str, column: &'static str) -> Trail {
    let rows = Columns {
        about: column,
        ..Columns::stamped("BillingItems", "billing item", &["webServiceDate"])
    };
    about((name, prefix, CARRIED_MINUTES), rows)
}

/// What an order is for, as trails name it.
pub(crate) fn owner(order: Order) -> Value {
    let prefix = OF.iter().find(|(of, _)| *of == order.of);
    let prefix = prefix.map_or("", |(_, prefix)| prefix);
    format!("{prefix}{}", order.id).into()
}

/// Whether an id of an event names what orders are for.
pub(crate) fn is_owner(id: &str) -> bool {
    OF.iter().any(|(_, prefix)| id.starts_with(prefix))
}
