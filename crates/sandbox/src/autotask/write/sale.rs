//! What only sales have: charges are of a material code and fixed once billed, services belong to recurring contracts
//! and change by adjustments only.

use serde_json::Value;

use super::super::billing::money;
use super::super::row::{Row, stamp};
use super::super::schema::{Entity, known};
use super::super::world::{Actor, World};
use super::{inventory, purchase, quote};

/// The `useType` of a code that things are sold under.
const MATERIAL: i64 = 2;

/// The `contractType` of a contract for services.
const RECURRING: i64 = 7;

/// The status of a charge that nobody has ordered yet.
const TO_ORDER: i64 = 1;

/// Tells whether the entity is a charge.
fn is_charge(entity: &Entity) -> bool {
    matches!(
        entity.plural,
        "TicketCharges" | "ProjectCharges" | "ContractCharges"
    )
}

/// What speaks against a row of sales.
pub(super) fn rules(
    world: &World,
    entity: &Entity,
    before: Option<&Row>,
    row: &Row,
) -> Vec<String> {
    if is_charge(entity) {
        return charge(world, entity, before, row);
    }
    match entity.plural {
        "ContractServices" => recurring(world, row.int("contractID")),
        "ContractServiceAdjustments" => adjustment(world, row),
        "QuoteItems" => quote::rules(row),
        plural => purchase::rules(world, plural, row),
    }
}

/// Why a row of sales cannot be deleted.
pub(super) fn keeps(entity: &Entity, row: &Row) -> Option<String> {
    (is_charge(entity) && row.flag("isBilled")).then(|| billed(entity))
}

/// Fills what the system fills.
pub(super) fn complete(
    world: &mut World,
    entity: &Entity,
    before: Option<&Row>,
    row: &mut Row,
    actor: Actor,
) {
    if is_charge(entity) {
        complete_charge(world, before, row, actor);
        return;
    }
    match entity.plural {
        "ContractServices" => agreed_price(world, row),
        "ContractServiceAdjustments" => on_service(world, row),
        "Invoices" => {
            // Only the date is kept.
            let day = row.text("paidDate").get(..10).map(str::to_owned);
            if let Some(day) = day {
                row.set("paidDate", format!("{day}T00:00:00.000Z"));
            }
        }
        plural @ ("Opportunities" | "Quotes" | "QuoteItems") => {
            quote::complete(world, plural, before, row, world.now());
        }
        plural if plural.starts_with("Inventory") => inventory::complete(world, plural, row),
        plural => purchase::complete(world, plural, row, world.now()),
    }
}

fn charge(world: &World, entity: &Entity, before: Option<&Row>, row: &Row) -> Vec<String> {
    if before.is_some_and(|before| before.flag("isBilled")) {
        return vec![billed(entity)];
    }
    let mut errors = Vec::new();
    let code = row.int("billingCodeID");
    if code.is_none() && row.int("productID").is_none() {
        errors.push("Missing Required Field: billingCodeID (or productID).".to_owned());
    }
    let of_code = code.and_then(|id| world.row("BillingCodes", id));
    if of_code.is_some_and(|code| code.int("useType") != Some(MATERIAL)) {
        errors.push("billingCodeID must be a material code.".to_owned());
    }
    errors
}

fn billed(entity: &Entity) -> String {
    format!("The {} is billed and cannot be changed.", entity.singular)
}

fn recurring(world: &World, contract: Option<i64>) -> Vec<String> {
    let contract = contract.and_then(|id| world.row("Contracts", id));
    let is_recurring = contract.is_some_and(|row| row.int("contractType") == Some(RECURRING));
    let sentence = || "contractID must be of a Recurring Service contract.".to_owned();
    (!is_recurring).then(sentence).into_iter().collect()
}

fn adjustment(world: &World, row: &Row) -> Vec<String> {
    let service = row.int("contractServiceID");
    if let Some(of) = service.and_then(|id| world.row("ContractServices", id)) {
        return recurring(world, of.int("contractID"));
    }
    if row.int("serviceID").is_none() {
        return vec!["Missing Required Field: contractServiceID (or serviceID).".to_owned()];
    }
    recurring(world, row.int("contractID"))
}

/// A price that was not sent is that of the product or of the code; a new code without a new price brings its own.
fn complete_charge(world: &World, before: Option<&Row>, row: &mut Row, actor: Actor) {
    let product = row
        .int("productID")
        .and_then(|id| world.row("Products", id));
    let code = row
        .int("billingCodeID")
        .and_then(|id| world.row("BillingCodes", id));
    for name in ["unitPrice", "unitCost"] {
        let stale = before.is_some_and(|before| {
            before.get("billingCodeID") != row.get("billingCodeID")
                && before.get(name) == row.get(name)
        });
        if row.get(name).is_null() || stale {
            let own = product.or(code).map(|of| of.get(name).clone());
            row.set(name, own.unwrap_or_default());
        }
    }
    if before.is_none() {
        row.set("isBilled", false);
        row.set("status", TO_ORDER);
        row.set("statusLastModifiedBy", actor.resource);
        row.set("statusLastModifiedDate", stamp(world.now()));
        if row.get("isBillableToCompany").is_null() {
            row.set("isBillableToCompany", true);
        }
    }
    let times = |price: &str| {
        let price = money::read(row.get(price))?;
        money::times(money::read(row.get("unitQuantity"))?, price).map(money::told)
    };
    let (billable, cost) = (times("unitPrice"), times("unitCost"));
    let price = row.get("unitPrice").clone();
    row.set("billableAmount", billable.clone().unwrap_or_default());
    row.set(
        "internalCurrencyBillableAmount",
        billable.unwrap_or_default(),
    );
    row.set("internalCurrencyUnitPrice", price);
    row.set("extendedCost", cost.unwrap_or_default());
}

fn agreed_price(world: &World, row: &mut Row) {
    let service = row
        .int("serviceID")
        .and_then(|id| world.row("Services", id));
    for name in ["unitPrice", "unitCost"] {
        if row.get(name).is_null() {
            let own = service.map(|service| service.get(name).clone());
            row.set(name, own.unwrap_or_default());
        }
    }
    row.set("internalCurrencyUnitPrice", row.get("unitPrice").clone());
}

/// An adjustment names the contract's service; where the contract has none of that kind, it makes it.
fn on_service(world: &mut World, row: &mut Row) {
    if let Some(of) = row
        .int("contractServiceID")
        .and_then(|id| world.row("ContractServices", id))
    {
        let contract = of.get("contractID").clone();
        row.set("contractID", contract);
        return;
    }
    let (contract, service) = (row.int("contractID"), row.int("serviceID"));
    let again = row.flag("allowRepeatService");
    let mut known_ones = world.rows("ContractServices");
    let found = known_ones.find(|(_, of)| {
        !again && of.int("contractID") == contract && of.int("serviceID") == service
    });
    let found = found.map(|(id, _)| id);
    drop(known_ones);
    let id = found.unwrap_or_else(|| {
        let mut of = Row::default();
        of.set("contractID", contract);
        of.set("serviceID", service);
        agreed_price(world, &mut of);
        world.insert(known("ContractServices"), of)
    });
    row.set("contractServiceID", Value::from(id));
}
