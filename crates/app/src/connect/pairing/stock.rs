//! Products and stock: read only where stock is carried, as there may be many thousands of either.

use autotask::{Filter, Query};
use domain::{Key, System, Told};
use jim2::StockItem;
use serde_json::Value;
use store::mapping::Direction;
use sync::Facts;

use super::{STOCK, read};
use crate::connect::{
    Kit, Report,
    failure::of_jim2,
    jim2_side::Jim2Side,
    matching::{self, Matched, Settled},
};

/// Rows of one page of Jim2.
const PAGE_ROWS: usize = 1_000;

/// What there is of stock, where it is carried.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    products: Vec<matching::Product>,
    stock: Vec<StockItem>,
}

/// Reads both sides, unless making products is off.
pub(super) async fn read(kit: &Kit, jim2: &Jim2Side, report: &Report<'_>) -> anyhow::Result<Shelf> {
    let switches = store::mapping::load(&kit.db).await?.switches;
    let is_on = switches.iter().any(|switch| {
        switch.kind == STOCK
            && switch.direction == Direction::into_system(System::Autotask)
            && switch.create_enabled
    });
    if !is_on {
        return Ok(Shelf::default());
    }
    let query = Query::of(Filter::gt("id", 0)).only(&["name", "externalProductID", "sku"]);
    let products: Vec<autotask::Product> = read::all(kit, &query, report).await?;
    let word = |told: &Told<String>| told.get().cloned().unwrap_or_default();
    let product = |product: &autotask::Product| matching::Product {
        id: product.id,
        name: word(&product.name),
        external: word(&product.external_product_id),
        sku: word(&product.sku),
    };
    Ok(Shelf {
        products: products.iter().map(product).collect(),
        stock: stock(jim2, report).await?,
    })
}

async fn stock(jim2: &Jim2Side, report: &Report<'_>) -> anyhow::Result<Vec<StockItem>> {
    let failed = |error| of_jim2(error, "read stock");
    let (mut all, mut last) = (Vec::new(), 0);
    loop {
        let page = jim2.client.stock_after(last, PAGE_ROWS).await;
        let Some(page) = page.map_err(failed)? else {
            return jim2.client.every_stock().await.map_err(failed);
        };
        let Some(end) = page.iter().map(|one| one.stock_no).max() else {
            return Ok(all);
        };
        last = end;
        report.advance(page.len());
        all.extend(page);
    }
}

impl Shelf {
    /// What belongs together.
    pub(super) fn matched(&self, settled: &Settled) -> Matched {
        let stock = self.stock.iter().map(|one| matching::Stock {
            no: one.stock_no,
            code: one.code.get().cloned().unwrap_or_default(),
        });
        matching::stock(&self.products, &stock.collect::<Vec<_>>(), settled)
    }

    /// Stock of the chosen groups that has no product yet: the worker decides on each.
    pub(super) async fn without_product(
        &self,
        kit: &Kit,
        settled: &Settled,
    ) -> anyhow::Result<Vec<Key>> {
        let mut facts = Facts::empty(kit.time_zone, kit.clock.now());
        let filters = store::mapping::load(&kit.db).await?.filters.into_iter();
        let filters = filters.filter(|filter| filter.kind == STOCK && !filter.setting.is_null());
        facts
            .filters
            .extend(filters.map(|filter| ((filter.kind, filter.name), filter.setting)));
        if facts.filters.is_empty() {
            return Ok(Vec::new());
        }
        let is_chosen =
            |group: &String| facts.lets_pass(&STOCK, "groups", Some(&Value::from(group.as_str())));
        let new = self.stock.iter().filter(|one| {
            let groups = one.groups.get();
            one.active == Told::Is(true)
                && groups.is_some_and(|groups| groups.iter().any(is_chosen))
                && !settled.jim2.contains(&one.stock_no.to_string())
        });
        Ok(new
            .map(|one| Key::new(STOCK, System::Jim2, one.stock_no))
            .collect())
    }
}
