//! What only time entries have: what they are about, what is worked out of what they say, and their approval.

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::super::row::{Row, parse_time};
use super::super::world::World;

/// `useType` of a billing code that is a work type.
const WORK_TYPE: i64 = 1;
/// `useType` of a billing code for time of the provider's own.
const INTERNAL: i64 = 3;

/// What an approved entry is refused with; no page tells the real sentence.
const APPROVED: &str = "The time entry has been approved for billing and cannot be changed.";

/// An entry is about a ticket, a task or the provider itself; the first two have a role and a work type.
pub(super) fn rules(world: &World, before: Option<&Row>, row: &Row) -> Vec<String> {
    let has = |name: &str| row.int(name).is_some();
    let mut errors = approval(before, row);
    if has("ticketID") && has("taskID") {
        errors.push("A time entry can have a ticketID or a taskID, not both.".to_owned());
    }
    if has("ticketID") || has("taskID") {
        if !has("roleID") {
            errors.push("Missing Required Field: roleID.".to_owned());
        }
        if !has("billingCodeID") && world.options.work_type_required {
            errors.push("Missing Required Field: billingCodeID.".to_owned());
        }
    } else if !has("internalBillingCodeID") {
        errors.push(
            "Missing Required Field: ticketID, taskID or InternallAllocationCodeID.".to_owned(),
        );
    }
    for (name, wanted, sentence) in [
        (
            "billingCodeID",
            WORK_TYPE,
            "billingCodeID must be a work type.",
        ),
        (
            "internalBillingCodeID",
            INTERNAL,
            "InternallAllocationCodeID must be an internal billing code.",
        ),
    ] {
        let code = row.int(name).and_then(|id| world.row("BillingCodes", id));
        if code.is_some_and(|code| code.int("useType") != Some(wanted)) {
            errors.push(sentence.to_owned());
        }
    }
    if row.get("dateWorked").is_null() && row.get("startDateTime").is_null() {
        errors.push("Missing Required Field: dateWorked.".to_owned());
    }
    if row.get("hoursWorked").is_null() && span(row).is_none() {
        errors.push("Missing Required Field: hoursWorked.".to_owned());
    }
    errors
}

/// An approved entry stays as it is until its approval is taken back.
fn approval(before: Option<&Row>, row: &Row) -> Vec<String> {
    let is_approved = |row: &Row| !row.get("billingApprovalDateTime").is_null();
    let stays = before.is_some_and(|before| is_approved(before) && is_approved(row));
    let changes = before.is_some_and(|before| before != row);
    (stays && changes)
        .then(|| APPROVED.to_owned())
        .into_iter()
        .collect()
}

/// The sentence with which an approved entry is not deleted.
pub(super) fn keeps(row: &Row) -> Option<&'static str> {
    (!row.get("billingApprovalDateTime").is_null()).then_some(APPROVED)
}

/// Works out what the system works out: the hours between start and end, the day, the hours to bill, the type.
pub(super) fn complete(before: Option<&Row>, row: &mut Row) {
    let moved = |name: &str| before.is_none_or(|before| before.get(name) != row.get(name));
    let times_moved = moved("startDateTime") || moved("endDateTime");
    let hours_told = before.is_some() && moved("hoursWorked");
    if let Some(hours) = span(row)
        && (row.get("hoursWorked").is_null() || (times_moved && !hours_told))
    {
        row.set("hoursWorked", hours.to_f64());
    }
    if row.get("dateWorked").is_null() {
        row.set("dateWorked", row.get("startDateTime").clone());
    }
    let number = |name: &str| row.get(name).as_f64().and_then(Decimal::from_f64);
    let hours =
        number("hoursWorked").unwrap_or_default() + number("offsetHours").unwrap_or_default();
    row.set("hoursToBill", hours.to_f64());
    let type_no = match (row.int("ticketID"), row.int("taskID")) {
        (Some(_), _) => 2,
        (None, Some(_)) => 6,
        (None, None) => 10,
    };
    row.set("timeEntryType", type_no);
    if row.get("isNonBillable").is_null() {
        row.set("isNonBillable", false);
    }
    if row.get("showOnInvoice").is_null() {
        row.set("showOnInvoice", true);
    }
}

/// The hours from start to end, to the ten-thousandth.
fn span(row: &Row) -> Option<Decimal> {
    let time = |name: &str| row.get(name).as_str().and_then(parse_time);
    let seconds = (time("endDateTime")? - time("startDateTime")?).num_seconds();
    (seconds >= 0).then(|| (Decimal::from(seconds) / Decimal::from(3600)).round_dp(4))
}
