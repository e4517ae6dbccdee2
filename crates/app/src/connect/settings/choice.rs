//! Settings to be chosen: proposals from what Autotask told, which arguments and earlier choices go before. Pure.

use std::collections::{BTreeMap, HashMap};

use autotask::{Company, PicklistValue};
use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::names::STARTS_FROM;
use crate::{
    connect::{Args, Kit, args::Start, autotask_side::AutotaskSide},
    site::CONTACT_TYPES,
};

/// A setting to be chosen: what an argument says, and what is proposed.
pub(super) struct Choice {
    name: &'static str,
    said: Option<Value>,
    proposed: Option<Value>,
}

fn choice(name: &'static str, said: Option<Value>, proposed: Option<Value>) -> Choice {
    Choice {
        name,
        said,
        proposed,
    }
}

fn given<T: serde::Serialize>(value: Option<T>) -> Option<Value> {
    value.map(|value| json!(value))
}

/// An argument wins, then what is there already, then the proposal. Answers what is new or different.
pub(super) fn decide(
    known: &HashMap<String, Value>,
    choices: Vec<Choice>,
) -> BTreeMap<&'static str, Value> {
    choices
        .into_iter()
        .filter_map(|choice| {
            let there = known.get(choice.name);
            let value = match (choice.said, there) {
                (Some(said), _) => said,
                (None, Some(_)) => return None,
                (None, None) => choice.proposed?,
            };
            (there != Some(&value)).then_some((choice.name, value))
        })
        .collect()
}

/// Names of fields, notes, and the start.
pub(super) fn choices(args: &Args, kit: &Kit, autotask: &AutotaskSide) -> Vec<Choice> {
    // As they are now: one that was made since is taken, and one that is gone is not asked for.
    let udfs = autotask.udfs.iter();
    let mut choices: Vec<Choice> = udfs
        .map(|found| choice(found.setting, Some(json!(found.name)), None))
        .collect();
    let moment = |start: Start| {
        let at = start.moment(kit.time_zone);
        json!(at.to_rfc3339_opts(SecondsFormat::Secs, true))
    };
    let today = kit.clock.now().with_timezone(&kit.time_zone).date_naive();
    choices.push(choice(
        STARTS_FROM,
        args.from.map(moment),
        Some(moment(Start::Day(today))),
    ));
    let publish = autotask.picklist("TicketNotes", "publish");
    let types = autotask.picklist("TicketNotes", "noteType");
    let actions = autotask.picklist("CompanyNotes", "actionType");
    let customers = numbers(publish, &["all autotask users", "customer", "client"]);
    let system = numbers(types, &["workflow", "system", "merged", "forward"]);
    choices.extend([
        choice(
            "note.publish.internal",
            None,
            given(numbers(publish, &["internal"]).first()),
        ),
        choice(
            "note.publish.customer",
            None,
            Some(json!(customers)).filter(|_| !customers.is_empty()),
        ),
        choice(
            "note.type",
            None,
            given(numbers(types, &["task notes", "note"]).first()),
        ),
        choice(
            "company_note.action_type",
            None,
            given(usual(actions, &["general", "note"])),
        ),
        choice(
            "note.system_types",
            None,
            Some(json!(system)).filter(|_| !system.is_empty()),
        ),
    ]);
    choices
}

/// What records made in Autotask begin with.
pub(super) fn defaults(
    args: &Args,
    autotask: &AutotaskSide,
    provider: Option<&Company>,
    (work_type, material): (Option<i64>, Option<i64>),
) -> Vec<Choice> {
    let tickets = |field: &str, names: &[&str]| usual(autotask.picklist("Tickets", field), names);
    let customer = numbers(autotask.picklist("Companies", "companyType"), &["customer"]);
    let owner = provider.and_then(|provider| provider.owner_resource_id.get());
    let phone = provider.and_then(|provider| provider.phone.get());
    vec![
        choice("default.status", None, given(tickets("status", &["new"]))),
        choice(
            "default.priority",
            None,
            given(tickets("priority", &["medium", "normal"])),
        ),
        choice(
            "default.source",
            None,
            given(tickets("source", &["phone", "other"])),
        ),
        choice(
            "default.queue",
            given(args.default_queue),
            given(tickets(
                "queueID",
                &["level one", "level i", "service desk", "triage"],
            )),
        ),
        choice("default.work_type", None, given(work_type)),
        choice(
            "default.product_billing_code",
            given(args.product_billing_code),
            given(material),
        ),
        choice("default.company_type", None, given(customer.first())),
        choice("default.owner", given(args.default_owner), given(owner)),
        choice(
            "default.phone",
            given(args.default_phone.as_ref()),
            given(phone),
        ),
    ]
}

/// What of its stock the site chooses. Nothing is proposed: prices are for people to decide on.
pub(super) fn stock(args: &Args) -> Vec<Choice> {
    vec![
        choice("stock.price_level", given(args.price_level.as_ref()), None),
        choice("stock.tax_code", given(args.stock_tax_code.as_ref()), None),
        choice(
            "stock.locations",
            given(args.stock_locations.as_ref()),
            None,
        ),
    ]
}

/// What Jim2 calls the details of contacts.
pub(super) fn contact_types(named: &[Option<String>; 3]) -> impl Iterator<Item = Choice> + '_ {
    let named = CONTACT_TYPES.into_iter().zip(named);
    named.map(|(setting, found)| choice(setting, None, given(found.as_ref())))
}

/// The values in use whose names hold one of these words; what an earlier word finds comes first.
pub(super) fn numbers(list: &[PicklistValue], words: &[&str]) -> Vec<i64> {
    let mut found = Vec::new();
    for word in words {
        let named = list
            .iter()
            .filter(|value| value.is_active && value.label.to_lowercase().contains(word));
        for number in named.filter_map(|value| value.value.parse().ok()) {
            if !found.contains(&number) {
                found.push(number);
            }
        }
    }
    found
}

/// The value that the list takes by itself, else one of these names, else the first that a person made.
fn usual(list: &[PicklistValue], words: &[&str]) -> Option<i64> {
    let number = |value: &PicklistValue| value.value.parse().ok();
    let mut active = list.iter().filter(|value| value.is_active);
    let default = active.clone().find(|value| value.is_default);
    default
        .and_then(number)
        .or_else(|| numbers(list, words).first().copied())
        .or_else(|| active.find(|value| !value.is_system).and_then(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(value: &str, label: &str, is_default: bool, is_system: bool) -> PicklistValue {
        PicklistValue {
            value: value.to_owned(),
            label: label.to_owned(),
            is_active: true,
            is_default,
            is_system,
            sort_order: 0,
            parent_value: String::new(),
        }
    }

    #[test]
    fn an_argument_wins_and_what_is_there_stays() {
        let known = HashMap::from([
            ("a".to_owned(), json!("theirs")),
            ("b".to_owned(), json!("theirs")),
            ("same".to_owned(), json!(1)),
        ]);
        let choices = vec![
            choice("a", None, Some(json!("ours"))),
            choice("b", Some(json!("said")), Some(json!("ours"))),
            choice("c", None, Some(json!("ours"))),
            choice("d", None, None),
            choice("same", Some(json!(1)), None),
        ];
        let chosen: Vec<_> = decide(&known, choices).into_iter().collect();
        assert_eq!(chosen, [("b", json!("said")), ("c", json!("ours"))]);
    }

    #[test]
    fn the_usual_value_is_the_lists_own_then_the_named_then_the_first_made_by_people() {
        let portal = value("5", "Client Portal", false, true);
        let two = value("7", "Level Two", false, false);
        let one = value("6", "Level One Support", false, false);
        let default = value("9", "Triage", true, false);
        let names = ["level one"];
        for (list, expected) in [
            (
                vec![portal.clone(), two.clone(), one.clone(), default],
                Some(9),
            ),
            (vec![portal.clone(), two.clone(), one], Some(6)),
            (vec![portal.clone(), two], Some(7)),
            (vec![portal], None),
        ] {
            assert_eq!(usual(&list, &names), expected);
        }
    }
}
