//! What was posted and what is on jobs: each line that names what it bills is compared with what stands posted for that, and
//! what says that it was carried is looked for.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

use super::world::{World, text};
use super::{Agreement, Trouble};

/// The letter of a mark, and the column of a billing item that names the same thing. What comes first stands, where an item
/// names several.
const LETTERS: [(&str, &str); 11] = [
    ("T", "timeEntryID"),
    ("C", "ticketChargeID"),
    ("P", "projectChargeID"),
    ("K", "contractChargeID"),
    ("E", "expenseItemID"),
    ("M", "milestoneID"),
    ("B", "contractBlockID"),
    ("A", "contractServiceAdjustmentID"),
    ("S", "contractServicePeriodID"),
    ("X", "contractServiceBundleAdjustmentID"),
    ("Y", "contractServiceBundlePeriodID"),
];

/// What stands posted under one mark.
#[derive(Debug, Default)]
struct Standing {
    amounts: Vec<Decimal>,
    /// The items that say that they were carried.
    carried: Vec<String>,
}

/// Compares all marked lines with what is posted. An item that says nothing of having been carried may have no line yet;
/// one that had the date from somebody else (another time than when it was posted) never has.
pub(super) fn check(world: &World<'_>, agreement: &mut Agreement) {
    let posted = posted(world);
    let mut lines: BTreeMap<String, Vec<(&String, Decimal)>> = BTreeMap::new();
    for (id, line) in &world.stock {
        let words = text(line, "description");
        let Some(mark) = ending(&words) else { continue };
        let Some(amount) = amount(line) else {
            agreement.find(Trouble::Differs, &format!("line {id}"), "it has no amount");
            continue;
        };
        lines.entry(mark.to_owned()).or_default().push((id, amount));
    }
    for (mark, own) in &lines {
        let real = own.iter().filter(|(_, amount)| !amount.is_zero());
        let real: Vec<&(&String, Decimal)> = real.collect();
        let label = format!("what is marked {mark}");
        if real.len() > 1 {
            let ids: Vec<&str> = real.iter().map(|(id, _)| id.as_str()).collect();
            let says = format!("it is on lines {}", ids.join(" and "));
            agreement.find(Trouble::Twice, &label, says);
        }
        let on_jobs: Decimal = real.iter().map(|(_, amount)| *amount).sum();
        match posted.get(mark) {
            Some(standing) => {
                agreement.compared("billing");
                let stands: Decimal = standing.amounts.iter().sum();
                let same = stands == on_jobs;
                let told = (format!("{stands:.2}"), format!("{on_jobs:.2}"));
                agreement.value(same, &label, "amount", &told.0, &told.1);
            }
            None if real.is_empty() => {}
            None => {
                let says = format!("${on_jobs:.2} is on a job, and nothing is posted for it");
                agreement.find(Trouble::Strayed, &label, says);
            }
        }
    }
    for (mark, standing) in &posted {
        if !standing.carried.is_empty() && !lines.contains_key(mark) {
            let items = standing.carried.join(" and ");
            let says = format!("item {items} says that it was carried, and no line has its mark");
            agreement.find(Trouble::Missing, &format!("what is marked {mark}"), says);
        }
    }
}

fn posted(world: &World<'_>) -> BTreeMap<String, Standing> {
    let mut posted: BTreeMap<String, Standing> = BTreeMap::new();
    for (id, item) in &world.items {
        let Some(mark) = mark_of(item) else { continue };
        let standing = posted.entry(mark).or_default();
        standing.amounts.extend(dollars(item, "extendedPrice"));
        let when = text(item, "webServiceDate");
        if !when.is_empty() && when == text(item, "postedOnTime") {
            standing.carried.push(id.clone());
        }
    }
    posted
}

/// How the line of an item ends.
fn mark_of(item: &Value) -> Option<String> {
    let named = LETTERS.into_iter().find_map(|(letter, column)| {
        let id = text(item, column);
        (!id.is_empty()).then(|| format!("{letter}{id}"))
    });
    let sub_type = text(item, "subType");
    let dot = if sub_type.is_empty() { "" } else { "." };
    Some(format!("[AT {}{dot}{sub_type}]", named?))
}

/// The mark at the end of a line.
fn ending(words: &str) -> Option<&str> {
    let words = words.trim_end();
    let mark = &words[words.rfind("[AT ")?..];
    let inside = mark.strip_prefix("[AT ")?.strip_suffix(']')?;
    let is_letter = LETTERS.iter().any(|(letter, _)| inside.starts_with(letter));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_mark = is_letter && inside.get(1..)?.split('.').all(is_number);
    is_mark.then_some(mark)
}

/// What a line comes to without GST. Where prices have tax in them the price without is reckoned back from whole cents,
/// and the line comes to what is left of those after a tenth.
fn amount(line: &Value) -> Option<Decimal> {
    let supplied = dollars(line, "suppliedQty")?;
    let (without, with) = (dollars(line, "unitPriceTF")?, dollars(line, "unitPriceTP")?);
    let rate = Decimal::new(11, 1);
    let is_reckoned = without != with
        && with == cents(with)
        && without != cents(without)
        && without == (with / rate).round_dp(4);
    if is_reckoned {
        let gross = cents(supplied * with);
        return Some(gross - cents(gross / Decimal::from(11)));
    }
    Some(cents(supplied * without))
}

pub(super) fn dollars(record: &Value, name: &str) -> Option<Decimal> {
    let text = text(record, name);
    text.parse()
        .or_else(|_| Decimal::from_scientific(&text))
        .ok()
}

fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// One charge, posted at 37.04, carried, and on line 2 of job 5001.
    fn worlds() -> (Value, Value) {
        let item = json!({
            "id": 9, "subType": 1, "ticketChargeID": 123, "extendedPrice": 37.04,
            "postedOnTime": "2026-11-20T01:02:03.000Z", "webServiceDate": "2026-11-20T01:02:03.000Z",
        });
        let line = json!({
            "id": "5001-2", "suppliedQty": "3.0000", "unitPriceTF": "12.3450", "unitPriceTP": "13.5795",
            "description": "Toner [AT C123.1]",
        });
        (json!({"BillingItems": [item]}), json!({"JobStock": [line]}))
    }

    fn found(change: impl FnOnce(&mut Value, &mut Value)) -> Vec<Trouble> {
        let (mut autotask, mut jim2) = worlds();
        change(&mut autotask, &mut jim2);
        let mut agreement = Agreement::default();
        check(&World::of(&autotask, &jim2), &mut agreement);
        let findings = agreement.findings.iter();
        findings.map(|finding| finding.trouble).collect()
    }

    fn another(line: &mut Value, id: &str) {
        let mut copy = line["JobStock"][0].clone();
        copy["id"] = json!(id);
        line["JobStock"].as_array_mut().unwrap().push(copy);
    }

    #[test]
    fn a_line_that_comes_to_what_is_posted_is_found_to() {
        assert_eq!(found(|_, _| {}), []);
        let (autotask, jim2) = worlds();
        let mut agreement = Agreement::default();
        check(&World::of(&autotask, &jim2), &mut agreement);
        assert_eq!((agreement.compared["billing"], agreement.values), (1, 1));
    }

    #[test]
    fn a_cent_a_second_line_and_one_for_nothing_are_told() {
        let cent = found(|autotask, _| autotask["BillingItems"][0]["extendedPrice"] = json!(37.05));
        assert_eq!(cent, [Trouble::Differs]);
        let twice = found(|_, jim2| another(jim2, "5002-1"));
        assert_eq!(twice, [Trouble::Twice, Trouble::Differs]);
        let taken_back = found(|autotask, _| autotask["BillingItems"] = json!([]));
        assert_eq!(taken_back, [Trouble::Strayed]);
        let second_posting = found(|autotask, _| {
            let again = autotask["BillingItems"][0].clone();
            autotask["BillingItems"].as_array_mut().unwrap().push(again);
            autotask["BillingItems"][1]["id"] = json!(10);
        });
        assert_eq!(
            second_posting,
            [Trouble::Differs],
            "its money is on no line"
        );
    }

    #[test]
    fn what_says_that_it_was_carried_has_a_line() {
        let gone = |jim2: &mut Value| jim2["JobStock"] = json!([]);
        assert_eq!(found(|_, jim2| gone(jim2)), [Trouble::Missing]);
        let not_yet = found(|autotask, jim2| {
            gone(jim2);
            autotask["BillingItems"][0]["webServiceDate"] = Value::Null;
        });
        assert_eq!(not_yet, []);
        let by_others = found(|autotask, jim2| {
            gone(jim2);
            autotask["BillingItems"][0]["webServiceDate"] = json!("2026-11-21T00:00:00.000Z");
        });
        assert_eq!(by_others, []);
    }

    #[test]
    fn a_line_that_was_taken_back_comes_to_nothing_and_is_left_alone() {
        let emptied = found(|autotask, jim2| {
            autotask["BillingItems"] = json!([]);
            jim2["JobStock"][0]["suppliedQty"] = json!("0.0000");
        });
        assert_eq!(emptied, []);
    }

    #[test]
    fn a_line_of_a_job_with_tax_in_its_prices_is_reckoned_from_whole_cents() {
        let changed = found(|_, jim2| {
            let line = &mut jim2["JobStock"][0];
            line["suppliedQty"] = json!("1.0000");
            line["unitPriceTF"] = json!("37.0364");
            line["unitPriceTP"] = json!("40.7400");
        });
        assert_eq!(changed, []);
    }
}
