//! The tenant's user-defined fields, as its definitions make them: text, a number, a date, or one of a list; records
//! hold all of them as text.

pub(super) mod definition;

use std::collections::BTreeMap;

use super::row::{Row, parse_time};
use super::schema::Entity;
use super::schema::field::Kind;
use super::schema::picklist::Choice;

/// The plural of the entity that defines them.
pub(super) const DEFINITIONS: &str = "UserDefinedFieldDefinitions";

/// The longest text a user-defined field takes.
pub(super) const LONGEST: usize = 255;

/// A user-defined field.
#[derive(Clone, Debug)]
pub(super) struct Udf {
    /// The id of its definition.
    pub id: i64,
    pub name: String,
    pub description: String,
    /// Whether the screens ask for it; the API does not.
    pub is_required: bool,
    /// What its values are.
    pub kind: Kind,
    /// What it can be set to; none for anything of its kind.
    pub choices: Option<Vec<Choice>>,
}

/// The active user-defined fields of every entity.
#[derive(Debug, Default)]
pub(super) struct Udfs {
    /// By the plural of the entity, in the order of their ids.
    fields: BTreeMap<&'static str, Vec<Udf>>,
    /// The values of the lists, by the id of the definition.
    lists: BTreeMap<i64, Vec<Choice>>,
}

impl Udfs {
    /// The fields of an entity.
    pub(super) fn of(&self, entity: &Entity) -> &[Udf] {
        self.fields
            .get(entity.plural)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// Gives the list with this id its values; before its definition is put in.
    pub(super) fn fill_list(&mut self, id: i64, choices: Vec<Choice>) {
        self.lists.insert(id, choices);
    }

    /// Takes note of a definition that is new or has changed.
    pub(super) fn learn(&mut self, id: i64, row: &Row) {
        self.forget(id);
        let Some(owner) = definition::owner(row).filter(|_| definition::is_active(row)) else {
            return;
        };
        let (kind, is_list) = definition::kind(row);
        let fields = self.fields.entry(owner.plural).or_default();
        fields.push(Udf {
            id,
            name: row.text("name").to_owned(),
            description: row.text("description").to_owned(),
            is_required: row.flag("isRequired"),
            kind,
            choices: is_list.then(|| self.lists.get(&id).cloned().unwrap_or_default()),
        });
        fields.sort_by_key(|udf| udf.id);
    }

    /// Takes note of a definition that is gone.
    pub(super) fn forget(&mut self, id: i64) {
        for fields in self.fields.values_mut() {
            fields.retain(|udf| udf.id != id);
        }
    }
}

/// The field of this name, in any letter case.
pub(super) fn named<'a>(udfs: &'a [Udf], name: &str) -> Option<&'a Udf> {
    udfs.iter().find(|udf| udf.name.eq_ignore_ascii_case(name))
}

impl Udf {
    /// The text that records hold for this text, or a sentence on what is wrong with it.
    pub(super) fn take(&self, text: &str) -> Result<String, String> {
        let name = &self.name;
        let odd = || {
            format!(
                "Could not convert {text} to {}. Path '{name}'.",
                self.kind.name()
            )
        };
        match (&self.choices, self.kind) {
            (Some(choices), _) => choices
                .iter()
                .find(|choice| choice.is_active && choice.value == text)
                .map(|choice| choice.value.clone())
                .ok_or_else(|| format!("Picklist value [{text}] does not exist for {name}.")),
            (None, Kind::Datetime) => parse_time(text)
                .map(|time| time.format("%Y-%m-%dT00:00:00").to_string())
                .ok_or_else(odd),
            (None, Kind::Double) => {
                let number: Result<f64, _> = text.trim().parse();
                number
                    .ok()
                    .filter(|number| number.is_finite())
                    .map(|number| number.to_string())
                    .ok_or_else(odd)
            }
            (None, _) if text.encode_utf16().count() > LONGEST => Err(format!(
                "{name} must be less than or equal to {LONGEST} characters"
            )),
            (None, _) => Ok(text.to_owned()),
        }
    }
}
