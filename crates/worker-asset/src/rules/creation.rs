//! Whether the missing half is made, and with what. Nothing is made without a serial number, as it could not be found
//! again.

use domain::{Fixer, Key, Problem, RecordId, Remedy, Subject, System, Value};
use serde_json::Value as Json;
use sync::{Creation, Draft, Facts, Fields, Half};

use super::owner;
use crate::{COMPANY, KIND};

/// The company types that are customers, where the filter `types` of companies does not say.
const CUSTOMER_TYPES: [i64; 1] = [1];

/// The setting with the product of new configuration items: Autotask asks for one, and assets do not tell it.
const PRODUCT: &str = "default.product";

/// The longest title of a configuration item.
const TITLE_MAX: usize = 200;

/// The filters: name, fact and what people call it.
const FILTERS: [(&str, &str, &str); 2] = [
    ("types", "type", "type"),
    ("categories", "category", "category"),
];

/// An asset of the company's card, which is where it is, too: locations have no pairs.
pub(super) fn asset(item: &Half, facts: &Facts) -> Creation {
    if !facts.may_create(&KIND, System::Jim2) {
        return Creation::No("making assets in Jim2 is off".to_owned());
    }
    if let Some(reason) = keeps_out(System::Autotask, item, facts) {
        return Creation::No(reason);
    }
    match partner(System::Autotask, item, facts) {
        Ok(card) => Creation::Yes(Draft {
            reference: serial(item),
            extra: Fields::from([
                ("owner".to_owned(), card.into()),
                ("ship".to_owned(), card.into()),
            ]),
        }),
        Err(problem) => Creation::Held(vec![*problem]),
    }
}

/// A configuration item of the company that has the asset's card.
pub(super) fn item(asset: &Half, facts: &Facts) -> Creation {
    if !facts.may_create(&KIND, System::Autotask) {
        return Creation::No("making configuration items in Autotask is off".to_owned());
    }
    if let Some(reason) = keeps_out(System::Jim2, asset, facts) {
        return Creation::No(reason);
    }
    let mut problems = Vec::new();
    let mut extra = Fields::new();
    match partner(System::Jim2, asset, facts) {
        Ok(company) => drop(extra.insert("company".to_owned(), company.into())),
        Err(problem) => problems.push(*problem),
    }
    match facts.number(PRODUCT) {
        Some(product) => drop(extra.insert("product".to_owned(), product.into())),
        None => problems.push(without_product(asset)),
    }
    let what = asset.fields.get("what").and_then(Value::as_text);
    let title = what.map(|what| what.chars().take(TITLE_MAX).collect::<String>());
    extra.extend(title.map(|title| ("title".to_owned(), title.into())));
    if problems.is_empty() {
        Creation::Yes(Draft {
            reference: serial(asset),
            extra,
        })
    } else {
        Creation::Held(problems)
    }
}

/// Why nothing is made for this half, whatever becomes of its owner.
fn keeps_out(from: System, half: &Half, facts: &Facts) -> Option<String> {
    let number = |fact: &str| half.fact(fact).and_then(Value::as_number);
    let is_customer = |kind: i64| {
        let customers = facts.filter_numbers(&COMPANY, "types");
        customers
            .unwrap_or_else(|| CUSTOMER_TYPES.to_vec())
            .contains(&kind)
    };
    let reason = if owner(from, half).unwrap_or(0) == 0 {
        "it is nobody's, or the provider's own"
    } else if half.is("opt_out") {
        "its company has opted out"
    } else if number("company_type").is_some_and(|kind| !is_customer(kind)) {
        "its company is no customer"
    } else if half.is("inactive") {
        "it is not active"
    } else if serial(half).is_empty() {
        "it has no serial number"
    } else {
        let passes = |filter: &str, fact: &str| {
            from == System::Jim2
                || facts.lets_pass(&KIND, filter, number(fact).map(Json::from).as_ref())
        };
        let mut filters = FILTERS.iter();
        return filters
            .find(|(filter, fact, _)| !passes(filter, fact))
            .map(|(_, _, word)| format!("its {word} is filtered out"));
    };
    Some(reason.to_owned())
}

fn serial(half: &Half) -> String {
    let serial = half.fields.get("serial").and_then(Value::as_text);
    serial.unwrap_or_default().trim().to_owned()
}

/// The owner on the other side, or the problem that there is none yet.
fn partner(from: System, half: &Half, facts: &Facts) -> Result<i64, Box<Problem>> {
    let id = owner(from, half).unwrap_or_default();
    let key = Key::new(COMPANY, from, id);
    if let Some(partner) = facts.other_half(&key).and_then(RecordId::number) {
        return Ok(partner);
    }
    let (whose, link) = match from {
        System::Autotask => {
            let name = half.fact("company_name").map(Value::to_string);
            let name = name.map_or_else(|| id.to_string(), |name| format!("{name} ({id})"));
            (format!("company {name}"), format!("{id} <CardNo>"))
        }
        System::Jim2 => (format!("card {id}"), format!("<company id> {id}")),
    };
    Err(Box::new(Problem {
        code: "company-not-paired".to_owned(),
        says: format!(
            "{} cannot go to {} before its {whose} is paired",
            half.label,
            from.other()
        ),
        subject: Subject::Pair {
            kind: key.kind,
            system: key.system,
            id: key.id,
        },
        field: None,
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!("crossbill pairs link company {link}"),
            continues: true,
        },
    }))
}

fn without_product(asset: &Half) -> Problem {
    Problem {
        code: "setting-missing".to_owned(),
        says: format!(
            "{} cannot become a configuration item: the site has no {PRODUCT}",
            asset.label
        ),
        subject: Subject::Setting {
            name: PRODUCT.to_owned(),
        },
        field: None,
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!("crossbill settings set {PRODUCT} <id of a product in Autotask>"),
            continues: true,
        },
    }
}
