//! Step 5: facts of the site, defaults and switches, under the names that the workers read.
//!
//! Facts (who we are, what the builds can do) are found anew each time. A choice is made once, and from then on it is
//! a person's: only an argument that names it changes it.

mod choice;
pub(crate) mod names;
mod needed;
mod stock;
mod switches;
mod tickets_from;

use autotask::{BillingCode, Company, Filter, Query};
use domain::Told;
use ingress::OWN_INITIALS;
use serde_json::{Value, json};
use store::mapping::Filter as MappingFilter;
use sync::OWN_RESOURCE;
use worker_stock::{EDITION, Edition};

pub(super) use self::tickets_from::{TicketsFrom, check as check_tickets_from};
use super::{
    Args, Kit, Report, autotask_side::AutotaskSide, failure::of_autotask, jim2_side::Jim2Side,
    lookups::Items, pairing::COMPANY,
};
use crate::site::{
    COMMENTS_WRITABLE, CONTACT_ID_FORMS, CONTACT_IDS, DATE_READING, DATE_READINGS, NAMED_QUERIES,
    REFUSED_FIELDS, word_for,
};

/// Stores what was found and what is to be chosen.
pub(super) async fn keep(
    args: &Args,
    kit: &Kit,
    (autotask, jim2, items): (&AutotaskSide, &Jim2Side, &Items),
    report: &mut Report<'_>,
) -> anyhow::Result<()> {
    report.begin("Settings", 0);
    stock::check_arguments(args, jim2)?;
    let provider: Option<Company> = kit
        .autotask
        .get(0)
        .await
        .map_err(|error| of_autotask(error, "read the provider's own company"))?;
    let codes = (
        first_code(kit, WORK_TYPE).await?,
        first_code(kit, MATERIAL).await?,
    );
    let known = store::setting::all(&kit.db).await?;
    let mut choices = choice::choices(args, kit, autotask);
    choices.extend(choice::contact_types(&jim2.contact_types));
    choices.extend(choice::defaults(args, autotask, provider.as_ref(), codes));
    choices.extend(choice::stock(args));
    let chosen = choice::decide(&known, choices);
    for (name, value) in &chosen {
        store::setting::set(&kit.db, name, value).await?;
    }
    let lacking = autotask.udfs.iter().filter(|udf| udf.name.is_empty());
    let lacking: Vec<&str> = lacking.map(|udf| udf.setting).collect();
    store::setting::set(&kit.db, names::MISSING_UDFS, &lacking).await?;
    filters(kit, autotask).await?;
    let from = tickets_from::keep(args, kit, jim2, report).await?;
    stock::keep(args, kit).await?;
    let switched = switches::keep(args, kit).await?;
    // Last, as roles begin to run once they find that the site is connected.
    for (name, value) in facts(args, autotask, jim2, items) {
        store::setting::set(&kit.db, name, &value).await?;
    }
    report.done(&format!(
        "{} settings chosen now; {switched}{from}",
        chosen.len()
    ))?;
    for (name, value) in &chosen {
        report.line(&format!("{name} = {value}"))?;
    }
    needed::tell(kit, report).await
}

/// What is so, whoever wants it otherwise.
fn facts(
    args: &Args,
    autotask: &AutotaskSide,
    jim2: &Jim2Side,
    items: &Items,
) -> Vec<(&'static str, Value)> {
    let mut facts = vec![
        (NAMED_QUERIES, json!(jim2.named_queries)),
        (COMMENTS_WRITABLE, json!(jim2.comments_writable)),
        (sync::POLL_ONLY, json!(args.poll_only)),
    ];
    // Learnt from refusals; a new build may take what the last one did not.
    facts.extend(REFUSED_FIELDS.iter().map(|name| (*name, json!([]))));
    if let Some(initials) = &jim2.initials {
        facts.push((OWN_INITIALS, json!(initials)));
    }
    // What did not show stays as a person chose it, or as it was found before.
    if let Some(reading) = &jim2.date_reading {
        facts.push((DATE_READING, json!(word_for(&DATE_READINGS, reading))));
    }
    if let Some(ids) = &jim2.contact_ids {
        facts.push((CONTACT_IDS, json!(word_for(&CONTACT_ID_FORMS, ids))));
    }
    if let Some(edition) = &autotask.inventory {
        facts.push((EDITION, json!(word_for(&Edition::WORDS, edition))));
    }
    if !jim2.list("Item").is_empty() {
        facts.push((names::SALES_ITEMS, json!(items.sales)));
    }
    // Null where it is not known: its presence says that the site is connected.
    facts.push((OWN_RESOURCE, json!(autotask.own_id())));
    facts
}

/// `useType` of billing codes that are work types.
const WORK_TYPE: i64 = 1;
/// That of those that things are sold under.
const MATERIAL: i64 = 2;

/// The first billing code of a use.
async fn first_code(kit: &Kit, of_use: i64) -> anyhow::Result<Option<i64>> {
    let codes: Vec<BillingCode> = kit
        .autotask
        .query_all(&Query::of(Filter::eq("useType", of_use)))
        .await
        .map_err(|error| of_autotask(error, "read billing codes"))?;
    let mut active = codes
        .iter()
        .filter(|code| code.is_active != Told::Is(false));
    Ok(active.next().map(|code| code.id))
}

/// Only customers go to Jim2, unless somebody chose other types.
async fn filters(kit: &Kit, autotask: &AutotaskSide) -> anyhow::Result<()> {
    let known = store::mapping::load(&kit.db).await?.filters;
    let is_known = known
        .iter()
        .any(|filter| filter.kind == COMPANY && filter.name == "types");
    let customers = choice::numbers(autotask.picklist("Companies", "companyType"), &["customer"]);
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
