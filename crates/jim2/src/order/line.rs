//! The stock lines of purchases and quotes.

use domain::Told;
use reqwest::Method;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::OrderKind;
use crate::{
    Client, Error, client::Style, job_stock::digits, json_api::Sent, part_id, record::Record,
};

/// A stock line of a purchase or a quote.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrderLine {
    /// The line's number within its purchase or quote.
    pub line_id: i64,
    /// Stock code.
    pub stock_code: Told<String>,
    /// How much was ordered.
    pub qty: Told<Decimal>,
    /// How much of it was received; a quote's lines tell none.
    pub supplied_qty: Told<Decimal>,
    /// Dollars a unit without tax.
    pub unit_price_tf: Told<Decimal>,
    /// What the line says.
    pub description: Told<String>,
}

/// A line to be made, or as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLineCreate {
    /// Stock code, which cannot be changed later.
    pub stock_code: String,
    /// How much.
    pub qty: Decimal,
    /// Dollars a unit without tax.
    pub unit_price_tf: Decimal,
    /// What the line says.
    pub description: String,
}

impl OrderLine {
    pub(super) fn of_record(line_id: i64, record: &Record) -> Result<Self, Error> {
        Ok(Self {
            line_id,
            stock_code: record.text("stockCode"),
            qty: record.decimal("qty")?,
            supplied_qty: record.decimal("suppliedQty")?,
            unit_price_tf: record.decimal("unitPriceTF")?,
            description: record.text("description"),
        })
    }
}

impl OrderLineCreate {
    /// What it is made with, as a resource's attributes and as an entry of a create call's list.
    pub(super) fn attributes(&self) -> Map<String, Value> {
        let mut attributes = self.changes();
        attributes.insert("stockCode".to_owned(), self.stock_code.as_str().into());
        attributes
    }

    /// What can be changed of it.
    fn changes(&self) -> Map<String, Value> {
        Map::from_iter([
            ("qty".to_owned(), digits(self.qty)),
            ("unitPriceTF".to_owned(), digits(self.unit_price_tf)),
            ("description".to_owned(), self.description.as_str().into()),
        ])
    }
}

/// What is done to a line: of a build that has no such lines of quotes it is [`Error::NotWritable`].
impl Client {
    /// Adds a line.
    pub async fn add_order_line(
        &self,
        (of, no): (OrderKind, i64),
        line: &OrderLineCreate,
    ) -> Result<(), Error> {
        let url = self.order_url(of, &[&no.to_string(), "stock"]);
        let body = Sent::new(of.line(), line.attributes());
        let sent = (Style::JsonApi, &body);
        let done = self.write("jim2.add_order_line", Method::POST, url, sent);
        let done = done.await.map(drop);
        self.or_not_writable(of, "stock", done).await
    }

    /// Changes a line of the same stock.
    pub async fn update_order_line(
        &self,
        (of, no, line_id): (OrderKind, i64, i64),
        line: &OrderLineCreate,
    ) -> Result<(), Error> {
        let key = part_id::join(no, line_id);
        let url = self.order_url(of, &[&no.to_string(), "stock", &key]);
        let body = Sent::changes(of.line(), key, line.changes());
        let sent = (Style::JsonApi, &body);
        let done = self.write("jim2.update_order_line", Method::PATCH, url, sent);
        let done = done.await.map(drop);
        self.or_not_writable(of, "stock", done).await
    }

    /// Deletes a line. What is not there any more is [`Error::NotFound`].
    pub async fn delete_order_line(
        &self,
        (of, no, line_id): (OrderKind, i64, i64),
    ) -> Result<(), Error> {
        let key = part_id::join(no, line_id);
        let url = self.order_url(of, &[&no.to_string(), "stock", &key]);
        let done = self.remove("jim2.delete_order_line", url).await;
        self.or_not_writable(of, "stock", done).await
    }
}
