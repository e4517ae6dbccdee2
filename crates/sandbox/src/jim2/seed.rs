//! Fills a Jim2 with its share of a generated provider.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::list;
use super::record::{Address, CardFile, Contact, Customer, Detail, Job, Made, Stamp, User};
use super::stock;
use super::world::{Actor, World};
use crate::provider::{self, Business, Person, Presence, Provider, Technician, Ticket};

/// Initials on everything that was there before anybody came.
const SYSTEM: &str = "SYS";

/// When everything that was there before was made.
const BEGINNING: DateTime<Utc> =
    DateTime::from_timestamp(1_593_561_600, 0).expect("a moment of July 2020");

impl World {
    /// Puts in the cardfiles, users, contacts, stock and open jobs that Jim2 is to know.
    pub(crate) fn fill(&mut self, provider: &Provider) {
        if provider.wares > self.options.catalogue {
            self.stock = stock::seeded(provider.wares);
        }
        let numbers = self.fill_companies(provider);
        for technician in &provider.technicians {
            self.fill_user(technician);
        }
        self.fill_api_user();
        for person in &provider.people {
            if let Some(no) = numbers.get(&person.company)
                && person.side != Presence::AutotaskOnly
                && let Some(card) = self.cards.get_mut(no)
            {
                fill_contact(card, person);
            }
        }
        for (index, ticket) in provider.tickets.iter().enumerate() {
            if let Some(no) = numbers.get(&ticket.company)
                && ticket.has_job
            {
                self.fill_job(provider, index, ticket, *no);
            }
        }
    }

    fn fill_companies(&mut self, provider: &Provider) -> BTreeMap<usize, i64> {
        let known = provider
            .companies
            .iter()
            .enumerate()
            .filter(|(_, business)| business.side != Presence::AutotaskOnly);
        let first = self.last_card + 1;
        let numbers: BTreeMap<usize, i64> =
            known.clone().map(|(index, _)| index).zip(first..).collect();
        for (index, business) in known {
            let no = numbers[&index];
            let mut card = self.seeded_card(no);
            describe(&mut card, business);
            card.account_manager = provider
                .technicians
                .get(business.manager)
                .map(|manager| manager.initials.clone())
                .unwrap_or_default();
            card.parent = business
                .parent
                .and_then(|parent| numbers.get(&parent).copied());
            self.put_card(card);
        }
        numbers
    }

    fn fill_user(&mut self, technician: &Technician) {
        let mut card = self.seeded_card(self.last_card + 1);
        card.code = format!("U.{}", technician.initials);
        card.name = format!("{} {}", technician.first, technician.last);
        card.active = technician.active;
        card.user = Some(User {
            initials: technician.initials.clone(),
            email: technician.email.clone(),
            category: String::new(),
        });
        self.put_card(card);
    }

    fn fill_api_user(&mut self) {
        let mut card = self.seeded_card(self.last_card + 1);
        "U.API".clone_into(&mut card.code);
        "Crossbill API".clone_into(&mut card.name);
        card.user = Some(User {
            initials: self.options.api_initials.clone(),
            email: "crossbill@provider.example".to_owned(),
            category: String::new(),
        });
        self.put_card(card);
    }

    fn fill_job(&mut self, provider: &Provider, index: usize, ticket: &Ticket, customer: i64) {
        let stamp = Stamp {
            by: SYSTEM.to_owned(),
            at: ticket.created,
        };
        let item = list::find_item("SERVICE");
        let technician = ticket
            .assigned
            .and_then(|index| provider.technicians.get(index));
        let contact = ticket.contact.and_then(|index| provider.people.get(index));
        let mut job = Job {
            customer,
            ship: customer,
            from: customer,
            status_date: ticket.created,
            cust_ref: ticket.purchase_order.clone(),
            our_ref: provider::ticket_number(provider, index),
            priority: priority(ticket.priority).to_owned(),
            kind: "Service Request".to_owned(),
            fault_desc: format!("{}\n\n{}", ticket.title, ticket.description),
            item_desc: item.map_or("", |item| item.description).to_owned(),
            item: item.map_or("", |item| item.code).to_owned(),
            name: technician.map_or_else(String::new, |one| one.initials.clone()),
            attn: contact.map_or_else(String::new, |one| format!("{} {}", one.first, one.last)),
            date_in: ticket.created,
            date_due: ticket.due,
            date_out: ticket.created,
            modified: stamp.clone(),
            ..self.blank_job(&Actor::person(SYSTEM))
        };
        for line in &mut job.comments {
            line.modified = stamp.clone();
        }
        job.made = Some(Made::of(&job));
        self.last_job = job.no;
        self.jobs.insert(job.no, job);
    }

    fn seeded_card(&self, no: i64) -> CardFile {
        CardFile {
            no,
            made: beginning(),
            ..self.blank_card(&Actor::person(SYSTEM))
        }
    }

    fn put_card(&mut self, card: CardFile) {
        self.last_card = self.last_card.max(card.no);
        self.cards.insert(card.no, card);
    }
}

fn beginning() -> Stamp {
    Stamp {
        by: SYSTEM.to_owned(),
        at: BEGINNING,
    }
}

fn describe(card: &mut CardFile, business: &Business) {
    card.code.clone_from(&business.card_code);
    card.name = cut(&business.jim2_name(), 100);
    card.abn.clone_from(&business.abn);
    card.phone = business.jim2_phone();
    card.customer = business.is_customer.then(Customer::default);
    card.is_ship = business.parent.is_some();
    let street = [&business.address.street, &business.address.street2];
    let street: Vec<&str> = street
        .into_iter()
        .map(String::as_str)
        .filter(|line| !line.is_empty())
        .collect();
    card.address = Address {
        residential: None,
        street: street.join("\n"),
        suburb: cut(&business.address.suburb, 50),
        state: business.address.state.clone(),
        postcode: business.address.postcode.clone(),
        country: business.address.country.clone(),
    };
}

fn fill_contact(card: &mut CardFile, person: &Person) {
    card.last_contact += 1;
    let (first, last) = (cut(&person.first, 25), cut(&person.last, 25));
    let modified = card.modified.clone();
    let details = [
        ("EMail", &person.email),
        ("Phone", &person.phone),
        ("Mobile", &person.mobile),
    ];
    card.contacts.push(Contact {
        title: cut(&person.title, 4),
        display: cut(&format!("{first} {last}"), 51),
        first,
        last,
        job_title: cut(&person.job_title, 50),
        primary: person.primary,
        details: details
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(kind, value)| Detail {
                kind: kind.to_owned(),
                value: value.clone(),
                comments: String::new(),
            })
            .collect(),
        modified,
        ..Contact::blank(card.last_contact, beginning())
    });
}

const fn priority(autotask: u8) -> &'static str {
    match autotask {
        1 => "High",
        2 => "Normal",
        3 => "Low",
        _ => "Critical",
    }
}

fn cut(text: &str, max: usize) -> String {
    text.chars().take(max).collect()
}
