//! Contacts: the people inside a cardfile.

mod read;
mod write;

use chrono::{DateTime, Utc};
use domain::Told;
use serde::{Deserialize, Serialize};

use crate::{ContactTypes, Error, json_api::Resource, record::Record, time::Times};

pub use write::ContactChanges;

/// A person inside a cardfile.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contact {
    /// The card.
    pub card_no: i64,
    /// The contact's number within the card.
    pub cont_no: i64,
    /// Mr, Ms, Dr and the like.
    pub title: Told<String>,
    /// First name.
    pub first_name: Told<String>,
    /// Middle name.
    pub middle_name: Told<String>,
    /// Last name.
    pub last_name: Told<String>,
    /// The name as shown.
    pub display_name: Told<String>,
    /// What the person does.
    pub job_title: Told<String>,
    /// Department.
    pub department: Told<String>,
    /// Whether it is the card's primary contact.
    pub is_primary: Told<bool>,
    /// E-mail addresses, phones and the like.
    pub details: Told<Vec<Detail>>,
    /// When it was last changed.
    pub last_modified: Told<DateTime<Utc>>,
    /// Initials of who changed it last.
    pub modified_by: Told<String>,
}

/// One way to reach a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// What it is, from the site's own list: `EMail`, `Phone`, `Mobile`, …
    #[serde(
        rename = "type",
        alias = "Type",
        default,
        deserialize_with = "or_empty"
    )]
    pub kind: String,
    /// The address or number.
    #[serde(alias = "Value", default, deserialize_with = "or_empty")]
    pub value: String,
    /// Remarks.
    #[serde(alias = "Comments", default, deserialize_with = "or_empty")]
    pub comments: String,
}

impl Contact {
    /// The first e-mail address.
    pub fn email(&self, types: &ContactTypes) -> Told<String> {
        self.first(&types.email)
    }

    /// The first phone.
    pub fn phone(&self, types: &ContactTypes) -> Told<String> {
        self.first(&types.phone)
    }

    /// The first mobile.
    pub fn mobile(&self, types: &ContactTypes) -> Told<String> {
        self.first(&types.mobile)
    }

    /// All details with the first of `kind` changed to `value`, ready to be written back: added
    /// where there is none, taken out where `value` is empty. The rest stays as it is.
    pub fn details_with(&self, kind: &str, value: &str) -> Vec<Detail> {
        let mut details = self.details.get().cloned().unwrap_or_default();
        let place = details.iter().position(|detail| detail.is_a(kind));
        match place {
            Some(at) if value.is_empty() => drop(details.remove(at)),
            Some(at) => value.clone_into(&mut details[at].value),
            None if value.is_empty() => {}
            None => details.push(Detail {
                kind: kind.to_owned(),
                value: value.to_owned(),
                comments: String::new(),
            }),
        }
        details
    }

    fn first(&self, kind: &str) -> Told<String> {
        match &self.details {
            Told::Not => Told::Not,
            Told::Empty => Told::Empty,
            Told::Is(details) => details
                .iter()
                .find(|detail| detail.is_a(kind) && !detail.value.is_empty())
                .map_or(Told::Empty, |detail| Told::Is(detail.value.clone())),
        }
    }

    /// A row of a named query.
    pub(crate) fn of_row(row: &Record) -> Result<Self, Error> {
        Self::of_record(row.key("CardNo")?, row.key("ContNo")?, row)
    }

    /// A `CardFileContact` resource, whose id is `cardno-contno` or `contno`.
    pub(crate) fn of_resource(
        card_no: i64,
        resource: &Resource,
        times: Times,
    ) -> Result<Self, Error> {
        Self::of_record(card_no, resource.last_number()?, &resource.record(times)?)
    }

    fn of_record(card_no: i64, cont_no: i64, record: &Record) -> Result<Self, Error> {
        Ok(Self {
            card_no,
            cont_no,
            title: record.text("Title"),
            first_name: record.text("FirstName"),
            middle_name: record.text("MiddleName"),
            last_name: record.text("LastName"),
            display_name: record.text("DisplayName"),
            job_title: record.text("JobTitle"),
            department: record.text("Department"),
            is_primary: record.flag("IsPrimary")?,
            details: record.json("Details")?,
            last_modified: record.time("LastModified")?,
            modified_by: record.text("ModifiedBy"),
        })
    }
}

impl Detail {
    fn is_a(&self, kind: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind)
    }
}

fn or_empty<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detail(kind: &str, value: &str) -> Detail {
        Detail {
            kind: kind.to_owned(),
            value: value.to_owned(),
            comments: String::new(),
        }
    }

    #[test]
    fn the_first_of_a_type_counts_in_any_letter_case() {
        let contact = Contact {
            details: Told::Is(vec![
                detail("phone", "02 9000 0000"),
                detail("EMAIL", "a@example.com"),
                detail("EMail", "b@example.com"),
            ]),
            ..Contact::default()
        };
        let types = ContactTypes::default();
        assert_eq!(contact.email(&types), Told::Is("a@example.com".to_owned()));
        assert_eq!(contact.mobile(&types), Told::Empty);
        assert_eq!(Contact::default().email(&types), Told::Not);
    }

    #[test]
    fn a_changed_detail_leaves_the_others_alone() {
        let contact = Contact {
            details: Told::Is(vec![
                detail("Fax", "1"),
                detail("EMail", "a"),
                detail("EMail", "b"),
            ]),
            ..Contact::default()
        };
        for (value, expected) in [
            (
                "c",
                vec![
                    detail("Fax", "1"),
                    detail("EMail", "c"),
                    detail("EMail", "b"),
                ],
            ),
            ("", vec![detail("Fax", "1"), detail("EMail", "b")]),
        ] {
            assert_eq!(contact.details_with("email", value), expected);
        }
        let added = contact.details_with("Mobile", "0400");
        assert_eq!(added.last(), Some(&detail("Mobile", "0400")));
        assert_eq!(Contact::default().details_with("Mobile", ""), []);
    }
}
