//! Step 4: the lists of both systems, and what their values stand for on the other side.
//!
//! Only undecided values get a decision here: what a person decided, and what an earlier run did, stays.

mod decide;
mod synonyms;
mod unmapped;

use anyhow::Context as _;
use domain::System;
use jim2::ListEntry;
use reconciler::lists::{
    self, ASSET_STATUS, CONTRACT_STATUS, COUNTRY, ENTRY_TYPE, PREFIX, ROLE, STOCK_LOCATION,
    WORK_TYPE,
};
use store::lookup::Entry;

use super::{
    Args, Kit, Report,
    autotask_side::AutotaskSide,
    failure::{of_autotask, of_jim2},
    jim2_side::Jim2Side,
};
use crate::{
    kinds,
    operate::{self, lookups::leave_endings},
};

/// Who decided what this step decides.
pub(super) const WHO: &str = "connect";

pub(super) use reconciler::lists::TECHNICIAN;

/// Lists in which names decide, and the systems whose values need a counterpart.
const NAMED: [(&str, &[System]); 10] = [
    ("status", &System::BOTH),
    ("priority", &[System::Autotask]),
    ("type", &[System::Autotask]),
    ("issueType", &[System::Autotask]),
    (WORK_TYPE, &[System::Autotask]),
    (CONTRACT_STATUS, &[System::Autotask]),
    (ASSET_STATUS, &[System::Autotask]),
    // One without a role is told of by itself: it holds nothing.
    (ROLE, &[]),
    // Asked only where a work type has no labour type.
    (ENTRY_TYPE, &[]),
    // Asked only where Autotask counts what lies where, and then each stock tells.
    (STOCK_LOCATION, &[]),
];

/// The Items of Jim2, as jobs need them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Items {
    /// The Item of jobs for tickets without an issue type.
    pub(super) default: Option<String>,
    /// Items of sales jobs.
    pub(super) sales: Vec<String>,
}

/// Fills the lists, decides what is plain, and tells what is left.
pub(super) async fn fill(
    args: &Args,
    kit: &Kit,
    autotask: &AutotaskSide,
    jim2: &Jim2Side,
    report: &mut Report<'_>,
) -> anyhow::Result<Items> {
    report.begin("Lists", 0);
    let said: Vec<sync::List> = kinds::choices()
        .flat_map(|choices| choices.lists)
        .copied()
        .collect();
    let lists = lists::all(&kit.autotask, &autotask.fields, &jim2.lists, &said).await;
    let lists = lists.map_err(of_lists)?;
    tell_news(&lists::keep(&kit.db, &lists, &kit.who).await?, report)?;
    let items = items(args, jim2)?;
    let mut matched = leave_endings(&kit.db, WHO).await?;
    let named = NAMED.iter().map(|(list, _)| *list);
    for list in named.chain(said.iter().map(|list| list.name)) {
        matched += store::lookup::match_same_names(&kit.db, list, WHO)
            .await?
            .matched;
    }
    matched += decide_rest(kit, autotask, &items).await?;
    if let Some(row) = decide::said_item(args.default_item.is_some(), &items) {
        store::lookup::set_map(&kit.db, &row).await?;
    }
    let mut unmapped = unmapped::values(args, kit).await?;
    // We are nobody's technician.
    let own = autotask.own_id().map(|own| own.to_string());
    unmapped.retain(|row| row.list != TECHNICIAN || Some(&row.entry.value) != own.as_ref());
    let values: usize = lists.iter().map(|(_, _, entries)| entries.len()).sum();
    report.done(&format!(
        "{values} values in {} lists; {matched} mapped now, {} left to you",
        lists.len(),
        unmapped.len()
    ))?;
    unmapped::tell(&unmapped, report)?;
    tell_roles(kit, report).await?;
    Ok(items)
}

/// What became of values that were mapped earlier.
fn tell_news(news: &[lists::Told], report: &mut Report<'_>) -> anyhow::Result<()> {
    for told in news {
        for sentence in operate::lookups::said(told) {
            report.warn(sentence)?;
        }
    }
    Ok(())
}

/// Why lists could not be read or kept.
pub(crate) fn of_lists(error: lists::Error) -> anyhow::Error {
    match error {
        lists::Error::Store(error) => error.into(),
        lists::Error::Autotask { doing, source } => of_autotask(source, doing),
        lists::Error::Jim2(error) => of_jim2(error, "read its lists"),
    }
}

/// Decides by synonyms, e-mail addresses and defaults. Answers how many decisions are new.
async fn decide_rest(kit: &Kit, autotask: &AutotaskSide, items: &Items) -> anyhow::Result<u64> {
    let stored = store::lookup::all(&kit.db).await?;
    let of = |list: &str, system: System| -> Vec<Entry> {
        let rows = stored
            .iter()
            .filter(|row| row.list == list && row.system == system);
        rows.map(|row| row.entry.clone()).collect()
    };
    let pair = |list: &str| (of(list, System::Autotask), of(list, System::Jim2));
    let mut rows = Vec::new();
    for (list, _) in NAMED {
        let (ours, theirs) = pair(list);
        rows.extend(decide::by_synonym(list, &ours, &theirs));
    }
    for list in [PREFIX, COUNTRY] {
        let (ours, theirs) = pair(list);
        rows.extend(decide::by_name(list, &ours, &theirs));
    }
    let (resources, users) = pair(TECHNICIAN);
    rows.extend(decide::people(&resources, &users, autotask.own_id()));
    rows.extend(decide::blanks(
        items,
        &of("priority", System::Jim2),
        &of("type", System::Jim2),
    ));
    let known = store::lookup::maps(&kit.db).await?.rows;
    Ok(store::lookup::import(&kit.db, &decide::undecided(rows, &known)).await?)
}

/// The default Item and those of sales jobs.
fn items(args: &Args, jim2: &Jim2Side) -> anyhow::Result<Items> {
    let all = jim2.list("Item");
    let sales: Vec<String> = all
        .iter()
        .filter(|item| is_sales(item))
        .map(|item| item.code.clone())
        .collect();
    let default = match &args.default_item {
        Some(wanted) if all.is_empty() => Some(wanted.clone()),
        Some(wanted) => Some(item_named(all, wanted)?),
        None => default_item(all).map(|item| item.code.clone()),
    };
    Ok(Items { default, sales })
}

/// The Item that an argument names, in Jim2's spelling.
fn item_named(all: &[ListEntry], wanted: &str) -> anyhow::Result<String> {
    let found = all
        .iter()
        .find(|item| item.code.eq_ignore_ascii_case(wanted));
    found.map(|item| item.code.clone()).with_context(|| {
        format!("Jim2 has no Item \"{wanted}\": say another one with --default-item")
    })
}

/// The Item called service, else the first of service jobs.
fn default_item(all: &[ListEntry]) -> Option<&ListEntry> {
    let mut service = all
        .iter()
        .filter(|item| !is_sales(item) && item.active.get() != Some(&false));
    let named = service
        .clone()
        .find(|item| item.code.eq_ignore_ascii_case("service"));
    named.or_else(|| service.next())
}

fn is_sales(item: &ListEntry) -> bool {
    item.extra
        .get()
        .is_some_and(|extra| extra.eq_ignore_ascii_case("sales"))
}

/// Categories of user groups that stand for no role hold nothing: their people get their own.
async fn tell_roles(kit: &Kit, report: &mut Report<'_>) -> anyhow::Result<()> {
    let categories = store::lookup::list(&kit.db, ROLE, System::Jim2).await?;
    let maps = store::lookup::map_of(&kit.db, ROLE).await?;
    let is_mapped = |category: &str| {
        let mut maps = maps.iter();
        maps.any(|map| map.system == System::Jim2 && map.value == category)
    };
    let left: Vec<String> = categories
        .iter()
        .filter(|category| category.active && !is_mapped(&category.value))
        .map(|category| format!("\"{}\"", category.value))
        .collect();
    if left.is_empty() {
        return Ok(());
    }
    report.warn(format!(
        "tickets that are assigned in Jim2 to people of {} get the role that each has in Autotask by default, as these \
         categories of user groups stand for no role: crossbill lookups set role jim2 \"<category>\" \"<role>\"",
        left.join(", ")
    ))?;
    Ok(())
}
