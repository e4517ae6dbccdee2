//! Stock: what can be put on a job, and how it is taxed when it is sold.

use domain::Told;

use crate::{Client, Error, Query, record::Record};

/// A stock record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stock {
    /// Stock#.
    pub stock_no: i64,
    /// Stock code, in Jim2's spelling.
    pub code: Told<String>,
    /// What a line says unless it is told otherwise.
    pub description: Told<String>,
    /// Whether it can still be put on a job.
    pub active: Told<bool>,
    /// The letter of its tax code when it is sold: G is GST, N is free of it.
    pub sell_tax_code: Told<String>,
}

impl Client {
    /// The stock with these codes that exists, letter case apart: by the named query, or out of the whole list.
    pub async fn stock(&self, codes: &[String]) -> Result<Vec<Stock>, Error> {
        if self.settings().named_queries {
            // A comma separates the keys of a call; no stock code has one.
            let codes = codes.iter().filter(|code| !code.contains(','));
            let keys: Vec<String> = codes.cloned().collect();
            match self.rows_of(Query::STOCK, &keys).await {
                Err(Error::NoSuchQuery(_)) => {}
                rows => return rows?.iter().map(of_row).collect(),
            }
        }
        let url = self.settings().url(&["api", "v1", "stock"]);
        let all = self.resources("jim2.stock", url).await?;
        let times = self.settings().times();
        let mut found = Vec::new();
        for resource in &all.data {
            let record = resource.record(times)?;
            let taxes = record.inner("sell")?;
            let stock = Stock {
                stock_no: resource.number()?,
                code: record.text("code"),
                description: record.text("description"),
                active: record.flag("active")?,
                sell_tax_code: taxes.map_or(Told::Not, |taxes| taxes.text("taxCode")),
            };
            let code = stock.code.get();
            if codes
                .iter()
                .any(|wanted| code.is_some_and(|code| code.eq_ignore_ascii_case(wanted)))
            {
                found.push(stock);
            }
        }
        Ok(found)
    }
}

fn of_row(row: &Record) -> Result<Stock, Error> {
    Ok(Stock {
        stock_no: row.key("StockNo")?,
        code: row.text("StockCode"),
        description: row.text("Description"),
        active: row.flag("Active")?,
        sell_tax_code: row.text("SellTaxCode"),
    })
}
