//! What is alike in all kinds that stand for Jim2's purchases or quotes: a header that names its other half in Our Ref, with
//! lines that follow the items of that half ([`crate::LINES`]).
//!
//! A kind of them brings [`LinedRules`] and [`LinedHands`] instead of all that [`crate::Rules`] and [`crate::Hands`] ask for.
//! Facts that it tells of a half of Autotask: its `number`, as Our Ref names it, its `company`, and `no_reference` where
//! nothing is in the field that the other half's number goes to. Of a half of Jim2 are told its `card`, its `status` and the
//! `ids` of its lines by their sources.

mod hands;
mod rules;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{Failure, Key, Kind, RecordId, System, Told, Value};
use jim2::{Order, OrderCreate, OrderKind, OrderLineCreate};
use rust_decimal::Decimal;

pub use self::{
    hands::{LinedHands, Number},
    rules::LinedRules,
};
use crate::{
    Act, CODED, Fields, Half, LINES, Line, LineChange, Malformed, Pointer, Stock, line_changes,
    lines_in, refusal, source_of, tell_lines,
};

/// The field whose value is a status of Jim2's, where a kind has one.
const STATUS: &str = "status";

/// What such a kind does in Jim2.
#[derive(Debug, Clone)]
pub struct InJim2<'a> {
    /// Jim2.
    pub jim2: &'a jim2::Client,
    /// Which of the two.
    pub of: OrderKind,
    /// The kind.
    pub kind: Kind,
    /// Jim2's attributes, and the kind's words for what is sent as them, as [`refusal`] takes them.
    pub sent_as: &'static [(&'static str, &'static [&'static str])],
}

impl InJim2<'_> {
    /// Halves with the orders they are, in a call each or fewer, and one for the numbers of all stock that is ours on them.
    pub async fn read(&self, numbers: &[i64]) -> Result<Vec<(Order, Half)>, jim2::Error> {
        let orders = self.jim2.orders(self.of, numbers).await?;
        let lines = orders.iter().flat_map(|one| &one.lines);
        let ours = lines.filter(|line| line.description.get().is_some_and(|it| is_by_number(it)));
        let codes: BTreeSet<String> = ours
            .filter_map(|line| line.stock_code.get().cloned())
            .collect();
        let mut stock = HashMap::new();
        if !codes.is_empty() {
            let codes: Vec<String> = codes.into_iter().collect();
            for one in self.jim2.stock(&codes).await? {
                let code = one.code.get().map(|code| code.to_lowercase());
                stock.extend(code.map(|code| (code, one.stock_no)));
            }
        }
        let told = orders.into_iter().map(|order| {
            let half = half(self.of, &order, &stock);
            (order, half)
        });
        Ok(told.collect())
    }

    /// The records that a lost [`Act::Create`] made, by their Our Ref.
    pub(super) async fn find(&self, act: &Act) -> Result<Vec<RecordId>, Failure> {
        let Act::Create {
            from, reference, ..
        } = act
        else {
            return Ok(Vec::new());
        };
        let found = self.jim2.orders_by_ref(self.of, reference).await;
        let key = Key::new(self.kind.clone(), System::Autotask, from.clone());
        let found = found.map_err(|error| error.into_failure(&key))?;
        Ok(found.into_iter().map(RecordId::from).collect())
    }

    /// Makes one of these fields, for the card that is among them, with what `header` says beside.
    pub(super) async fn make(
        &self,
        from: &RecordId,
        header: OrderCreate,
        fields: &Fields,
    ) -> Result<RecordId, Failure> {
        let key = Key::new(self.kind.clone(), System::Autotask, from.clone());
        let card = fields.get("customer").and_then(Value::as_number);
        let meant = lines_in(fields);
        let codes = self.codes(&key, meant.values()).await?;
        let lines = meant.iter();
        let lines = lines.map(|(source, line)| draft(source, line, &codes));
        let order = OrderCreate {
            card_no: card.ok_or_else(|| Failure::retry(Malformed("no card")))?,
            lines: lines.collect::<Result<_, _>>()?,
            ..header
        };
        let made = self.jim2.create_order(self.of, &order).await;
        let made = made.map_err(|error| refusal(error, &key, fields, self.sent_as))?;
        Ok(made.into())
    }

    /// Makes the lines what they are meant to be, where the fields have any. They are looked at first, by their marks: what
    /// is there is not written again.
    pub(super) async fn change_lines(&self, no: i64, fields: &Fields) -> Result<(), Failure> {
        if !fields.contains_key(LINES.name) {
            return Ok(());
        }
        let key = Key::new(self.kind.clone(), System::Jim2, no);
        let failed = |error: jim2::Error| refusal(error, &key, fields, self.sent_as);
        let there = self.read(&[no]).await.map_err(failed)?;
        let there = there.first().map(|(_, half)| half);
        let there = there.ok_or_else(|| failed(jim2::Error::NotFound))?;
        let now = lines_in(&there.fields);
        let meant = lines_in(fields);
        let codes = self.codes(&key, meant.values()).await?;
        for (source, change) in line_changes(&now, &meant) {
            let ids = there.fact("ids");
            let id = ids.and_then(|ids| ids.part(&source)?.as_number());
            let at = id.map(|line_id| (self.of, no, line_id));
            let stays = |line: &Line| now.get(&source).is_some_and(|was| was.stock == line.stock);
            match (change, at) {
                (LineChange::Alter(line), Some(at)) if stays(&line) => {
                    let line = draft(&source, &line, &codes)?;
                    self.jim2.update_order_line(at, &line).await
                }
                (LineChange::Remove, Some(at)) => self.jim2.delete_order_line(at).await,
                // A line's stock cannot be changed: it makes room for another.
                (LineChange::Add(line) | LineChange::Alter(line), at) => {
                    let line = draft(&source, &line, &codes)?;
                    if let Some(at) = at {
                        self.jim2.delete_order_line(at).await.map_err(failed)?;
                    }
                    self.jim2.add_order_line((self.of, no), &line).await
                }
                (LineChange::Remove, None) => Ok(()),
            }
            .map_err(failed)?;
        }
        Ok(())
    }

    /// Gives it another status, where the fields have one.
    pub(super) async fn change_status(&self, no: i64, fields: &Fields) -> Result<(), Failure> {
        let Some(status) = fields.get(STATUS).and_then(Value::as_text) else {
            return Ok(());
        };
        let key = Key::new(self.kind.clone(), System::Jim2, no);
        let done = self.jim2.set_order_status(self.of, no, status).await;
        done.map_err(|error| refusal(error, &key, fields, self.sent_as))
    }

    /// The codes of stock by its numbers, as they are now: they can change.
    async fn codes(
        &self,
        key: &Key,
        lines: impl Iterator<Item = &Line>,
    ) -> Result<BTreeMap<i64, String>, Failure> {
        let number = |line: &Line| match line.stock {
            Some(Stock::Number(number)) => Some(number),
            Some(Stock::Code(_) | Stock::Sold(_)) | None => None,
        };
        let numbers: BTreeSet<i64> = lines.filter_map(number).collect();
        if numbers.is_empty() {
            return Ok(BTreeMap::new());
        }
        let numbers: Vec<i64> = numbers.into_iter().collect();
        let found = self.jim2.stock_records(&numbers).await;
        let found = found.map_err(|error| error.into_failure(key))?;
        let code = |one: &jim2::StockItem| Some((one.stock_no, one.code.get()?.clone()));
        Ok(found.iter().filter_map(code).collect())
    }
}

/// The half that an order is. `stock` has the numbers of stock codes, in small letters.
fn half(of: OrderKind, order: &Order, stock: &HashMap<String, i64>) -> Half {
    let mut half = Half::new(order.no, format!("{} {}", of.name(), order.no));
    let (mut ids, mut lines) = (BTreeMap::new(), Vec::new());
    for line in &order.lines {
        let said = line.description.get();
        let Some((source, text)) = said.and_then(|said| source_of(said)) else {
            continue; // People add lines, and those are theirs.
        };
        let code = line.stock_code.get();
        let of_line = if source.ends_with(CODED) {
            code.map(|code| Stock::code(code))
        } else {
            let number = code.and_then(|code| stock.get(&code.to_lowercase()));
            number.copied().map(Stock::Number)
        };
        let (qty, price) = (amount(&line.qty), amount(&line.unit_price_tf));
        ids.insert(source.clone(), Value::Number(line.line_id));
        lines.push((source, Line::new(of_line, qty, price, &text)));
    }
    tell_lines(&mut half, lines);
    half.know("ids", Some(Value::Parts(ids)));
    half.know("card", order.card_no.clone().into_value());
    half.know("status", order.status.clone().into_value());
    half.points_to = order.our_ref.get().and_then(|our_ref| pointer(our_ref));
    half.changed_at = order.last_modified.get().copied();
    half
}

/// Whether this is a line of ours that is known by its stock's number.
fn is_by_number(description: &str) -> bool {
    source_of(description).is_some_and(|(source, _)| !source.ends_with(CODED))
}

/// What Our Ref names: the number of the other half, and which of its generations this is.
fn pointer(our_ref: &str) -> Option<Pointer> {
    let (number, generation) = our_ref.trim().rsplit_once('/')?;
    Some(Pointer {
        to: number.into(),
        by_name: true,
        generation: generation.parse().ok()?,
    })
}

fn draft(
    source: &str,
    line: &Line,
    codes: &BTreeMap<i64, String>,
) -> Result<OrderLineCreate, Failure> {
    let code = match &line.stock {
        Some(Stock::Number(number)) => codes.get(number),
        Some(Stock::Code(code)) => Some(code),
        Some(Stock::Sold(_)) | None => None,
    };
    let code = code.ok_or_else(|| Failure::retry(Malformed("its stock is not in Jim2")))?;
    Ok(OrderLineCreate {
        stock_code: code.clone(),
        qty: line.qty,
        unit_price_tf: line.price,
        description: line.marked(source),
    })
}

fn amount(told: &Told<Decimal>) -> Decimal {
    told.get().copied().unwrap_or_default()
}
