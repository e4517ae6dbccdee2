//! All that was posted in a period, and all lines of jobs, for who compares the two. Nothing is written.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use autotask::{BillingItem, Company, Filter, Invoice, Query};
use chrono::{DateTime, Utc};
use domain::{Failure, Key, RecordId, System, Told};
use jim2::part_id;

use super::{BillingHands, autotask, jim2};
use crate::{
    KIND,
    amount::Priced,
    halves,
    source::{Source, mark_of, source_of},
    tieout::{Line, Posted},
};

/// What was posted in a period, and what is known of whom it is for.
#[derive(Debug, Default)]
pub struct Period {
    /// The items, lowest id first.
    pub posted: Vec<Posted>,
    /// Their companies by id.
    pub companies: HashMap<i64, Company>,
    /// The Autotask invoices that they are on, by id.
    pub invoices: HashMap<i64, Invoice>,
}

impl BillingHands {
    /// What was posted in this time, of these companies or of all; what names the same sources is looked at, too, as an item
    /// of another month may be a second one of its source.
    pub async fn posted(
        &self,
        when: &Range<DateTime<Utc>>,
        companies: Option<&[i64]>,
    ) -> Result<Period, Failure> {
        let found = self.posted_in(when, companies).await;
        found.map_err(autotask(Key::new(KIND, System::Autotask, "posted")))
    }

    async fn posted_in(
        &self,
        when: &Range<DateTime<Utc>>,
        companies: Option<&[i64]>,
    ) -> Result<Period, autotask::Error> {
        let mut filters = vec![within(when)];
        filters.extend(companies.map(|ids| Filter::is_in("companyID", ids.iter().copied())));
        let query = Query::of(Filter::all(filters));
        let items: Vec<BillingItem> = self.autotask.query_all(&query).await?;
        let sources: Vec<Source> = items.iter().filter_map(source_of).collect();
        let all = self.items_of(&sources).await?;
        let known = self.around(&items, &sources).await?;
        let posted = |item: &BillingItem| {
            let source = source_of(item);
            let half = source.map(|source| {
                let many = all.iter().filter(|it| source_of(it) == Some(source));
                halves::item(source, item, known.of(item, many.count()))
            });
            posted(item, half)
        };
        Ok(Period {
            posted: items.iter().map(posted).collect(),
            companies: known.companies,
            invoices: known.invoices,
        })
    }

    /// Those of these sources for which something is posted now, whenever that was.
    pub async fn posted_now(&self, sources: &[RecordId]) -> Result<HashSet<RecordId>, Failure> {
        let key = Key::new(KIND, System::Autotask, "posted");
        let sources: Vec<Source> = sources.iter().filter_map(Source::read).collect();
        let items = self.items_of(&sources).await.map_err(autotask(key))?;
        let ids = items.iter().filter_map(source_of).map(Source::record_id);
        Ok(ids.collect())
    }

    /// All stock lines of these jobs, whoever made them.
    pub async fn all_lines(&self, jobs: &[i64]) -> Result<Vec<Line>, Failure> {
        if jobs.is_empty() {
            return Ok(Vec::new());
        }
        let key = Key::new(KIND, System::Jim2, "lines");
        let lines = self.jim2.job_stock(jobs).await.map_err(jim2(key))?;
        Ok(lines.iter().map(line).collect())
    }
}

/// When it was posted, to the second; what has only a day, by that.
fn within(when: &Range<DateTime<Utc>>) -> Filter {
    let inside = |field: &str| [Filter::gte(field, when.start), Filter::lt(field, when.end)];
    let [from, to] = inside("postedDate");
    Filter::any([
        Filter::all(inside("postedOnTime")),
        Filter::all([Filter::not_exists("postedOnTime"), from, to]),
    ])
}

fn posted(item: &BillingItem, half: Option<sync::Half>) -> Posted {
    let name = item.item_name.get().map_or("", |name| name.trim());
    Posted {
        item: item.id,
        label: half
            .as_ref()
            .map_or_else(|| name.to_owned(), |half| half.label.clone()),
        half,
        company: item.company_id.get().copied(),
        ticket: item.ticket_id.get().copied(),
        project: item.project_id.get().copied(),
        invoice: item.invoice_id.get().copied(),
        posted_at: item
            .posted_on_time
            .get()
            .or(item.posted_date.get())
            .copied(),
        exported_at: item.web_service_date.get().copied(),
        net: item.extended_price.get().copied().map(crate::amount::cents),
        gst: item.tax_dollars.get().copied().map(crate::amount::cents),
    }
}

fn line(line: &jim2::JobStock) -> Line {
    let priced = halves::priced(line);
    let words = line.description.get().cloned().unwrap_or_default();
    // Without the price with tax nothing is known of its GST.
    let is_told = matches!(line.unit_price_tp, Told::Is(_));
    let source = mark_of(&words).and_then(Source::marked);
    Line {
        id: part_id::join(line.job_no, line.line_id).into(),
        job: line.job_no,
        source: source.map(Source::record_id),
        net: priced.and_then(Priced::net),
        gst: priced.filter(|_| is_told).and_then(Priced::gst),
        words,
    }
}
