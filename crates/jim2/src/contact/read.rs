//! Reading contacts.

use super::Contact;
use crate::{Client, ContactIds, Error, Query, json_api::Resource, part_id, record::Record};

impl Client {
    /// The contacts with these numbers (card, contact), in no certain order; those that are not
    /// there are left out.
    pub async fn contacts(&self, numbers: &[(i64, i64)]) -> Result<Vec<Contact>, Error> {
        if self.settings().named_queries {
            let keys: Vec<_> = numbers
                .iter()
                .map(|(card_no, cont_no)| part_id::join(*card_no, *cont_no))
                .collect();
            return rows(&self.rows_of(Query::CONTACTS, &keys).await?);
        }
        let mut cards: Vec<_> = numbers.iter().map(|(card_no, _)| *card_no).collect();
        cards.sort_unstable();
        cards.dedup();
        let mut contacts = self.card_contacts(&cards).await?;
        contacts.retain(|contact| numbers.contains(&(contact.card_no, contact.cont_no)));
        Ok(contacts)
    }

    /// All contacts of these cards.
    pub async fn card_contacts(&self, card_nos: &[i64]) -> Result<Vec<Contact>, Error> {
        if self.settings().named_queries {
            let keys: Vec<_> = card_nos.iter().map(i64::to_string).collect();
            return rows(&self.rows_of(Query::CARD_CONTACTS, &keys).await?);
        }
        let mut contacts = Vec::new();
        for &card_no in card_nos {
            for resource in &self.contacts_of(card_no).await? {
                let times = self.settings().times();
                contacts.push(Contact::of_resource(card_no, resource, times)?);
            }
        }
        Ok(contacts)
    }

    /// How this build writes a contact's id, told by the first contact that one of these cards has; `None` where none
    /// has any.
    pub async fn probe_contact_ids(&self, card_nos: &[i64]) -> Result<Option<ContactIds>, Error> {
        for &card_no in card_nos {
            if let Some(contact) = self.contacts_of(card_no).await?.first() {
                let has_card = contact.id()?.contains('-');
                return Ok(Some(if has_card {
                    ContactIds::CardAndContact
                } else {
                    ContactIds::ContactOnly
                }));
            }
        }
        Ok(None)
    }

    /// A card's contacts as resources: none where there is no such card.
    async fn contacts_of(&self, card_no: i64) -> Result<Vec<Resource>, Error> {
        let id = card_no.to_string();
        let url = self
            .settings()
            .url(&["api", "v1", "cardfiles", &id, "contacts"]);
        match self.resources("jim2.card_contacts", url).await {
            Err(Error::NotFound) => Ok(Vec::new()),
            page => Ok(page?.data),
        }
    }
}

fn rows(rows: &[Record]) -> Result<Vec<Contact>, Error> {
    rows.iter().map(Contact::of_row).collect()
}
