//! The values a picklist field takes.

use super::super::udf::Udf;
use super::field::{Field, Flag};
use super::{Entity, lines};

/// The values of one picklist, in the order they are shown.
#[derive(Debug, Default)]
pub(in crate::autotask) struct Picklist {
    /// The field whose value decides which of the choices are meant; empty for none.
    pub parent_field: &'static str,
    /// The values.
    pub choices: Vec<Choice>,
}

/// One value of a picklist.
#[derive(Clone, Debug)]
pub(in crate::autotask) struct Choice {
    /// What records hold, as text.
    pub value: String,
    /// What people see.
    pub label: String,
    /// The parent field's value this one belongs to; empty for none.
    pub parent: &'static str,
    /// Chosen when nothing is said.
    pub is_default: bool,
    /// Made by the system, so the tenant cannot remove it.
    pub is_system: bool,
    /// Can be chosen now.
    pub is_active: bool,
}

impl Picklist {
    /// Tells whether a record may be given this value.
    pub(in crate::autotask) fn takes(&self, value: &str) -> bool {
        self.choices
            .iter()
            .any(|choice| choice.is_active && choice.value == value)
    }

    /// The value behind this label.
    pub(in crate::autotask) fn value_of(&self, label: &str) -> Option<i64> {
        let found = self.choices.iter().find(|choice| choice.label == label)?;
        found.value.parse().ok()
    }

    /// The label of this value.
    pub(in crate::autotask) fn label_of(&self, value: i64) -> Option<&str> {
        let value = value.to_string();
        let found = self.choices.iter().find(|choice| choice.value == value)?;
        Some(&found.label)
    }

    /// The value of the parent field that this value belongs to; empty for any.
    pub(in crate::autotask) fn parent_of(&self, value: &str) -> &'static str {
        let mut choices = self.choices.iter();
        choices
            .find(|choice| choice.value == value)
            .map_or("", |choice| choice.parent)
    }

    /// The numbers by which webhooks know the fields of an entity.
    pub(super) fn of_fields(watched: &Entity) -> Self {
        let choices = subscribable(watched)
            .enumerate()
            .map(|(index, field)| Choice::plain((index + 1).to_string(), label(field)))
            .collect();
        Self {
            parent_field: "",
            choices,
        }
    }

    /// The numbers by which webhooks know the user-defined fields of an entity.
    pub(super) fn of_udfs(udfs: &[Udf]) -> Self {
        let choices = udfs
            .iter()
            .map(|udf| Choice::plain(udf.id.to_string(), udf.name.clone()))
            .collect();
        Self {
            parent_field: "",
            choices,
        }
    }
}

impl Choice {
    /// A value that people see as it is.
    pub(in crate::autotask) fn of(value: &str) -> Self {
        Self::plain(value.to_owned(), value.to_owned())
    }

    fn plain(value: String, label: String) -> Self {
        Self {
            value,
            label,
            parent: "",
            is_default: false,
            is_system: false,
            is_active: true,
        }
    }

    /// Reads `101 Hardware parent=10`; the words `system`, `default` and `inactive` may follow a label.
    fn read(line: &'static str) -> Option<Self> {
        let (value, mut label) = line.trim().split_once(' ')?;
        let mut choice = Self::plain(value.to_owned(), String::new());
        while let Some((rest, word)) = label.rsplit_once(' ') {
            match word {
                "system" => choice.is_system = true,
                "default" => choice.is_default = true,
                "inactive" => choice.is_active = false,
                _ => match word.strip_prefix("parent=") {
                    Some(parent) => choice.parent = parent,
                    None => break,
                },
            }
            label = rest;
        }
        label.clone_into(&mut choice.label);
        Some(choice)
    }
}

/// The field of an entity that webhooks know by this number.
pub(in crate::autotask) fn numbered_field(
    watched: &'static Entity,
    number: i64,
) -> Option<&'static Field> {
    let index = usize::try_from(number).ok()?.checked_sub(1)?;
    subscribable(watched).nth(index)
}

fn subscribable(watched: &Entity) -> impl Iterator<Item = &Field> {
    watched
        .fields
        .iter()
        .filter(|field| field.is(Flag::Webhook))
}

/// The tenant's picklist of a field; empty for one the tenant has no values for.
pub(in crate::autotask) fn of(plural: &str, field: &str) -> Picklist {
    let heading = format!("{plural}.{field}");
    let mut lines = lines(include_str!("picklists.txt"));
    let Some(found) = lines.find(|line| line.split_whitespace().next() == Some(&heading)) else {
        return Picklist::default();
    };
    let parent_field = found
        .split_once(" parent ")
        .map_or("", |(_, field)| field.trim());
    let choices = lines
        .take_while(|line| line.starts_with(' '))
        .filter_map(Choice::read)
        .collect();
    Picklist {
        parent_field,
        choices,
    }
}

/// `companyName` is shown as `Company Name`, `taxID` as `Tax ID`.
fn label(field: &Field) -> String {
    let mut label = String::new();
    let mut previous_lower = false;
    for (index, letter) in field.name.chars().enumerate() {
        if previous_lower && letter.is_ascii_uppercase() {
            label.push(' ');
        }
        previous_lower = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        label.push(if index == 0 {
            letter.to_ascii_uppercase()
        } else {
            letter
        });
    }
    label
}

#[cfg(test)]
mod tests {
    use super::super::{entities, known};
    use super::*;

    #[test]
    fn a_label_keeps_its_words_and_loses_its_marks() {
        let priorities = of("Tickets", "priority");
        assert_eq!(priorities.choices[2].label, "Medium");
        assert!(priorities.choices[2].is_default);
        assert!(priorities.takes("4") && !priorities.takes("99"));
        let sub_issues = of("Tickets", "subIssueType");
        assert_eq!(
            (
                sub_issues.parent_field,
                sub_issues.choices[4].label.as_str(),
                sub_issues.choices[4].parent
            ),
            ("issueType", "Paper jam", "12")
        );
    }

    #[test]
    fn every_picklist_belongs_to_a_picklist_field() {
        for heading in lines(include_str!("picklists.txt")).filter(|line| !line.starts_with(' ')) {
            let (entity, field) = heading
                .split_whitespace()
                .next()
                .and_then(|name| name.split_once('.'))
                .expect("Entity.field");
            let entity = entities()
                .iter()
                .find(|known| known.plural == entity)
                .expect(heading);
            assert!(
                entity.field(field).expect(heading).is(Flag::Picklist),
                "{heading}"
            );
        }
    }

    #[test]
    fn webhook_fields_are_numbered_and_labelled() {
        let fields = Picklist::of_fields(known("Tickets"));
        assert!(
            fields
                .choices
                .iter()
                .any(|choice| choice.label == "Ticket Number")
        );
        assert!(fields.choices.iter().all(|choice| choice.value != "0"));
    }
}
