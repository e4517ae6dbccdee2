//! Filters: which records take part at all. Kinds say which there are; the workers read what is stored.

use std::sync::LazyLock;

use domain::{Kind, System};
use serde::Serialize;
use serde_json::{Value, json};
use store::{Db, mapping::Filter};

use super::{lookups, mistake, nearest};
use crate::kinds;

/// A filter that there is, and the kind that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Known {
    kind: &'static str,
    filter: sync::Filter,
}

static FILTERS: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let known = |choices: sync::Choices| {
        let kind = choices.kind;
        choices
            .filters
            .iter()
            .map(move |&filter| Known { kind, filter })
    };
    kinds::choices().flat_map(known).collect()
});

/// A filter with what was chosen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Line {
    /// The kind.
    pub(crate) kind: Kind,
    /// Its name.
    pub(crate) name: &'static str,
    /// What was chosen; `None`: nothing.
    pub(crate) chosen: Option<Value>,
    /// What holds where nobody chose.
    pub(crate) default: &'static str,
    /// What it does.
    pub(crate) about: &'static str,
}

/// Every filter with what was chosen.
pub(crate) async fn list(db: &Db) -> anyhow::Result<Vec<Line>> {
    let stored = store::mapping::load(db).await?.filters;
    let chosen = |known: &Known| {
        let found = stored
            .iter()
            .find(|it| it.kind.as_str() == known.kind && it.name == known.filter.name);
        found
            .map(|it| it.setting.clone())
            .filter(|setting| !setting.is_null())
    };
    let line = |known: &Known| Line {
        chosen: chosen(known),
        kind: Kind::new(known.kind),
        name: known.filter.name,
        default: known.filter.default,
        about: known.filter.about,
    };
    Ok(FILTERS.iter().map(line).collect())
}

/// Chooses what passes: an array, `{"except": […]}`, or values with commas between them, by id or by name.
/// Answers what is stored.
pub(crate) async fn set(
    db: &Db,
    kind: &Kind,
    name: &str,
    text: &str,
    who: &str,
) -> anyhow::Result<Value> {
    let known = known(kind, name)?;
    let is_none = known.filter.none && text.trim().eq_ignore_ascii_case("none");
    let (values, excepts) = if is_none {
        (Vec::new(), false)
    } else {
        read(text)
    };
    if values.is_empty() && !is_none {
        return mistake(format!(
            "a filter that lets nothing pass is none; to take it away: crossbill filters unset {kind} {name}"
        ));
    }
    if excepts && !known.filter.excepts {
        return mistake(format!(
            "{kind} {name} names what it means; it cannot say \"except\""
        ));
    }
    let mut listed = Vec::new();
    for value in values {
        listed.push(value_of(db, known, &value).await?);
    }
    let setting = if excepts {
        json!({"except": listed})
    } else {
        json!(listed)
    };
    store_as(db, known, setting.clone()).await?;
    let detail = json!({"kind": kind, "name": name, "setting": setting});
    store::audit::write(db, who, "filters set", &detail).await?;
    Ok(setting)
}

/// Takes a choice back. A null is kept: a person decided, so `connect` proposes nothing again.
pub(crate) async fn unset(db: &Db, kind: &Kind, name: &str, who: &str) -> anyhow::Result<()> {
    store_as(db, known(kind, name)?, Value::Null).await?;
    store::audit::write(
        db,
        who,
        "filters unset",
        &json!({"kind": kind, "name": name}),
    )
    .await?;
    Ok(())
}

async fn store_as(db: &Db, known: &Known, setting: Value) -> Result<(), store::Error> {
    let filter = Filter {
        kind: Kind::new(known.kind),
        name: known.filter.name.to_owned(),
        setting,
    };
    store::mapping::set_filter(db, &filter).await
}

fn known(kind: &Kind, name: &str) -> anyhow::Result<&'static Known> {
    let of_kind = || FILTERS.iter().filter(|known| known.kind == kind.as_str());
    match of_kind().find(|known| known.filter.name == name) {
        Some(known) => Ok(known),
        None => mistake(format!(
            "{kind} has no filter {name}{}; crossbill filters list shows all",
            nearest(name, of_kind().map(|known| known.filter.name))
        )),
    }
}

/// The values that a person wrote, and whether they are those that do not pass.
fn read(text: &str) -> (Vec<String>, bool) {
    let word = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), |text| text.trim().to_owned())
    };
    let words = |values: &[Value]| values.iter().map(word).collect();
    match serde_json::from_str(text) {
        Ok(Value::Array(values)) => (words(&values), false),
        Ok(Value::Object(rule)) => match rule.get("except") {
            Some(Value::Array(values)) => (words(values), true),
            Some(_) | None => (Vec::new(), false),
        },
        Ok(_) | Err(_) => {
            let values = text.split(',').map(|value| value.trim().to_owned());
            (values.filter(|value| !value.is_empty()).collect(), false)
        }
    }
}

/// A value as the workers compare it: Autotask's are numbers. Names are known once `connect` has read the list.
async fn value_of(db: &Db, known: &Known, text: &str) -> anyhow::Result<Value> {
    let (list, system) = known.filter.list;
    let value = if list.is_empty() {
        text.to_owned()
    } else {
        lookups::value_or_id(db, list, system, text).await?
    };
    match value.parse::<i64>() {
        Ok(number) if system == System::Autotask => Ok(json!(number)),
        Err(_) if system == System::Autotask || list.is_empty() => mistake(format!(
            "\"{value}\" is no number, which the filter {} asks for",
            known.filter.name
        )),
        Ok(_) | Err(_) => Ok(json!(value)),
    }
}
