//! From what an operator writes to a value of a list, by its id or its name, and what could not be checked about it.

use std::collections::BTreeSet;

use domain::{Subject, System};
use store::{
    Db,
    lookup::{Entry, LookupRow},
    mapping::STATUS_LINKS,
};

use crate::operate::{mistake, nearest};

/// Lists whose values are plain text in Jim2: it takes others than those that are known of it.
const TEXTS: [&str; 2] = ["prefix", "country"];

/// The only list whose values are reached by steps.
pub(super) const STATUS: &str = "status";

/// All that values are looked up in, read once.
#[derive(Debug)]
pub(super) struct Values {
    rows: Vec<LookupRow>,
    /// What open problems ask for: lists, systems and values.
    asked: Vec<(String, System, String)>,
}

/// A value as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Meant {
    /// The value.
    pub(super) value: String,
    /// What could not be checked about it, in a sentence.
    pub(super) unchecked: Option<String>,
}

impl Values {
    /// Reads the lists, and what is held for a value without a counterpart.
    pub(super) async fn read(db: &Db) -> anyhow::Result<Self> {
        let problems = store::held::open_problems(db).await?;
        let asked =
            problems.into_iter().filter_map(|open| {
                match serde_json::from_value::<Subject>(open.subject).ok()? {
                    Subject::Lookup {
                        list,
                        system,
                        value,
                    } => Some((list, system, value)),
                    Subject::Pair { .. }
                    | Subject::Setting { .. }
                    | Subject::Time { .. }
                    | Subject::Job { .. }
                    | Subject::Record { .. } => None,
                }
            });
        Ok(Self {
            rows: store::lookup::all(db).await?,
            asked: asked.collect(),
        })
    }

    /// Refuses a list that neither system has and nothing held asks for.
    pub(super) fn check_list(&self, list: &str) -> anyhow::Result<()> {
        let asked = self.asked.iter().map(|(list, ..)| list.as_str());
        let read = self.rows.iter().map(|row| row.list.as_str());
        let lists: BTreeSet<&str> = read
            .chain(asked)
            .filter(|list| *list != STATUS_LINKS)
            .collect();
        if lists.contains(list) {
            return Ok(());
        }
        let known: Vec<&str> = lists.iter().copied().collect();
        mistake(format!(
            "there is no list {list}{}; there are {} (crossbill connect reads them from both systems)",
            nearest(list, lists.into_iter()),
            if known.is_empty() {
                "none yet".to_owned()
            } else {
                known.join(", ")
            }
        ))
    }

    /// The value of a list that an operator means by its id or its name. Blank is "". One that is not in the list is
    /// taken where it cannot be judged, or where a held record has it.
    pub(super) fn meant(&self, list: &str, system: System, text: &str) -> anyhow::Result<Meant> {
        let known = |value: &str| Meant {
            value: value.to_owned(),
            unchecked: None,
        };
        let unknown = |why: String| Meant {
            value: text.trim().to_owned(),
            unchecked: Some(why),
        };
        let entries = self.entries(list, system);
        let told = |value: &str| {
            Meant {
            value: value.to_owned(),
            unchecked: self.is_gone(list, system, value).then(|| {
                format!(
                    "{system} does not have \"{text}\" of {list} any more, so that what stands for it is held until it is \
                     back there (crossbill lookups refresh looks)"
                )
            }),
        }
        };
        if text.is_empty() || entries.iter().any(|entry| entry.value == text) {
            return Ok(told(text));
        }
        let named: Vec<&&Entry> = entries
            .iter()
            .filter(|entry| is_same(&entry.label, text))
            .collect();
        match named.as_slice() {
            [entry] => return Ok(told(&entry.value)),
            [] => {}
            _ => {
                return mistake(format!(
                    "list {list} of {system} has {} values called \"{text}\"; give the id",
                    named.len()
                ));
            }
        }
        let of_a_record = self
            .asked
            .iter()
            .find(|(asked, on, value)| asked == list && *on == system && is_same(value, text));
        if let Some((_, _, value)) = of_a_record {
            return Ok(known(value));
        }
        if entries.is_empty() {
            return Ok(unknown(format!(
                "{system} has not told its list {list}, so \"{text}\" could not be checked: see that it is spelt as \
                 in {system}"
            )));
        }
        if system == System::Jim2 && TEXTS.contains(&list) {
            return Ok(unknown(format!(
                "\"{text}\" is none of the values of {list} that are known of {system}, which takes any text there"
            )));
        }
        let labels: Vec<&str> = entries.iter().map(|entry| entry.label.as_str()).collect();
        mistake(format!(
            "list {list} of {system} has no value \"{text}\"{}; crossbill lookups list {list} shows its values, and \
             crossbill lookups refresh reads the lists again where it is new in {system}",
            nearest(text, labels.into_iter())
        ))
    }

    /// The steps that are written as A>B, in the spelling of `system`, whose statuses they are; `to`, which they lead
    /// to, may stand at their end.
    pub(super) fn path(&self, system: System, text: &str, to: &str) -> anyhow::Result<String> {
        let words = text.split(['>', ',']).map(str::trim);
        let mut steps = Vec::new();
        for word in words.filter(|word| !word.is_empty()) {
            steps.push(self.meant(STATUS, system, word)?.value);
        }
        if steps.last().is_none_or(|last| last != to) {
            steps.push(to.to_owned());
        }
        for (from, next) in steps.iter().zip(&steps[1..]) {
            let allowed = self.allowed(system, from);
            if let Some(allowed) = allowed.filter(|allowed| !allowed.contains(&next.as_str())) {
                return mistake(format!(
                    "the workflow of {system} has no step from {from} to {next}; from {from} it goes to {}",
                    if allowed.is_empty() {
                        "no other status".to_owned()
                    } else {
                        allowed.join(", ")
                    }
                ));
            }
        }
        Ok(steps.join(">"))
    }

    /// Where the workflow leads from a status; `None` where it was not told.
    fn allowed(&self, system: System, from: &str) -> Option<Vec<&str>> {
        let links = self.entries(STATUS_LINKS, system);
        if links.is_empty() {
            return None;
        }
        let steps = links.iter().find(|link| link.value == from);
        let steps = steps.and_then(|link| link.extra.as_deref());
        let steps = steps.unwrap_or_default().split(',');
        Some(steps.filter(|step| !step.is_empty()).collect())
    }

    fn is_gone(&self, list: &str, system: System, value: &str) -> bool {
        self.rows.iter().any(|row| {
            (row.list.as_str(), row.system, row.entry.value.as_str()) == (list, system, value)
                && row.gone_at.is_some()
        })
    }

    fn entries(&self, list: &str, system: System) -> Vec<&Entry> {
        let rows = self.rows.iter();
        rows.filter(|row| row.list == list && row.system == system)
            .map(|row| &row.entry)
            .collect()
    }
}

fn is_same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}
