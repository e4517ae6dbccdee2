//! Purchases: what is bought of vendors, and its stock lines (jim2help.happen.biz, `api_v1_pocreate`, `api_v1_pos` and
//! `api_v1_pos_{pono}_stock`, build 9804).
//!
//! The page of a purchase's lines is said to have "stock attributes": they are taken to be those of a job's lines. That
//! lines can be sent when a purchase is made no page shows: a build may take them as `stock`.

use chrono::{DateTime, Utc};
use domain::Told;
use reqwest::Method;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use url::Url;

use crate::{
    Client, Error,
    body::simple_answer,
    client::{Style, written},
    job_stock::digits,
    json_api::{Resource, Sent},
    part_id,
    time::Times,
};

/// What a purchase tells only when asked for it.
const WITH: &str = "vendor,stock";

/// A purchase with its lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Purchase {
    /// PO#.
    pub po_no: i64,
    /// The card of the vendor.
    pub vendor_no: Told<i64>,
    /// Status.
    pub status: Told<String>,
    /// Our reference, which nobody can change through the API.
    pub our_ref: Told<String>,
    /// The number of the vendor's invoice.
    pub vendor_inv_no: Told<String>,
    /// When it was last changed, where the build tells it.
    pub last_modified: Told<DateTime<Utc>>,
    /// Its lines; empty in lists, which do not tell them.
    pub lines: Vec<OrderLine>,
}

/// A stock line of a purchase.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrderLine {
    /// The line's number within its purchase.
    pub line_id: i64,
    /// Stock code.
    pub stock_code: Told<String>,
    /// How much was ordered.
    pub qty: Told<Decimal>,
    /// How much of it was received.
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

/// A purchase to be made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PurchaseCreate {
    /// The card of the vendor.
    pub vendor_no: i64,
    /// Our reference.
    pub our_ref: String,
    /// Its lines, where the build takes them at once.
    pub lines: Vec<OrderLineCreate>,
}

impl Purchase {
    fn of_resource(resource: &Resource, times: Times) -> Result<Self, Error> {
        let record = resource.record(times)?;
        Ok(Self {
            po_no: resource.number()?,
            vendor_no: resource.related("vendor")?,
            status: record.text("status"),
            our_ref: record.text("ourRef"),
            vendor_inv_no: record.text("vendorInvNo"),
            last_modified: record.time("LastModified")?,
            lines: Vec::new(),
        })
    }
}

impl OrderLine {
    fn of_resource(resource: &Resource, times: Times) -> Result<Self, Error> {
        let record = resource.record(times)?;
        Ok(Self {
            line_id: resource.last_number()?,
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
    pub(crate) fn attributes(&self) -> Map<String, Value> {
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

impl Client {
    /// The purchases with these numbers, with their lines, a call each; those that are not there are left out.
    pub async fn purchases(&self, po_nos: &[i64]) -> Result<Vec<Purchase>, Error> {
        let times = self.settings().times();
        let mut purchases = Vec::with_capacity(po_nos.len());
        for po_no in po_nos {
            let mut url = self.po_url(&[&po_no.to_string()]);
            url.query_pairs_mut().append_pair("include", WITH);
            let Some((resource, included)) = self.resource("jim2.purchase", url).await? else {
                continue;
            };
            let mut purchase = Purchase::of_resource(&resource, times)?;
            for line in included.iter().filter(|one| one.kind == "PurchaseStock") {
                purchase.lines.push(OrderLine::of_resource(line, times)?);
            }
            purchases.push(purchase);
        }
        Ok(purchases)
    }

    /// The numbers of the purchases with this reference of ours, letter case apart. No document lists the filters of
    /// purchases: a build that does not take this one is asked for all of them.
    pub async fn purchases_by_ref(&self, our_ref: &str) -> Result<Vec<i64>, Error> {
        let filter = ("OurRef", our_ref);
        let url = self.po_url(&[]);
        let found = self
            .filtered_or_all("jim2.purchases_by_ref", url, filter)
            .await?;
        let mut numbers = Vec::new();
        for resource in &found.data {
            let purchase = Purchase::of_resource(resource, self.settings().times())?;
            let named = purchase.our_ref.get();
            if named.is_some_and(|named| named.trim().eq_ignore_ascii_case(our_ref)) {
                numbers.push(purchase.po_no);
            }
        }
        Ok(numbers)
    }

    /// Makes a purchase and answers its number. Nothing but a look beforehand prevents a double.
    pub async fn create_purchase(&self, purchase: &PurchaseCreate) -> Result<i64, Error> {
        let url = self.settings().url(&["api", "v1", "pocreate"]);
        let mut body = json!({
            "poType": "Purchase", "seller": {"cardNo": purchase.vendor_no}, "ourRef": purchase.our_ref,
        });
        if !purchase.lines.is_empty() {
            let lines = purchase.lines.iter().map(OrderLineCreate::attributes);
            body["stock"] = lines.collect();
        }
        let operation = "jim2.create_purchase";
        let answer = self
            .write(operation, Method::POST, url, (Style::Simple, &body))
            .await?;
        let record = simple_answer("pocreate", &answer, self.settings().times());
        written(record.and_then(|record| record.key("poNo")))
    }

    /// Adds a line.
    pub async fn add_purchase_line(&self, po_no: i64, line: &OrderLineCreate) -> Result<(), Error> {
        let url = self.po_url(&[&po_no.to_string(), "stock"]);
        let body = Sent::new("PurchaseStock", line.attributes());
        let sent = (Style::JsonApi, &body);
        self.write("jim2.add_purchase_line", Method::POST, url, sent)
            .await?;
        Ok(())
    }

    /// Changes a line of the same stock.
    pub async fn update_purchase_line(
        &self,
        (po_no, line_id): (i64, i64),
        line: &OrderLineCreate,
    ) -> Result<(), Error> {
        let key = part_id::join(po_no, line_id);
        let url = self.po_url(&[&po_no.to_string(), "stock", &key]);
        let body = Sent::changes("PurchaseStock", key, line.changes());
        let sent = (Style::JsonApi, &body);
        self.write("jim2.update_purchase_line", Method::PATCH, url, sent)
            .await?;
        Ok(())
    }

    /// Deletes a line. What is not there any more is [`Error::NotFound`].
    pub async fn delete_purchase_line(&self, po_no: i64, line_id: i64) -> Result<(), Error> {
        let key = part_id::join(po_no, line_id);
        let url = self.po_url(&[&po_no.to_string(), "stock", &key]);
        self.remove("jim2.delete_purchase_line", url).await
    }

    fn po_url(&self, rest: &[&str]) -> Url {
        self.settings().url(&[&["api", "v1", "pos"], rest].concat())
    }
}
