//! Stock with all that is to be told of it elsewhere: words, costs, prices, and what lies where.
//!
//! It is read-only in every build (jim2help.happen.biz, `api_v1_stock`). Prices are told by level and quantities by
//! location, each below its stock record; the named query tells both with the record, for many records a call.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::Told;
use rust_decimal::Decimal;
use serde_json::value::RawValue;

use url::Url;

use crate::{
    Client, Error, Query,
    json_api::Resource,
    record::Record,
    time::{Times, filter_time},
};

/// A stock record with its prices and quantities.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StockItem {
    /// Stock#, which never changes.
    pub stock_no: i64,
    /// Stock code, which people can change; lines of jobs are written with it.
    pub code: Told<String>,
    /// What a line says unless it is told otherwise.
    pub description: Told<String>,
    /// The short description.
    pub short_desc: Told<String>,
    /// The detailed one.
    pub detailed_desc: Told<String>,
    /// Whether it can still be put on a job.
    pub active: Told<bool>,
    /// Names of the groups it is in.
    pub groups: Told<Vec<String>>,
    /// The manufacturer's number of it.
    pub part_number: Told<String>,
    /// What the last one cost, without tax.
    pub last_cost: Told<Decimal>,
    /// What one costs on average, without tax.
    pub avg_cost: Told<Decimal>,
    /// The letter of its tax code when it is sold.
    pub sell_tax_code: Told<String>,
    /// Its prices.
    pub prices: Told<Vec<StockPrice>>,
    /// What lies where.
    pub quantities: Told<Vec<StockQuantity>>,
    /// When it was changed last.
    pub last_modified: Told<DateTime<Utc>>,
}

/// A price of stock.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StockPrice {
    /// For whom, such as `1-Retail`.
    pub level: String,
    /// The currency, where that is told.
    pub currency: Told<String>,
    /// The letter of its tax code, where that is told.
    pub tax_code: Told<String>,
    /// Dollars a unit without tax.
    pub excl: Told<Decimal>,
}

/// What lies at a location.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StockQuantity {
    /// The location's number.
    pub location_no: i64,
    /// What is there.
    pub on_hand: Told<Decimal>,
    /// What can still be sold of it.
    pub available: Told<Decimal>,
}

impl Client {
    /// Stock with these numbers that is there: 200 a call by the named query, else three calls each.
    pub async fn stock_items(&self, numbers: &[i64]) -> Result<Vec<StockItem>, Error> {
        if let Some(rows) = self.stock_rows(numbers).await? {
            return rows.iter().map(of_row).collect();
        }
        let mut found = Vec::new();
        for &number in numbers {
            let Some(mut item) = self.stock_record(number).await? else {
                continue;
            };
            let times = self.settings().times();
            item.prices = self
                .stock_parts("jim2.stock_prices", number, "prices", |price| {
                    StockPrice::of(&price.record(times)?)
                })
                .await?;
            item.quantities = self
                .stock_parts("jim2.stock_quantities", number, "qtybylocations", |lying| {
                    StockQuantity::of(lying.last_number()?, &lying.record(times)?)
                })
                .await?;
            found.push(item);
        }
        Ok(found)
    }

    /// The same without prices and quantities where those would cost calls of their own.
    pub async fn stock_records(&self, numbers: &[i64]) -> Result<Vec<StockItem>, Error> {
        if let Some(rows) = self.stock_rows(numbers).await? {
            return rows.iter().map(of_row).collect();
        }
        let mut found = Vec::new();
        for &number in numbers {
            found.extend(self.stock_record(number).await?);
        }
        Ok(found)
    }

    /// At most `max` stock records with numbers above `after`, in order; `None` where there is no such query, and
    /// [`Client::every_stock`] tells them.
    pub async fn stock_after(
        &self,
        after: i64,
        max: usize,
    ) -> Result<Option<Vec<StockItem>>, Error> {
        if !self.settings().named_queries {
            return Ok(None);
        }
        let parameters = [&*after.to_string(), &*max.to_string()];
        match self.rows(Query::STOCK_AFTER, &parameters).await {
            Err(Error::NoSuchQuery(_)) => Ok(None),
            rows => rows?.iter().map(of_row).collect::<Result<_, _>>().map(Some),
        }
    }

    /// Every stock record, as the list tells it: without prices and quantities.
    pub async fn every_stock(&self) -> Result<Vec<StockItem>, Error> {
        let url = self.settings().url(&["api", "v1", "stock"]);
        self.stock_list("jim2.stock", url).await
    }

    async fn stock_list(&self, operation: &'static str, url: Url) -> Result<Vec<StockItem>, Error> {
        let times = self.settings().times();
        let mut all = Vec::new();
        self.each_page(operation, url, |page| {
            for resource in &page.data {
                all.push(StockItem::of_resource(resource, times)?);
            }
            Ok(())
        })
        .await?;
        Ok(all)
    }

    /// Stock records that were changed at `since` or later, without prices and quantities. A build without the list of
    /// stock has none (it is not in build 9148).
    pub async fn stock_modified_since(
        &self,
        since: DateTime<Utc>,
    ) -> Result<Vec<StockItem>, Error> {
        let mut url = self.settings().url(&["api", "v1", "stock"]);
        url.query_pairs_mut()
            .append_pair("filter[LastModified][-gte]", &filter_time(since));
        match self.stock_list("jim2.stock_modified_since", url).await {
            Err(Error::NotFound) => Ok(Vec::new()),
            all => all,
        }
    }

    /// The rows of the named query; `None` where the site has not got it.
    async fn stock_rows(&self, numbers: &[i64]) -> Result<Option<Vec<Record>>, Error> {
        if !self.settings().named_queries {
            return Ok(None);
        }
        let keys: Vec<String> = numbers.iter().map(i64::to_string).collect();
        match self.rows_of(Query::STOCK_ITEMS, &keys).await {
            Err(Error::NoSuchQuery(_)) => Ok(None),
            rows => rows.map(Some),
        }
    }

    /// One stock record by its number, without prices and quantities; `None` where it is not there.
    pub async fn stock_record(&self, number: i64) -> Result<Option<StockItem>, Error> {
        let id = number.to_string();
        let url = self.settings().url(&["api", "v1", "stock", &id]);
        let found = self.resource("jim2.stock_record", url).await?;
        let times = self.settings().times();
        found
            .map(|(resource, _)| StockItem::of_resource(&resource, times))
            .transpose()
    }

    /// What is told below a stock record. A build without that address tells nothing.
    async fn stock_parts<T>(
        &self,
        operation: &'static str,
        number: i64,
        part: &str,
        read: impl Fn(&Resource) -> Result<T, Error> + Send,
    ) -> Result<Told<Vec<T>>, Error> {
        let id = number.to_string();
        let url = self.settings().url(&["api", "v1", "stock", &id, part]);
        match self.resources(operation, url).await {
            Err(Error::NotFound) => Ok(Told::Not),
            page => page?
                .data
                .iter()
                .map(read)
                .collect::<Result<_, _>>()
                .map(Told::Is),
        }
    }
}

impl StockItem {
    fn of_resource(resource: &Resource, times: Times) -> Result<Self, Error> {
        let record = resource.record(times)?;
        let sell = record.inner("sell")?;
        Ok(Self {
            code: record.text("code"),
            part_number: record.text("manufacturePartNumber"),
            sell_tax_code: sell.map_or(Told::Not, |sell| sell.text("taxCode")),
            ..Self::of_record(resource.number()?, &record)?
        })
    }

    /// What both ways of asking call by the same names.
    fn of_record(stock_no: i64, record: &Record) -> Result<Self, Error> {
        Ok(Self {
            stock_no,
            description: record.text("Description"),
            short_desc: record.text("ShortDesc"),
            detailed_desc: record.text("DetailedDesc"),
            active: record.flag("Active")?,
            groups: record.json::<Vec<Group>>("Groups")?.map(names),
            last_cost: record.decimal("LastCost")?,
            avg_cost: record.decimal("AvgCost")?,
            ..Self::default()
        })
    }
}

impl StockPrice {
    fn of(record: &Record) -> Result<Self, Error> {
        Ok(Self {
            level: record.word("priceLevel")?,
            currency: record.text("currencyCode"),
            tax_code: record.text("taxCode"),
            excl: record.decimal("priceExcl")?,
        })
    }
}

impl StockQuantity {
    fn of(location_no: i64, record: &Record) -> Result<Self, Error> {
        Ok(Self {
            location_no,
            on_hand: record.decimal("onHand")?,
            available: record.decimal("available")?,
        })
    }
}

/// A group: with type and number as the API tells it, or its name alone.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Group {
    Name(String),
    Whole { name: String },
}

fn names(groups: Vec<Group>) -> Vec<String> {
    let name = |group| match group {
        Group::Name(name) | Group::Whole { name } => name,
    };
    groups.into_iter().map(name).collect()
}

fn of_row(row: &Record) -> Result<StockItem, Error> {
    Ok(StockItem {
        code: row.text("StockCode"),
        part_number: row.text("ManufPartNumber"),
        sell_tax_code: row.text("SellTaxCode"),
        prices: row.all("Prices", StockPrice::of)?,
        quantities: row.all("Quantities", |lying| {
            StockQuantity::of(lying.key("locationNo")?, lying)
        })?,
        last_modified: row.time("LastModified")?,
        ..StockItem::of_record(row.key("StockNo")?, row)?
    })
}

impl Record {
    /// The records of a list that is held as JSON in a text column, each number by its letters.
    fn all<T>(
        &self,
        name: &str,
        read: impl Fn(&Self) -> Result<T, Error>,
    ) -> Result<Told<Vec<T>>, Error> {
        type Members = BTreeMap<String, Box<RawValue>>;
        let list = self.json::<Vec<Members>>(name)?;
        let list = match list {
            Told::Not => return Ok(Told::Not),
            Told::Empty => return Ok(Told::Is(Vec::new())),
            Told::Is(list) => list,
        };
        let records = list.iter().map(|members| read(&self.below(name, members)?));
        records.collect::<Result<_, _>>().map(Told::Is)
    }
}
