//! Whether the missing half of a company is made, and with what.

use domain::{Fixer, Key, Problem, Remedy, Subject, System, Value};
use sync::{Creation, Draft, Facts, Fields, Half, SIGNED_OFF};

use super::FIELDS;
use crate::{KIND, abn};

/// The company types that are customers, where the filter `types` does not say.
const CUSTOMER_TYPES: [i64; 1] = [1];

/// The type of companies made from cards, where `default.company_type` does not say.
const CUSTOMER: i64 = 1;

/// The most characters that Jim2 takes of an ABN.
const ABN_MAX: usize = 15;

/// A card from a company of Autotask. Its code is chosen when it is known which are free.
pub(super) fn card(half: &Half, facts: &Facts) -> Creation {
    if let Some(reason) = why_no_card(half, facts) {
        return Creation::No(reason.to_owned());
    }
    let problems: Vec<Problem> = [
        ("card_no", "udf.card_no", "card number"),
        ("opt_out", "udf.opt_out", "opt-out"),
    ]
    .into_iter()
    .filter(|(fact, _, _)| half.fact(fact).is_none())
    .map(|(_, setting, what)| udf_missing(setting, what))
    .collect();
    if !problems.is_empty() {
        return Creation::Held(problems);
    }
    // At creation the ABN goes the other way, too.
    let abn = half.fields.get("abn").map(abn::plain);
    let abn = abn.filter(|abn| abn.as_text().is_some_and(|abn| abn.len() <= ABN_MAX));
    Creation::Yes(Draft {
        reference: String::new(),
        extra: abn
            .map(|abn| ("abn".to_owned(), abn))
            .into_iter()
            .chain([compared_only()])
            .chain(signed_off(System::Autotask, half, facts))
            .collect(),
    })
}

/// What tells the hands that a person decided on this creation: nobody asks again.
fn signed_off(on: System, half: &Half, facts: &Facts) -> Option<(String, Value)> {
    let key = Key::new(KIND, on, half.id.clone());
    facts
        .is_signed_off(&key)
        .then(|| (SIGNED_OFF.to_owned(), true.into()))
}

fn why_no_card(half: &Half, facts: &Facts) -> Option<&'static str> {
    let kind = half.fact("type").and_then(Value::as_number);
    let is_active = half.fields.get("active") == Some(&Value::Flag(true));
    if !facts.may_create(&KIND, System::Jim2) {
        Some("making cards in Jim2 is off")
    } else if half.id.number() == Some(0) {
        Some("it is the provider itself")
    } else if half.points_to.is_some() {
        Some("it names a card already")
    } else if !kind.is_some_and(|kind| customer_types(facts).contains(&kind)) {
        Some("it is not a customer")
    } else if !is_active {
        Some("it is not active")
    } else if half.fact("opt_out").is_some_and(Value::says_yes) {
        Some("its opt-out field keeps it out of Jim2")
    } else {
        None
    }
}

fn customer_types(facts: &Facts) -> Vec<i64> {
    let filter = facts.filter_numbers(&KIND, "types");
    filter.unwrap_or_else(|| CUSTOMER_TYPES.to_vec())
}

/// A company from a card of Jim2, with what Autotask asks for and the card does not tell.
pub(super) fn company(half: &Half, facts: &Facts) -> Creation {
    let is_active = half.fields.get("active") == Some(&Value::Flag(true));
    let reason = if !facts.may_create(&KIND, System::Autotask) {
        Some("making companies in Autotask is off")
    } else if !half.is("is_customer") {
        Some("it is not a customer")
    } else if !is_active {
        Some("it is not active")
    } else {
        None
    };
    if let Some(reason) = reason {
        return Creation::No(reason.to_owned());
    }
    let kind = number(facts, "default.company_type").unwrap_or(Value::Number(CUSTOMER));
    let mut extra = Fields::from([("type".to_owned(), kind), compared_only()]);
    extra.extend(signed_off(System::Jim2, half, facts));
    let mut problems = Vec::new();
    let phone = facts
        .setting("default.phone")
        .map(|phone| phone.trim().into());
    for (field, name, default) in [
        ("phone", "default.phone", phone),
        ("owner", "default.owner", number(facts, "default.owner")),
    ] {
        if is_filled(field, half, facts) {
            continue;
        }
        match default.filter(|default: &Value| !default.is_empty()) {
            Some(value) => drop(extra.insert(field.to_owned(), value)),
            None => problems.push(default_missing(half, field, name)),
        }
    }
    if problems.is_empty() {
        Creation::Yes(Draft {
            reference: half.id.to_string(),
            extra,
        })
    } else {
        Creation::Held(problems)
    }
}

/// The parent is left out of what is made: it is compared right after.
fn compared_only() -> (String, Value) {
    ("parent".to_owned(), Value::Empty)
}

/// Whether the mapping table finds a value for a field of the company to be made.
fn is_filled(name: &str, half: &Half, facts: &Facts) -> bool {
    let field = FIELDS.iter().find(|field| field.name == name);
    let told = half.fields.get(name);
    field.zip(told).is_some_and(|(field, told)| {
        let mapped = field.map(System::Autotask, told, facts);
        matches!(mapped, sync::Mapped::Value(value) if !value.is_empty())
    })
}

/// A setting that is a number, which may have been typed as text.
fn number(facts: &Facts, name: &str) -> Option<Value> {
    facts.number(name).map(Value::Number)
}

fn udf_missing(setting: &str, what: &str) -> Problem {
    Problem {
        code: "setting-missing".to_owned(),
        subject: Subject::Setting {
            name: setting.to_owned(),
        },
        field: None,
        says: format!("Autotask has no company field for the {what}, so no cards are made in Jim2"),
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!(
                "add the user-defined field to companies in Autotask and run crossbill connect, which finds it; or name another: crossbill settings set {setting} \"<field>\""
            ),
            continues: true,
        },
    }
}

fn default_missing(half: &Half, field: &str, name: &str) -> Problem {
    Problem {
        code: "setting-missing".to_owned(),
        subject: Subject::Setting {
            name: name.to_owned(),
        },
        field: Some(field.to_owned()),
        says: format!(
            "{} has no {field} in Jim2 that Autotask could take, and there is no default",
            half.label
        ),
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!("crossbill settings set {name} <value>"),
            continues: true,
        },
    }
}
