//! Looking for products that are there already: those that we made, and those that may be the same stock.

use std::collections::HashSet;

use autotask::{Filter, Product, Query};
use domain::{Failure, Key, RecordId, System, Told, Value};
use sync::{Act, SIGNED_OFF};

use super::{StockHands, autotask, problem::made_before};
use crate::{KIND, reference};

/// How many creations are asked about in one call: each asks for a few values, of which one query takes 500.
const AT_ONCE: usize = 100;

/// A product to be made.
struct New<'a> {
    stock: &'a RecordId,
    reference: &'a str,
    code: Option<&'a str>,
    is_decided: bool,
}

impl StockHands {
    /// The creations of whose stock Autotask knows neither the reference nor the code; in one call for many.
    pub(super) async fn new_products(&self, creations: &[Act]) -> Result<Vec<Act>, Failure> {
        let mut sure = Vec::new();
        for some in creations.chunks(AT_ONCE) {
            let new: Vec<New<'_>> = some.iter().filter_map(new).collect();
            let found = self.like(&new).await?;
            let known: HashSet<String> = found
                .iter()
                .flat_map(|product| [&product.external_product_id, &product.sku])
                .filter_map(Told::get)
                .map(|text| text.trim().to_lowercase())
                .collect();
            let is_known = |text: &str| known.contains(&text.to_lowercase());
            let is_sure = |act: &&Act| {
                self::new(act)
                    .is_some_and(|new| !is_known(new.reference) && !new.code.is_some_and(is_known))
            };
            sure.extend(some.iter().filter(is_sure).cloned());
        }
        Ok(sure)
    }

    /// No product has the stock's code, except those that name another stock.
    pub(super) async fn is_new(&self, act: &Act) -> Result<(), Failure> {
        let Some(new) = new(act).filter(|new| !new.is_decided) else {
            return Ok(());
        };
        let found = self.like(std::slice::from_ref(&new)).await?;
        let names_stock = |product: &Product| {
            let external = product.external_product_id.get();
            external.is_some_and(|text| reference::named(text).is_some())
        };
        match found.iter().find(|product| !names_stock(product)) {
            Some(product) => Err(Failure::Hold {
                problems: vec![made_before(new.stock, new.code, product)],
            }),
            None => Ok(()),
        }
    }

    /// What a creation made whose answer was lost.
    pub(super) async fn made_by(&self, act: &Act) -> Result<Vec<RecordId>, Failure> {
        let Some(new) = new(act) else {
            return Ok(Vec::new());
        };
        let key = Key::new(KIND, System::Jim2, new.stock.clone());
        let query = Query::of(Filter::eq("externalProductID", new.reference)).only(&[]);
        let found = self.autotask.query_all::<Product>(&query).await;
        let found = found.map_err(autotask(key))?;
        Ok(found.iter().map(|product| product.id.into()).collect())
    }

    /// Products that have the reference or the code of one of these.
    async fn like(&self, new: &[New<'_>]) -> Result<Vec<Product>, Failure> {
        let Some(first) = new.first() else {
            return Ok(Vec::new());
        };
        let codes: Vec<&str> = new.iter().filter_map(|new| new.code).collect();
        let references = new.iter().map(|new| new.reference);
        let external: Vec<&str> = references.chain(codes.iter().copied()).collect();
        let mut any = vec![Filter::is_in("externalProductID", external)];
        if !codes.is_empty() {
            any.push(Filter::is_in("sku", codes));
        }
        let query = Query::of(Filter::any(any)).only(&["externalProductID", "sku", "name"]);
        let found = self.autotask.query_all::<Product>(&query).await;
        let key = Key::new(KIND, System::Jim2, first.stock.clone());
        found.map_err(autotask(key))
    }
}

fn new(act: &Act) -> Option<New<'_>> {
    let Act::Create {
        on: System::Autotask,
        from,
        reference,
        fields,
        ..
    } = act
    else {
        return None;
    };
    Some(New {
        stock: from,
        reference,
        code: fields.get("stock_code").and_then(Value::as_text),
        is_decided: fields.get(SIGNED_OFF) == Some(&true.into()),
    })
}
