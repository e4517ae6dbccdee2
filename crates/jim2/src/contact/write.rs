//! Making and changing contacts.

use domain::Told;
use reqwest::Method;
use serde_json::{Map, Value, json};

use super::Detail;
use crate::{
    Client, ContactIds, Error,
    body::text_to_send,
    client::{Style, written},
    json_api::{Sent, written_resource},
    part_id,
};

/// A contact to be made, or changes of one: what is [`Told::Not`] stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactChanges {
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
    /// All details; see [`super::Contact::details_with`].
    pub details: Told<Vec<Detail>>,
}

impl Client {
    /// Makes a contact in a card and answers its number there. Nothing prevents a double.
    pub async fn create_contact(
        &self,
        card_no: i64,
        contact: &ContactChanges,
    ) -> Result<i64, Error> {
        let card = card_no.to_string();
        let url = self
            .settings()
            .url(&["api", "v1", "cardfiles", &card, "contacts"]);
        let body = Sent::new("CardFileContact", contact.attributes());
        let answer = self
            .write(
                "jim2.create_contact",
                Method::POST,
                url,
                (Style::JsonApi, &body),
            )
            .await?;
        written(
            written_resource("jim2.create_contact", &answer)
                .and_then(|resource| resource.last_number()),
        )
    }

    /// Changes a contact.
    pub async fn update_contact(
        &self,
        card_no: i64,
        cont_no: i64,
        changes: &ContactChanges,
    ) -> Result<(), Error> {
        let card = card_no.to_string();
        let id = match self.settings().contact_ids {
            ContactIds::CardAndContact => part_id::join(card_no, cont_no),
            ContactIds::ContactOnly => cont_no.to_string(),
        };
        let url = self
            .settings()
            .url(&["api", "v1", "cardfiles", &card, "contacts", &id]);
        let body = Sent::changes("CardFileContact", id, changes.attributes());
        self.write(
            "jim2.update_contact",
            Method::PATCH,
            url,
            (Style::JsonApi, &body),
        )
        .await?;
        Ok(())
    }
}

impl ContactChanges {
    /// Whether nothing is to be changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(crate) fn attributes(&self) -> Map<String, Value> {
        let texts = [
            ("title", &self.title),
            ("firstName", &self.first_name),
            ("middleName", &self.middle_name),
            ("lastName", &self.last_name),
            ("displayName", &self.display_name),
            ("jobTitle", &self.job_title),
            ("department", &self.department),
        ];
        let mut attributes: Map<String, Value> = texts
            .into_iter()
            .filter_map(|(name, text)| Some((name.to_owned(), text_to_send(text)?)))
            .collect();
        let details = match &self.details {
            Told::Not => None,
            Told::Empty => Some(json!([])),
            Told::Is(details) => Some(json!(details)),
        };
        if let Some(details) = details {
            attributes.insert("details".to_owned(), details);
        }
        attributes
    }
}
