//! The queries about jobs.

use serde_json::{Value, json};

use super::{ResultSet, date, date_or_null, keys, number, numbers};
use crate::jim2::lock::Record;
use crate::jim2::record::Job;
use crate::jim2::refusal::Refusal;
use crate::jim2::world::World;

const COLUMNS: &[(&str, &str)] = &[
    ("JobNo", "int"),
    ("CustNo", "int"),
    ("ShipNo", "int"),
    ("FromNo", "int"),
    ("Status", "varchar"),
    ("StatusDate", "datetime"),
    ("CustRef", "varchar"),
    ("OurRef", "varchar"),
    ("Priority", "varchar"),
    ("Type", "varchar"),
    ("FaultDesc", "varchar"),
    ("InvoiceDesc", "varchar"),
    ("ItemDesc", "varchar"),
    ("ItemCode", "varchar"),
    ("NameInit", "varchar"),
    ("DateIn", "datetime"),
    ("DateDue", "datetime"),
    ("DateOut", "datetime"),
    ("Attn", "varchar"),
    ("Ready", "bit"),
    ("InvNo", "int"),
    ("PrevJobNo", "int"),
    ("LockedBy", "varchar"),
    ("LineCount", "int"),
    ("LastModified", "datetime"),
    ("ModifiedBy", "varchar"),
    ("ContractNo", "int"),
    ("AssetNo", "int"),
    ("SerialNo", "varchar"),
];

/// `crossbill_jobs`.
pub(super) fn jobs(world: &World, list: &str) -> Result<Vec<ResultSet>, Refusal> {
    let numbers = numbers(list)?;
    let jobs = world.jobs.values().filter(|job| numbers.contains(&job.no));
    Ok(vec![set(world, jobs)])
}

/// `crossbill_jobs_after`.
pub(super) fn after(
    world: &World,
    cursor: &str,
    max: &str,
    which: &str,
) -> Result<Vec<ResultSet>, Refusal> {
    let cursor: i64 = number(cursor, 1)?;
    let max: usize = number(max, 2)?;
    let all = match which {
        "all" => true,
        "open" => false,
        _ => return Err(super::wrong(3, "qp3 must be open or all.".to_owned())),
    };
    let jobs = world.jobs.values().filter(|job| job.no > cursor);
    let jobs = jobs.filter(|job| all || is_open(world, job)).take(max);
    Ok(vec![set(world, jobs)])
}

/// `crossbill_jobs_by_ref`: a reference without a generation finds every generation, and what is not invoiced yet also
/// where the customer's reference has it in it.
pub(super) fn by_reference(world: &World, list: &str) -> ResultSet {
    let wanted = keys(list);
    let fits = |reference: &str| {
        let stem = reference
            .split_once('/')
            .map_or(reference, |(stem, _)| stem);
        wanted
            .iter()
            .any(|key| key.eq_ignore_ascii_case(reference) || key.eq_ignore_ascii_case(stem))
    };
    let lower: Vec<String> = wanted.iter().map(|key| key.to_lowercase()).collect();
    let mentions = |job: &Job| {
        let theirs = job.cust_ref.to_lowercase();
        job.invoice.is_none() && lower.iter().any(|key| theirs.contains(key))
    };
    let jobs = world.jobs.values();
    let jobs = jobs.filter(|job| fits(&job.our_ref) || mentions(job));
    let row = |job: &Job| {
        vec![
            json!(job.no),
            json!(job.our_ref),
            json!(job.cust_ref),
            json!(job.customer),
            json!(job.invoice),
        ]
    };
    ResultSet {
        columns: &[
            ("JobNo", "int"),
            ("OurRef", "varchar"),
            ("CustRef", "varchar"),
            ("CustNo", "int"),
            ("InvNo", "int"),
        ],
        rows: jobs.map(row).collect(),
    }
}

/// `crossbill_job_comments`.
pub(super) fn comments(world: &World, list: &str) -> Result<Vec<ResultSet>, Refusal> {
    let numbers = numbers(list)?;
    let jobs = world.jobs.values().filter(|job| numbers.contains(&job.no));
    let rows = jobs.flat_map(|job| {
        job.comments.iter().map(|line| {
            vec![
                json!(job.no),
                json!(line.line),
                json!(line.include),
                json!(line.status),
                json!(line.text),
                json!(line.modified.by),
                date(world, line.modified.at),
            ]
        })
    });
    Ok(vec![ResultSet {
        columns: &[
            ("JobNo", "int"),
            ("LineId", "int"),
            ("Include", "bit"),
            ("Status", "varchar"),
            ("Comment", "varchar"),
            ("ModifyInit", "varchar"),
            ("ModifyDate", "datetime"),
        ],
        rows: rows.collect(),
    }])
}

fn set<'a>(world: &World, jobs: impl Iterator<Item = &'a Job>) -> ResultSet {
    ResultSet {
        columns: COLUMNS,
        rows: jobs.map(|job| row(world, job)).collect(),
    }
}

fn row(world: &World, job: &Job) -> Vec<Value> {
    vec![
        json!(job.no),
        json!(job.customer),
        json!(job.ship),
        json!(job.from),
        json!(job.status),
        date(world, job.status_date),
        json!(job.cust_ref),
        json!(job.our_ref),
        json!(job.priority),
        json!(job.kind),
        json!(job.fault_desc),
        json!(job.invoice_desc),
        json!(job.item_desc),
        json!(job.item),
        json!(job.name),
        date(world, job.date_in),
        date_or_null(world, job.date_due),
        date(world, job.date_out),
        json!(job.attn),
        json!(job.ready),
        json!(job.invoice),
        json!(job.previous),
        json!(world.locked_by(Record::Job(job.no))),
        json!(job.stock.len() + job.labour.len()),
        date(world, job.modified.at),
        json!(job.modified.by),
        json!(job.contract),
        json!(job.asset),
        json!(job.serial),
    ]
}

/// Open means work may still come: not invoiced, and not on a status that ends a job.
fn is_open(world: &World, job: &Job) -> bool {
    job.invoice.is_none() && !world.workflow.is_end(&job.status)
}
