//! Whether a contract gets a project, and with what.

use domain::{Fixer, Key, Problem, Remedy, Subject, System, Value};
use serde_json::Value as Json;
use sync::{Creation, Draft, Facts, Fields, Half};

use super::{SERVICES, customer};
use crate::{COMPANY, KIND};

/// The company types that are customers, where the filter `types` of companies does not say.
const CUSTOMER_TYPES: [i64; 1] = [1];

/// The setting with the type of new projects.
const TYPE: &str = "project.type";

/// The filters on what does not change while a contract runs: filter, fact and what people call it.
const FILTERS: [(&str, &str, &str); 2] = [
    ("types", "type", "type"),
    ("categories", "category", "category"),
];

/// A project for this contract, of the card of who pays for it. It is found again by number or name in that card.
pub(super) fn project(contract: &Half, facts: &Facts) -> Creation {
    if let Some(reason) = keeps_out(contract, facts) {
        return Creation::No(reason);
    }
    let mut problems = Vec::new();
    let payer = if contract.fact("payer").is_some() {
        "payer"
    } else {
        "company"
    };
    let mut extra = Fields::new();
    for (fact, name) in [(payer, "customer"), ("company", "ship")] {
        match customer::card(contract, fact, facts) {
            Some(card) => drop(extra.insert(name.to_owned(), card.into())),
            None => problems.extend(unpaired(contract, fact)),
        }
    }
    problems.dedup();
    match facts.setting(TYPE).map(str::trim) {
        Some(kind) if !kind.is_empty() => drop(extra.insert("type".to_owned(), kind.into())),
        Some(_) | None => problems.push(untyped(contract)),
    }
    if !problems.is_empty() {
        return Creation::Held(problems);
    }
    let number = contract.fact("number").filter(|number| !number.is_empty());
    extra.extend(number.map(|number| ("code".to_owned(), number.clone())));
    // Looked at again right after, so that a person hears of it.
    extra.insert(SERVICES.name.to_owned(), Value::Empty);
    let reference = number.map_or_else(|| contract.label.clone(), Value::to_string);
    Creation::Yes(Draft { reference, extra })
}

/// Why this contract gets no project, whatever becomes of its company.
fn keeps_out(contract: &Half, facts: &Facts) -> Option<String> {
    let number = |fact: &str| contract.fact(fact).and_then(Value::as_number);
    let is_customer = |kind: i64| {
        let customers = facts.filter_numbers(&COMPANY, "types");
        customers
            .unwrap_or_else(|| CUSTOMER_TYPES.to_vec())
            .contains(&kind)
    };
    let today = facts
        .now
        .with_timezone(&facts.zone)
        .date_naive()
        .to_string();
    let ends = contract.fields.get("ends").and_then(Value::as_text);
    let reason = if !facts.may_create(&KIND, System::Jim2) {
        "making projects in Jim2 is off"
    } else if number("company").unwrap_or(0) == 0 {
        "it is the provider's own"
    } else if contract.is("opt_out") {
        "its company has opted out"
    } else if number("company_type").is_some_and(|kind| !is_customer(kind)) {
        "its company is no customer"
    } else if contract.is("inactive") {
        "it is not active"
    } else if ends.is_some_and(|ends| ends < today.as_str()) {
        "it has ended"
    } else {
        let passes = |filter: &str, fact: &str| {
            facts.lets_pass(&KIND, filter, number(fact).map(Json::from).as_ref())
        };
        let mut filters = FILTERS.iter();
        return filters
            .find(|(filter, fact, _)| !passes(filter, fact))
            .map(|(_, _, word)| format!("its {word} is filtered out"));
    };
    Some(reason.to_owned())
}

/// Its company has no card yet.
fn unpaired(contract: &Half, fact: &str) -> Option<Problem> {
    let id = contract.fact(fact)?.as_number()?;
    let name = contract.fact("company_name").filter(|_| fact == "company");
    let company = name.map_or_else(
        || format!("company {id}"),
        |name| format!("company {name} ({id})"),
    );
    let key = Key::new(COMPANY, System::Autotask, id);
    Some(Problem {
        code: "company-not-paired".to_owned(),
        says: format!(
            "{} cannot go to Jim2 before its {company} is paired",
            contract.label
        ),
        subject: Subject::Pair {
            kind: key.kind,
            system: key.system,
            id: key.id,
        },
        field: None,
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!("crossbill pairs link company {id} <CardNo>"),
            continues: true,
        },
    })
}

/// Nobody said of which type new projects are: Jim2's templates have no API.
fn untyped(contract: &Half) -> Problem {
    Problem {
        code: "setting-missing".to_owned(),
        says: format!(
            "{} cannot become a project: the site has no {TYPE}",
            contract.label
        ),
        subject: Subject::Setting {
            name: TYPE.to_owned(),
        },
        field: None,
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!("crossbill settings set {TYPE} \"Managed Service\""),
            continues: true,
        },
    }
}
