//! Which of a stock's prices the product gets.

use std::collections::BTreeSet;

use domain::{Fixer, Problem, Remedy, Subject, Value};
use sync::{Facts, Mapped};

use crate::{halves::BETWEEN, money};

/// The setting that chooses the price level.
const LEVEL: &str = "stock.price_level";
/// The setting that chooses the tax code, where a level has prices of several.
const TAX_CODE: &str = "stock.tax_code";

/// The price without GST at the level and of the tax code that the site chose. Before one is chosen, prices stay as they
/// are.
pub(super) fn chosen(prices: &Value, facts: &Facts) -> Mapped {
    let setting = |name: &str| {
        let said = facts.setting(name).map(str::trim);
        said.filter(|said| !said.is_empty())
    };
    let Some(level) = setting(LEVEL) else {
        return Mapped::Leave;
    };
    let tax = setting(TAX_CODE);
    let Value::Parts(prices) = prices else {
        return Mapped::Leave;
    };
    // Special stock and the like has no price anywhere: nothing is missing.
    if prices.is_empty() {
        return Mapped::Leave;
    }
    let is_it = |name: &str| {
        let (at, of) = name.rsplit_once(BETWEEN).unwrap_or((name, ""));
        let is_taxed_so = tax.is_none_or(|tax| of.is_empty() || tax.eq_ignore_ascii_case(of));
        at.eq_ignore_ascii_case(level) && is_taxed_so
    };
    let found = prices.iter().filter(|(name, _)| is_it(name));
    let found: BTreeSet<Value> = found
        .filter_map(|(_, amount)| money::rounded(amount, facts))
        .collect();
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (Some(price), None) => Mapped::Value(price),
        (None, _) => Mapped::Problem(none(level, tax)),
        (Some(_), Some(_)) => Mapped::Problem(several(level)),
    }
}

fn none(level: &str, tax: Option<&str>) -> Problem {
    let tax = tax.map_or_else(String::new, |tax| format!(" with tax code {tax}"));
    problem(
        "no-price",
        LEVEL,
        format!("stock has no price at level \"{level}\"{tax}"),
        format!(
            "give it one in Jim2; or, if another level or tax code is meant: crossbill settings set {LEVEL} \"<level>\", {TAX_CODE} \"<letter>\""
        ),
    )
}

fn several(level: &str) -> Problem {
    problem(
        "several-prices",
        TAX_CODE,
        format!("stock has several prices at level \"{level}\", with different tax codes"),
        format!("choose one: crossbill settings set {TAX_CODE} \"<letter>\""),
    )
}

fn problem(code: &str, setting: &str, says: String, step: String) -> Problem {
    Problem {
        code: code.to_owned(),
        subject: Subject::Setting {
            name: setting.to_owned(),
        },
        field: Some("price".to_owned()),
        says,
        remedy: Remedy {
            who: Fixer::Finance,
            step,
            continues: true,
        },
    }
}
