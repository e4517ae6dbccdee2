//! User-defined fields, addressed by name.

mod definition;

use std::collections::BTreeMap;

use domain::Told;
use serde::{Deserialize, Deserializer};

pub use self::definition::UdfKind;
use crate::wire;

/// The user-defined fields of a record. Their values are always text.
///
/// Autotask leaves the collection out, or empty, when no row of a result has a value in it. That
/// says nothing; only after a read by id does it mean that all are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserDefinedFields(Told<BTreeMap<String, Told<String>>>);

#[derive(Deserialize)]
struct Named {
    name: String,
    #[serde(default, deserialize_with = "wire::told")]
    value: Told<String>,
}

impl UserDefinedFields {
    /// The value of the field with this name, as the answer told it.
    pub fn get(&self, name: &str) -> Told<String> {
        match &self.0 {
            Told::Not => Told::Not,
            Told::Empty => Told::Empty,
            Told::Is(fields) => fields.get(name).cloned().unwrap_or_default(),
        }
    }

    /// The names that the answer spoke of.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0
            .get()
            .into_iter()
            .flat_map(|fields| fields.keys().map(String::as_str))
    }

    /// Takes note that the record was read by id: what was not told is empty.
    pub(crate) fn read_by_id(&mut self) {
        if !matches!(self.0, Told::Is(_)) {
            self.0 = Told::Empty;
        }
    }
}

impl<'de> Deserialize<'de> for UserDefinedFields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let named = Option::<Vec<Named>>::deserialize(deserializer)?.unwrap_or_default();
        if named.is_empty() {
            return Ok(Self::default());
        }
        let fields = named.into_iter().map(|field| {
            let value = match field.value {
                Told::Not => Told::Empty,
                told @ (Told::Empty | Told::Is(_)) => told,
            };
            (field.name, value)
        });
        Ok(Self(Told::Is(fields.collect())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> UserDefinedFields {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_missing_or_empty_collection_says_nothing_until_read_by_id() {
        for mut fields in [UserDefinedFields::default(), read("[]"), read("null")] {
            assert_eq!(fields.get("Jim2 CardNo"), Told::Not);
            fields.read_by_id();
            assert_eq!(fields.get("Jim2 CardNo"), Told::Empty);
        }
    }

    #[test]
    fn a_field_has_three_states_too() {
        let json =
            r#"[{"name":"A","value":"12"},{"name":"B","value":null},{"name":"C","value":""}]"#;
        let mut fields = read(json);
        fields.read_by_id();
        assert_eq!(fields.get("A"), Told::Is("12".to_owned()));
        assert_eq!(fields.get("B"), Told::Empty);
        assert_eq!(fields.get("C"), Told::Empty);
        assert_eq!(fields.get("renamed"), Told::Not);
        assert_eq!(fields.names().collect::<Vec<_>>(), ["A", "B", "C"]);
    }
}
