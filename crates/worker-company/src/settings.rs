//! What the hands need to know of the site: names of the company's user-defined fields, and what it makes of notes.

use sync::Facts;

use crate::notes;

/// The site as the hands see it. Taken from the mappings when a worker starts, which a changed setting does anew.
/// An empty name says that the site has no such field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanySettings {
    /// The user-defined field that names the company's cardfile (`udf.card_no`).
    pub card_no_udf: String,
    /// The one that says whether Jim2 has the customer on credit hold (`udf.credit_hold`).
    pub credit_hold_udf: String,
    /// The one that keeps a company out of Jim2 (`udf.opt_out`).
    pub opt_out_udf: String,
    /// Whether notes of cards become notes of companies (`notes.company`).
    pub notes: bool,
    /// The action type of those (`company_note.action_type`).
    pub action_type: Option<i64>,
    /// For whom they are where neither author nor owner will do (`default.owner`).
    pub default_owner: Option<i64>,
}

/// The setting for the action type of notes.
pub(crate) const ACTION_TYPE: &str = "company_note.action_type";

impl CompanySettings {
    /// The settings that a snapshot of the mappings holds, with the defaults for the rest.
    pub fn of(facts: &Facts) -> Self {
        let word = |name, default: String| facts.setting(name).map_or(default, str::to_owned);
        let default = Self::default();
        Self {
            card_no_udf: word("udf.card_no", default.card_no_udf),
            credit_hold_udf: word("udf.credit_hold", default.credit_hold_udf),
            opt_out_udf: word("udf.opt_out", default.opt_out_udf),
            notes: facts.is_on(notes::SWITCH),
            action_type: facts.number(ACTION_TYPE),
            default_owner: facts.number("default.owner"),
        }
    }

    /// The names that a read must ask for: of a field that there is not, Autotask would refuse the whole read.
    pub(crate) fn udfs(&self) -> Vec<String> {
        let names = [&self.card_no_udf, &self.credit_hold_udf, &self.opt_out_udf];
        let there = names.into_iter().filter(|name| !name.is_empty());
        there.cloned().collect()
    }

    /// The field for the card, where the site has one.
    pub(crate) fn card_no(&self) -> Option<&String> {
        Some(&self.card_no_udf).filter(|name| !name.is_empty())
    }
}

impl Default for CompanySettings {
    fn default() -> Self {
        Self {
            card_no_udf: "Jim2 CardNo".to_owned(),
            credit_hold_udf: "Jim2 credit hold".to_owned(),
            opt_out_udf: "Jim2 opt-out".to_owned(),
            notes: false,
            action_type: None,
            default_owner: None,
        }
    }
}
