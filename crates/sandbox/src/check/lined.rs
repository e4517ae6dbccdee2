//! What purchases and quotes have alike: a reference with the number of what they stand for in Autotask, and lines that each
//! end with the item that they are of. Lines without such an end are people's.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::Value;

use super::alone::FORGOTTEN;
use super::billing::dollars;
use super::world::{Table, World, text};
use super::{Agreement, Trouble, same};

/// The most characters of a line's words.
const WORDS: usize = 200;
/// How an item's name ends whose line is of a billing code.
const CODED: &str = "/code";

/// A record of Jim2's with the id of the one that its reference names.
pub(super) struct Pair<'a> {
    pub(super) label: String,
    pub(super) id: &'a String,
    pub(super) there: &'a Value,
}

/// A line as its item would have it.
#[derive(Debug)]
pub(super) struct Meant {
    pub(super) qty: Option<Decimal>,
    pub(super) price: Option<Decimal>,
    /// Its stock code; none where only the site knows it.
    pub(super) code: Option<String>,
    pub(super) words: String,
}

/// Pairs these records with those that have the `numbers` which their references name, each with one.
pub(super) fn pairs<'a>(
    world: &World<'a>,
    (what, records): (&str, &Table<'a>),
    numbers: &BTreeMap<String, &'a String>,
    agreement: &mut Agreement,
) -> Vec<Pair<'a>> {
    let mut pairs = Vec::new();
    let mut seen: BTreeMap<&String, &String> = BTreeMap::new();
    for (no, there) in records {
        let our_ref = text(there, "ourRef");
        let label = format!("{what} {no} with the reference {our_ref}");
        let number = our_ref.rsplit_once('/').map(|(number, _)| number);
        let Some(id) = number.and_then(|number| numbers.get(number)).copied() else {
            if world.is_made_by_us(there) {
                let says = format!("{FORGOTTEN} its reference names nothing in Autotask");
                agreement.find(Trouble::Missing, &label, says);
            }
            continue;
        };
        if let Some(other) = seen.insert(id, no) {
            let says = format!("{what} {other} is of the same in Autotask");
            agreement.find(Trouble::Twice, &label, says);
            continue;
        }
        pairs.push(Pair { label, id, there });
    }
    pairs
}

/// Compares the lines of a record with what they are meant to be by item, while its status is none of these.
pub(super) fn lines(
    pair: &Pair<'_>,
    meant: &BTreeMap<String, Meant>,
    closed: &[&str],
    agreement: &mut Agreement,
) {
    let label = &pair.label;
    let mut lines: BTreeMap<String, &Value> = BTreeMap::new();
    for line in pair.there["stock"].as_array().into_iter().flatten() {
        let words = text(line, "description");
        let Some((_, item)) = source(&words) else {
            continue;
        };
        if lines.insert(item.to_owned(), line).is_some() {
            let says = format!("two lines are of item {item}");
            agreement.find(Trouble::Twice, label, says);
        }
    }
    let status = text(pair.there, "status").to_lowercase();
    if closed.contains(&status.as_str()) {
        return;
    }
    for (item, meant) in meant {
        match lines.remove(item) {
            Some(line) => compare(label, (item, meant), line, agreement),
            None => agreement.find(Trouble::Missing, label, format!("item {item} has no line")),
        }
    }
    for item in lines.keys() {
        let says = format!("a line is of item {item}, which should have none");
        agreement.find(Trouble::Strayed, label, says);
    }
}

fn compare(label: &str, (item, meant): (&str, &Meant), line: &Value, agreement: &mut Agreement) {
    let four = |number: Option<Decimal>| number.map(|it| it.round_dp(4).normalize());
    for (field, there, here) in [
        ("quantity", meant.qty, "qty"),
        ("price", meant.price, "unitPriceTF"),
    ] {
        let (there, here) = (four(there), four(dollars(line, here)));
        let told = |number: Option<Decimal>| number.map_or_else(String::new, |it| it.to_string());
        let field = format!("{field} of item {item}");
        agreement.value(there == here, label, &field, &told(there), &told(here));
    }
    if let Some(there) = &meant.code {
        let here = text(line, "stockCode");
        let field = format!("stock code of item {item}");
        agreement.value(same::case_free(there, &here), label, &field, there, &here);
    }
    let words = text(line, "description");
    let here = source(&words).map_or(words.as_str(), |(words, _)| words);
    let field = format!("words of item {item}");
    let is_same = same::text(&meant.words, here, WORDS);
    agreement.value(is_same, label, &field, &meant.words, here);
}

/// How the line of an item that is sold under a billing code names it.
pub(super) fn coded(item: &str) -> String {
    format!("{item}{CODED}")
}

/// What a line says, and the item that its end names (`[autotask:30798001]`).
fn source(words: &str) -> Option<(&str, &str)> {
    let words = words.trim_end();
    let begins = words.rfind("[autotask:")?;
    let item = words[begins..]
        .strip_prefix("[autotask:")?
        .strip_suffix(']')?;
    let id = item.strip_suffix(CODED).unwrap_or(item);
    let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| (words[..begins].trim_end(), item))
}
