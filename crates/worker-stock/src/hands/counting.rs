//! Inventory items: how many of a product lie where.

use std::collections::{BTreeMap, BTreeSet};

use autotask::{Draft, Entity as _, InventoryItem};
use domain::{Failure, Fixer, Key, Problem, System, Value};
use rust_decimal::{Decimal, prelude::ToPrimitive as _};
use sync::{Fields, Half};

use super::{StockHands, autotask};
use crate::{
    KIND,
    inventory::{INVENTORY, pieces},
};

impl StockHands {
    /// Tells products what lies at the locations that are kept: nothing where there is no item. A call for 200 products.
    pub(super) async fn tell_inventory(&self, halves: &mut [Half]) -> Result<(), autotask::Error> {
        let Some(kept) = &self.settings.inventory else {
            return Ok(());
        };
        let ids: Vec<i64> = halves.iter().filter_map(|half| half.id.number()).collect();
        let items: Vec<InventoryItem> = self.autotask.where_in("productID", &ids, &[]).await?;
        for half in halves {
            let of = half.id.number();
            let own = items
                .iter()
                .filter(|item| item.product_id.get().copied() == of);
            half.tell(INVENTORY.name, counted(own, kept));
        }
        Ok(())
    }

    /// Makes what is counted at each location what it is meant to be. The items are looked at first: they are known by
    /// product and location, so that a lost answer makes none twice.
    pub(super) async fn count(&self, product: i64, fields: &Fields) -> Result<(), Failure> {
        let Some(Value::Parts(meant)) = fields.get(INVENTORY.name) else {
            return Ok(());
        };
        let key = Key::new(KIND, System::Autotask, product);
        let items = self.autotask.where_in("productID", &[product], &[]).await;
        let items: Vec<InventoryItem> = items.map_err(autotask(key.clone()))?;
        for (location, count) in meant {
            let (Ok(location), Some(count)) = (location.parse::<i64>(), count.as_number()) else {
                continue;
            };
            let is_there =
                |item: &&InventoryItem| item.inventory_location_id.get() == Some(&location);
            let there: Vec<&InventoryItem> = items.iter().filter(is_there).collect();
            match there.as_slice() {
                [] if count == 0 => continue,
                [] => self.begin_counting(product, location, count).await,
                [item] if item.quantity_on_hand.get().and_then(Decimal::to_i64) == Some(count) => {
                    continue;
                }
                [item] => {
                    let draft = Draft::new().set("quantityOnHand", count);
                    let written = self.autotask.update::<InventoryItem>((), item.id(), &draft);
                    written.await
                }
                [..] => return Err(twice(product, location)),
            }
            .map_err(autotask(key.clone()))?;
        }
        Ok(())
    }

    /// Nobody has said how many are to be there at least and at most.
    async fn begin_counting(
        &self,
        product: i64,
        location: i64,
        count: i64,
    ) -> Result<(), autotask::Error> {
        let draft = Draft::new()
            .set("productID", product)
            .set("inventoryLocationID", location)
            .set("quantityOnHand", count)
            .set("quantityMinimum", 0)
            .set("quantityMaximum", 0);
        let made = self.autotask.create::<InventoryItem>((), &draft).await;
        made.map(|_| ())
    }
}

/// What items count at the locations that are kept; not told where one of them does not tell.
fn counted<'a>(
    items: impl Iterator<Item = &'a InventoryItem>,
    kept: &BTreeSet<i64>,
) -> Option<Value> {
    let mut sums: BTreeMap<i64, Decimal> = kept.iter().map(|at| (*at, Decimal::ZERO)).collect();
    for item in items {
        if let Some(sum) = sums.get_mut(item.inventory_location_id.get()?) {
            *sum = sum.checked_add(*item.quantity_on_hand.get()?)?;
        }
    }
    let sums = sums.into_iter();
    let told: BTreeMap<String, Value> = sums
        .map(|(at, sum)| (at.to_string(), pieces(sum)))
        .collect();
    Some(Value::Parts(told))
}

/// Which of two is right nobody can tell.
fn twice(product: i64, location: i64) -> Failure {
    let half = Half::new(product, format!("Product {product}"));
    let says = format!(
        "{} has two inventory items at location {location}",
        half.label
    );
    let who = (Fixer::Desk, "keep one of them in Autotask".to_owned());
    let problem = half.problem(&KIND, System::Autotask, "doubled", says, who);
    Failure::Hold {
        problems: vec![Problem {
            field: Some(INVENTORY.name.to_owned()),
            ..problem
        }],
    }
}
