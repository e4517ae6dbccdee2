//! What became of the work of completed tickets: what is posted, and what has yet to be.

use std::collections::{BTreeMap, BTreeSet};

use autotask::{BillingItem, Entity as _, Error, Filter, Query, Ticket, TicketCharge, TimeEntry};

use super::TicketHands;
use crate::{
    billed::{Billed, is_to_be_billed, may_cost},
    halves::is_completed,
};

/// Tickets of one query.
const BATCH: usize = 200;

/// The columns of items that tell it.
const ITEM: &[&str] = &[
    "ticketID",
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
        let mut all = BTreeMap::new();
        for batch in tickets.chunks(BATCH) {
            let of = |ids: &[i64]| Filter::is_in("ticketID", ids.iter().copied());
            let items = Query::of(of(batch)).only(ITEM);
            let items: Vec<BillingItem> = self.autotask.query_all(&items).await?;
            let billed = |ticket: i64| {
                let own = items.iter();
                let own = own.filter(move |item| item.ticket_id.get() == Some(&ticket));
                (ticket, Billed::of(own, self.settings.billing_from))
            };
            let mut batch: BTreeMap<i64, Billed> = batch.iter().copied().map(billed).collect();

            let unapproved = Filter::all([
                of(&in_doubt(&batch)),
                Filter::not_exists("billingApprovalDateTime"),
            ]);
            let columns = ["ticketID", "isNonBillable", "hoursToBill"];
            self.wait_for(&mut batch, &unapproved, &columns, |entry: &TimeEntry| {
                (may_cost(entry), entry.ticket_id.get().copied())
            })
            .await?;
            let unbilled = Filter::all([of(&in_doubt(&batch)), Filter::eq("isBilled", false)]);
            let columns = ["ticketID", "isBillableToCompany"];
            self.wait_for(&mut batch, &unbilled, &columns, |charge: &TicketCharge| {
                (is_to_be_billed(charge), charge.ticket_id.get().copied())
            })
            .await?;
            all.extend(batch);
        }
        Ok(all)
    }

    /// Tickets with such a record wait for it.
    async fn wait_for<E: autotask::Entity>(
        &self,
        batch: &mut BTreeMap<i64, Billed>,
        filter: &Filter,
        columns: &[&str],
        about: impl Fn(&E) -> (bool, Option<i64>),
    ) -> Result<(), Error> {
        if in_doubt(batch).is_empty() {
            return Ok(());
        }
        let query = Query::of(filter.clone()).only(columns);
        let found: Vec<E> = self.autotask.query_all(&query).await?;
        let found = found.iter().map(about);
        let waiting: BTreeSet<i64> = found
            .filter_map(|(waits, ticket)| ticket.filter(|_| waits))
            .collect();
        for ticket in waiting {
            batch.insert(ticket, Billed::Waits);
        }
        Ok(())
    }
}

/// Those that nothing is known to wait for.
fn in_doubt(batch: &BTreeMap<i64, Billed>) -> Vec<i64> {
    let in_doubt = batch.iter().filter(|(_, billed)| **billed != Billed::Waits);
    in_doubt.map(|(ticket, _)| *ticket).collect()
}
