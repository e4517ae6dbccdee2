//! The rules of the people in a cardfile.

use super::card::list_members;
use super::change::{Object, Operation};
use super::input::Input;
use super::list;
use super::record::{CardFile, Contact, Detail, WebAccount};
use super::refusal::Refusal;
use super::world::{Actor, World};

impl World {
    /// Adds a person to a cardfile and answers the contact's number.
    pub(crate) fn create_contact(
        &mut self,
        card: i64,
        actor: &Actor,
        fields: &Input,
    ) -> Result<i64, Refusal> {
        let mut card = self.editable_card(card, actor)?;
        let contact = self.add_contact_to(&mut card, actor, fields)?;
        self.save_contact(card, contact, Operation::Insert, actor);
        Ok(contact)
    }

    /// Changes fields of a person: all of them, or none and why.
    pub(crate) fn edit_contact(
        &mut self,
        card: i64,
        no: i64,
        actor: &Actor,
        fields: &Input,
    ) -> Result<(), Refusal> {
        let mut card = self.editable_card(card, actor)?;
        let mut contact = contact(&card, no)?.clone();
        self.set_contact(&mut contact, card.no, fields)?;
        contact.modified = self.stamp(actor);
        if let Some(known) = card.contacts.iter_mut().find(|known| known.no == no) {
            *known = contact;
        }
        self.save_contact(card, no, Operation::Update, actor);
        Ok(())
    }

    /// Removes a person from a cardfile; the next one becomes the primary contact.
    pub(crate) fn delete_contact(
        &mut self,
        card: i64,
        no: i64,
        actor: &Actor,
    ) -> Result<(), Refusal> {
        let mut card = self.editable_card(card, actor)?;
        contact(&card, no)?;
        card.contacts.retain(|known| known.no != no);
        let orphaned = !card.contacts.iter().any(|known| known.primary);
        let next = card.contacts.first_mut().filter(|_| orphaned);
        let next = next.map(|next| {
            next.primary = true;
            format!("{}-{}", card.no, next.no)
        });
        self.save_contact(card, no, Operation::Delete, actor);
        if let Some(key) = next {
            self.log(Object::CardFileContact, key, Operation::Update, actor);
        }
        Ok(())
    }

    /// Makes a person the primary contact of its card, as only a person can.
    pub(crate) fn make_primary(
        &mut self,
        card: i64,
        no: i64,
        actor: &Actor,
    ) -> Result<(), Refusal> {
        let mut card = self.editable_card(card, actor)?;
        contact(&card, no)?;
        let before = card.contacts.iter().find(|known| known.primary);
        let before = before.map(|known| format!("{}-{}", card.no, known.no));
        for known in &mut card.contacts {
            known.primary = known.no == no;
        }
        self.save_contact(card, no, Operation::Update, actor);
        if let Some(key) = before {
            self.log(Object::CardFileContact, key, Operation::Update, actor);
        }
        Ok(())
    }

    /// Adds a person to a card that is not stored yet.
    pub(crate) fn add_contact_to(
        &self,
        card: &mut CardFile,
        actor: &Actor,
        fields: &Input,
    ) -> Result<i64, Refusal> {
        let mut contact = Contact::blank(card.last_contact + 1, self.stamp(actor));
        contact.primary = card.contacts.is_empty();
        self.set_contact(&mut contact, card.no, fields)?;
        if contact.display.is_empty() {
            let name = format!("{} {}", contact.first, contact.last);
            name.trim().clone_into(&mut contact.display);
        }
        if contact.display.is_empty() {
            return Err(fields.refuse(
                "name-required",
                "A contact needs a first, last or display name",
            ));
        }
        card.last_contact = contact.no;
        let no = contact.no;
        card.contacts.push(contact);
        Ok(no)
    }

    fn save_contact(&mut self, card: CardFile, no: i64, operation: Operation, actor: &Actor) {
        let key = format!("{}-{no}", card.no);
        self.cards.insert(card.no, card);
        self.log(Object::CardFileContact, key, operation, actor);
    }

    fn set_contact(&self, contact: &mut Contact, card: i64, fields: &Input) -> Result<(), Refusal> {
        for field in fields.members()? {
            match field.name.as_str() {
                "title" => contact.title = field.text(4)?,
                "firstName" => contact.first = field.text(25)?,
                "middleName" => contact.middle = field.text(25)?,
                "lastName" => contact.last = field.text(25)?,
                "displayName" => contact.display = field.text(51)?,
                "jobTitle" => contact.job_title = field.text(50)?,
                "department" => contact.department = field.text(50)?,
                "dob" => contact.dob = birthday(&field)?,
                "details" => contact.details = details(&field)?,
                "webAccount" => {
                    contact.web_account = self.web_account(card, contact.no, &field)?;
                }
                // The documents' own example of `cardfilecreate` misspells the title; Jim2 takes no notice.
                "tile" => {}
                _ => return Err(field.unknown()),
            }
        }
        Ok(())
    }

    fn web_account(
        &self,
        card: i64,
        no: i64,
        field: &Input,
    ) -> Result<Option<WebAccount>, Refusal> {
        if field.value.is_null() {
            return Ok(None);
        }
        let (mut enabled, mut logon) = (true, String::new());
        for part in field.members()? {
            match part.name.as_str() {
                "enabled" => enabled = part.flag()?,
                "logonId" => logon = part.text(254)?,
                "password" => {
                    part.long_text()?;
                }
                _ => return Err(part.unknown()),
            }
        }
        let taken = self.cards.values().any(|other| {
            other.contacts.iter().any(|known| {
                (other.no, known.no) != (card, no)
                    && known
                        .web_account
                        .as_ref()
                        .is_some_and(|account| account.logon.eq_ignore_ascii_case(&logon))
            })
        });
        if taken {
            return Err(field.refuse("logon-taken", &format!("The logon {logon} is taken")));
        }
        Ok(Some(WebAccount { enabled, logon }))
    }
}

/// A contact of a card by its number.
pub(crate) fn contact(card: &CardFile, no: i64) -> Result<&Contact, Refusal> {
    card.contacts
        .iter()
        .find(|contact| contact.no == no)
        .ok_or_else(|| Refusal::not_found("CardFileContact", format!("{}-{no}", card.no)))
}

fn birthday(field: &Input) -> Result<Option<String>, Refusal> {
    let text = field.text(10)?;
    if text.is_empty() {
        return Ok(None);
    }
    if super::clock::date(&text).is_none() {
        return Err(field.wrong("a date like 2001-12-31"));
    }
    Ok(Some(text))
}

fn details(field: &Input) -> Result<Vec<Detail>, Refusal> {
    list_members(field)?.iter().map(detail).collect()
}

fn detail(field: &Input) -> Result<Detail, Refusal> {
    let mut detail = Detail {
        kind: String::new(),
        value: String::new(),
        comments: String::new(),
    };
    for part in field.members()? {
        match part.name.as_str() {
            "type" => detail.kind = part.one_of(list::CONTACT_TYPES, "unknown-contact-type")?,
            "value" => detail.value = part.text(254)?,
            "comments" => detail.comments = part.text(25)?,
            _ => return Err(part.unknown()),
        }
    }
    if detail.kind.is_empty() {
        return Err(field.refuse("field-required", "A detail needs a type"));
    }
    Ok(detail)
}
