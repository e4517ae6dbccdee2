//! Values that need a counterpart and have none, and the command that gives each one.

use std::collections::BTreeSet;

use domain::{Kind, System};
use store::{
    lookup::{LookupRow, MapRow},
    mapping::Direction,
};
use sync::{CODE_STOCK, QUOTE_TYPE_STOCK, ROLE_STOCK};

use super::{NAMED, TECHNICIAN};
use crate::connect::{Args, Kit, Report, args::Create};

/// How many unmapped values are listed one by one.
const SHOWN: usize = 40;

/// The kind of quotes.
const QUOTE: Kind = Kind::new("quote");

/// What types of items of quotes are called that are sold as something nearer: their product, billing code or role.
const NEARER: [&str; 6] = ["product", "charge", "cost", "labo", "expense", "service"];

/// Values in use that need a counterpart and have no decision.
pub(super) async fn values(args: &Args, kit: &Kit) -> anyhow::Result<Vec<LookupRow>> {
    let settings = store::setting::all(&kit.db).await?;
    let carries_billing = settings.get("billing_by") == Some(&serde_json::json!("ours"));
    let makes_quotes = makes_quotes(args, kit).await?;
    let known: BTreeSet<(String, System, String)> = store::lookup::maps(&kit.db)
        .await?
        .rows
        .into_iter()
        .map(
            |MapRow {
                 list,
                 system,
                 value,
                 ..
             }| (list, system, value),
        )
        .collect();
    let needed = |row: &LookupRow| {
        let list = NAMED.iter().find(|(list, _)| *list == row.list);
        let systems = list.map(|(_, systems)| *systems);
        let is_asked = match row.list.as_str() {
            TECHNICIAN => true,
            CODE_STOCK => carries_billing || makes_quotes,
            ROLE_STOCK => makes_quotes,
            QUOTE_TYPE_STOCK => makes_quotes && is_sold_by_type(&row.entry.label),
            _ => false,
        };
        let systems = systems.or(is_asked.then_some(&[System::Autotask]));
        systems.is_some_and(|systems| systems.contains(&row.system))
    };
    let mut rows = store::lookup::all(&kit.db).await?;
    rows.retain(|row| {
        let key = (row.list.clone(), row.system, row.entry.value.clone());
        row.entry.active && needed(row) && !known.contains(&key)
    });
    Ok(rows)
}

/// Whether quotes are made, from now on or since an earlier run.
async fn makes_quotes(args: &Args, kit: &Kit) -> anyhow::Result<bool> {
    let switches = store::mapping::load(&kit.db).await?.switches;
    let is_on = switches.iter().any(|switch| {
        switch.kind == QUOTE
            && switch.direction == Direction::into_system(System::Jim2)
            && switch.create_enabled
    });
    let mut said = args.create.iter();
    Ok(is_on || said.any(|create| matches!(create, Create::Of(kind) if *kind == QUOTE.as_str())))
}

/// Whether an item of a quote of that type has nothing else by which it could be sold: shipping.
fn is_sold_by_type(label: &str) -> bool {
    let label = label.trim().to_lowercase();
    !NEARER.iter().any(|nearer| label.starts_with(nearer))
}

/// Tells how to map each, as far as they fit on a screen.
pub(super) fn tell(unmapped: &[LookupRow], report: &mut Report<'_>) -> anyhow::Result<()> {
    for row in unmapped.iter().take(SHOWN) {
        let (system, value, label) = (row.system, &row.entry.value, &row.entry.label);
        let name = if value == label {
            String::new()
        } else {
            format!("   # {label}")
        };
        report.line(&format!(
            "crossbill lookups set {} {} \"{value}\" \"<{} value>\"{name}",
            row.list,
            system.as_str(),
            system.other()
        ))?;
    }
    if unmapped.len() > SHOWN {
        report.line("… and more: crossbill lookups list --unmapped")?;
    }
    if !unmapped.is_empty() {
        report.warn(format!(
            "{} values have no counterpart yet; a record that has one is held until you say what it stands for: \
             crossbill lookups list --unmapped",
            unmapped.len()
        ))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_nothing_nearer_is_asked_for_by_its_type() {
        for (label, is_asked) in [
            ("Shipping", true),
            ("Discount", true),
            ("Product", false),
            ("Labor", false),
            ("Labour", false),
            ("Charge", false),
            (" service bundle", false),
        ] {
            assert_eq!(is_sold_by_type(label), is_asked, "{label}");
        }
    }
}
