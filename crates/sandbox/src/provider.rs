//! A believable Australian managed service provider, made from a seed: what both stand-ins are filled with.
//!
//! The same seed, [`Size`] and `now` always give an equal [`Provider`], on every machine. Each family of records draws
//! from its own random stream, so more tickets do not rename the companies.

mod abn;
mod business;
mod draw;
mod person;
mod phone;
mod place;
mod record;
mod spelling;
mod technician;
mod ticket;
mod trade;
mod ware;
mod work;

use chrono::{DateTime, NaiveDate, Utc};

pub use self::record::{
    Address, BillingCode, Business, Charge, Entry, Note, Person, Presence, Role, Subscription,
    Technician, Ticket, TicketStatus,
};
pub use self::ware::Ware;

/// The names of the issues a [`Ticket`] points at with its `issue`: Autotask issue types 10 to 14, and in the same
/// order Jim2's items SERVICE, NETWORK, PRINTER, EMAIL and SERVER.
pub const ISSUES: [&str; 5] = ["Computer", "Network", "Printer", "Email", "Server"];

/// How many records to generate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Businesses besides the provider itself.
    pub companies: usize,
    /// People at those businesses.
    pub contacts: usize,
    /// Tickets of customers that Autotask knows.
    pub tickets: usize,
    /// The provider's own people; at least one is made.
    pub technicians: usize,
    /// What was worked and sold; with it the tickets are those of a year, else of ninety days.
    pub work: Option<Work>,
}

/// How much was worked and sold in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// Time entries on tickets; a third of them is posted.
    pub entries: usize,
    /// Charges on tickets, all of them posted.
    pub charges: usize,
    /// Contracts for two services each, which are run for twelve months.
    pub subscriptions: usize,
    /// Codes of the catalogue in Jim2's stock; Autotask has products of two thirds.
    pub wares: usize,
}

impl Default for Size {
    fn default() -> Self {
        Self {
            companies: 200,
            contacts: 600,
            tickets: 2000,
            technicians: 12,
            work: None,
        }
    }
}

impl Size {
    /// Returns a size for tests: small enough to read whole.
    pub const fn small() -> Self {
        Self {
            companies: 8,
            contacts: 20,
            tickets: 30,
            technicians: 4,
            work: None,
        }
    }

    /// Returns a provider's year: 300 companies, 40,000 tickets, 120,000 time entries, 60,000 billing items (a third of
    /// the entries, all charges, and twelve months of two services of each contract), 15,000 stock codes.
    pub const fn year() -> Self {
        Self {
            companies: 300,
            contacts: 900,
            tickets: 40_000,
            technicians: 20,
            work: Some(Work {
                entries: 120_000,
                charges: 16_400,
                subscriptions: 150,
                wares: 15_000,
            }),
        }
    }

    /// Returns one of so many equal parts of it, with no fewer companies and people than the small size has.
    #[must_use]
    pub fn part(self, of: usize) -> Self {
        let (of, least) = (of.max(1), Self::small());
        Self {
            companies: (self.companies / of).max(least.companies),
            contacts: (self.contacts / of).max(least.contacts),
            tickets: self.tickets / of,
            technicians: (self.technicians / of).max(least.technicians),
            work: self.work.map(|work| Work {
                entries: work.entries / of,
                charges: work.charges / of,
                subscriptions: work.subscriptions.div_ceil(of),
                wares: work.wares / of,
            }),
        }
    }

    /// Tells whether each count is at least the default's: only then are the few names made that Jim2 has no room for.
    pub fn is_full(&self) -> bool {
        let full = Self::default();
        self.companies >= full.companies
            && self.contacts >= full.contacts
            && self.tickets >= full.tickets
            && self.technicians >= full.technicians
    }
}

/// A managed service provider and everything it keeps in Autotask and in Jim2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Its name, which is also that of `companies[0]`.
    pub name: String,
    /// The provider itself at index 0, then its customers and suppliers; `number` equals the index.
    pub companies: Vec<Business>,
    /// People at those businesses, none of them at the provider.
    pub people: Vec<Person>,
    /// The provider's own people.
    pub technicians: Vec<Technician>,
    /// Tickets, oldest first.
    pub tickets: Vec<Ticket>,
    /// Time on the tickets, oldest first.
    pub entries: Vec<Entry>,
    /// Charges on the tickets, oldest first.
    pub charges: Vec<Charge>,
    /// Who pays for services by the month.
    pub subscriptions: Vec<Subscription>,
    /// How many codes of the catalogue ([`Ware`]) it sells.
    pub wares: usize,
    /// What time and charges are billed under.
    pub billing_codes: Vec<BillingCode>,
    /// The roles technicians work in.
    pub roles: Vec<Role>,
}

impl Provider {
    /// Makes the provider that this seed stands for, with nothing in it newer than `now`.
    pub fn generate(seed: u64, size: &Size, now: DateTime<Utc>) -> Self {
        let roles = technician::roles();
        let technicians = technician::all(seed, size, &roles);
        let companies = business::all(seed, size, &technicians);
        let people = person::all(seed, size, &companies);
        let tickets = ticket::all(
            seed,
            size,
            &ticket::World {
                companies: &companies,
                people: &people,
                technicians: &technicians,
            },
            now,
        );
        let world = work::World {
            companies: &companies,
            technicians: &technicians,
            tickets: &tickets,
        };
        let entries = work::entries(seed, size, &world, now);
        let charges = work::charges(seed, size, &world, now);
        let subscriptions = work::subscriptions(seed, size, world.companies);
        Self {
            name: business::PROVIDER_NAME.to_owned(),
            companies,
            people,
            technicians,
            tickets,
            entries,
            charges,
            subscriptions,
            wares: size.work.map_or(0, |work| work.wares),
            billing_codes: trade::billing_codes(),
            roles,
        }
    }
}

/// Returns the number of the ticket at this index, such as `T20261123.0001`: its day in UTC, and its place among the
/// tickets of that day.
pub fn ticket_number(provider: &Provider, index: usize) -> String {
    let day = |ticket: &Ticket| -> NaiveDate { ticket.created.date_naive() };
    let date = day(&provider.tickets[index]);
    let first = provider
        .tickets
        .partition_point(|ticket| day(ticket) < date);
    format!("T{}.{:04}", date.format("%Y%m%d"), index - first + 1)
}

#[cfg(test)]
mod tests;
