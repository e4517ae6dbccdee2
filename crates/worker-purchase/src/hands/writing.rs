//! Telling back what came.

use autotask::{Draft, PurchaseOrderItemReceiving};
use domain::{Failure, Fixer, Key, System, Value};
use rust_decimal::{Decimal, prelude::ToPrimitive as _};
use sync::{Fields, Half, LinedHands as _};

use super::PurchaseHands;
use crate::{KIND, rules::RECEIVED};

impl PurchaseHands {
    /// Tells an order the vendor's invoice number, and what came of its items: as much as is not told yet.
    pub(super) async fn tell_what_came(&self, order: i64, fields: &Fields) -> Result<(), Failure> {
        if let Some(number) = fields.get("vendor_invoice") {
            let draft = Draft::new().set("vendorInvoiceNumber", number.clone());
            self.put(order, &draft).await?;
        }
        let Some(Value::Parts(received)) = fields.get(RECEIVED.name) else {
            return Ok(());
        };
        let key = Key::new(KIND, System::Autotask, order);
        let items: Vec<i64> = received.keys().filter_map(|id| id.parse().ok()).collect();
        let told = self.came(&items).await;
        let told = told.map_err(|error| error.into_failure(&key))?;
        for item in items {
            let came = received.get(&item.to_string()).and_then(Value::as_text);
            let came = came.and_then(|came| came.parse::<Decimal>().ok());
            let more = came.unwrap_or_default() - told.get(&item).copied().unwrap_or_default();
            if more.is_zero() {
                continue;
            }
            let whole = more
                .to_i64()
                .filter(|whole| *whole > 0 && more.fract().is_zero());
            let whole = whole.ok_or_else(|| less(order, item, more))?;
            let draft = Draft::new()
                .set("purchaseOrderItemID", item)
                .set("quantityNowReceiving", whole);
            let told = self
                .autotask
                .create::<PurchaseOrderItemReceiving>(item, &draft);
            told.await.map_err(|error| error.into_failure(&key))?;
        }
        Ok(())
    }
}

/// Autotask takes what comes in whole pieces, and nothing back.
fn less(order: i64, item: i64, more: Decimal) -> Failure {
    let half = Half::new(order, format!("Purchase order {order}"));
    let says = format!(
        "of item {item} {more} more came in Jim2 than Autotask has received, which it cannot take"
    );
    let who = (
        Fixer::Finance,
        "put it right by hand on either side".to_owned(),
    );
    let mut problem = half.problem(&KIND, System::Autotask, "received-otherwise", says, who);
    problem.field = Some(RECEIVED.name.to_owned());
    Failure::Hold {
        problems: vec![problem],
    }
}
