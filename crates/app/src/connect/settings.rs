//! Step 5: facts of the site, defaults and switches, under the names that the workers read.
//!
//! Facts (who we are, what the builds can do) are found anew each time. A choice is made once, and from then on it is
//! a person's: only an argument that names it changes it.

use std::collections::{BTreeMap, HashMap};

use autotask::{BillingCode, Company, Filter, PicklistValue, Query};
use chrono::SecondsFormat;
use domain::{Kind, System, Told};
use ingress::{OWN_INITIALS, OWN_RESOURCE};
use serde_json::{Value, json};
use store::{
    Db,
    mapping::{Direction, Filter as MappingFilter},
};

use super::{
    Args, Kit, Report,
    args::{Create, Start},
    autotask_side::AutotaskSide,
    failure::of_autotask,
    jim2_side::Jim2Side,
    lookups::Items,
    pairing::{COMPANY, CONTACT, TICKET},
};

/// The names of settings: the contract with the workers.
pub(super) mod names {
    /// Whether Autotask is polled instead of telling by webhooks.
    pub(in crate::connect) const POLL_ONLY: &str = "autotask.poll_only";
    /// Whether Jim2 has our named queries.
    pub(in crate::connect) const NAMED_QUERIES: &str = "jim2.named_queries";
    /// Whether comments can be written on jobs.
    pub(in crate::connect) const COMMENTS_WRITABLE: &str = "jim2.comments_writable";
    /// Items of sales jobs.
    pub(in crate::connect) const SALES_ITEMS: &str = "jim2.sales_items";
    /// The Item of jobs for tickets without an issue type.
    pub(in crate::connect) const DEFAULT_ITEM: &str = "default.item";
    /// From when on tickets get jobs.
    pub(in crate::connect) const STARTS_FROM: &str = "starts_from";
}

/// A user-defined field: the setting that names it, and its name where nobody chose another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Udf {
    /// The setting.
    pub(super) setting: &'static str,
    /// The name.
    pub(super) default_name: &'static str,
}

/// The user-defined fields of tickets.
pub(super) const TICKET_UDFS: [Udf; 4] = [
    udf("udf.job_no", "Jim2 Job#"),
    udf("udf.earlier_jobs", "Jim2 earlier jobs"),
    udf("udf.invoice_no", "Jim2 invoice#"),
    udf("udf.sync", "Jim2 sync"),
];

/// The user-defined fields of companies.
pub(super) const COMPANY_UDFS: [Udf; 3] = [
    udf("udf.card_no", "Jim2 CardNo"),
    udf("udf.credit_hold", "Jim2 credit hold"),
    udf("udf.opt_out", "Jim2 opt-out"),
];

const fn udf(setting: &'static str, default_name: &'static str) -> Udf {
    Udf {
        setting,
        default_name,
    }
}

/// The name of a user-defined field at this site.
pub(super) async fn udf_name(db: &Db, udf: Udf) -> Result<String, store::Error> {
    let chosen = store::setting::get(db, udf.setting).await?;
    Ok(chosen.unwrap_or_else(|| udf.default_name.to_owned()))
}

/// Stores what was found and what is to be chosen.
pub(super) async fn keep(
    args: &Args,
    kit: &Kit,
    (autotask, jim2, items): (&AutotaskSide, &Jim2Side, &Items),
    report: &mut Report<'_>,
) -> anyhow::Result<()> {
    report.begin("Settings", 0);
    let provider: Option<Company> = kit
        .autotask
        .get(0)
        .await
        .map_err(|error| of_autotask(error, "read the provider's own company"))?;
    let work_type = work_type(kit).await?;
    let known = store::setting::all(&kit.db).await?;
    let mut choices = choices(args, kit, autotask);
    choices.extend(defaults(args, autotask, provider.as_ref(), work_type));
    choices.push(choice(names::DEFAULT_ITEM, given(args.default_item.as_ref().and(items.default.as_ref())), given(items.default.as_ref())));
    let chosen = decide(&known, choices);
    for (name, value) in &chosen {
        store::setting::set(&kit.db, name, value).await?;
    }
    filters(kit, autotask).await?;
    let switched = switches(args, kit).await?;
    // Last, as roles begin to run once they find that the site is connected.
    for (name, value) in facts(args, autotask, jim2, items) {
        store::setting::set(&kit.db, name, &value).await?;
    }
    let missing = missing(&store::setting::all(&kit.db).await?);
    report.done(&format!("{} settings chosen now; {switched}", chosen.len()))?;
    for (name, value) in &chosen {
        report.line(&format!("{name} = {value}"))?;
    }
    if !missing.is_empty() && args.create.iter().any(|create| *create != Create::Ticket) {
        report.warn(format!(
            "records made in Autotask need {}: connect again with --default-owner, --default-phone or --default-queue",
            missing.join(", ")
        ))?;
    }
    Ok(())
}

/// What is so, whoever wants it otherwise.
fn facts(
    args: &Args,
    autotask: &AutotaskSide,
    jim2: &Jim2Side,
    items: &Items,
) -> Vec<(&'static str, Value)> {
    let mut facts = vec![
        (names::NAMED_QUERIES, json!(jim2.named_queries)),
        (names::COMMENTS_WRITABLE, json!(jim2.comments_writable)),
        (names::POLL_ONLY, json!(args.poll_only)),
    ];
    if let Some(initials) = &jim2.initials {
        facts.push((OWN_INITIALS, json!(initials)));
    }
    if !jim2.list("Item").is_empty() {
        facts.push((names::SALES_ITEMS, json!(items.sales)));
    }
    // Null where it is not known: its presence says that the site is connected.
    facts.push((OWN_RESOURCE, json!(autotask.own_id())));
    facts
}

/// A setting to be chosen: what an argument says, and what is proposed.
struct Choice {
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
fn decide(known: &HashMap<String, Value>, choices: Vec<Choice>) -> BTreeMap<&'static str, Value> {
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
fn choices(args: &Args, kit: &Kit, autotask: &AutotaskSide) -> Vec<Choice> {
    let udfs = TICKET_UDFS.iter().chain(&COMPANY_UDFS);
    let mut choices: Vec<Choice> = udfs
        .map(|udf| choice(udf.setting, None, Some(json!(udf.default_name))))
        .collect();
    let moment = |start: Start| {
        let at = start.moment(kit.time_zone);
        json!(at.to_rfc3339_opts(SecondsFormat::Secs, true))
    };
    let today = kit.clock.now().with_timezone(&kit.time_zone).date_naive();
    choices.push(choice(
        names::STARTS_FROM,
        args.from.map(moment),
        Some(moment(Start::Day(today))),
    ));
    let publish = autotask.picklist("TicketNotes", "publish");
    let types = autotask.picklist("TicketNotes", "noteType");
    let customers = numbers(publish, &["all autotask users", "customer", "client"]);
    let system = numbers(types, &["workflow", "system", "merged", "forward"]);
    choices.extend([
        choice("note.publish.internal", None, given(numbers(publish, &["internal"]).first())),
        choice("note.publish.customer", None, Some(json!(customers)).filter(|_| !customers.is_empty())),
        choice("note.type", None, given(numbers(types, &["task notes", "note"]).first())),
        choice("note.system_types", None, Some(json!(system)).filter(|_| !system.is_empty())),
    ]);
    choices
}

/// What records made in Autotask begin with.
fn defaults(
    args: &Args,
    autotask: &AutotaskSide,
    provider: Option<&Company>,
    work_type: Option<i64>,
) -> Vec<Choice> {
    let tickets = |field: &str, names: &[&str]| usual(autotask.picklist("Tickets", field), names);
    let customer = numbers(autotask.picklist("Companies", "companyType"), &["customer"]);
    let owner = provider.and_then(|provider| provider.owner_resource_id.get());
    let phone = provider.and_then(|provider| provider.phone.get());
    vec![
        choice("default.status", None, given(tickets("status", &["new"]))),
        choice("default.priority", None, given(tickets("priority", &["medium", "normal"]))),
        choice("default.source", None, given(tickets("source", &["phone", "other"]))),
        choice(
            "default.queue",
            given(args.default_queue),
            given(tickets("queueID", &["level one", "level i", "service desk", "triage"])),
        ),
        choice("default.work_type", None, given(work_type)),
        choice("default.company_type", None, given(customer.first())),
        choice("default.owner", given(args.default_owner), given(owner)),
        choice("default.phone", given(args.default_phone.as_ref()), given(phone)),
    ]
}

/// The values in use whose names hold one of these words; what an earlier word finds comes first.
fn numbers(list: &[PicklistValue], words: &[&str]) -> Vec<i64> {
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

/// The first work type (billing codes of use 1).
async fn work_type(kit: &Kit) -> anyhow::Result<Option<i64>> {
    let codes: Vec<BillingCode> = kit
        .autotask
        .query_all(&Query::of(Filter::eq("useType", 1)))
        .await
        .map_err(|error| of_autotask(error, "read billing codes"))?;
    let mut active = codes.iter().filter(|code| code.is_active != Told::Is(false));
    Ok(active.next().map(|code| code.id))
}

/// Only customers go to Jim2, unless somebody chose other types.
async fn filters(kit: &Kit, autotask: &AutotaskSide) -> anyhow::Result<()> {
    let known = store::mapping::load(&kit.db).await?.filters;
    let is_known = known
        .iter()
        .any(|filter| filter.kind == COMPANY && filter.name == "types");
    let customers = numbers(autotask.picklist("Companies", "companyType"), &["customer"]);
    if !is_known && !customers.is_empty() {
        let filter = MappingFilter {
            kind: COMPANY,
            name: "types".to_owned(),
            setting: json!(customers),
        };
        store::mapping::set_filter(&kit.db, &filter).await?;
    }
    Ok(())
}

/// What may be made: jobs for tickets at first; the rest when an argument names it.
async fn switches(args: &Args, kit: &Kit) -> anyhow::Result<String> {
    let known = store::mapping::load(&kit.db).await?.switches;
    let mut on = Vec::new();
    for (kind, system, create, at_first) in SWITCHES {
        let direction = Direction::into_system(system);
        let there = known
            .iter()
            .find(|switch| switch.kind == kind && switch.direction == direction);
        let is_on = args.create.contains(&create)
            || there.map_or(at_first, |switch| switch.create_enabled);
        if there.is_none_or(|switch| switch.create_enabled != is_on) {
            store::mapping::set_switch(&kit.db, &kind, direction, is_on).await?;
        }
        if is_on {
            on.push(format!("{kind} in {system}"));
        }
    }
    Ok(if on.is_empty() {
        "nothing is made".to_owned()
    } else {
        format!("what is missing is made for: {}", on.join(", "))
    })
}

/// Kind, where it is made, the argument that switches it on, whether it is on at first.
const SWITCHES: [(Kind, System, Create, bool); 6] = [
    (TICKET, System::Jim2, Create::Ticket, true),
    (TICKET, System::Autotask, Create::TicketFromJob, false),
    (COMPANY, System::Jim2, Create::Company, false),
    (COMPANY, System::Autotask, Create::Company, false),
    (CONTACT, System::Jim2, Create::Contact, false),
    (CONTACT, System::Autotask, Create::Contact, false),
];

/// Defaults that records made in Autotask need and that nobody could propose.
fn missing(known: &HashMap<String, Value>) -> Vec<&'static str> {
    ["default.owner", "default.phone", "default.queue", "default.source", "default.priority", "default.work_type"]
        .into_iter()
        .filter(|name| known.get(*name).is_none_or(Value::is_null))
        .collect()
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
            (vec![portal.clone(), two.clone(), one.clone(), default], Some(9)),
            (vec![portal.clone(), two.clone(), one], Some(6)),
            (vec![portal.clone(), two], Some(7)),
            (vec![portal], None),
        ] {
            assert_eq!(usual(&list, &names), expected);
        }
    }
}
