//! Reads and writes of companies and cardfiles. Nothing is decided here.

pub(crate) mod draft;
mod notes;
mod problem;

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use autotask::{Client as Autotask, Company, Draft, Entity as _, Filter, Query};
use domain::{Failure, Key, RecordId, System, Value};
use jim2::{CardFile, CardFileCreate, Client as Jim2};
use sync::{Act, Compare, Fields, Half, Hands, SIGNED_OFF};

use self::problem::{held, no_code, not_a_number, there_already};
use crate::{CompanySettings, KIND, abn, address, card_code, halves};

/// The reads and writes of companies.
#[derive(Debug)]
pub struct CompanyHands {
    /// The caller of Autotask.
    pub autotask: Autotask,
    /// The caller of Jim2.
    pub jim2: Jim2,
    /// What the site calls its fields.
    pub settings: CompanySettings,
    /// Codes that this process has chosen, and for which record: several cards are made at once, and a code is free until its card is there.
    pub chosen: Mutex<HashMap<String, RecordId>>,
}

impl Hands for CompanyHands {
    async fn read(&self, on: System, ids: &[RecordId]) -> Result<Vec<Half>, Failure> {
        let Some(first) = ids.first() else {
            return Ok(Vec::new());
        };
        let key = Key::new(KIND, on, first.clone());
        let numbers: Vec<i64> = ids.iter().filter_map(RecordId::number).collect();
        match on {
            System::Autotask => {
                let mut halves = self
                    .companies(&numbers)
                    .await
                    .map_err(autotask(key.clone()))?;
                let told = self.tell_companies(&mut halves).await;
                told.map_err(autotask(key))?;
                Ok(halves)
            }
            System::Jim2 => {
                let cards = self.jim2.cardfiles(&numbers).await;
                let cards = cards.map_err(jim2(key.clone()))?;
                let mut halves: Vec<Half> = cards.iter().map(halves::of_card).collect();
                self.tell_cards(&mut halves).await.map_err(jim2(key))?;
                Ok(halves)
            }
        }
    }

    async fn list(&self, after: Option<i64>, rows: usize) -> Result<Option<Vec<Half>>, Failure> {
        let key = Key::new(KIND, System::Autotask, after.unwrap_or_default());
        let companies = self.next_companies(after, rows).await;
        companies.map(Some).map_err(autotask(key))
    }

    /// What the other side may have already is looked at by a person first; a new card gets a code that is free.
    async fn prepare(&self, act: Act) -> Result<Act, Failure> {
        let Act::Create {
            on,
            from,
            generation,
            reference,
            mut fields,
        } = act
        else {
            return Ok(act);
        };
        let key = Key::new(KIND, on.other(), from.clone());
        let is_decided = fields.get(SIGNED_OFF) == Some(&true.into());
        if !is_decided {
            match on {
                System::Jim2 => self.is_new_card(&key, &fields).await?,
                System::Autotask => self.is_new(&key, &fields).await?,
            }
        }
        let reference = match on {
            System::Jim2 => {
                let code = self.free_code(&key, &text(&fields, "name")).await?;
                fields.insert("card_code".to_owned(), code.clone().into());
                code
            }
            System::Autotask => reference,
        };
        Ok(Act::Create {
            on,
            from,
            generation,
            reference,
            fields,
        })
    }

    async fn find(&self, act: &Act) -> Result<Vec<RecordId>, Failure> {
        let Act::Create {
            on,
            from,
            reference,
            fields,
            ..
        } = act
        else {
            return Ok(Vec::new());
        };
        let key = Key::new(KIND, on.other(), from.clone());
        match on {
            System::Jim2 => {
                let codes = [reference.clone()];
                let cards = self.jim2.cardfiles_by_code(&codes).await;
                let name = text(fields, "name");
                let found = cards.map_err(jim2(key))?.into_iter();
                let ours = found.filter(|card| is_named(card, &name));
                Ok(ours.map(|card| card.card_no.into()).collect())
            }
            System::Autotask => {
                // Without a field for the card its name tells it: none is made beside one of the same name.
                let is_it = match self.settings.card_no() {
                    Some(udf) => Filter::eq(udf, from.as_str()).udf(),
                    None => Filter::eq("companyName", text(fields, "name")),
                };
                let query = Query::of(is_it).only(&[]);
                let found = self.autotask.query_all::<Company>(&query).await;
                let found = found.map_err(autotask(key))?;
                Ok(found.iter().map(|company| company.id.into()).collect())
            }
        }
    }

    async fn perform(&self, act: &Act) -> Result<Option<RecordId>, Failure> {
        match act {
            Act::Create {
                on, from, fields, ..
            } => self.create(*on, from, fields).await.map(Some),
            Act::Update { on, id, fields } => self.update(*on, id, fields).await.map(|()| None),
            Act::Refer {
                on: System::Autotask,
                id,
                to: Some(to),
                ..
            } => self.refer(id, to).await.map(|()| None),
            Act::CreateChild {
                on: System::Autotask,
                under: Some(company),
                text,
                extra,
                ..
            } => self.make_note(company, text, extra).await.map(Some),
            Act::UpdateChild {
                on: System::Autotask,
                under,
                id,
                text,
                ..
            } => self.write_note(under, id, text).await.map(|()| None),
            // Jim2 has no field for it, and no call that writes a note.
            Act::Refer { .. } | Act::CreateChild { .. } | Act::UpdateChild { .. } => Ok(None),
        }
    }
}

impl CompanyHands {
    /// The next companies behind `after`: one call.
    async fn next_companies(
        &self,
        after: Option<i64>,
        rows: usize,
    ) -> Result<Vec<Half>, autotask::Error> {
        let udfs = self.settings.udfs();
        let companies: Vec<Company> = self.autotask.next_ones(after, rows, &udfs).await?;
        let half = |company| halves::of_company(company, &self.settings);
        Ok(companies.iter().map(half).collect())
    }

    /// Companies by id. Rows whose user-defined fields were not told are read again by id, as only
    /// then no value means that there is none: companies that are not linked, one call each.
    async fn companies(&self, ids: &[i64]) -> Result<Vec<Half>, autotask::Error> {
        let udfs = self.settings.udfs();
        let mut companies: Vec<Company> = self.autotask.by_ids(ids, &udfs).await?;
        for company in &mut companies {
            if !udfs.is_empty()
                && company.user_defined_fields.names().next().is_none()
                && let Some(whole) = self.autotask.get(company.id).await?
            {
                *company = whole;
            }
        }
        let half = |company| halves::of_company(company, &self.settings);
        Ok(companies.iter().map(half).collect())
    }

    /// A card code that is free, in one call, or in two where many names begin alike.
    async fn free_code(&self, key: &Key, name: &str) -> Result<String, Failure> {
        for codes in [card_code::candidates(name), card_code::spread(name)] {
            if let Some(code) = self.free_of(key, codes).await? {
                return Ok(code);
            }
        }
        Err(held(no_code(key, name)))
    }

    /// The first of these codes that no card has, and that no other record has chosen.
    async fn free_of(&self, key: &Key, codes: Vec<String>) -> Result<Option<String>, Failure> {
        let taken = self.jim2.cardfiles_by_code(&codes).await;
        let taken = taken.map_err(jim2(key.clone()))?;
        let is_free = |code: &String| {
            let is = |card: &CardFile| {
                card.card_code
                    .get()
                    .is_some_and(|known| known.eq_ignore_ascii_case(code))
            };
            !taken.iter().any(is)
        };
        let mut chosen = self.chosen.lock().unwrap_or_else(PoisonError::into_inner);
        let mut is_ours = |code: &String| {
            let by = chosen.entry(code.clone()).or_insert_with(|| key.id.clone());
            *by == key.id
        };
        let mut codes = codes.into_iter();
        Ok(codes.find(|code| is_free(code) && is_ours(code)))
    }

    /// No card of Jim2 has this name, nor this ABN in any spelling; whether as a customer's, a supplier's or a user's.
    async fn is_new_card(&self, key: &Key, fields: &Fields) -> Result<(), Failure> {
        let (name, abn) = (text(fields, "name"), text(fields, "abn"));
        let abns = if abn.is_empty() {
            Vec::new()
        } else {
            abn::spellings(&abn)
        };
        let found = self.jim2.cardfiles_like(&name, &abns).await;
        match found.map_err(jim2(key.clone()))?.first() {
            Some(card) => Err(held(there_already(key, &name, &card.card_no.into()))),
            None => Ok(()),
        }
    }

    /// No company of Autotask has this name, nor this ABN and no card yet; in one call.
    async fn is_new(&self, key: &Key, fields: &Fields) -> Result<(), Failure> {
        let (name, abn) = (text(fields, "name"), text(fields, "abn"));
        let mut same = vec![Filter::eq("companyName", name.as_str())];
        if !abn.is_empty() {
            same.push(Filter::is_in("taxID", abn::spellings(&abn)));
        }
        let query = Query::of(Filter::any(same))
            .only(&["companyName"])
            .udfs(self.settings.card_no().map_or(&[], std::slice::from_ref));
        let found = self.autotask.query_all::<Company>(&query).await;
        let found = found.map_err(autotask(key.clone()))?;
        let is_it = |company: &&Company| {
            let named = company.company_name.clone().into_value();
            let same_name =
                named.is_some_and(|it| Compare::CaseFree.same(&it, &name.as_str().into()));
            same_name || company.udf(&self.settings.card_no_udf).get().is_none()
        };
        match found.iter().find(is_it) {
            Some(company) => Err(held(there_already(key, &name, &company.id.into()))),
            None => Ok(()),
        }
    }

    async fn create(
        &self,
        on: System,
        from: &RecordId,
        fields: &Fields,
    ) -> Result<RecordId, Failure> {
        let key = Key::new(KIND, on.other(), from.clone());
        match on {
            System::Jim2 => {
                let card = new_card(fields);
                match self.jim2.create_cardfile(&card).await {
                    Ok(created) => Ok(created.card_no.into()),
                    Err(error) => Err(self.refused_card(&card, error, key).await),
                }
            }
            System::Autotask => {
                let mut draft = self.company_draft(fields);
                if let Some(udf) = self.settings.card_no() {
                    draft = draft.set_udf(udf, from.as_str());
                }
                let created = self.autotask.create::<Company>((), &draft).await;
                Ok(created.map_err(autotask(key))?.into())
            }
        }
    }

    /// A code that was free may be another card's by now: the next attempt chooses another one. No document says how
    /// Jim2 tells that, so it is asked.
    async fn refused_card(&self, card: &CardFileCreate, error: jim2::Error, key: Key) -> Failure {
        let code = match (&error, &card.card_code) {
            (jim2::Error::Refused { .. }, Some(code)) => code.clone(),
            _ => return error.into_failure(&key),
        };
        let taken = self.jim2.cardfiles_by_code(&[code]).await;
        if taken.is_ok_and(|cards| !cards.is_empty()) {
            Failure::retry(error)
        } else {
            error.into_failure(&key)
        }
    }

    async fn update(&self, on: System, id: &RecordId, fields: &Fields) -> Result<(), Failure> {
        let key = Key::new(KIND, on, id.clone());
        let number = number(id, &key)?;
        match on {
            System::Jim2 => {
                let changes = draft::card_changes(&self.jim2, number, fields).await;
                let changes = changes.map_err(jim2(key.clone()))?;
                if changes.is_empty() {
                    return Ok(());
                }
                let written = self.jim2.update_cardfile(number, &changes).await;
                written.map_err(jim2(key))
            }
            System::Autotask => {
                let draft = self.company_draft(fields);
                if draft.is_empty() {
                    return Ok(());
                }
                let written = self.autotask.update::<Company>((), number, &draft).await;
                written.map_err(autotask(key))
            }
        }
    }

    async fn refer(&self, id: &RecordId, to: &RecordId) -> Result<(), Failure> {
        let key = Key::new(KIND, System::Autotask, id.clone());
        let number = number(id, &key)?;
        let Some(udf) = self.settings.card_no() else {
            return Ok(());
        };
        let draft = Draft::new().set_udf(udf, to.as_str());
        let written = self.autotask.update::<Company>((), number, &draft).await;
        written.map_err(autotask(key))
    }
}

fn new_card(fields: &Fields) -> CardFileCreate {
    let address = fields.get("address");
    let country = text(fields, "country");
    CardFileCreate {
        card_code: Some(text(fields, "card_code")),
        name: text(fields, "name"),
        is_customer: true,
        address: address.map(|address| draft::card_address(address, country)),
        abn: fields
            .get("abn")
            .and_then(Value::as_text)
            .map(str::to_owned),
        ..CardFileCreate::default()
    }
}

fn is_named(card: &CardFile, name: &str) -> bool {
    let known = card.name.clone().into_value().unwrap_or(Value::Empty);
    Compare::CaseFree.same(&known, &name.into())
}

fn text(fields: &Fields, name: &str) -> String {
    let text = fields.get(name).and_then(Value::as_text);
    text.unwrap_or_default().to_owned()
}

fn number(id: &RecordId, key: &Key) -> Result<i64, Failure> {
    id.number().ok_or_else(|| held(not_a_number(key)))
}

fn autotask(key: Key) -> impl FnOnce(autotask::Error) -> Failure {
    move |error| error.into_failure(&key)
}

fn jim2(key: Key) -> impl FnOnce(jim2::Error) -> Failure {
    move |error| error.into_failure(&key)
}

#[cfg(test)]
mod tests;
