//! What became of the work of completed tickets: what is posted, and what has yet to be.

use std::collections::BTreeMap;

use autotask::{BillingItem, Entity as _, Error, Filter, Query, Ticket, TicketCharge, TimeEntry};

use super::TicketHands;
use crate::{
    billed::{Billed, is_to_be_billed, may_cost},
    halves::is_completed,
};

/// The column with the ticket that a record is of.
const TICKET: &str = "ticketID";

/// The columns of items that tell it.
const ITEM: &[&str] = &[
    TICKET,
    "extendedPrice",
    "postedOnTime",
    "postedDate",
    "webServiceDate",
];

impl TicketHands {
    /// What became of the work of those tickets that are completed and have jobs: a call a batch for what was posted, and
    /// up to two for what was not, as long as a ticket is in doubt. Who may not see all of it finishes nothing.
    pub(super) async fn billed(&self, tickets: &[Ticket]) -> Result<BTreeMap<i64, Billed>, Error> {
        let settings = &self.settings;
        let done = tickets.iter().filter(|ticket| {
            is_completed(ticket) && ticket.udf(&settings.job_no_udf).get().is_some()
        });
        let done: Vec<i64> = done.map(|ticket| ticket.id).collect();
        if done.is_empty() || !settings.finishes {
            return Ok(BTreeMap::new());
        }
        match self.billed_of(&done).await {
            Err(Error::Forbidden { .. }) => Ok(BTreeMap::new()),
            found => found,
        }
    }

    async fn billed_of(&self, tickets: &[i64]) -> Result<BTreeMap<i64, Billed>, Error> {
        let items = self
            .autotask
            .in_batches(TICKET, tickets, |of| Query::of(of).only(ITEM));
        let items: Vec<BillingItem> = items.await?;
        let billed = |ticket: &i64| {
            let own = items.iter();
            let own = own.filter(|item| item.ticket_id.get() == Some(ticket));
            (*ticket, Billed::of(own, self.settings.billing_from))
        };
        let mut all: BTreeMap<i64, Billed> = tickets.iter().map(billed).collect();

        let unapproved = (
            Filter::not_exists("billingApprovalDateTime"),
            &[TICKET, "isNonBillable", "hoursToBill"][..],
        );
        self.wait_for(&mut all, unapproved, |entry: &TimeEntry| {
            (may_cost(entry), entry.ticket_id.get().copied())
        })
        .await?;
        let unbilled = (
            Filter::eq("isBilled", false),
            &[TICKET, "isBillableToCompany"][..],
        );
        self.wait_for(&mut all, unbilled, |charge: &TicketCharge| {
            (is_to_be_billed(charge), charge.ticket_id.get().copied())
        })
        .await?;
        Ok(all)
    }

    /// Of the tickets that are in doubt, those with such a record wait for it.
    async fn wait_for<E: autotask::Entity>(
        &self,
        billed: &mut BTreeMap<i64, Billed>,
        (such, columns): (Filter, &[&str]),
        about: impl Fn(&E) -> (bool, Option<i64>),
    ) -> Result<(), Error> {
        let asking = |of: Filter| Query::of(Filter::all([of, such.clone()])).only(columns);
        let tickets = in_doubt(billed);
        let found = self.autotask.in_batches(TICKET, &tickets, asking);
        let found: Vec<E> = found.await?;
        let waiting = found.iter().map(about);
        for ticket in waiting.filter_map(|(waits, ticket)| ticket.filter(|_| waits)) {
            billed.insert(ticket, Billed::Waits);
        }
        Ok(())
    }
}

/// Those that nothing is known to wait for.
fn in_doubt(billed: &BTreeMap<i64, Billed>) -> Vec<i64> {
    let in_doubt = billed
        .iter()
        .filter(|(_, billed)| **billed != Billed::Waits);
    in_doubt.map(|(ticket, _)| *ticket).collect()
}
