//! The named queries that Crossbill asks Happen to install, answered as SQL Server would.

mod card;
mod change;
mod job;
mod list;
mod quote;
mod sale;
mod stock;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::fault::Fault;
use super::refusal::{Blame, Refusal};
use super::world::World;

/// The answer to one `select` of a query.
pub(crate) struct ResultSet {
    /// Name and SQL type of each column.
    pub(crate) columns: &'static [(&'static str, &'static str)],
    /// A value for each column.
    pub(crate) rows: Vec<Vec<Value>>,
}

/// Runs a query with its parameters, which `value` tells by number from 1; none if there is no such query.
pub(crate) fn run<'a>(
    world: &World,
    name: &str,
    value: &'a impl Fn(usize) -> &'a str,
) -> Option<Result<Vec<ResultSet>, Refusal>> {
    if world.options.missing_queries.contains(name) {
        return None;
    }
    let first = value(1);
    Some(match name {
        "crossbill_system" => Ok(vec![change::system(world)]),
        "crossbill_changes" => change::changes(world, first, value(2)),
        "crossbill_jobs" => job::jobs(world, first),
        "crossbill_job_comments" => job::comments(world, first),
        "crossbill_jobs_by_ref" => Ok(vec![job::by_reference(world, first)]),
        "crossbill_jobs_after" => job::after(world, first, value(2), value(3)),
        "crossbill_cardfiles" => card::cards(world, first),
        "crossbill_cardfiles_after" => card::after(world, first, value(2)),
        "crossbill_cardfiles_by_code" => Ok(vec![card::by_code(world, first)]),
        "crossbill_contacts" => card::contacts(world, first),
        "crossbill_card_contacts" => card::card_contacts(world, first),
        "crossbill_card_notes" => card::notes(world, first),
        "crossbill_job_lines" => sale::lines(world, first),
        "crossbill_stock" => Ok(vec![sale::stock(world, first)]),
        "crossbill_invoiced_jobs" => sale::invoiced(world, first),
        "crossbill_stock_items" => stock::items(world, first),
        "crossbill_stock_after" => stock::after(world, first, value(2)),
        "crossbill_quotes" => quote::quotes(world, first),
        "crossbill_quotes_by_ref" => Ok(vec![quote::by_reference(world, first)]),
        "crossbill_lists" => Ok(vec![list::lists(world)]),
        _ => return None,
    })
}

/// Most keys a query takes at once.
const MOST_KEYS: usize = 200;

/// The parts of a list like `10,11,12`.
fn keys(text: &str) -> Vec<&str> {
    text.split(',')
        .map(str::trim)
        .filter(|key| !key.is_empty())
        .collect()
}

/// The numbers of a list like `10,11,12`.
fn numbers(text: &str) -> Result<Vec<i64>, Refusal> {
    let numbers: Vec<i64> = keys(text)
        .into_iter()
        .map(|key| number(key, 1))
        .collect::<Result<_, _>>()?;
    if numbers.len() > MOST_KEYS {
        let detail = format!("{} keys are more than {MOST_KEYS}.", numbers.len());
        return Err(wrong(1, detail));
    }
    Ok(numbers)
}

/// A parameter that must be a number, as `convert(bigint, …)` would have it.
fn number<T: std::str::FromStr>(text: &str, parameter: usize) -> Result<T, Refusal> {
    text.trim().parse().map_err(|_| {
        let detail = format!("Conversion failed when converting {text:?} to a number.");
        wrong(parameter, detail)
    })
}

fn wrong(parameter: usize, detail: String) -> Refusal {
    Refusal::malformed("query-parameter", detail)
        .blaming(Blame::Parameter(format!("qp{parameter}")))
}

/// A moment as `/Date(ms)/`.
fn date(world: &World, at: DateTime<Utc>) -> Value {
    let mut ms = at.timestamp_millis();
    if world.options.getdata_local_dates || world.faults.setting(Fault::LocalDates).is_some() {
        let wall = at.with_timezone(&world.zone()).naive_local();
        ms = wall.and_utc().timestamp_millis();
    }
    format!("/Date({ms})/").into()
}

/// A moment that may be missing.
fn date_or_null(world: &World, at: Option<DateTime<Utc>>) -> Value {
    at.map_or(Value::Null, |at| date(world, at))
}
