//! How many of a product lie where: in inventory items, or in the inventory products of a newer edition.

use std::collections::{BTreeMap, BTreeSet};

use autotask::{Draft, Entity as _, InventoryItem, InventoryProduct};
use domain::{Failure, Fixer, Key, Problem, System, Told, Value};
use rust_decimal::{Decimal, prelude::ToPrimitive as _};
use sync::{Fields, Half};

use super::{StockHands, autotask};
use crate::{
    Edition, KIND,
    inventory::{INVENTORY, pieces},
    movement::AVAILABLE,
};

impl StockHands {
    /// Tells products what lies at the locations that are kept: nothing where it is not counted. A call for 200 products.
    pub(super) async fn tell_inventory(&self, halves: &mut [Half]) -> Result<(), autotask::Error> {
        let Some(kept) = &self.settings.inventory else {
            return Ok(());
        };
        let ids: Vec<i64> = halves.iter().filter_map(|half| half.id.number()).collect();
        let lying: Vec<Lying> = match self.settings.edition {
            Edition::Items => {
                let items: Vec<InventoryItem> =
                    self.autotask.where_in("productID", &ids, &[]).await?;
                items.iter().map(Lying::of_item).collect()
            }
            Edition::Products => {
                let rows: Vec<InventoryProduct> =
                    self.autotask.where_in("productID", &ids, &[]).await?;
                rows.iter().map(Lying::of_row).collect()
            }
        };
        for half in halves {
            let of = half.id.number();
            let own = || lying.iter().filter(|one| one.product == of);
            half.tell(INVENTORY.name, counted(own(), kept));
            half.know(AVAILABLE, Some(available(own())));
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

/// What lies of a product at a location, as far as it was told.
struct Lying {
    product: Option<i64>,
    at: Option<i64>,
    on_hand: Option<Decimal>,
    /// What of it can be removed, where that may be less.
    available: Option<Decimal>,
}

impl Lying {
    fn of_item(item: &InventoryItem) -> Self {
        Self {
            product: item.product_id.get().copied(),
            at: item.inventory_location_id.get().copied(),
            on_hand: item.quantity_on_hand.get().copied(),
            available: None,
        }
    }

    fn of_row(row: &InventoryProduct) -> Self {
        Self {
            product: row.product_id.get().copied(),
            at: row.inventory_location_id.get().copied(),
            on_hand: on_hand(row),
            available: row.available_units.get().copied(),
        }
    }
}

/// What is there, whatever is promised of it. No document says whether reserved and picked pieces are on hand or counted
/// apart: they are apart where all that is on hand is available although something is promised.
pub(super) fn on_hand(row: &InventoryProduct) -> Option<Decimal> {
    let on_hand = *row.on_hand_units.get()?;
    let units = |told: &Told<Decimal>| told.get().copied().unwrap_or_default();
    if row.available_units != Told::Is(on_hand) {
        return Some(on_hand);
    }
    let promised = units(&row.reserved_units).checked_add(units(&row.picked_units))?;
    on_hand.checked_add(promised)
}

/// What is counted at the locations that are kept; not told where one row does not tell.
fn counted<'a>(lying: impl Iterator<Item = &'a Lying>, kept: &BTreeSet<i64>) -> Option<Value> {
    let mut sums: BTreeMap<i64, Decimal> = kept.iter().map(|at| (*at, Decimal::ZERO)).collect();
    for one in lying {
        if let Some(sum) = sums.get_mut(&one.at?) {
            *sum = sum.checked_add(one.on_hand?)?;
        }
    }
    let sums = sums.into_iter();
    let told: BTreeMap<String, Value> = sums
        .map(|(at, sum)| (at.to_string(), pieces(sum)))
        .collect();
    Some(Value::Parts(told))
}

/// What can be removed, by location.
fn available<'a>(lying: impl Iterator<Item = &'a Lying>) -> Value {
    let told = lying.filter_map(|one| Some((one.at?.to_string(), pieces(one.available?))));
    Value::Parts(told.collect())
}

/// Which of two is right nobody can tell.
pub(super) fn twice(product: i64, location: i64) -> Failure {
    let half = Half::new(product, format!("Product {product}"));
    let says = format!("{} is counted twice at location {location}", half.label);
    let who = (Fixer::Desk, "keep one of them in Autotask".to_owned());
    let problem = half.problem(&KIND, System::Autotask, "doubled", says, who);
    Failure::Hold {
        problems: vec![Problem {
            field: Some(INVENTORY.name.to_owned()),
            ..problem
        }],
    }
}
