//! Neither API has entity tags: what the sources tell about foreign changes around our own writes (rule 10).

use chrono::TimeDelta;
use domain::{System, Value};

use super::{Known, Notice};
use crate::{Fields, Rules};

/// How long around our own write a foreign change may have been overwritten by it.
const WINDOW: TimeDelta = TimeDelta::minutes(5);

/// Rule 10: what somebody else told Autotask around our own write, by our field names.
pub(crate) fn foreign_values(rules: &dyn Rules, known: &Known) -> Fields {
    let mut values = Fields::new();
    for (system, evidence) in &known.evidence {
        let near = known
            .written_at
            .is_some_and(|at| (at - evidence.at).abs() < WINDOW && evidence.at <= at);
        if *system != System::Autotask || !near {
            continue;
        }
        for field in rules.fields() {
            let told = field
                .webhook_names
                .iter()
                .find_map(|name| evidence.fields.get(*name));
            if let Some(value) = told {
                values.insert(field.name.to_owned(), value.clone());
            }
        }
    }
    let shadow = known.shadow.clone().unwrap_or_default();
    values.retain(|name, value| shadow.autotask.get(name).is_some_and(|then| then != value));
    values
}

/// Rule 10, the other way: Jim2 tells who changed a record, not what.
pub(super) fn possibly_overwritten(known: &Known) -> Option<Notice> {
    let (_, evidence) = known.evidence.iter().find(|(system, evidence)| {
        *system == System::Jim2
            && evidence.by.is_some()
            && known
                .written_at
                .is_some_and(|at| evidence.at <= at && at - evidence.at < TimeDelta::seconds(10))
    })?;
    Some(Notice {
        what: "possibly-overwritten".to_owned(),
        field: String::new(),
        kept: Value::Empty,
        lost: evidence.by.clone().map_or(Value::Empty, Value::from),
        before: None,
        by: Some(System::Jim2),
    })
}
