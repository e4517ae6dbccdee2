//! Work that is not posted yet, and will cost something once it is.

use std::collections::BTreeSet;

use autotask::{Client, Entity, Error, Filter, Query, TimeEntry};
use domain::Value;
use rust_decimal::Decimal;

/// Which of the records that `column` names have time that is not approved and may be billed once it is.
pub async fn unapproved(
    autotask: &Client,
    column: &str,
    ids: &[i64],
) -> Result<BTreeSet<i64>, Error> {
    let columns = [column, "isNonBillable", "hoursToBill"];
    let such = Filter::not_exists("billingApprovalDateTime");
    let entries: Vec<TimeEntry> = those(autotask, (column, ids), &such, &columns).await?;
    Ok(named(
        column,
        entries.iter().filter(|entry| may_cost(entry)),
    ))
}

/// Which of them have charges that are to be billed.
pub async fn unbilled<C: Entity>(
    autotask: &Client,
    column: &str,
    ids: &[i64],
) -> Result<BTreeSet<i64>, Error> {
    let columns = [column, BILLABLE];
    let such = Filter::eq("isBilled", false);
    let charges: Vec<C> = those(autotask, (column, ids), &such, &columns).await?;
    let is_to_be = |charge: &&C| charge.value(BILLABLE) != Some(Value::Flag(false));
    Ok(named(column, charges.iter().filter(is_to_be)))
}

const BILLABLE: &str = "isBillableToCompany";

async fn those<E: Entity>(
    autotask: &Client,
    (column, ids): (&str, &[i64]),
    such: &Filter,
    columns: &[&str],
) -> Result<Vec<E>, Error> {
    let asking = |of: Filter| Query::of(Filter::all([of, such.clone()])).only(columns);
    autotask.in_batches(column, ids, asking).await
}

fn named<'a, E: Entity + 'a>(column: &str, all: impl Iterator<Item = &'a E>) -> BTreeSet<i64> {
    all.filter_map(|one| one.value(column)?.as_number())
        .collect()
}

/// Whether an entry that is not approved yet may be billed once it is.
fn may_cost(entry: &TimeEntry) -> bool {
    let is_free = entry.hours_to_bill.get().is_some_and(Decimal::is_zero);
    entry.is_non_billable.get() != Some(&true) && !is_free
}
