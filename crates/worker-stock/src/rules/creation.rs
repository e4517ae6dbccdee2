//! Whether a product is made of stock, and with what.

use domain::{Fixer, Key, Problem, Remedy, Subject, System, Value};
use sync::{Creation, Draft, Facts, Fields, Half, SIGNED_OFF};

use crate::{KIND, reference};

/// The filter that names the groups of which products are made.
const GROUPS: &str = "groups";

/// The setting with the billing code that Autotask asks for.
const BILLING_CODE: &str = "default.product_billing_code";

/// A product of stock in a chosen group.
pub(super) fn product(half: &Half, facts: &Facts) -> Creation {
    let key = Key::new(KIND, System::Jim2, half.id.clone());
    let is_decided = facts.is_signed_off(&key);
    if let Some(reason) = why_not(half, is_decided, facts) {
        return Creation::No(reason.to_owned());
    }
    let Some(billing_code) = facts.number(BILLING_CODE).map(Value::Number) else {
        return Creation::Held(vec![billing_code_missing(half)]);
    };
    let mut extra = Fields::from([
        ("billing_code".to_owned(), billing_code),
        (
            "serialized".to_owned(),
            facts.is_on("default.product_serialized").into(),
        ),
    ]);
    if is_decided {
        extra.insert(SIGNED_OFF.to_owned(), true.into());
    }
    // By it the hands look for a product that is there already.
    let code = half.fact("code").filter(|code| !code.is_empty());
    extra.extend(code.map(|code| ("stock_code".to_owned(), code.clone())));
    Creation::Yes(Draft {
        reference: reference(&half.id),
        extra,
    })
}

fn why_not(half: &Half, is_decided: bool, facts: &Facts) -> Option<&'static str> {
    let chosen = facts.filters.get(&(KIND, GROUPS.to_owned()));
    let has_chosen = chosen.is_some_and(|groups| !groups.is_null());
    let groups = half.fact("groups").and_then(Value::as_text);
    let mut groups = groups.unwrap_or_default().lines();
    let is_in_one = groups.any(|group| facts.lets_pass(&KIND, GROUPS, Some(&group.into())));
    if !facts.may_create(&KIND, System::Autotask) {
        Some("making products in Autotask is off")
    } else if half.fields.get("active") != Some(&Value::Flag(true)) {
        Some("it is not active")
    } else if is_decided {
        None
    } else if !has_chosen {
        Some("no stock groups are chosen of which products are made")
    } else if !is_in_one {
        Some("it is in none of the chosen stock groups")
    } else {
        None
    }
}

fn billing_code_missing(half: &Half) -> Problem {
    Problem {
        code: "setting-missing".to_owned(),
        subject: Subject::Setting {
            name: BILLING_CODE.to_owned(),
        },
        field: None,
        says: format!(
            "{} cannot become a product: Autotask asks for a material billing code, and none is chosen",
            half.label
        ),
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!("crossbill settings set {BILLING_CODE} <Autotask's number>"),
            continues: true,
        },
    }
}
