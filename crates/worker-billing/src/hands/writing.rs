//! Writing lines, and on an item that it was carried.

use autotask::{BillingItem, Draft};
use chrono::{DateTime, Utc};
use domain::{Failure, Fixer, Key, RecordId, System, Value};
use jim2::{JobStock, JobStockChanges, JobStockCreate, part_id};
use rust_decimal::Decimal;
use sync::{Fields, Half};

use super::{BillingHands, Malformed, autotask, jim2, line_of, meant::refused};
use crate::{
    KIND,
    amount::{Priced, Split},
    halves::{self, Around},
    rules::about,
    source::Source,
    totals::{Both, difference},
};

impl BillingHands {
    /// Adds a line. What Jim2 made of it is looked at: a job whose prices have tax in them takes the whole amount
    /// better than a quantity of a price.
    pub(super) async fn add_line(
        &self,
        from: &RecordId,
        fields: &Fields,
    ) -> Result<RecordId, Failure> {
        let text = |name: &str| fields.get(name).and_then(Value::as_text);
        let job = fields.get("job").and_then(Value::as_number);
        let (Some(job), Some(code), Some(split)) = (job, text("stock_code"), split(fields)) else {
            let why = "a line without job, stock code or price";
            return Err(Failure::retry(Malformed(why)));
        };
        let line = JobStockCreate {
            stock_code: code.to_owned(),
            qty: split.qty,
            unit_price_tf: split.price,
            description: text("description").unwrap_or_default().to_owned(),
        };
        let made = self.jim2.add_job_stock(job, &line).await;
        let made = made.map_err(|error| refused(error, from, job, fields))?;
        let id = RecordId::from(part_id::join(job, made.line_id));
        // The line is there, whatever becomes of this: what still differs is told when it is read again.
        if let Some(net) = amount(fields)
            && net_of(&made) != Some(net)
            && let Err(error) = self.put_whole((job, made.line_id), net).await
        {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(
                line = id.as_str(),
                error,
                "a line keeps a price that Jim2 altered"
            );
        }
        Ok(id)
    }

    /// Changes a line; with the amount go quantity and price.
    pub(super) async fn change_line(&self, id: &RecordId, fields: &Fields) -> Result<(), Failure> {
        let key = Key::new(KIND, System::Jim2, id.clone());
        let at = line_of(id).ok_or_else(|| Failure::retry(Malformed("a line without a number")))?;
        let is_money = fields.contains_key("net") || fields.contains_key("split");
        let split = split(fields).filter(|_| is_money);
        let words = fields.get("description");
        let changes = JobStockChanges {
            qty: split.map(|split| split.qty),
            unit_price_tf: split.map(|split| split.price),
            description: words.map(|words| words.as_text().unwrap_or_default().to_owned()),
        };
        if changes.is_empty() {
            return Ok(());
        }
        let now = self.jim2.update_job_stock(at, &changes).await;
        let now = now.map_err(jim2(key.clone()))?;
        // Quantity and price alone must come to what they say, too: a job whose prices have tax in them may keep another.
        match amount(fields).or_else(|| split.and_then(Split::net)) {
            Some(net) if net_of(&now) != Some(net) => {
                let now = self.put_whole(at, net).await.map_err(jim2(key))?;
                same(&halves::line(&now, None), net, net_of(&now))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// One of the whole amount.
    async fn put_whole(&self, at: (i64, i64), net: Decimal) -> Result<JobStock, jim2::Error> {
        let split = Split::one(net);
        let changes = JobStockChanges {
            qty: Some(split.qty),
            unit_price_tf: Some(split.price),
            description: None,
        };
        self.jim2.update_job_stock(at, &changes).await
    }

    /// Sets the item's `webServiceDate`, once its line is read back and comes to what was posted. The date is when the item
    /// was posted last, so that doing it again changes nothing.
    pub(super) async fn mark_carried(
        &self,
        id: &RecordId,
        to: &RecordId,
        knowing: &Fields,
    ) -> Result<(), Failure> {
        let key = Key::new(KIND, System::Autotask, id.clone());
        let asked;
        let item = if knowing.is_empty() {
            let Some(item) = self.posting(id).await? else {
                return Ok(()); // Taken back meanwhile, which is an event of its own.
            };
            asked = item;
            &asked
        } else {
            knowing
        };
        let at = line_of(to).ok_or_else(|| Failure::retry(Malformed("a line without a number")))?;
        let lines = self.jim2.job_stock(&[at.0]).await;
        let lines = lines.map_err(jim2(Key::new(KIND, System::Jim2, to.clone())))?;
        let line = lines.iter().find(|line| (line.job_no, line.line_id) == at);
        let Some(line) = line.map(|line| halves::line(line, None)) else {
            return Err(Failure::retry(jim2::Error::NotFound));
        };
        if let Some(posted) = amount(item) {
            same(&line, posted, amount(&line.fields))?;
        }
        let number = item.get("item").and_then(Value::as_number);
        let (Some(number), Some(at)) = (number, posted(item)) else {
            return Err(Failure::retry(Malformed("an item without id or date")));
        };
        let draft = Draft::new().set_time("webServiceDate", at);
        let written = self
            .autotask
            .update::<BillingItem>((), number, &draft)
            .await;
        written.map_err(autotask(key))
    }

    /// What there is to know of an item, of which a plan was not told everything: the item alone, and nothing around it.
    async fn posting(&self, id: &RecordId) -> Result<Option<Fields>, Failure> {
        let source = Source::read(id);
        let source = source.ok_or_else(|| Failure::retry(Malformed("no source")))?;
        let items = self.items_of(&[source]).await;
        let items = items.map_err(autotask(Key::new(KIND, System::Autotask, id.clone())))?;
        let item = items.first();
        let half = item.map(|item| halves::item(source, item, Around::default()));
        Ok(half.as_ref().map(halves::posting))
    }
}

/// The quantity and price among these values; where only the amount is told, one of it.
fn split(fields: &Fields) -> Option<Split> {
    let told = fields.get("split").and_then(Value::as_text);
    told.and_then(Split::read)
        .or_else(|| amount(fields).map(Split::one))
}

fn amount(fields: &Fields) -> Option<Decimal> {
    fields.get("net")?.as_text()?.parse().ok()
}

fn posted(item: &Fields) -> Option<DateTime<Utc>> {
    item.get("posted")?.as_text()?.parse().ok()
}

fn net_of(line: &JobStock) -> Option<Decimal> {
    halves::priced(line).and_then(Priced::net)
}

/// A line that comes to something else than was posted is never silent.
fn same(line: &Half, posted: Decimal, on_job: Option<Decimal>) -> Result<(), Failure> {
    let both = Both {
        label: line.label.clone(),
        posted,
        on_job: on_job.unwrap_or_default(),
    };
    let Some(difference) = difference(&[both]) else {
        return Ok(());
    };
    let problem = about(
        line,
        System::Jim2,
        "total-differs",
        &format!("differs: {difference}"),
        (
            Fixer::Finance,
            "put the line right in Jim2, or post the item anew in Autotask".to_owned(),
        ),
    );
    Err(Failure::Hold {
        problems: vec![problem],
    })
}
