//! Reads and writes of purchase orders and purchases. Every decision was made before.

mod reading;
mod writing;

use autotask::PurchaseOrder;
use domain::{Failure, Kind};
use jim2::{Order, OrderKind};
use sync::{Fields, Half, LinedHands, Number};

use crate::{KIND, halves};

/// The hands of this kind.
#[derive(Debug, Clone)]
pub struct PurchaseHands {
    /// Autotask.
    pub autotask: autotask::Client,
    /// Jim2.
    pub jim2: jim2::Client,
}

impl LinedHands for PurchaseHands {
    type Record = PurchaseOrder;

    const KIND: Kind = KIND;
    const OF: OrderKind = OrderKind::Purchase;
    const NUMBER: Number = Number {
        field: "purchaseOrderNumber",
        mark: "",
        is_whole: false,
    };
    const EXTERNAL: &'static str = "externalPONumber";
    const SENT_AS: &'static [(&'static str, &'static [&'static str])] = &[("stock", &["lines"])];

    fn clients(&self) -> (&autotask::Client, &jim2::Client) {
        (&self.autotask, &self.jim2)
    }

    async fn records(&self, ids: &[i64]) -> Result<Vec<Half>, autotask::Error> {
        self.orders(ids).await
    }

    fn order(&self, order: Order, half: Half) -> Half {
        halves::purchase(&order, half)
    }

    async fn tell_back(&self, id: i64, fields: &Fields) -> Result<(), Failure> {
        self.tell_what_came(id, fields).await
    }
}

#[cfg(test)]
mod tests;
