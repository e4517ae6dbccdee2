//! Contracts and projects. Neither names the other: a project is a contract's by its number, else by its name, under the
//! card of its company or of who pays for it.
//!
//! Pairs that people made on both sides may differ from before Crossbill, so only those are compared that it made.

use std::collections::BTreeMap;

use serde_json::Value;

use super::alone::{FORGOTTEN, is_carried};
use super::tables::{Decision, Tables};
use super::world::{World, text};
use super::{Agreement, Settings, Trouble, same};

/// The most characters of a name that both systems take.
const NAME: usize = 100;
/// The status of contracts that are not in use.
const INACTIVE: &str = "0";
/// The list of statuses.
const STATUSES: &str = "contractStatus";

/// Compares the projects that Crossbill made, and misses those of contracts in use where the site has them made.
pub(super) fn check(
    world: &World<'_>,
    cards: &BTreeMap<String, String>,
    settings: &Settings,
    agreement: &mut Agreement,
) {
    let mut made: BTreeMap<&String, &String> = BTreeMap::new();
    let ours = world.projects.iter();
    for (no, project) in ours.filter(|(_, project)| world.is_made_by_us(project)) {
        let label = format!("project {no} ({})", text(project, "billingItemDesc"));
        let mut fitting = world.contracts.iter();
        let Some((id, contract)) = fitting.find(|(_, contract)| fits(contract, project, cards))
        else {
            // A card that is not there has been told already.
            if world.cards.contains_key(&text(project, "CustNo")) {
                let says =
                    format!("{FORGOTTEN} no contract of its customer has its number or name");
                agreement.find(Trouble::Missing, &label, says);
            }
            continue;
        };
        if let Some(other) = made.insert(id, no) {
            let says = format!("contract {id} has project {other} already");
            agreement.find(Trouble::Twice, &label, says);
            continue;
        }
        agreement.compared("contracts");
        compare(&label, contract, project, &settings.tables, agreement);
    }
    for (id, contract) in world
        .contracts
        .iter()
        .filter(|_| settings.makes("contract"))
    {
        let own = world.companies.get(&text(contract, "companyID"));
        let is_wanted = own.is_some_and(|company| is_carried(company))
            && cards.contains_key(&text(contract, "companyID"))
            && text(contract, "status") != INACTIVE
            && settings.is_new(&same::zoned(&text(contract, "lastModifiedDateTime")));
        let mut projects = world.projects.values();
        if is_wanted && !projects.any(|project| fits(contract, project, cards)) {
            let label = format!("contract {} ({id})", text(contract, "contractName"));
            agreement.find(Trouble::Missing, &label, "it has no project");
        }
    }
}

/// Whether a project is this contract's, by what both say.
fn fits(contract: &Value, project: &Value, cards: &BTreeMap<String, String>) -> bool {
    let customer = text(project, "CustNo");
    let is_of = |company: &str| cards.get(&text(contract, company)) == Some(&customer);
    let (number, code) = (
        text(contract, "contractNumber"),
        text(project, "projectCode"),
    );
    let by_number = !number.trim().is_empty() && same::case_free(&number, &code);
    let (name, words) = (
        text(contract, "contractName"),
        text(project, "billingItemDesc"),
    );
    (is_of("companyID") || is_of("billToCompanyID"))
        && (by_number || same::text(&name, &words, NAME))
}

fn compare(
    label: &str,
    contract: &Value,
    project: &Value,
    tables: &Tables,
    agreement: &mut Agreement,
) {
    let both = |there: &str, here: &str| (text(contract, there), text(project, here));
    let (there, here) = both("contractName", "billingItemDesc");
    let is_same = same::text(&there, &here, NAME);
    agreement.value(is_same, label, "name", &there, &here);
    for (field, there, here) in [
        ("start", "startDate", "dateIn"),
        ("end", "endDate", "dateOut"),
    ] {
        let (there, here) = both(there, here);
        agreement.value(same::day(&there, &here), label, field, &there, &here);
    }
    let (there, here) = both("purchaseOrderNumber", "custRef");
    let is_same = same::unless_blank(&there, &here, same::text(&there, &here, usize::MAX));
    agreement.value(is_same, label, "purchase order", &there, &here);
    let (there, here) = both("status", "status");
    if let Decision::Becomes(to) = tables.of_ticket(STATUSES, &there) {
        // Several of Jim2's may stand for one of Autotask's.
        let back = tables.of_job(STATUSES, &here);
        let is_same = same::case_free(to, &here) || back == Decision::Becomes(there.as_str());
        agreement.value(is_same, label, "status", &there, &here);
    }
}
