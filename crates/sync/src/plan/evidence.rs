//! Neither API has entity tags: what the sources tell about foreign changes around our own writes (rule 10).

use domain::{System, Value};

use super::{Known, Notice};
use crate::{Fields, Rules, Wrote};

/// Values that somebody else gave fields in Autotask after we had read them and before we wrote them, by our names.
///
/// An older value that comes late or again was seen when we planned, and is no evidence of anything.
pub(crate) fn foreign_values(rules: &dyn Rules, known: &Known) -> Fields {
    let mut values = Fields::new();
    let Some(wrote) = wrote(known, System::Autotask) else {
        return values;
    };
    let mut evidence: Vec<_> = known
        .evidence
        .iter()
        .filter(|(system, evidence)| *system == System::Autotask && wrote.covers(evidence.at))
        .map(|(_, evidence)| evidence)
        .collect();
    evidence.sort_by_key(|evidence| evidence.at);
    for field in rules
        .fields()
        .iter()
        .filter(|field| wrote.fields.iter().any(|it| it == field.name))
    {
        let told = |evidence: &domain::Evidence| {
            field
                .webhook_names
                .iter()
                .find_map(|name| evidence.fields.get(*name).cloned())
        };
        if let Some(value) = evidence.iter().rev().find_map(|evidence| told(evidence)) {
            values.insert(field.name.to_owned(), value);
        }
    }
    let ours = known.shadow.as_ref().map(|shadow| &shadow.autotask);
    values.retain(|name, value| {
        ours.and_then(|ours| ours.get(name))
            .is_some_and(|sent| sent != value)
    });
    values
}

/// The other way: Jim2 tells who changed a record, not what.
pub(crate) fn possibly_overwritten(known: &Known) -> Option<Notice> {
    let wrote = wrote(known, System::Jim2)?;
    let (_, evidence) = known.evidence.iter().find(|(system, evidence)| {
        *system == System::Jim2 && evidence.by.is_some() && wrote.covers(evidence.at)
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

/// Our last write to one half.
fn wrote(known: &Known, on: System) -> Option<&Wrote> {
    known.shadow.as_ref()?.writes.get(&on)
}
