//! Reading in as few calls as possible.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use autotask::{
    Filter, Product, PurchaseOrder, PurchaseOrderItem, PurchaseOrderItemReceiving, Query,
};
use rust_decimal::Decimal;
use sync::Half;

use super::PurchaseHands;
use crate::halves;

impl PurchaseHands {
    /// Orders, their items, what those are called and what came of them: a call each.
    pub(super) async fn orders(&self, ids: &[i64]) -> Result<Vec<Half>, autotask::Error> {
        let orders: Vec<PurchaseOrder> = self.autotask.by_ids(ids, &[]).await?;
        let items: Vec<PurchaseOrderItem> = self.autotask.where_in("orderID", ids, &[]).await?;
        let products: BTreeSet<i64> = items
            .iter()
            .filter_map(|item| item.product_id.get().copied())
            .collect();
        let mut names = HashMap::new();
        if !products.is_empty() {
            let query = Query::of(Filter::is_in("id", products)).only(&["name"]);
            let products: Vec<Product> = self.autotask.query_all(&query).await?;
            let name = |one: &Product| Some((one.id, one.name.get()?.clone()));
            names.extend(products.iter().filter_map(name));
        }
        let of_items: Vec<i64> = items.iter().map(|item| item.id).collect();
        let came = self.came(&of_items).await?;
        let half = |order: &PurchaseOrder| {
            let own = items
                .iter()
                .filter(|item| item.order_id.get() == Some(&order.id));
            let own: Vec<&PurchaseOrderItem> = own.collect();
            let mut half = halves::order(order, &own, &names);
            let item =
                |item: &&PurchaseOrderItem| Some((item.id.to_string(), *came.get(&item.id)?));
            let received = halves::quantities(own.iter().filter_map(item));
            half.tell("received", Some(received));
            half
        };
        Ok(orders.iter().map(half).collect())
    }

    /// How much came of these items in all.
    pub(super) async fn came(
        &self,
        items: &[i64],
    ) -> Result<BTreeMap<i64, Decimal>, autotask::Error> {
        let rows = self.autotask.where_in("purchaseOrderItemID", items, &[]);
        let rows: Vec<PurchaseOrderItemReceiving> = rows.await?;
        let mut came: BTreeMap<i64, Decimal> = BTreeMap::new();
        for row in &rows {
            if let (Some(item), Some(qty)) = (
                row.purchase_order_item_id.get(),
                row.quantity_now_receiving.get(),
            ) {
                *came.entry(*item).or_default() += qty;
            }
        }
        Ok(came)
    }
}
