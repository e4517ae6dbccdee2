//! Making purchases, writing their lines, and telling back what came.

use std::collections::{BTreeMap, BTreeSet};

use autotask::{Draft, PurchaseOrder, PurchaseOrderItemReceiving};
use domain::{Failure, Fixer, Key, RecordId, System, Value};
use jim2::{OrderLineCreate, PurchaseCreate};
use rust_decimal::{Decimal, prelude::ToPrimitive as _};
use sync::{Fields, Half, LINES, Line, LineChange, line_changes, lines_in};

use super::{Malformed, PurchaseHands};
use crate::{KIND, rules::RECEIVED};

/// Jim2's attributes, and our words for what is sent as them.
const SENT_AS: &[(&str, &[&str])] = &[("stock", &["lines"])];

impl PurchaseHands {
    pub(super) async fn make(
        &self,
        from: &RecordId,
        reference: &str,
        fields: &Fields,
    ) -> Result<RecordId, Failure> {
        let key = Key::new(KIND, System::Autotask, from.clone());
        let vendor = fields.get("customer").and_then(Value::as_number);
        let meant = lines_in(fields);
        let codes = self.codes(&key, meant.values()).await?;
        let lines = meant.iter();
        let lines = lines.map(|(source, line)| draft(source, line, &codes));
        let purchase = PurchaseCreate {
            vendor_no: vendor.ok_or_else(|| Failure::retry(Malformed("no vendor")))?,
            our_ref: reference.to_owned(),
            lines: lines.collect::<Result<_, _>>()?,
        };
        let made = self.jim2.create_purchase(&purchase).await;
        let made = made.map_err(|error| sync::refusal(error, &key, fields, SENT_AS))?;
        Ok(made.into())
    }

    /// Makes the lines what they are meant to be. They are looked at first, by their marks: what is there is not written
    /// again.
    pub(super) async fn change(&self, po_no: i64, fields: &Fields) -> Result<(), Failure> {
        if !fields.contains_key(LINES.name) {
            return Ok(());
        }
        let key = Key::new(KIND, System::Jim2, po_no);
        let failed = |error: jim2::Error| error.into_failure(&key);
        let there = self.purchases(&[po_no]).await.map_err(failed)?;
        let there = there.first();
        let there = there.ok_or_else(|| failed(jim2::Error::NotFound))?;
        let now = lines_in(&there.fields);
        let meant = lines_in(fields);
        let codes = self.codes(&key, meant.values()).await?;
        for (source, change) in line_changes(&now, &meant) {
            let id = there
                .fact("ids")
                .and_then(|ids| ids.part(&source)?.as_number());
            let at = id.map(|line_id| (po_no, line_id));
            let same_stock =
                |line: &Line| now.get(&source).is_some_and(|was| was.stock == line.stock);
            match (change, at) {
                (LineChange::Alter(line), Some(at)) if same_stock(&line) => {
                    let line = draft(&source, &line, &codes)?;
                    self.jim2.update_purchase_line(at, &line).await
                }
                (LineChange::Remove, Some((_, line_id))) => {
                    self.jim2.delete_purchase_line(po_no, line_id).await
                }
                // A line's stock cannot be changed: it makes room for another.
                (LineChange::Add(line) | LineChange::Alter(line), at) => {
                    let line = draft(&source, &line, &codes)?;
                    if let Some((_, line_id)) = at {
                        let gone = self.jim2.delete_purchase_line(po_no, line_id).await;
                        gone.map_err(failed)?;
                    }
                    self.jim2.add_purchase_line(po_no, &line).await
                }
                (LineChange::Remove, None) => Ok(()),
            }
            .map_err(failed)?;
        }
        Ok(())
    }

    /// The codes of stock by its numbers, as they are now: they can change.
    async fn codes(
        &self,
        key: &Key,
        lines: impl Iterator<Item = &Line>,
    ) -> Result<BTreeMap<i64, String>, Failure> {
        let numbers: BTreeSet<i64> = lines.filter_map(|line| line.stock).collect();
        if numbers.is_empty() {
            return Ok(BTreeMap::new());
        }
        let numbers: Vec<i64> = numbers.into_iter().collect();
        let found = self.jim2.stock_records(&numbers).await;
        let found = found.map_err(|error| error.into_failure(key))?;
        let code = |one: &jim2::StockItem| Some((one.stock_no, one.code.get()?.clone()));
        Ok(found.iter().filter_map(code).collect())
    }

    /// Tells an order the vendor's invoice number, and what came of its items: as much as is not told yet.
    pub(super) async fn tell_back(&self, order: i64, fields: &Fields) -> Result<(), Failure> {
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

    pub(super) async fn put(&self, order: i64, draft: &Draft) -> Result<(), Failure> {
        let key = Key::new(KIND, System::Autotask, order);
        let written = self.autotask.update::<PurchaseOrder>((), order, draft);
        written.await.map_err(|error| error.into_failure(&key))
    }
}

fn draft(
    source: &str,
    line: &Line,
    codes: &BTreeMap<i64, String>,
) -> Result<OrderLineCreate, Failure> {
    let code = line.stock.and_then(|number| codes.get(&number));
    let code = code.ok_or_else(|| Failure::retry(Malformed("its stock is not in Jim2")))?;
    Ok(OrderLineCreate {
        stock_code: code.clone(),
        qty: line.qty,
        unit_price_tf: line.price,
        description: line.marked(source),
    })
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
