//! Making cardfiles, and changing the little of them that the API lets be changed.

use domain::Told;
use reqwest::Method;
use rest::Answer;
use serde_json::{Map, Value, json};

use super::Address;
use crate::{
    Client, ContactChanges, Error,
    body::{simple_answer, text_to_send},
    client::{Style, written},
    json_api::Sent,
};

/// A cardfile to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardFileCreate {
    /// The card code; Jim2 makes one from the name where there is none.
    pub card_code: Option<String>,
    /// Name.
    pub name: String,
    /// Whether it is a customer.
    pub is_customer: bool,
    /// Whether it is a delivery or site address.
    pub is_ship: bool,
    /// Address.
    pub address: Option<Address>,
    /// Australian Business Number.
    pub abn: Option<String>,
    /// Contacts made with it.
    pub contacts: Vec<ContactChanges>,
}

/// A cardfile that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardFileCreated {
    /// CardNo.
    pub card_no: i64,
    /// The card code it got.
    pub card_code: Told<String>,
}

/// Changes of a cardfile: what is [`Told::Not`] stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardFileChanges {
    /// Name.
    pub name: Told<String>,
    /// The whole address.
    pub address: Told<Address>,
}

impl Client {
    /// Makes a cardfile. Nothing prevents a double but the card code, which is unique.
    pub async fn create_cardfile(&self, card: &CardFileCreate) -> Result<CardFileCreated, Error> {
        let url = self.settings().url(&["api", "v1", "cardfilecreate"]);
        let body = card.body();
        let answer = self
            .write(
                "jim2.create_cardfile",
                Method::POST,
                url,
                (Style::Simple, &body),
            )
            .await?;
        written(self.created_cardfile(&answer))
    }

    /// Changes name and address of a cardfile.
    pub async fn update_cardfile(
        &self,
        card_no: i64,
        changes: &CardFileChanges,
    ) -> Result<(), Error> {
        let id = card_no.to_string();
        let url = self.settings().url(&["api", "v1", "cardfiles", &id]);
        let body = Sent::changes("CardFile", id, changes.attributes());
        self.write(
            "jim2.update_cardfile",
            Method::PATCH,
            url,
            (Style::JsonApi, &body),
        )
        .await?;
        Ok(())
    }

    fn created_cardfile(&self, answer: &Answer) -> Result<CardFileCreated, Error> {
        let record = simple_answer("cardfilecreate", answer, self.settings().times())?;
        Ok(CardFileCreated {
            card_no: record.key("cardNo")?,
            card_code: record.text("cardCode"),
        })
    }
}

impl CardFileCreate {
    fn body(&self) -> Map<String, Value> {
        let texts = [
            ("cardCode", self.card_code.as_deref()),
            ("name", Some(&*self.name)),
            ("ABN", self.abn.as_deref()),
        ];
        let mut body: Map<String, Value> = texts
            .into_iter()
            .filter_map(|(name, text)| Some((name.to_owned(), text?.into())))
            .collect();
        body.insert("ship".to_owned(), self.is_ship.into());
        if self.is_customer {
            // Its presence makes the card a customer.
            body.insert("customer".to_owned(), json!({}));
        }
        if let Some(address) = &self.address {
            body.insert("address".to_owned(), create_address(address));
        }
        if !self.contacts.is_empty() {
            let contacts = self.contacts.iter().map(ContactChanges::attributes);
            body.insert("contacts".to_owned(), contacts.collect());
        }
        body
    }
}

impl CardFileChanges {
    /// Whether nothing is to be changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn attributes(&self) -> Map<String, Value> {
        let mut attributes = Map::new();
        if let Some(name) = text_to_send(&self.name) {
            attributes.insert("name".to_owned(), name);
        }
        let address = match &self.address {
            Told::Not => None,
            Told::Empty => Some(Address::default()),
            Told::Is(address) => Some(address.clone()),
        };
        if let Some(address) = address {
            attributes.insert("address".to_owned(), json!(address));
        }
        attributes
    }
}

/// The create endpoint writes `postcode` where the resource writes `postCode`.
fn create_address(address: &Address) -> Value {
    json!({
        "streetAddress": address.street_address,
        "suburb": address.suburb,
        "state": address.state,
        "postcode": address.post_code,
        "country": address.country,
    })
}
