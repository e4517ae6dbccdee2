//! Of which stock products are made, and at whose prices: checked against Jim2's lists where it tells them.

use anyhow::Context as _;
use jim2::ListEntry;

use crate::{
    connect::{Args, Kit, jim2_side::Jim2Side, pairing::STOCK},
    operate::filters,
};

/// Refuses a price level or a location that Jim2 does not have, before anything is stored.
pub(super) fn check_arguments(args: &Args, jim2: &Jim2Side) -> anyhow::Result<()> {
    if let Some(level) = &args.price_level {
        check("--price-level", level, jim2.list("PriceLevel"))?;
    }
    let locations = args.stock_locations.iter();
    for location in locations.flat_map(|all| all.split(',')) {
        let number = location.split('=').next().unwrap_or_default().trim();
        check("--stock-locations", number, jim2.list("StockLocation"))?;
    }
    Ok(())
}

/// Stores the groups that an argument names.
pub(super) async fn keep(args: &Args, kit: &Kit) -> anyhow::Result<()> {
    if args.stock_groups.is_empty() {
        return Ok(());
    }
    let groups = serde_json::to_string(&args.stock_groups)?;
    filters::set(&kit.db, &STOCK, "groups", &groups, &kit.who)
        .await
        .context("--stock-groups")?;
    Ok(())
}

/// A list that Jim2 did not tell refuses nothing.
fn check(argument: &str, value: &str, list: &[ListEntry]) -> anyhow::Result<()> {
    let is_it = |entry: &&ListEntry| entry.code.eq_ignore_ascii_case(value.trim());
    if list.is_empty() || list.iter().any(|entry| is_it(&entry)) {
        return Ok(());
    }
    let known: Vec<&str> = list.iter().map(|entry| entry.code.as_str()).collect();
    anyhow::bail!(
        "{argument}: Jim2 has no \"{value}\"; it has {}",
        known.join(", ")
    )
}
