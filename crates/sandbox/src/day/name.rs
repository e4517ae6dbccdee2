//! The names that a script gives to records, and what it says with them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Error;
use crate::plain::plain;

/// What has a name so far.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeMap<String, Value>);

impl Names {
    pub(super) fn bind(&mut self, name: &str, record: Value) {
        self.0.insert(name.to_owned(), record);
    }

    /// A value with what it names put in. A text that is nothing but a name becomes what the name stands for.
    pub(super) fn fill(&self, value: &Value) -> Result<Value, Error> {
        Ok(match value {
            Value::String(text) => match text
                .strip_prefix("${")
                .and_then(|rest| rest.strip_suffix('}'))
            {
                Some(path) if !path.contains('}') => self.look_up(path)?,
                Some(_) | None => json!(self.say(text)?),
            },
            Value::Array(values) => values
                .iter()
                .map(|one| self.fill(one))
                .collect::<Result<_, _>>()?,
            Value::Object(members) => {
                let filled = members
                    .iter()
                    .map(|(name, one)| Ok((name.clone(), self.fill(one)?)));
                Value::Object(filled.collect::<Result<Map<_, _>, Error>>()?)
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        })
    }

    /// A sentence with what it names put in.
    pub(super) fn say(&self, text: &str) -> Result<String, Error> {
        let mut said = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (path, after) = after
                .split_once('}')
                .ok_or_else(|| Error::Unnamed(after.to_owned()))?;
            said.push_str(before);
            said.push_str(&plain(&self.look_up(path)?));
            rest = after;
        }
        said.push_str(rest);
        Ok(said)
    }

    fn look_up(&self, path: &str) -> Result<Value, Error> {
        let (name, rest) = path.split_once('.').unwrap_or((path, ""));
        let record = self
            .0
            .get(name)
            .ok_or_else(|| Error::Unnamed(path.to_owned()))?;
        Ok(at(record, rest).clone())
    }
}

/// A record with its user-defined fields as `udf.NAME` and its details as `detail.TYPE`.
pub(super) fn flat(mut record: Value) -> Value {
    for (list, key, name) in [
        ("userDefinedFields", "udf", "name"),
        ("details", "detail", "type"),
    ] {
        let entries = record[list].as_array().into_iter().flatten();
        let named = entries
            .filter_map(|entry| Some((entry[name].as_str()?.to_owned(), entry["value"].clone())));
        let named: Map<_, _> = named.collect();
        if !named.is_empty() {
            record[key] = Value::Object(named);
        }
    }
    record
}

/// The value at a path of a flat record; nothing where there is none.
pub(super) fn at<'a>(record: &'a Value, path: &str) -> &'a Value {
    let steps = path.split('.').filter(|step| !step.is_empty());
    steps.fold(record, |value, step| &value[step])
}
