//! Making user-defined fields. A tenant's definitions know the entities and the types of values by numbers of its own,
//! so their labels decide.

use domain::Told;

use crate::{Client, Draft, Entity, Error, FieldInfo, Filter, PicklistValue, Query, UdfDefinition};

/// What a user-defined field is of, and what it holds, in the numbers of a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UdfKind {
    udf_type: i64,
    data_type: i64,
}

impl UdfKind {
    /// One line of text on each record of an entity, by the fields of [`UdfDefinition`]; none where no label of the
    /// tenant's says that.
    pub fn text_of<E: Entity>(fields: &[FieldInfo]) -> Option<Self> {
        let udf_type = number(fields, "udfType", is_of::<E>)?;
        let data_type = number(fields, "dataType", is_one_line)
            .or_else(|| number(fields, "dataType", is_any_text))?;
        Some(Self {
            udf_type,
            data_type,
        })
    }
}

impl Client {
    /// The definition of this name for the same entity, also where it is switched off.
    pub async fn udf_definition(
        &self,
        kind: UdfKind,
        name: &str,
    ) -> Result<Option<UdfDefinition>, Error> {
        let query = Query::of(Filter::eq("name", name));
        let found: Vec<UdfDefinition> = self.query_all(&query).await?;
        Ok(found
            .into_iter()
            .find(|it| it.udf_type == Told::Is(kind.udf_type)))
    }

    /// Makes a field and returns the id of its definition. After [`Error::MaybeDone`] look for it before trying again.
    pub async fn create_udf(
        &self,
        kind: UdfKind,
        name: &str,
        description: &str,
    ) -> Result<i64, Error> {
        let draft = Draft::new()
            .set("name", name)
            .set("description", description)
            .set("udfType", kind.udf_type)
            .set("dataType", kind.data_type)
            .set("isActive", true);
        self.create::<UdfDefinition>((), &draft).await
    }
}

/// The number of the first active value of a list whose label, in small letters, is meant.
fn number(fields: &[FieldInfo], field: &str, is_meant: fn(&str) -> bool) -> Option<i64> {
    let field = fields
        .iter()
        .find(|info| info.name.eq_ignore_ascii_case(field))?;
    let is_meant =
        |value: &&PicklistValue| value.is_active && is_meant(&value.label.trim().to_lowercase());
    let value = field.picklist_values.iter().find(is_meant)?;
    value.value.parse().ok()
}

/// Whether a label means the entity, which older tenants may call by another name.
fn is_of<E: Entity>(label: &str) -> bool {
    let others: &[&str] = match E::NAME {
        "company" => &["account", "accounts", "organization", "organizations"],
        _ => &[],
    };
    label == E::NAME || label.eq_ignore_ascii_case(E::PATH) || others.contains(&label)
}

fn is_one_line(label: &str) -> bool {
    is_any_text(label) && label.contains("single")
}

fn is_any_text(label: &str) -> bool {
    (label.contains("text") || label.contains("string")) && !label.contains("multi")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Company, Ticket};

    fn fields(types: &[&str], data_types: &[&str]) -> Vec<FieldInfo> {
        let list = |name: &str, labels: &[&str]| {
            let values = labels.iter().zip(10..);
            let values = values.map(|(label, value)| json!({"value": value, "label": label}));
            json!({"name": name, "picklistValues": values.collect::<Vec<_>>()})
        };
        let both = json!([list("udfType", types), list("dataType", data_types)]);
        serde_json::from_value(both).unwrap()
    }

    #[test]
    fn the_labels_decide_and_not_the_numbers() {
        for (label, of_company, of_ticket) in [
            ("Company", true, false),
            ("Companies", true, false),
            ("Account", true, false),
            ("Ticket", false, true),
            ("TICKETS ", false, true),
            ("Ticket Charge", false, false),
        ] {
            let fields = fields(&[label], &[]);
            let found = number(&fields, "udfType", is_of::<Company>).is_some();
            assert_eq!(found, of_company, "{label}");
            let found = number(&fields, "udfType", is_of::<Ticket>).is_some();
            assert_eq!(found, of_ticket, "{label}");
        }
        for (labels, expected) in [
            (
                &["Number", "Text (Multi Line)", "Text (Single Line)"][..],
                Some(12),
            ),
            (&["Text (multi-line)", "Text", "Single-line text"], Some(12)),
            (&["Date", "String"], Some(11)),
            (&["Date", "Text (Multi Line)"], None),
        ] {
            let fields = fields(&[], labels);
            let found = number(&fields, "dataType", is_one_line)
                .or_else(|| number(&fields, "dataType", is_any_text));
            assert_eq!(found, expected, "{labels:?}");
        }
    }
}
