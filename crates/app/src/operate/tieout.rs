//! What was posted in a month against what is on Jim2 jobs, invoiced and paid. Nothing is written, claimed or published.

mod bills;
mod gather;
mod period;
mod sheet;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::Lane;
use rust_decimal::Decimal;
use serde::Serialize;
use store::Db;
use sync::Mappings;
use worker_billing::tieout::{
    Bill, Known, Line, Money, Paid, Row, Sums, compare, unlike_its_lines,
};

pub(crate) use self::{period::month, sheet::write as csv};
use crate::parts::Clients;

/// What the comparison came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Tieout {
    /// The month, as `2026-11`.
    pub(crate) period: String,
    /// Whether all is explained.
    pub(crate) explained: bool,
    /// By company, then by ticket, project or invoice.
    pub(crate) items: Vec<Item>,
    /// For each company, by name.
    pub(crate) companies: Vec<(String, Totals)>,
    /// Over all.
    pub(crate) total: Totals,
    /// What is not explained: a sentence and the next step each.
    pub(crate) open: Vec<Open>,
}

/// One item, or a line without one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Item {
    /// The company's name.
    pub(crate) company: String,
    /// The ticket, project or invoice.
    pub(crate) place: String,
    /// The item as people know it; for a line without one, what it says.
    pub(crate) label: String,
    /// The billing item's id.
    pub(crate) posting: Option<i64>,
    /// The source by which its line is known.
    pub(crate) source: Option<String>,
    /// When it was posted.
    pub(crate) posted_at: Option<DateTime<Utc>>,
    /// Dollars as posted, without GST.
    pub(crate) posted: Option<Decimal>,
    /// The GST on that.
    pub(crate) posted_gst: Option<Decimal>,
    /// The line.
    pub(crate) line: Option<String>,
    /// Dollars as on the job, without GST.
    pub(crate) on_job: Option<Decimal>,
    /// The GST on that.
    pub(crate) on_job_gst: Option<Decimal>,
    /// The Jim2 invoice.
    pub(crate) invoice: Option<i64>,
    /// What is paid of that invoice: `yes`, `no`, `$10.00 of it`, or nothing where it is not told.
    pub(crate) paid: String,
    /// One word for what came of it.
    pub(crate) verdict: &'static str,
    /// Whether nobody has to look.
    pub(crate) explained: bool,
    /// The code of the reason.
    pub(crate) code: String,
    /// The reason.
    pub(crate) why: String,
    /// The next step.
    pub(crate) step: String,
}

/// Four sums without and with GST.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Totals {
    /// Posted in Autotask.
    pub(crate) posted: Both,
    /// On Jim2 jobs.
    pub(crate) on_jobs: Both,
    /// On Jim2 invoices.
    pub(crate) invoiced: Both,
    /// On invoices that are paid in full.
    pub(crate) paid: Both,
}

/// An amount without GST and with it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Both {
    /// Without.
    pub(crate) ex: Decimal,
    /// With.
    pub(crate) inc: Decimal,
}

/// What somebody has to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Open {
    /// What is wrong.
    pub(crate) says: String,
    /// The next step.
    pub(crate) step: String,
}

/// What comparing needs.
#[derive(Debug)]
pub(crate) struct Desk<'a> {
    /// The database.
    pub(crate) db: &'a Db,
    /// Both systems.
    pub(crate) clients: &'a Clients,
    /// The mappings.
    pub(crate) mappings: &'a Mappings,
    /// The time.
    pub(crate) now: DateTime<Utc>,
}

/// Compares a month, for one company or for all.
pub(crate) async fn tieout(
    desk: &Desk<'_>,
    month: &period::Month,
    company: Option<&str>,
) -> anyhow::Result<Tieout> {
    let work = autotask::in_lane(Lane::Bulk, Box::pin(read(desk, month, company)));
    Ok(tell(month, &work.await?))
}

/// All that was read, compared.
struct Compared {
    rows: Vec<Row>,
    names: gather::Names,
    bills: BTreeMap<i64, Bill>,
    unlike: Vec<(i64, Decimal, Decimal)>,
}

async fn read(
    desk: &Desk<'_>,
    month: &period::Month,
    company: Option<&str>,
) -> anyhow::Result<Compared> {
    let facts = desk.mappings.facts(desk.now);
    let gather = gather::Gather::of(desk, &facts);
    let companies = match company {
        Some(text) => Some(gather.companies(text).await?),
        None => None,
    };
    let period = gather.posted(&month.range, companies.as_deref()).await?;
    let mut names = gather.names(&period).await?;
    let ours = gather.ours(&period, &month.range).await?;
    let jobs = gather
        .jobs(&period, &names, &ours, month.range.start)
        .await?;
    let numbers: Vec<i64> = jobs.keys().copied().collect();
    let lines = gather.lines(&numbers).await?;
    let (bills, billed) = bills::of(&desk.clients.jim2, &jobs).await?;
    let unlike = unlike_its_lines(&bills, &billed, &lines);
    let elsewhere = gather.elsewhere(&period, &lines).await?;
    let held = gather.held(&period, &ours).await?;
    let reasons = gather.reasons(&period, &ours, &jobs).await?;
    let known = Known {
        pairs: ours.lines,
        held,
        reasons,
        elsewhere,
    };
    let mut rows = compare(period.posted, lines, &known);
    let owners = gather.owners(&rows, &jobs).await?;
    names.take_owners(owners);
    if let Some(companies) = &companies {
        rows.retain(|row| row.posted.is_some() || names.owner_is_one_of(row, companies));
    }
    Ok(Compared {
        rows,
        names,
        bills,
        unlike: if companies.is_some() {
            Vec::new()
        } else {
            unlike
        },
    })
}

fn tell(month: &period::Month, compared: &Compared) -> Tieout {
    let Compared {
        rows, names, bills, ..
    } = compared;
    let mut told: Vec<(Item, &Row)> = rows
        .iter()
        .map(|row| (item(row, names, bills), row))
        .collect();
    told.sort_by(|(one, _), (other, _)| {
        let key = |item: &Item| {
            (
                item.company.to_lowercase(),
                item.place.clone(),
                item.posting,
            )
        };
        key(one).cmp(&key(other))
    });
    let mut companies: Vec<(String, Vec<&Row>)> = Vec::new();
    for (item, row) in &told {
        match companies.last_mut() {
            Some((name, rows)) if *name == item.company => rows.push(row),
            _ => companies.push((item.company.clone(), vec![row])),
        }
    }
    let sums = |rows: Vec<&Row>| Totals::from(Sums::over(rows, bills));
    let open = open(&told, &compared.unlike);
    Tieout {
        period: month.name.clone(),
        explained: open.is_empty(),
        total: sums(rows.iter().collect()),
        companies: companies
            .into_iter()
            .map(|(name, rows)| (name, sums(rows)))
            .collect(),
        items: told.into_iter().map(|(item, _)| item).collect(),
        open,
    }
}

fn open(told: &[(Item, &Row)], unlike: &[(i64, Decimal, Decimal)]) -> Vec<Open> {
    let open = told.iter().filter(|(item, _)| !item.explained);
    let mut open: Vec<Open> = open
        .map(|(item, _)| Open {
            says: format!("{}, {}: {}", item.company, item.place, item.why),
            step: item.step.clone(),
        })
        .collect();
    open.extend(unlike.iter().map(|(invoice, net, lines)| Open {
        says: format!(
            "Jim2 invoice {invoice} comes to ${net:.2} and the lines of its jobs to ${lines:.2}, without GST"
        ),
        step: format!("compare invoice {invoice} with its jobs in Jim2"),
    }));
    open
}

fn item(row: &Row, names: &gather::Names, bills: &BTreeMap<i64, Bill>) -> Item {
    let (posted, line) = (row.posted.as_ref(), row.line.as_ref());
    let bill = line.and_then(|line| bills.get(&line.job));
    let why = row.why.clone();
    let words = |line: &Line| format!("line {} {}", line.id, line.words);
    let source = posted.and_then(|item| item.source());
    let source = source.or_else(|| line?.source.as_ref());
    Item {
        company: names.company(row),
        place: names.place(row),
        label: posted
            .map(|item| item.label.clone())
            .or_else(|| line.map(words))
            .unwrap_or_default(),
        posting: posted.map(|item| item.item),
        source: source.map(ToString::to_string),
        posted_at: posted.and_then(|item| item.posted_at),
        posted: posted.and_then(|item| item.net),
        posted_gst: posted.and_then(|item| item.gst),
        line: line.map(|line| line.id.to_string()),
        on_job: line.and_then(|line| line.net),
        on_job_gst: line.and_then(|line| line.gst),
        invoice: bill.map(|bill| bill.invoice),
        paid: bill.map_or_else(String::new, paid),
        verdict: row.verdict.as_str(),
        explained: row.verdict.is_explained(),
        code: why
            .as_ref()
            .map_or_else(String::new, |why| why.code.clone()),
        why: why
            .as_ref()
            .map_or_else(String::new, |why| why.says.clone()),
        step: why.map_or_else(String::new, |why| why.step),
    }
}

fn paid(bill: &Bill) -> String {
    let paid = match bill.paid {
        Paid::Whole => "yes".to_owned(),
        Paid::Part(amount) => format!("${amount:.2} of it"),
        Paid::Nothing => "no".to_owned(),
        Paid::NotTold => String::new(),
    };
    if bill.credited.is_zero() {
        return paid;
    }
    format!("{paid}, ${:.2} credited", bill.credited)
}

impl From<Sums> for Totals {
    fn from(sums: Sums) -> Self {
        let both = |money: Money| Both {
            ex: money.ex,
            inc: money.inc,
        };
        Self {
            posted: both(sums.posted),
            on_jobs: both(sums.on_jobs),
            invoiced: both(sums.invoiced),
            paid: both(sums.paid),
        }
    }
}
