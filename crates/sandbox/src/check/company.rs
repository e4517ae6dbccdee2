//! Companies and cardfiles: the company names its card.

use std::collections::BTreeMap;

use serde_json::Value;

use super::world::{World, text, udf};
use super::{Agreement, Trouble, same};

/// The most characters of a name that both systems take.
const NAME: usize = 100;
/// The most characters of a city that Autotask takes.
const CITY: usize = 30;

/// Compares all pairs; answers the card of each company that has one.
pub(super) fn check(world: &World<'_>, agreement: &mut Agreement) -> BTreeMap<String, String> {
    let mut cards = BTreeMap::new();
    let mut named: BTreeMap<String, String> = BTreeMap::new();
    for (id, company) in &world.companies {
        let card_no = udf(company, "Jim2 CardNo");
        if card_no.is_empty() {
            continue;
        }
        let label = format!("company {} ({id})", text(company, "companyName"));
        if let Some(other) = named.insert(card_no.clone(), label.clone()) {
            let says = format!("names card {card_no}, and so does {other}");
            agreement.find(Trouble::Twice, &label, says);
        }
        let Some(card) = world.cards.get(&card_no) else {
            let says = format!("names card {card_no}, which is not in Jim2");
            agreement.find(Trouble::Missing, &label, says);
            continue;
        };
        agreement.compared("companies");
        compare(&label, company, card, agreement);
        cards.insert(id.clone(), card_no);
    }
    cards
}

fn compare(label: &str, company: &Value, card: &Value, agreement: &mut Agreement) {
    let mut value = |field: &str, there: &str, here: &str, same: bool| {
        agreement.value(same, label, field, there, here);
    };
    let (there, here) = (text(company, "companyName"), text(card, "name"));
    value("name", &there, &here, same::text(&there, &here, NAME));
    let (there, here) = (text(company, "taxID"), text(card, "aBN"));
    value("ABN", &there, &here, same::digits(&there, &here));
    let there = [text(company, "address1"), text(company, "address2")].join("\n");
    let here = text(card, "address.streetAddress");
    value(
        "street",
        &there,
        &here,
        same::text(&there, &here, usize::MAX),
    );
    let (there, here) = (text(company, "city"), text(card, "address.suburb"));
    value("city", &there, &here, same::text(&there, &here, CITY));
    for (field, in_autotask, in_jim2) in [
        ("state", "state", "address.state"),
        ("postcode", "postalCode", "address.postCode"),
    ] {
        let (there, here) = (text(company, in_autotask), text(card, in_jim2));
        value(field, &there, &here, same::case_free(&there, &here));
    }
    let there = udf(company, "Jim2 credit hold");
    let here = text(card, "customer.creditHold");
    value(
        "credit hold",
        &there,
        &here,
        is_yes(&there) == is_yes(&here),
    );
}

fn is_yes(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "y" | "yes" | "true" | "1")
}
