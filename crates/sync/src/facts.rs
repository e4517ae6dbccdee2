//! What planning may know beside the two records: mappings, rules, settings and resolved references.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::{Fixer, Key, Kind, Problem, RecordId, Remedy, Subject, System, Value};

use crate::{Field, Half, Mapped, Way, wall_clock};

/// The setting in which the records are kept whose other half a person decided to have made.
pub const SIGNED_OFF: &str = "signed_off";

/// What one value of a list stands for on the other side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The other side's value; `None` leaves the other side as it is.
    pub to: Option<String>,
    /// The steps to go through, where the direct one is not allowed (Jim2's strict workflow).
    pub path: Vec<String>,
}

/// Everything a plan may know. It is a snapshot: planning never asks anybody anything.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The version of the mappings.
    pub version: i64,
    /// The site's time zone.
    pub zone: Tz,
    /// The time of planning.
    pub now: DateTime<Utc>,
    /// Mappings by list, system and value (as text; blank is `""`).
    pub mappings: HashMap<(String, System, String), Mapping>,
    /// What people call a value of a list.
    pub labels: HashMap<(String, System, String), String>,
    /// Values that their system does not tell any more, since when: what stands for one cannot go there.
    pub gone: HashMap<(String, System, String), DateTime<Utc>>,
    /// Jim2's strict workflow: the statuses each status may move to. Empty where it is not known.
    pub workflow: HashMap<String, Vec<String>>,
    /// Ways and owners that were changed, by kind and field.
    pub rules: HashMap<(Kind, String), (Way, System)>,
    /// Kinds that may be created, with the system they may be created in.
    pub creates: Vec<(Kind, System)>,
    /// Filters by kind and name, such as (`ticket`, `queue`).
    pub filters: HashMap<(Kind, String), serde_json::Value>,
    /// Settings of the site by name.
    pub settings: HashMap<String, serde_json::Value>,
    /// The other half of complete pairs that the records in hand refer to.
    pub pairs: HashMap<Key, RecordId>,
}

impl Facts {
    /// Facts that know nothing, for `now` in `zone`.
    pub fn empty(zone: Tz, now: DateTime<Utc>) -> Self {
        Self {
            version: 0,
            zone,
            now,
            mappings: HashMap::new(),
            labels: HashMap::new(),
            gone: HashMap::new(),
            workflow: HashMap::new(),
            rules: HashMap::new(),
            creates: Vec::new(),
            filters: HashMap::new(),
            settings: HashMap::new(),
            pairs: HashMap::new(),
        }
    }

    /// The way and owner of a field, as changed by `field_rule`.
    pub fn rule(&self, kind: &Kind, field: &Field) -> (Way, System) {
        self.rules
            .get(&(kind.clone(), field.name.to_owned()))
            .copied()
            .unwrap_or((field.way, field.owner))
    }

    /// Whether a field of `kind` travels at all.
    pub fn is_carried(&self, kind: &Kind, field: &Field) -> bool {
        let (way, _) = self.rule(kind, field);
        System::BOTH.into_iter().any(|system| way.leads_to(system))
    }

    /// Whether records of `kind` may be created in `on`.
    pub fn may_create(&self, kind: &Kind, on: System) -> bool {
        self.creates
            .iter()
            .any(|(it, system)| it == kind && *system == on)
    }

    /// The mapping of a value of a list, where there is one.
    pub fn mapping(&self, list: &str, system: System, value: &str) -> Option<&Mapping> {
        self.mappings
            .get(&(list.to_owned(), system, value.to_owned()))
    }

    /// What people call a value of a list.
    pub fn label(&self, list: &str, system: System, value: &str) -> String {
        self.labels
            .get(&(list.to_owned(), system, value.to_owned()))
            .cloned()
            .unwrap_or_else(|| value.to_owned())
    }

    /// The other half's id of the complete pair that `key` belongs to.
    pub fn other_half(&self, key: &Key) -> Option<&RecordId> {
        self.pairs.get(key)
    }

    /// The other half of the record that `half` belongs to (its company, …), or the problem that it has none yet.
    pub fn partner(&self, half: &Half, of: Key) -> Result<i64, Box<Problem>> {
        if let Some(partner) = self.other_half(&of).and_then(RecordId::number) {
            return Ok(partner);
        }
        let (kind, id) = (of.kind.clone(), of.id.clone());
        let link = match of.system {
            System::Autotask => format!("{id} <number in Jim2>"),
            System::Jim2 => format!("<id in Autotask> {id}"),
        };
        Err(Box::new(Problem {
            code: format!("{kind}-not-paired"),
            says: format!(
                "{} cannot go to {} before its {kind} {id} is paired",
                half.label,
                of.system.other()
            ),
            subject: Subject::Pair {
                kind: of.kind,
                system: of.system,
                id: of.id,
            },
            field: None,
            remedy: Remedy {
                who: Fixer::Integrator,
                step: format!("crossbill pairs link {kind} {link}"),
                continues: true,
            },
        }))
    }

    /// A setting of the site, where it is text.
    pub fn setting(&self, name: &str) -> Option<&str> {
        self.settings.get(name).and_then(serde_json::Value::as_str)
    }

    /// A setting of the site that is a moment: a time, or a day, which begins at midnight in the site's zone.
    pub fn moment(&self, name: &str) -> Option<DateTime<Utc>> {
        let text = self.setting(name)?.trim();
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Some(at.to_utc());
        }
        let day = text.parse().ok()?;
        Some(wall_clock::midnight(day, self.zone))
    }

    /// A setting of the site that is on or off; off where it is not set.
    pub fn is_on(&self, name: &str) -> bool {
        self.settings
            .get(name)
            .and_then(serde_json::Value::as_bool)
            .unwrap_or(false)
    }

    /// A setting of the site that is a whole number, which may have been typed as text.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.settings.get(name).and_then(whole)
    }

    /// The numbers that a filter lists, where the site set it.
    pub fn filter_numbers(&self, kind: &Kind, name: &str) -> Option<Vec<i64>> {
        let filter = self.filters.get(&(kind.clone(), name.to_owned()))?;
        Some(filter.as_array()?.iter().filter_map(whole).collect())
    }

    /// Whether a filter lets a value pass: a list names what passes, `{"except": […]}` what does not. Blank passes only
    /// where nothing is listed as passing.
    pub fn lets_pass(&self, kind: &Kind, filter: &str, value: Option<&serde_json::Value>) -> bool {
        let filter = self.filters.get(&(kind.clone(), filter.to_owned()));
        match filter.filter(|filter| !filter.is_null()) {
            None => true,
            Some(serde_json::Value::Array(only)) => value.is_some_and(|it| holds(only, it)),
            Some(filter) => match filter.get("except").and_then(serde_json::Value::as_array) {
                Some(except) => !value.is_some_and(|value| holds(except, value)),
                None => true,
            },
        }
    }

    /// Whether a person decided that this record's other half is to be made, whatever the other system has already.
    pub fn is_signed_off(&self, key: &Key) -> bool {
        let all = self.settings.get(SIGNED_OFF);
        let all = all.and_then(serde_json::Value::as_array);
        all.is_some_and(|all| all.iter().any(|one| one == &key.to_string()))
    }

    /// Sends a value through the mapping of a list.
    pub fn look_up(&self, field: &Field, list: &str, from: System, value: &Value) -> Mapped {
        let text = if value.is_empty() {
            String::new()
        } else {
            value.to_string()
        };
        if let Some(problem) = self.vanished((field.name, field.label), list, from, &text) {
            return Mapped::Problem(problem);
        }
        match self.mapping(list, from, &text) {
            Some(Mapping { to: Some(to), .. }) => Mapped::Value(listed(from.other(), to)),
            Some(Mapping { to: None, .. }) => Mapped::Leave,
            None if text.is_empty() => Mapped::Leave,
            None => Mapped::Problem(self.unmapped(field, list, from, text)),
        }
    }

    /// What is wrong where a value stands for one that its system does not tell any more: nothing else takes its place, and
    /// nothing is written that the other side would refuse. The field is told by its name, and by what people call such values.
    pub fn vanished(
        &self,
        (field, what): (&str, &str),
        list: &str,
        from: System,
        value: &str,
    ) -> Option<Problem> {
        let to = from.other();
        let mapped = self.mapping(list, from, value)?.to.as_deref()?;
        let since = self.gone.get(&(list.to_owned(), to, mapped.to_owned()))?;
        let since = since.with_timezone(&self.zone).format("%-d %b %Y %H:%M");
        let (name, gone) = (self.label(list, from, value), self.label(list, to, mapped));
        let name = if name.is_empty() { "(blank)" } else { &name };
        Some(Problem {
            code: "lookup-gone".to_owned(),
            says: format!(
                "{what} \"{name}\" of {from} stands for \"{gone}\", which {to} does not have any more (gone since {since})"
            ),
            remedy: Remedy {
                who: Fixer::Integrator,
                step: format!(
                    "crossbill lookups set {list} {} \"{value}\" \"<{to} value>\"; or bring \"{gone}\" back in {to}, then: \
                     crossbill lookups refresh",
                    from.as_str()
                ),
                continues: true,
            },
            subject: Subject::Lookup {
                list: list.to_owned(),
                system: from,
                value: value.to_owned(),
            },
            field: Some(field.to_owned()),
        })
    }

    fn unmapped(&self, field: &Field, list: &str, from: System, value: String) -> Problem {
        let label = self.label(list, from, &value);
        let to = from.other();
        Problem {
            code: "lookup-missing".to_owned(),
            says: format!(
                "{} \"{label}\" of {from} has no {to} counterpart",
                field.label
            ),
            remedy: Remedy {
                who: Fixer::Integrator,
                step: format!(
                    "crossbill lookups set {list} {} \"{label}\" \"<{to} value>\"",
                    from.as_str()
                ),
                continues: true,
            },
            subject: Subject::Lookup {
                list: list.to_owned(),
                system: from,
                value,
            },
            field: Some(field.name.to_owned()),
        }
    }
}

/// A whole number, or text of one.
fn whole(json: &serde_json::Value) -> Option<i64> {
    json.as_i64().or_else(|| json.as_str()?.trim().parse().ok())
}

fn holds(list: &[serde_json::Value], value: &serde_json::Value) -> bool {
    let text = |json: &serde_json::Value| {
        json.as_str()
            .map_or_else(|| json.to_string(), str::to_owned)
    };
    list.iter()
        .any(|one| text(one).eq_ignore_ascii_case(&text(value)))
}

/// A mapped value as its system tells it: Autotask's lists are numbered, Jim2's are words.
fn listed(system: System, value: &str) -> Value {
    match (system, value.parse()) {
        (System::Autotask, Ok(number)) => Value::Number(number),
        _ => Value::text(value),
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Australia::Sydney;

    use super::*;

    #[test]
    fn what_stands_for_a_value_that_is_gone_is_told_by_its_name_and_by_the_sites_clocks() {
        let mut facts = Facts::empty(Sydney, DateTime::UNIX_EPOCH);
        let of = |system, value: &str| ("status".to_owned(), system, value.to_owned());
        for value in ["5", ""] {
            let mapping = Mapping {
                to: Some("HOLD".to_owned()),
                path: Vec::new(),
            };
            facts.mappings.insert(of(System::Autotask, value), mapping);
        }
        for (system, value, label) in [
            (System::Autotask, "5", "Waiting"),
            (System::Jim2, "HOLD", "On hold"),
        ] {
            facts.labels.insert(of(system, value), label.to_owned());
        }
        let gone = of(System::Jim2, "HOLD");
        let vanished = |facts: &Facts, value| {
            facts.vanished(("status", "Status"), "status", System::Autotask, value)
        };
        assert_eq!(vanished(&facts, "5"), None, "it is there");
        let since = "2026-11-22T20:30:00Z".parse().unwrap();
        facts.gone.insert(gone, since);
        for (value, name) in [("5", "Waiting"), ("", "(blank)")] {
            let says = format!(
                "Status \"{name}\" of Autotask stands for \"On hold\", which Jim2 does not have any more (gone since \
                 23 Nov 2026 07:30)"
            );
            assert_eq!(vanished(&facts, value).unwrap().says, says);
        }
        assert_eq!(vanished(&facts, "7"), None, "it stands for nothing");
    }
}
