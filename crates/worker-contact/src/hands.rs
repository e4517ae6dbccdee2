//! Reads and writes of contacts. Nothing is decided here.

mod draft;
mod problem;

use autotask::{Client as Autotask, Company, Contact, Draft, Filter, Query};
use domain::{Failure, Key, RecordId, System, Value};
use jim2::{Client as Jim2, part_id};
use sync::{Act, Compare, Fields, Half, Hands, SIGNED_OFF};

use self::problem::{Whose, homeless, made_before, not_a_contact};
use crate::{ContactSettings, KIND, halves, name};

/// The reads and writes of contacts.
#[derive(Debug)]
pub struct ContactHands {
    /// The caller of Autotask.
    pub autotask: Autotask,
    /// The caller of Jim2.
    pub jim2: Jim2,
    /// What the site calls its fields.
    pub settings: ContactSettings,
}

impl Hands for ContactHands {
    async fn read(&self, on: System, ids: &[RecordId]) -> Result<Vec<Half>, Failure> {
        let Some(first) = ids.first() else {
            return Ok(Vec::new());
        };
        let key = Key::new(KIND, on, first.clone());
        match on {
            System::Autotask => {
                let ids: Vec<i64> = ids.iter().filter_map(RecordId::number).collect();
                self.contacts(&ids).await.map_err(autotask(key))
            }
            System::Jim2 => {
                let ids = ids.iter().map(RecordId::as_str);
                let numbers: Vec<(i64, i64)> = ids.filter_map(part_id::split).collect();
                self.people(&numbers).await.map_err(jim2(key))
            }
        }
    }

    async fn list(&self, after: Option<i64>, rows: usize) -> Result<Option<Vec<Half>>, Failure> {
        let key = Key::new(KIND, System::Autotask, after.unwrap_or_default());
        let contacts = self.next_contacts(after, rows).await;
        contacts.map(Some).map_err(autotask(key))
    }

    /// A contact that the company may have already is looked at by a person first. In Jim2 the card is looked
    /// through by [`Hands::find`].
    async fn prepare(&self, act: Act) -> Result<Act, Failure> {
        if let Act::Create {
            on: System::Autotask,
            from,
            fields,
            ..
        } = &act
            && fields.get(SIGNED_OFF) != Some(&true.into())
        {
            self.is_new(from, fields).await?;
        }
        Ok(act)
    }

    async fn find(&self, act: &Act) -> Result<Vec<RecordId>, Failure> {
        let Act::Create {
            on, from, fields, ..
        } = act
        else {
            return Ok(Vec::new());
        };
        let key = Key::new(KIND, on.other(), from.clone());
        match on {
            System::Jim2 => {
                let card_no = under(fields, "card", &key)?;
                let people = self.jim2.card_contacts(&[card_no]).await;
                let people = people.map_err(jim2(key))?;
                let halves = people.iter().map(|person| self.person(person));
                let ours = halves.filter(|half| is_meant(half, fields));
                Ok(ours.map(|half| half.id).collect())
            }
            System::Autotask => {
                let names_it = Filter::eq("externalID", from.as_str());
                let query = Query::of(names_it).only(&[]);
                let found = self.autotask.query_all::<Contact>(&query).await;
                let found = found.map_err(autotask(key))?;
                Ok(found.iter().map(|contact| contact.id.into()).collect())
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
            // Jim2 has no field for it, and a contact has no children.
            Act::Refer { .. } | Act::CreateChild { .. } | Act::UpdateChild { .. } => Ok(None),
        }
    }
}

impl ContactHands {
    /// The next contacts behind `after`: one call.
    async fn next_contacts(
        &self,
        after: Option<i64>,
        rows: usize,
    ) -> Result<Vec<Half>, autotask::Error> {
        let udfs: Vec<String> = self.settings.contact_no_udf.iter().cloned().collect();
        let contacts: Vec<Contact> = self.autotask.next_ones(after, rows, &udfs).await?;
        let half = |contact| halves::of_contact(contact, &self.settings);
        Ok(contacts.iter().map(half).collect())
    }

    /// Contacts by id. Where the site keeps references in a user-defined field that was not told,
    /// the row is read again by id, as only then no value means that there is none.
    async fn contacts(&self, ids: &[i64]) -> Result<Vec<Half>, autotask::Error> {
        let udfs: Vec<String> = self.settings.contact_no_udf.iter().cloned().collect();
        let mut contacts: Vec<Contact> = self.autotask.by_ids(ids, &udfs).await?;
        for contact in &mut contacts {
            let needs_udf = !udfs.is_empty() && !halves::is_ours(&contact.external_id);
            if needs_udf
                && contact.user_defined_fields.names().next().is_none()
                && let Some(whole) = self.autotask.get(contact.id).await?
            {
                *contact = whole;
            }
        }
        let half = |contact| halves::of_contact(contact, &self.settings);
        let mut halves: Vec<Half> = contacts.iter().map(half).collect();
        self.tell_companies(&mut halves).await?;
        Ok(halves)
    }

    /// Whose contacts those are that name nobody in Jim2, in one call: not everybody is to be made there.
    async fn tell_companies(&self, halves: &mut [Half]) -> Result<(), autotask::Error> {
        let company = |half: &Half| half.fact("company").and_then(Value::as_number);
        let new = halves.iter().filter(|half| half.points_to.is_none());
        let mut ids: Vec<i64> = new.filter_map(company).filter(|id| *id != 0).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(());
        }
        let opt_out = self.settings.opt_out_udf.as_ref();
        let companies: Vec<Company> = self
            .autotask
            .by_ids(&ids, opt_out.map_or(&[], std::slice::from_ref))
            .await?;
        for half in halves {
            let id = company(half);
            if let Some(company) = companies.iter().find(|one| Some(one.id) == id) {
                halves::below_company(half, company, opt_out);
            }
        }
        Ok(())
    }

    /// People, and whether their cards are customers'.
    async fn people(&self, numbers: &[(i64, i64)]) -> Result<Vec<Half>, jim2::Error> {
        let people = self.jim2.contacts(numbers).await?;
        let mut card_nos: Vec<i64> = people.iter().map(|person| person.card_no).collect();
        card_nos.sort_unstable();
        card_nos.dedup();
        let cards = if card_nos.is_empty() {
            Vec::new()
        } else {
            self.jim2.cardfiles(&card_nos).await?
        };
        let half = |person: &jim2::Contact| {
            let mut half = self.person(person);
            if let Some(card) = cards.iter().find(|card| card.card_no == person.card_no) {
                halves::below_card(&mut half, card);
            }
            half
        };
        Ok(people.iter().map(half).collect())
    }

    /// No contact of the company has this e-mail address, or this name where there is no address, except those
    /// of other people in Jim2; in one call.
    async fn is_new(&self, from: &RecordId, fields: &Fields) -> Result<(), Failure> {
        let key = Key::new(KIND, System::Jim2, from.clone());
        let mut same = vec![Filter::eq("companyID", under(fields, "company", &key)?)];
        if let Some(email) = fields.get("email").and_then(Value::as_text) {
            same.push(Filter::eq("emailAddress", email));
        } else {
            let [first, last] = name::both(fields.get("name").unwrap_or(&Value::Empty));
            same.extend([Filter::eq("firstName", first), Filter::eq("lastName", last)]);
        }
        let udfs: Vec<String> = self.settings.contact_no_udf.iter().cloned().collect();
        let query = Query::of(Filter::all(same)).udfs(&udfs);
        let found = self.autotask.query_all::<Contact>(&query).await;
        let halves = found.map_err(autotask(key.clone()))?;
        let mut halves = halves
            .iter()
            .map(|contact| halves::of_contact(contact, &self.settings));
        let is_it = |half: &Half| half.points_to.as_ref().is_none_or(|it| it.to == *from);
        match halves.find(is_it) {
            Some(contact) => Err(made_before(&key, &contact)),
            None => Ok(()),
        }
    }

    fn person(&self, person: &jim2::Contact) -> Half {
        halves::of_person(person, &self.jim2.settings().contact_types)
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
                let card_no = under(fields, "card", &key)?;
                let types = &self.jim2.settings().contact_types;
                let draft = draft::person(fields, &jim2::Contact::default(), types);
                let cont_no = self.jim2.create_contact(card_no, &draft).await;
                Ok(part_id::join(card_no, cont_no.map_err(jim2(key))?).into())
            }
            System::Autotask => {
                let company = under(fields, "company", &key)?;
                let draft = draft::contact(fields).set("externalID", from.as_str());
                let created = self.autotask.create::<Contact>(company, &draft).await;
                Ok(created.map_err(autotask(key))?.into())
            }
        }
    }

    async fn update(&self, on: System, id: &RecordId, fields: &Fields) -> Result<(), Failure> {
        let key = Key::new(KIND, on, id.clone());
        match on {
            System::Jim2 => {
                let Some((card_no, cont_no)) = part_id::split(id.as_str()) else {
                    return Err(not_a_contact(&key));
                };
                let written = self.update_person(card_no, cont_no, fields).await;
                written.map_err(jim2(key))
            }
            System::Autotask => {
                let number = id.number().ok_or_else(|| not_a_contact(&key))?;
                let company = under(fields, "company", &key)?;
                let draft = draft::contact(fields);
                if draft.is_empty() {
                    return Ok(());
                }
                let written = self
                    .autotask
                    .update::<Contact>(company, number, &draft)
                    .await;
                written.map_err(autotask(key))
            }
        }
    }

    /// Details are written all at once, so the person is read first: the others' stay.
    async fn update_person(
        &self,
        card_no: i64,
        cont_no: i64,
        fields: &Fields,
    ) -> Result<(), jim2::Error> {
        let people = self.jim2.contacts(&[(card_no, cont_no)]).await?;
        let now = people.into_iter().next().ok_or(jim2::Error::NotFound)?;
        let changes = draft::person(fields, &now, &self.jim2.settings().contact_types);
        if changes.is_empty() {
            return Ok(());
        }
        self.jim2.update_contact(card_no, cont_no, &changes).await
    }

    /// Writes the reference where nobody else's stands. The contact is read first: whose company
    /// it is has to be said, and who uses its external ID has to be seen.
    async fn refer(&self, id: &RecordId, to: &RecordId) -> Result<(), Failure> {
        let key = Key::new(KIND, System::Autotask, id.clone());
        let number = id.number().ok_or_else(|| not_a_contact(&key))?;
        let contact = self.autotask.get::<Contact>(number).await;
        let contact = contact.map_err(autotask(key.clone()))?;
        let Some(company) = contact.as_ref().and_then(|it| it.company_id.get().copied()) else {
            let entity = "contact".to_owned();
            return Err(autotask::Error::Gone { entity }.into_failure(&key));
        };
        let is_ours = contact.is_some_and(|it| halves::is_ours(&it.external_id));
        let draft = match &self.settings.contact_no_udf {
            _ if is_ours => Draft::new().set("externalID", to.as_str()),
            Some(udf) => Draft::new().set_udf(udf, to.as_str()),
            None => return Ok(()), // The journal says so.
        };
        let written = self
            .autotask
            .update::<Contact>(company, number, &draft)
            .await;
        written.map_err(autotask(key))
    }
}

/// Whether a person is the one that `fields` describe: the same name, and no other e-mail address.
fn is_meant(half: &Half, fields: &Fields) -> bool {
    let there = |name: &str| half.fields.get(name).unwrap_or(&Value::Empty);
    let meant = |name: &str| fields.get(name).unwrap_or(&Value::Empty);
    let same = |name| Compare::CaseFree.same(there(name), meant(name));
    let has_no_email = there("email").is_empty() || meant("email").is_empty();
    same("name") && (has_no_email || same("email"))
}

/// The record under which a contact is written.
fn under(fields: &Fields, whose: Whose, key: &Key) -> Result<i64, Failure> {
    let number = fields.get(whose).and_then(Value::as_number);
    number.ok_or_else(|| homeless(key, whose))
}

fn autotask(key: Key) -> impl FnOnce(autotask::Error) -> Failure {
    move |error| error.into_failure(&key)
}

fn jim2(key: Key) -> impl FnOnce(jim2::Error) -> Failure {
    move |error| error.into_failure(&key)
}

#[cfg(test)]
mod tests;
