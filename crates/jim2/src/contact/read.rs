//! Reading contacts.

use super::Contact;
use crate::{Client, Error, Query, record::Record};

impl Client {
    /// The contacts with these numbers (card, contact), in no certain order; those that are not
    /// there are left out.
    pub async fn contacts(&self, numbers: &[(i64, i64)]) -> Result<Vec<Contact>, Error> {
        if self.settings().named_queries {
            let keys: Vec<_> = numbers
                .iter()
                .map(|(card_no, cont_no)| format!("{card_no}-{cont_no}"))
                .collect();
            return rows(&self.rows_of(Query::Contacts, &keys).await?);
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
            return rows(&self.rows_of(Query::CardContacts, &keys).await?);
        }
        let mut contacts = Vec::new();
        for &card_no in card_nos {
            let id = card_no.to_string();
            let url = self
                .settings()
                .url(&["api", "v1", "cardfiles", &id, "contacts"]);
            let page = match self.resources("jim2.card_contacts", url).await {
                Err(Error::NotFound) => continue,
                page => page?,
            };
            for resource in &page.data {
                let times = self.settings().times();
                contacts.push(Contact::of_resource(card_no, resource, times)?);
            }
        }
        Ok(contacts)
    }
}

fn rows(rows: &[Record]) -> Result<Vec<Contact>, Error> {
    rows.iter().map(Contact::of_row).collect()
}
