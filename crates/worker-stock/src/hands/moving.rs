//! Inventory products: pieces that come and go.

use autotask::{Draft, Filter, InventoryProduct, Query};
use domain::{Failure, Key, System};
use rust_decimal::prelude::ToPrimitive as _;
use sync::Fields;

use super::{
    StockHands, autotask,
    counting::{on_hand, twice},
};
use crate::{
    KIND,
    movement::{Movement, Step},
};

/// Between the plan and the movement somebody else moved some.
#[derive(Debug, thiserror::Error)]
#[error("{there} pieces are at location {at}, and {planned} were when it was planned")]
struct Elsewhere {
    at: i64,
    there: i64,
    planned: i64,
}

/// What is there was not told.
#[derive(Debug, thiserror::Error)]
#[error("the pieces that are there are not told")]
struct NotTold;

impl StockHands {
    /// Moves what an act says. The count is looked at first: a movement that was made is not made again, and none is made
    /// from another count than it was planned from.
    pub(super) async fn move_pieces(&self, product: i64, fields: &Fields) -> Result<(), Failure> {
        let Some(movement) = Movement::read(fields) else {
            return Ok(());
        };
        let key = Key::new(KIND, System::Autotask, product);
        let at = movement.at;
        let here = vec![
            Filter::eq("productID", product),
            Filter::eq("inventoryLocationID", at),
        ];
        let rows = self.autotask.query_all(&Query::of(Filter::all(here))).await;
        let rows: Vec<InventoryProduct> = rows.map_err(autotask(key.clone()))?;
        let there = match rows.as_slice() {
            [] => 0,
            [row] => {
                let there = on_hand(row).and_then(|pieces| pieces.to_i64());
                there.ok_or_else(|| Failure::retry(NotTold))?
            }
            [..] => return Err(twice(product, at)),
        };
        let by = match movement.pieces(there) {
            Step::Done => return Ok(()),
            Step::Move(by) => by,
            Step::Elsewhere => {
                return Err(Failure::retry(Elsewhere {
                    at,
                    there,
                    planned: movement.from,
                }));
            }
        };
        let row = match rows.first() {
            Some(row) => row.id,
            None => self
                .begin_row(product, at)
                .await
                .map_err(autotask(key.clone()))?,
        };
        let moved = if by > 0 {
            self.autotask
                .add_pieces(row, &self.added(row, by, &movement))
                .await
        } else {
            self.autotask
                .remove_pieces(row, &self.removed(row, -by))
                .await
        };
        moved.map_err(autotask(key))
    }

    /// Nobody has said how many are to be there at least and at most.
    async fn begin_row(&self, product: i64, at: i64) -> Result<i64, autotask::Error> {
        let draft = Draft::new()
            .set("productID", product)
            .set("inventoryLocationID", at)
            .set("quantityMinimum", 0)
            .set("quantityMaximum", 0);
        self.autotask.create::<InventoryProduct>((), &draft).await
    }

    fn added(&self, row: i64, pieces: i64, movement: &Movement) -> Draft {
        let reckoning = &self.settings.reckoning;
        let mut draft = Draft::new()
            .set("inventoryProductID", row)
            .set("quantityBeingAdded", pieces)
            .set("determineCostUsing", reckoning.cost_using)
            .set("determineNewPriceUsing", reckoning.price_using)
            .set("reasonForUpdate", reckoning.reason.as_str());
        if let Some(cost) = movement.cost {
            draft = draft.set_decimal("unitCost", cost);
        }
        match movement.vendor {
            Some(vendor) => draft.set("vendorID", vendor),
            None => draft,
        }
    }

    fn removed(&self, row: i64, pieces: i64) -> Draft {
        Draft::new()
            .set("inventoryProductID", row)
            .set("quantityBeingRemoved", pieces)
            .set("reasonForUpdate", self.settings.reckoning.reason.as_str())
    }
}
