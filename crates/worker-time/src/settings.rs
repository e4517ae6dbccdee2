//! What the hands need to know of the site: who we are, what people are called, which notes go along.

use std::collections::HashMap;

use domain::System;
use sync::Facts;

/// The site as the hands see it. Taken from the mappings when a worker starts, which a changed setting does anew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TimeSettings {
    /// Our own initials in Jim2 (`jim2.initials`): lines of others are never ours.
    pub api_initials: String,
    /// The initials that a line gets where Jim2 refuses those of whoever worked (`default.initials`).
    pub fallback_initials: Option<String>,
    /// Whether internal notes go along with the summary (`time.internal_notes`); not by default.
    pub internal_notes: bool,
    /// The company's user-defined field that keeps its tickets out (`udf.opt_out`).
    pub opt_out_udf: Option<String>,
    /// Names of Autotask's resources: the labels of the list `technician`.
    pub resources: HashMap<i64, String>,
    /// Names of Jim2's users by their initials: the other labels of the same list.
    pub users: HashMap<String, String>,
}

impl TimeSettings {
    /// The settings that a snapshot of the mappings holds, with the defaults for the rest.
    pub fn of(facts: &Facts) -> Self {
        let word = |name: &str| {
            let word = facts.setting(name).map(str::trim);
            word.filter(|word| !word.is_empty()).map(str::to_owned)
        };
        let names = |system| {
            let labels = facts.labels.iter();
            labels
                .filter(move |((list, on, _), _)| list == "technician" && *on == system)
                .map(|((_, _, value), label)| (value.clone(), label.clone()))
        };
        Self {
            api_initials: word("jim2.initials").unwrap_or_else(|| "API".to_owned()),
            fallback_initials: word("default.initials"),
            internal_notes: facts.is_on("time.internal_notes"),
            opt_out_udf: Some(facts.setting("udf.opt_out").unwrap_or("Jim2 opt-out"))
                .filter(|name| !name.is_empty())
                .map(str::to_owned),
            resources: names(System::Autotask)
                .filter_map(|(id, name)| Some((id.parse().ok()?, name)))
                .collect(),
            users: names(System::Jim2).collect(),
        }
    }
}
