//! What became of the work of completed tickets: what is posted, and what has yet to be.

use std::collections::BTreeMap;

use autotask::{BillingItem, Entity as _, Error, Query, Ticket, TicketCharge};
use sync::{Billed, unapproved, unbilled};

use super::TicketHands;
use crate::halves::is_completed;

/// The column with the ticket that a record is of.
const TICKET: &str = "ticketID";

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
        let columns = [&[TICKET][..], &Billed::COLUMNS].concat();
        let items = self
            .autotask
            .in_batches(TICKET, tickets, |of| Query::of(of).only(&columns));
        let items: Vec<BillingItem> = items.await?;
        let billed = |ticket: &i64| {
            let own = items.iter();
            let own = own.filter(|item| item.ticket_id.get() == Some(ticket));
            (*ticket, Billed::of(own, self.settings.billing_from))
        };
        let mut all: BTreeMap<i64, Billed> = tickets.iter().map(billed).collect();
        let waiting = unapproved(&self.autotask, TICKET, &in_doubt(&all)).await?;
        all.extend(waiting.into_iter().map(|ticket| (ticket, Billed::Waits)));
        let waiting = unbilled::<TicketCharge>(&self.autotask, TICKET, &in_doubt(&all)).await?;
        all.extend(waiting.into_iter().map(|ticket| (ticket, Billed::Waits)));
        Ok(all)
    }
}

/// Those that nothing is known to wait for.
fn in_doubt(billed: &BTreeMap<i64, Billed>) -> Vec<i64> {
    let in_doubt = billed
        .iter()
        .filter(|(_, billed)| **billed != Billed::Waits);
    in_doubt.map(|(ticket, _)| *ticket).collect()
}
