//! What is billed: each kind of source, the column by which its billing item names it, and what it costs.

use rust_decimal::Decimal;
use serde_json::Value;

use super::money;
use crate::autotask::row::Row;
use crate::autotask::world::World;

/// Contracts whose labour costs nothing beside what the contract itself costs.
const COVERING: [i64; 2] = [7, 4];

/// A kind of record that becomes billing items.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source {
    /// The plural of its entity.
    pub entity: &'static str,
    /// The column of a billing item that names it; none for what billing items do not name (retainers).
    pub column: Option<&'static str>,
    /// The value of `billingItemType`.
    pub item_type: i64,
    /// Whether the row tells that it was billed (`isBilled`).
    pub is_charge: bool,
    price: fn(&World, &Row) -> Priced,
}

/// How much of it, and what one costs.
pub(super) struct Priced {
    pub quantity: Option<Decimal>,
    pub rate: Option<Decimal>,
    pub is_non_billable: bool,
}

const fn charge(entity: &'static str, column: &'static str, item_type: i64) -> Source {
    Source {
        entity,
        column: Some(column),
        item_type,
        is_charge: true,
        price: of_charge,
    }
}

const fn sum(
    entity: &'static str,
    column: Option<&'static str>,
    item_type: i64,
    price: fn(&World, &Row) -> Priced,
) -> Source {
    Source {
        entity,
        column,
        item_type,
        is_charge: false,
        price,
    }
}

/// Every kind of source but the services of a month, which are run rather than posted.
const SOURCES: &[Source] = &[
    sum("TimeEntries", Some("timeEntryID"), 1, of_time),
    charge("ProjectCharges", "projectChargeID", 3),
    charge("TicketCharges", "ticketChargeID", 4),
    charge("ContractCharges", "contractChargeID", 5),
    sum("ContractMilestones", Some("milestoneID"), 6, of_amount),
    sum("ExpenseItems", Some("expenseItemID"), 7, of_expense),
    sum("ContractBlocks", Some("contractBlockID"), 11, of_block),
    sum("ContractRetainers", None, 12, of_amount),
];

/// The source that an entity is.
pub(super) fn named(entity: &str) -> Option<Source> {
    SOURCES
        .iter()
        .find(|source| source.entity.eq_ignore_ascii_case(entity))
        .copied()
}

/// The source that a billing item names, with its id.
pub(super) fn of_item(item: &Row) -> Option<(Source, i64)> {
    SOURCES
        .iter()
        .find_map(|source| Some((*source, item.int(source.column?)?)))
}

impl Source {
    pub(super) fn price(self, world: &World, row: &Row) -> Priced {
        (self.price)(world, row)
    }
}

fn decimal(row: &Row, name: &str) -> Option<Decimal> {
    money::read(row.get(name))
}

fn of_charge(_: &World, row: &Row) -> Priced {
    Priced {
        quantity: decimal(row, "unitQuantity"),
        rate: decimal(row, "unitPrice"),
        is_non_billable: *row.get("isBillableToCompany") == Value::Bool(false),
    }
}

/// Hours at the rate of the role, unless a contract covers them.
fn of_time(world: &World, row: &Row) -> Priced {
    let contract = row
        .int("contractID")
        .and_then(|id| world.row("Contracts", id));
    let is_covered = contract
        .and_then(|contract| contract.int("contractType"))
        .is_some_and(|kind| COVERING.contains(&kind));
    let role = row.int("roleID").and_then(|id| world.row("Roles", id));
    let rate = role.and_then(|role| decimal(role, "hourlyRate"));
    Priced {
        quantity: decimal(row, "hoursToBill").or_else(|| decimal(row, "hoursWorked")),
        rate: if is_covered {
            Some(Decimal::ZERO)
        } else {
            rate
        },
        is_non_billable: row.flag("isNonBillable"),
    }
}

fn of_amount(_: &World, row: &Row) -> Priced {
    one(decimal(row, "amount"), false)
}

fn of_expense(_: &World, row: &Row) -> Priced {
    let amount = decimal(row, "expenseCurrencyExpenseAmount");
    one(amount, !row.flag("isBillableToCompany"))
}

fn of_block(_: &World, row: &Row) -> Priced {
    Priced {
        quantity: decimal(row, "hours"),
        rate: decimal(row, "hourlyRate"),
        is_non_billable: false,
    }
}

fn one(rate: Option<Decimal>, is_non_billable: bool) -> Priced {
    Priced {
        quantity: Some(Decimal::ONE),
        rate,
        is_non_billable,
    }
}
