//! What became of the work of orders: what is posted, and what has yet to be.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use autotask::{
    BillingItem, Company, Contract, Entity, Error, ProjectCharge, Query, Task, TicketCharge,
};
use domain::{Order, OrderFor};
use sync::{Billed, unapproved, unbilled};

use super::OrderHands;

/// What became of each order's work.
type ByOrder = BTreeMap<Order, Billed>;

/// The columns that say what an item hangs on, and who pays for it.
const WHOSE: [&str; 5] = [
    "ticketID",
    "projectID",
    "invoiceID",
    "companyID",
    "contractID",
];

impl OrderHands {
    /// What became of the work of these orders, which is completed. Who may not see all of it finishes nothing.
    pub(super) async fn billed(&self, done: &[Order]) -> Result<ByOrder, Error> {
        if done.is_empty() || !self.settings.finishes {
            return Ok(ByOrder::new());
        }
        match self.billed_of(done).await {
            Err(Error::Forbidden { .. }) => Ok(ByOrder::new()),
            found => found,
        }
    }

    async fn billed_of(&self, orders: &[Order]) -> Result<ByOrder, Error> {
        let mut billed = ByOrder::new();
        for of in [OrderFor::Project, OrderFor::Invoice, OrderFor::Ticket] {
            let these: Vec<Order> = orders.iter().filter(|it| it.of == of).copied().collect();
            billed.extend(self.posted(of, &these).await?);
        }
        let waiting = self
            .of_tickets(&in_doubt(&billed, OrderFor::Ticket))
            .await?;
        wait(&mut billed, OrderFor::Ticket, &waiting);
        let waiting = self
            .of_projects(&in_doubt(&billed, OrderFor::Project))
            .await?;
        wait(&mut billed, OrderFor::Project, &waiting);
        Ok(billed)
    }

    /// What is posted for orders of one sort. All of an invoice is on one job; of a ticket or a project each company pays
    /// for its own.
    async fn posted(&self, of: OrderFor, orders: &[Order]) -> Result<ByOrder, Error> {
        let column = match of {
            OrderFor::Project => "projectID",
            OrderFor::Invoice => "invoiceID",
            OrderFor::Ticket => "ticketID",
        };
        let ids: Vec<i64> = orders.iter().map(|order| order.id).collect();
        let columns = [&WHOSE[..], &Billed::COLUMNS].concat();
        let asking = |of| Query::of(of).only(&columns);
        let mut items: Vec<BillingItem> = self.autotask.in_batches(column, &ids, asking).await?;
        // What hangs on a ticket is on a job of the ticket, whatever project that is of.
        items.retain(|item| of != OrderFor::Project || item.ticket_id.get().is_none());
        let payers = match of {
            OrderFor::Invoice => Payers::default(),
            OrderFor::Project | OrderFor::Ticket => self.payers(&items).await?,
        };
        let is_of = |item: &BillingItem, order: &Order| {
            let owner = item.value(column).and_then(|id| id.as_number());
            let is_paid = of == OrderFor::Invoice || payers.of(item) == Some(order.payer);
            owner == Some(order.id) && is_paid
        };
        let billed = |order: &Order| {
            let own = items.iter().filter(|item| is_of(item, order));
            (*order, Billed::of(own, self.settings.billing_from))
        };
        Ok(orders.iter().map(billed).collect())
    }

    /// Who may pay for these items.
    async fn payers(&self, items: &[BillingItem]) -> Result<Payers, Error> {
        let ids = |id: fn(&BillingItem) -> Option<&i64>| items.iter().filter_map(id).copied();
        Ok(Payers {
            companies: self.by_id(ids(|item| item.company_id.get())).await?,
            contracts: self.by_id(ids(|item| item.contract_id.get())).await?,
        })
    }

    /// The tickets of which something is not posted yet. Who pays for that shows once it is, so that the jobs of all wait.
    async fn of_tickets(&self, tickets: &[i64]) -> Result<BTreeSet<i64>, Error> {
        let mut waiting = unapproved(&self.autotask, "ticketID", tickets).await?;
        waiting.extend(unbilled::<TicketCharge>(&self.autotask, "ticketID", tickets).await?);
        Ok(waiting)
    }

    /// The same of projects, whose time is that of their tasks.
    async fn of_projects(&self, projects: &[i64]) -> Result<BTreeSet<i64>, Error> {
        let asking = |of| Query::of(of).only(&["projectID"]);
        let tasks: Vec<Task> = self
            .autotask
            .in_batches("projectID", projects, asking)
            .await?;
        let ids: Vec<i64> = tasks.iter().map(Entity::id).collect();
        let late = unapproved(&self.autotask, "taskID", &ids).await?;
        let late = tasks.iter().filter(|task| late.contains(&task.id));
        let mut waiting: BTreeSet<i64> =
            late.filter_map(|it| it.project_id.get()).copied().collect();
        waiting.extend(unbilled::<ProjectCharge>(&self.autotask, "projectID", projects).await?);
        Ok(waiting)
    }

    /// Records by their ids; none asked for is no call.
    async fn by_id<E: Entity>(
        &self,
        ids: impl Iterator<Item = i64>,
    ) -> Result<HashMap<i64, E>, Error> {
        let ids: BTreeSet<i64> = ids.collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        let found: Vec<E> = self.autotask.by_ids(&ids, &[]).await?;
        Ok(found.into_iter().map(|one| (one.id(), one)).collect())
    }
}

/// Whoever may pay for items: their companies, and the contracts that they are under.
#[derive(Debug, Default)]
struct Payers {
    companies: HashMap<i64, Company>,
    contracts: HashMap<i64, Contract>,
}

impl Payers {
    /// Who pays for an item.
    fn of(&self, item: &BillingItem) -> Option<i64> {
        let own = *item.company_id.get()?;
        let contract = item.contract_id.get();
        let contract = contract.map(|id| (*id, self.contracts.get(id)));
        Some(autotask::payer(own, self.companies.get(&own), contract))
    }
}

/// Of what orders of one sort are for, that for which nothing is known to wait.
fn in_doubt(billed: &ByOrder, of: OrderFor) -> Vec<i64> {
    let in_doubt = billed
        .iter()
        .filter(|(order, billed)| order.of == of && **billed != Billed::Waits);
    in_doubt.map(|(order, _)| order.id).collect()
}

/// The orders for these wait.
fn wait(billed: &mut ByOrder, of: OrderFor, ids: &BTreeSet<i64>) {
    for (order, billed) in billed {
        if order.of == of && ids.contains(&order.id) {
            *billed = Billed::Waits;
        }
    }
}
