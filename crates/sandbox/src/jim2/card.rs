//! The rules of cardfiles: card codes, lengths, what makes a customer.

use super::change::{Object, Operation};
use super::input::Input;
use super::lock::Record;
use super::record::{Address, CardFile, Customer, User};
use super::refusal::Refusal;
use super::stock;
use super::world::{Actor, World};
use crate::card_code::{self, is_code_letter};

const CODE_LENGTH: usize = card_code::LENGTH;

impl World {
    /// Makes a cardfile, as `actor`, with its contacts, and answers its number.
    pub(crate) fn create_card(&mut self, actor: &Actor, fields: &[Input]) -> Result<i64, Refusal> {
        let mut card = self.blank_card(actor);
        let mut people = Vec::new();
        for field in fields {
            match field.name.as_str() {
                "contacts" => people = list_members(field)?,
                _ => self.set_card(&mut card, field)?,
            }
        }
        if card.name.is_empty() {
            return Err(Refusal::invalid(
                "name-required",
                "A cardfile needs a name.",
            ));
        }
        if card.code.is_empty() {
            card.code = self.free_code(&card.name);
        }
        for person in &people {
            self.add_contact_to(&mut card, actor, person)?;
        }
        let (no, contacts) = (card.no, card.contacts.len());
        self.last_card = no;
        self.cards.insert(no, card);
        self.log(Object::CardFile, no.to_string(), Operation::Insert, actor);
        for contact in 1..=contacts {
            self.log(
                Object::CardFileContact,
                format!("{no}-{contact}"),
                Operation::Insert,
                actor,
            );
        }
        Ok(no)
    }

    /// Changes fields of a cardfile: all of them, or none and why.
    pub(crate) fn edit_card(
        &mut self,
        no: i64,
        actor: &Actor,
        fields: &[Input],
    ) -> Result<(), Refusal> {
        let mut card = self.editable_card(no, actor)?;
        for field in fields {
            self.set_card(&mut card, field)?;
        }
        if card.name.is_empty() {
            return Err(Refusal::invalid(
                "name-required",
                format!("CardFile {no} needs a name."),
            ));
        }
        if card.code.is_empty() {
            card.code = self.free_code(&card.name);
        }
        card.modified = self.stamp(actor);
        self.cards.insert(no, card);
        self.log(Object::CardFile, no.to_string(), Operation::Update, actor);
        Ok(())
    }

    /// Deletes a cardfile that no job uses, with its people, as only a person can.
    pub(crate) fn delete_card(&mut self, no: i64, actor: &Actor) -> Result<(), Refusal> {
        let card = self.editable_card(no, actor)?;
        let people: Vec<i64> = card.contacts.iter().map(|person| person.no).collect();
        let user = self
            .jobs
            .values()
            .find(|job| [job.customer, job.ship, job.from].contains(&no));
        if let Some(job) = user {
            return Err(Refusal::invalid(
                "card-in-use",
                format!(
                    "CardFile {no} is used by job {} and cannot be deleted.",
                    job.no
                ),
            ));
        }
        let mut projects = self.projects.values();
        if let Some(project) = projects.find(|one| [one.customer, one.ship].contains(&no)) {
            return Err(Refusal::invalid(
                "card-in-use",
                format!(
                    "CardFile {no} is used by project {} and cannot be deleted.",
                    project.no
                ),
            ));
        }
        let mut assets = self.assets.values();
        if let Some(asset) = assets.find(|one| [one.owner, one.ship].contains(&no)) {
            return Err(Refusal::invalid(
                "card-in-use",
                format!(
                    "CardFile {no} is used by asset {} and cannot be deleted.",
                    asset.no
                ),
            ));
        }
        self.cards.remove(&no);
        for person in people {
            let key = format!("{no}-{person}");
            self.log(Object::CardFileContact, key, Operation::Delete, actor);
        }
        self.log(Object::CardFile, no.to_string(), Operation::Delete, actor);
        Ok(())
    }

    /// A copy of a cardfile that nobody else has open.
    pub(crate) fn editable_card(&self, no: i64, actor: &Actor) -> Result<CardFile, Refusal> {
        let card = self.card(no)?;
        self.check_unlocked(Record::Card(no), actor)?;
        Ok(card.clone())
    }

    /// The next cardfile, with nothing in it.
    pub(crate) fn blank_card(&self, actor: &Actor) -> CardFile {
        CardFile {
            no: self.last_card + 1,
            code: String::new(),
            name: String::new(),
            contact: String::new(),
            abn: String::new(),
            acn: String::new(),
            address: Address::default(),
            delivery: Address::default(),
            phone: String::new(),
            customer: None,
            is_ship: false,
            user: None,
            active: true,
            account_manager: String::new(),
            parent: None,
            made: self.stamp(actor),
            modified: self.stamp(actor),
            contacts: Vec::new(),
            last_contact: 0,
            notes: Vec::new(),
            last_note: 0,
        }
    }

    fn set_card(&self, card: &mut CardFile, field: &Input) -> Result<(), Refusal> {
        match field.name.as_str() {
            "cardCode" => card.code = self.legal_code(card.no, field)?,
            "name" => card.name = field.text(100)?,
            "contact" => card.contact = field.text(30)?,
            "ABN" | "aBN" => card.abn = field.text(15)?,
            "ACN" | "aCN" => card.acn = field.text(15)?,
            "address" => set_address(&mut card.address, field)?,
            "deliveryAddress" | "delAddress" => set_address(&mut card.delivery, field)?,
            "phone" => card.phone = field.text(25)?,
            "customer" => card.customer = customer(card.customer.take(), field)?,
            "ship" => card.is_ship = field.flag()?,
            "user" => card.user = user(field)?,
            "active" => card.active = field.flag()?,
            "accMgrInit" => card.account_manager = field.text(3)?,
            "parentCardNo" => card.parent = self.parent(card.no, field)?,
            _ => return Err(field.unknown()),
        }
        Ok(())
    }

    fn parent(&self, no: i64, field: &Input) -> Result<Option<i64>, Refusal> {
        let parent = field.whole()?;
        match parent {
            Some(parent) if parent == no || !self.cards.contains_key(&parent) => Err(field.refuse(
                "unknown-card",
                &format!("There is no other cardfile {parent}"),
            )),
            Some(_) | None => Ok(parent),
        }
    }

    fn legal_code(&self, no: i64, field: &Input) -> Result<String, Refusal> {
        // Capitals first: a small letter may become two of them.
        let code = field.long_text()?.to_uppercase().replace(' ', ".");
        field.check_length(&code, CODE_LENGTH)?;
        if let Some(letter) = code.chars().find(|letter| !is_code_letter(*letter)) {
            return Err(field.refuse(
                "card-code-illegal",
                &format!("Card code {code} has {letter:?}; only 0-9, A-Z, . / and - are allowed"),
            ));
        }
        match self.card_by_code(&code) {
            Some(other) if other.no != no && !code.is_empty() => Err(Refusal::new(
                axum::http::StatusCode::CONFLICT,
                "card-code-taken",
                format!(
                    "Card code {code} is that of cardfile {} ({}); choose another.",
                    other.no, other.name
                ),
            )
            .blaming(super::refusal::Blame::Pointer(field.pointer.clone()))),
            Some(_) | None => Ok(code),
        }
    }

    /// A code Jim2 makes from a name: its legal letters, with a number when that code is taken.
    fn free_code(&self, name: &str) -> String {
        let letters = name.to_uppercase().replace(' ', ".");
        let stem: String = letters.chars().filter(|one| is_code_letter(*one)).collect();
        let stem = if stem.is_empty() {
            "CARD"
        } else {
            stem.as_str()
        };
        card_code::candidates(stem)
            .find(|code| self.card_by_code(code).is_none())
            .unwrap_or_default()
    }
}

/// The elements of a list, each with its own pointer.
pub(crate) fn list_members(field: &Input) -> Result<Vec<Input>, Refusal> {
    let list = field
        .value
        .as_array()
        .ok_or_else(|| field.wrong("a list"))?;
    Ok(list
        .iter()
        .enumerate()
        .map(|(index, value)| Input::new(&field.pointer, &index.to_string(), value))
        .collect())
}

fn set_address(address: &mut Address, field: &Input) -> Result<(), Refusal> {
    for part in field.members()? {
        match part.name.as_str() {
            "isAddressResidential" => address.residential = part.value.as_bool(),
            "streetAddress" => address.street = part.text(750)?,
            "suburb" => address.suburb = part.text(50)?,
            "state" => address.state = part.text(3)?,
            "postCode" | "postcode" => address.postcode = part.text(8)?,
            "country" => address.country = part.text(30)?,
            _ => return Err(part.unknown()),
        }
    }
    Ok(())
}

fn customer(known: Option<Customer>, field: &Input) -> Result<Option<Customer>, Refusal> {
    if field.value.is_null() {
        return Ok(None);
    }
    let mut customer = known.unwrap_or_default();
    for part in field.members()? {
        match part.name.as_str() {
            "terms" => customer.terms = part.text(30)?,
            "priceLevel" => {
                customer.price_level = part.one_of(stock::PRICE_LEVELS, "unknown-price-level")?;
            }
            "creditHold" => customer.credit_hold = part.flag()?,
            "sendInvVia" => customer.send_invoice_via = part.text(30)?,
            "taxPaid" => customer.tax_paid = part.flag()?,
            _ => return Err(part.unknown()),
        }
    }
    Ok(Some(customer))
}

fn user(field: &Input) -> Result<Option<User>, Refusal> {
    if field.value.is_null() {
        return Ok(None);
    }
    let (mut initials, mut email, mut category) = (String::new(), String::new(), String::new());
    for part in field.members()? {
        match part.name.as_str() {
            "initials" => initials = part.text(3)?,
            "email" => email = part.text(254)?,
            "category" => category = part.text(30)?,
            _ => return Err(part.unknown()),
        }
    }
    if initials.is_empty() {
        return Err(field.refuse("field-required", "A user needs initials"));
    }
    Ok(Some(User {
        initials,
        email,
        category,
    }))
}
