//! Contacts of linked companies and the people inside their cards.

use super::{By, Doubt, Link, Matched, Settled, by_key, text};

/// A contact of Autotask, of a company that is linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::connect) struct Contact {
    /// Its id.
    pub(in crate::connect) id: i64,
    /// The card of its company.
    pub(in crate::connect) card_no: i64,
    /// First name.
    pub(in crate::connect) first: String,
    /// Last name.
    pub(in crate::connect) last: String,
    /// E-mail address, as written.
    pub(in crate::connect) email: String,
    /// The `cardno-contno` it names.
    pub(in crate::connect) refers_to: Option<String>,
    /// Whether it is active.
    pub(in crate::connect) is_active: bool,
}

/// A person inside a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::connect) struct Person {
    /// The card.
    pub(in crate::connect) card_no: i64,
    /// The number within the card.
    pub(in crate::connect) cont_no: i64,
    /// First name.
    pub(in crate::connect) first: String,
    /// Last name.
    pub(in crate::connect) last: String,
    /// The first e-mail address, as written.
    pub(in crate::connect) email: String,
}

impl Person {
    fn id(&self) -> String {
        jim2::part_id::join(self.card_no, self.cont_no)
    }
}

/// Links contacts of the same company by reference, else by e-mail address and name together.
pub(in crate::connect) fn contacts(
    contacts: &[Contact],
    people: &[Person],
    settled: &Settled,
) -> Matched {
    let key = |card: i64, email: &str, first: &str, last: &str| {
        Some((card, text::address(email)?, text::person(first, last)?))
    };
    let ours = by_key(contacts, |one| {
        key(one.card_no, &one.email, &one.first, &one.last)
    });
    let theirs = by_key(people, |one| {
        key(one.card_no, &one.email, &one.first, &one.last)
    });
    let mut matched = Matched::default();
    for contact in contacts
        .iter()
        .filter(|one| !settled.autotask.contains(&one.id))
    {
        let name = format!("{} {}", contact.first, contact.last)
            .trim()
            .to_owned();
        let same = key(
            contact.card_no,
            &contact.email,
            &contact.first,
            &contact.last,
        );
        let found = match &contact.refers_to {
            Some(id) => referred(id, contact, people).map(|person| (person, By::Reference)),
            None => same.and_then(|key| {
                match (ours.get(&key)?.as_slice(), theirs.get(&key)?.as_slice()) {
                    ([_], [place]) => Some((&people[*place], By::Address)),
                    _ => None,
                }
            }),
        };
        match found.filter(|(person, _)| !settled.jim2.contains(&person.id())) {
            Some((person, by)) => matched.links.push(Link {
                autotask: contact.id,
                jim2: person.id(),
                label: name,
                generation: 1,
                by,
            }),
            None => matched.doubts.extend(doubt(contact, name, people, settled)),
        }
    }
    matched.without_doubles()
}

/// The person that a contact names, if it is in the card of the contact's company.
fn referred<'a>(id: &str, contact: &Contact, people: &'a [Person]) -> Option<&'a Person> {
    people
        .iter()
        .find(|person| person.card_no == contact.card_no && person.id() == id)
}

/// People of the same card with the same address or the same name.
fn doubt(contact: &Contact, name: String, people: &[Person], settled: &Settled) -> Option<Doubt> {
    let address = text::address(&contact.email);
    let called = text::person(&contact.first, &contact.last);
    let alike = |person: &&Person| {
        let same_address = address.is_some() && text::address(&person.email) == address;
        let same_name = called.is_some() && text::person(&person.first, &person.last) == called;
        person.card_no == contact.card_no && (same_address || same_name)
    };
    let candidates: Vec<String> = people
        .iter()
        .filter(alike)
        .map(Person::id)
        .filter(|id| !settled.jim2.contains(id))
        .collect();
    let why = match (&contact.refers_to, candidates.len()) {
        (Some(id), _) => format!("it names contact {id}, which is not in its company's card"),
        (None, 0) if !contact.is_active => return None,
        (None, 0) => format!(
            "card {} has nobody with its e-mail and name",
            contact.card_no
        ),
        (None, 1) => {
            "e-mail or name is the same, but not both, or another contact has them too".to_owned()
        }
        (None, several) => format!(
            "{several} people in card {} have its e-mail or name",
            contact.card_no
        ),
    };
    Some(Doubt {
        autotask: Some(contact.id),
        name,
        candidates,
        why,
    })
}

#[cfg(test)]
mod tests;
