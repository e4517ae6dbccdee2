//! The numbers by which webhooks name fields: published in one picklist, under people's labels.

use std::collections::HashMap;

use crate::FieldInfo;

/// What a webhook can watch, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldChoices(HashMap<String, i64>);

impl FieldChoices {
    /// From the metadata of a kind's webhook fields: the picklist of `fieldID` or `udfFieldID`.
    pub(crate) fn of(fields: &[FieldInfo]) -> Self {
        let is_choice = |field: &&FieldInfo| {
            let name = field.name.as_str();
            name.eq_ignore_ascii_case("udfFieldID") || name.eq_ignore_ascii_case("fieldID")
        };
        let values = fields.iter().filter(is_choice);
        let values = values.flat_map(|field| &field.picklist_values);
        let numbered = values.filter_map(|choice| {
            let number = choice.value.parse().ok()?;
            Some((plain(&choice.label), number))
        });
        Self(numbered.collect())
    }

    /// The number of the field with this name, such as `ticketNumber` or a user-defined field's.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.0.get(&plain(name)).copied()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Letters and digits in lower case: labels have blanks where names have capitals, and older ones
/// say `Account` for `Company`.
fn plain(name: &str) -> String {
    let plain: String = name
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    plain.replace("account", "company")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_its_rest_name_under_its_label() {
        let json = r#"[{"name":"webhookID"},{"name":"fieldID","isPickList":true,"picklistValues":[
            {"value":"2","label":"Ticket Number"},{"value":3,"label":"Account Name"},
            {"value":"4","label":"Assigned Resource ID"},{"value":"x","label":"Odd"}]}]"#;
        let choices = FieldChoices::of(&serde_json::from_str::<Vec<FieldInfo>>(json).unwrap());
        assert_eq!(choices.number("ticketNumber"), Some(2));
        assert_eq!(choices.number("companyName"), Some(3));
        assert_eq!(choices.number("assignedResourceID"), Some(4));
        assert_eq!(choices.number("odd"), None);
        assert_eq!(choices.len(), 3);
    }
}
