//! Neither API has entity tags: what the sources tell about foreign changes around our own writes (rule 10).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::{Evidence, System, Value};

use super::{Known, Notice};
use crate::{Field, Rules};

/// A value that somebody else gave a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Foreign {
    pub(crate) value: Value,
    /// When, in that system's time.
    pub(crate) at: DateTime<Utc>,
    /// Whether somebody has changed the field since our write that took its place.
    pub(crate) is_replaced: bool,
}

/// Values that somebody else gave fields in Autotask after we had read them and before we wrote them, by our names.
///
/// An older value that comes late or again was seen when we planned, and is no evidence of anything; nor is what is there now.
pub(crate) fn foreign_values(rules: &dyn Rules, known: &Known) -> BTreeMap<&'static str, Foreign> {
    let Some(shadow) = &known.shadow else {
        return BTreeMap::new();
    };
    let on = System::Autotask;
    let mut evidence: Vec<_> = known.evidence.iter().filter(|it| it.0 == on).collect();
    evidence.sort_by_key(|(_, evidence)| evidence.at);
    let latest = |field: &'static Field| {
        let now = known
            .autotask
            .as_ref()
            .and_then(|half| half.fields.get(field.name));
        let is_there = |value: &Value| now.is_some_and(|now| field.compare.same(value, now));
        let told = |(_, evidence): &&(System, Evidence)| {
            let mut names = field.webhook_names.iter();
            let value = names.find_map(|name| evidence.fields.get(*name))?;
            let mut writes = shadow.all_writes(on);
            let hiding = writes.find(|wrote| wrote.hides(field, value, evidence.at))?;
            let replaced = hiding.replaced.get(field.name);
            let is_seen = is_there(value) || replaced == Some(value);
            (!is_seen).then(|| Foreign {
                value: value.clone(),
                at: evidence.at,
                is_replaced: replaced.is_some(),
            })
        };
        let sent = shadow.autotask.get(field.name)?;
        let foreign = evidence.iter().rev().find_map(told);
        let foreign = foreign.filter(|foreign| foreign.value != *sent)?;
        Some((field.name, foreign))
    };
    rules.fields().iter().filter_map(latest).collect()
}

/// All that the sources tell of our last writes, as notices for a pair of which nothing is written now.
pub(crate) fn overwritten(rules: &dyn Rules, known: &Known) -> Vec<Notice> {
    let mut notices = lost_values(rules, known);
    notices.extend(possibly_overwritten(known));
    notices
}

fn lost_values(rules: &dyn Rules, known: &Known) -> Vec<Notice> {
    let mut lost = foreign_values(rules, known);
    let now = known.autotask.as_ref().map(|half| &half.fields);
    let notice = |field: &Field| {
        let (lost, kept) = (lost.remove(field.name)?, now?.get(field.name)?);
        Some(Notice::overwritten(field.name, kept, &lost.value))
    };
    rules.fields().iter().filter_map(notice).collect()
}

/// The other way: Jim2 tells who changed a record, not what. Each who did in such a span is named once.
pub(crate) fn possibly_overwritten(known: &Known) -> Vec<Notice> {
    let Some(shadow) = &known.shadow else {
        return Vec::new();
    };
    let is_covered = |(on, evidence): &&(System, Evidence)| {
        *on == System::Jim2 && shadow.covers(*on, evidence.at)
    };
    let evidence = known.evidence.iter().filter(is_covered);
    let by: BTreeSet<&String> = evidence.filter_map(|(_, it)| it.by.as_ref()).collect();
    by.into_iter()
        .map(|by| Notice {
            what: "possibly-overwritten".to_owned(),
            field: String::new(),
            kept: Value::Empty,
            lost: by.clone().into(),
            before: None,
            by: Some(System::Jim2),
        })
        .collect()
}
