//! Reads and writes of purchase orders and purchases. Every decision was made before.

mod reading;
mod writing;

use autotask::{Draft, PurchaseOrder};
use domain::{Failure, Key, RecordId, System};
use jim2::{OrderCreate, OrderKind};
use sync::{Act, Half, Hands, LinedHands, Malformed};

use crate::{KIND, halves};

/// The hands of this kind.
#[derive(Debug, Clone)]
pub struct PurchaseHands {
    /// Autotask.
    pub autotask: autotask::Client,
    /// Jim2.
    pub jim2: jim2::Client,
}

impl PurchaseHands {
    fn lined(&self) -> LinedHands<'_> {
        LinedHands {
            jim2: &self.jim2,
            of: OrderKind::Purchase,
            kind: KIND,
            sent_as: &[("stock", &["lines"])],
        }
    }
}

impl Hands for PurchaseHands {
    async fn read(&self, on: System, ids: &[RecordId]) -> Result<Vec<Half>, Failure> {
        let Some(first) = ids.first() else {
            return Ok(Vec::new());
        };
        let key = Key::new(KIND, on, first.clone());
        let numbers: Vec<i64> = ids.iter().filter_map(RecordId::number).collect();
        match on {
            System::Autotask => {
                let orders = self.orders(&numbers).await;
                orders.map_err(|error| error.into_failure(&key))
            }
            System::Jim2 => {
                let purchases = self.lined().read(&numbers).await;
                let purchases = purchases.map_err(|error| error.into_failure(&key))?;
                let half = |(purchase, half): (_, _)| halves::purchase(&purchase, half);
                Ok(purchases.into_iter().map(half).collect())
            }
        }
    }

    /// Orders by their numbers, as Our Ref names them.
    async fn locate(
        &self,
        on: System,
        names: &[RecordId],
    ) -> Result<Vec<(RecordId, RecordId)>, Failure> {
        let Some(first) = names.first().filter(|_| on == System::Autotask) else {
            return Ok(Vec::new());
        };
        let sought: Vec<&str> = names.iter().map(RecordId::as_str).collect();
        let found = self
            .autotask
            .where_in("purchaseOrderNumber", &sought, &[])
            .await;
        let key = Key::new(KIND, on, first.clone());
        let found: Vec<PurchaseOrder> = found.map_err(|error| error.into_failure(&key))?;
        let pair = |order: &PurchaseOrder| {
            let number = order.purchase_order_number.get()?;
            Some((number.as_str().into(), order.id.into()))
        };
        Ok(found.iter().filter_map(pair).collect())
    }

    async fn find(&self, act: &Act) -> Result<Vec<RecordId>, Failure> {
        self.lined().find(act).await
    }

    async fn perform(&self, act: &Act) -> Result<Option<RecordId>, Failure> {
        let number = |id: &RecordId| {
            id.number()
                .ok_or_else(|| Failure::retry(Malformed("a number that is none")))
        };
        match act {
            Act::Create {
                on: System::Jim2,
                from,
                reference,
                fields,
                ..
            } => {
                let header = OrderCreate {
                    our_ref: reference.clone(),
                    ..OrderCreate::default()
                };
                self.lined().make(from, header, fields).await.map(Some)
            }
            Act::Update {
                on: System::Jim2,
                id,
                fields,
            } => {
                self.lined().change_lines(number(id)?, fields).await?;
                Ok(None)
            }
            Act::Update {
                on: System::Autotask,
                id,
                fields,
            } => self.tell_back(number(id)?, fields).await.map(|()| None),
            Act::Refer {
                on: System::Autotask,
                id,
                to: Some(to),
                ..
            } => {
                let draft = Draft::new().set("externalPONumber", to.as_str());
                self.put(number(id)?, &draft).await.map(|()| None)
            }
            Act::Create { .. }
            | Act::Refer { .. }
            | Act::CreateChild { .. }
            | Act::UpdateChild { .. } => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests;
