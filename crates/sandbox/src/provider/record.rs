//! The records of a provider, before either system has them.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::phone;

/// A company in Autotask's words, a cardfile in Jim2's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Business {
    /// 0 is the provider itself.
    pub number: u32,
    /// As Autotask writes it; see [`Business::jim2_name`].
    pub name: String,
    /// Eleven digits whose check digits are right.
    pub abn: String,
    /// Where it is.
    pub address: Address,
    /// As Autotask writes it; see [`Business::jim2_phone`].
    pub phone: String,
    /// Index into [`super::Provider::technicians`]: who looks after it.
    pub manager: usize,
    /// False for suppliers and for the provider itself.
    pub is_customer: bool,
    /// Which of the two systems knows it.
    pub side: Presence,
    /// Unique, at most ten of `0-9 A-Z . / -`.
    pub card_code: String,
    /// Index into [`super::Provider::companies`] of the business that owns this one.
    pub parent: Option<usize>,
}

impl Business {
    /// Returns the name as Jim2's people typed it: about one in sixty in capitals, which a person calls the same name.
    pub fn jim2_name(&self) -> String {
        if self.number % 60 == 13 {
            self.name.to_uppercase()
        } else {
            self.name.clone()
        }
    }

    /// Returns the phone number as Jim2's people typed it: about one in sixty in another format.
    pub fn jim2_phone(&self) -> String {
        if self.number % 60 == 2 {
            phone::in_another_format(&self.phone)
        } else {
            self.phone.clone()
        }
    }
}

/// Which of the two systems knows a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Both do.
    Both,
    /// Only Autotask does.
    AutotaskOnly,
    /// Only Jim2 does.
    Jim2Only,
}

impl Presence {
    /// Tells whether the record is to be put into Autotask.
    pub fn in_autotask(self) -> bool {
        matches!(self, Self::Both | Self::AutotaskOnly)
    }

    /// Tells whether the record is to be put into Jim2.
    pub fn in_jim2(self) -> bool {
        matches!(self, Self::Both | Self::Jim2Only)
    }
}

/// An Australian postal address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// First line.
    pub street: String,
    /// Second line, often empty.
    pub street2: String,
    /// At most 30 characters.
    pub suburb: String,
    /// Two or three letters: NSW, VIC, …
    pub state: String,
    /// Four digits, some of which begin with 0.
    pub postcode: String,
    /// Always `Australia`.
    pub country: String,
}

/// Somebody at a business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Index into [`super::Provider::companies`].
    pub company: usize,
    /// At most 25 characters, except the few planned ones.
    pub first: String,
    /// At most 25 characters, except the few planned ones.
    pub last: String,
    /// Mr, Mrs, Ms, Dr, …; at most four characters, sometimes empty.
    pub title: String,
    /// What they do there, sometimes empty.
    pub job_title: String,
    /// Lower case, unique within the business.
    pub email: String,
    /// Their desk's number, sometimes empty.
    pub phone: String,
    /// Their mobile's number, sometimes empty.
    pub mobile: String,
    /// True for exactly one person of each business and system that has people there.
    pub primary: bool,
    /// Which of the two systems knows them; never one that does not know their business.
    pub side: Presence,
}

/// One of the provider's own people: a resource in Autotask, a user in Jim2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Technician {
    /// First name.
    pub first: String,
    /// Last name.
    pub last: String,
    /// Lower case, unique.
    pub email: String,
    /// Two or three capitals, unique, never `API`.
    pub initials: String,
    /// Index into [`super::Provider::roles`].
    pub role: usize,
    /// False for somebody who has left.
    pub active: bool,
}

/// A ticket, as the service desk keeps it in Autotask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Index into [`super::Provider::companies`]: a customer that Autotask knows.
    pub company: usize,
    /// Index into [`super::Provider::people`]: somebody of that company whom Autotask knows.
    pub contact: Option<usize>,
    /// One line, at most 255 characters.
    pub title: String,
    /// Several lines or none, at most 8000 characters.
    pub description: String,
    /// How far it has come.
    pub status: TicketStatus,
    /// 1 High, 2 Medium, 3 Low, 4 Critical: Autotask's own numbers.
    pub priority: u8,
    /// Index into [`super::ISSUES`].
    pub issue: usize,
    /// Index into [`super::Provider::technicians`].
    pub assigned: Option<usize>,
    /// To the second.
    pub created: DateTime<Utc>,
    /// When the customer was promised an answer.
    pub due: Option<DateTime<Utc>>,
    /// Oldest first.
    pub notes: Vec<Note>,
    /// True where an open job with this ticket's number in its `OurRef` exists already.
    pub has_job: bool,
    /// The customer's purchase order, mostly empty; at most 50 characters.
    pub purchase_order: String,
}

/// Time that somebody worked on a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Index into [`super::Provider::tickets`].
    pub ticket: usize,
    /// Index into [`super::Provider::technicians`]: somebody who is still there.
    pub technician: usize,
    /// Index into [`super::Provider::billing_codes`]: a work type with a stock code.
    pub billing_code: usize,
    /// To the second.
    pub start: DateTime<Utc>,
    /// Whole quarters of an hour later; the entry is made then.
    pub end: DateTime<Utc>,
    /// What was done.
    pub text: String,
    /// When it was approved and posted.
    pub posted: Option<DateTime<Utc>>,
}

/// Something that a ticket's customer pays for beside time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// Index into [`super::Provider::tickets`].
    pub ticket: usize,
    /// Number in the catalogue of what it is, where Autotask has a product of it.
    pub ware: Option<usize>,
    /// Index into [`super::Provider::billing_codes`]: a material code with a stock code.
    pub billing_code: usize,
    /// What it is.
    pub name: String,
    /// How many.
    pub quantity: i64,
    /// What one costs without tax.
    pub cents: i64,
    /// When it was charged.
    pub at: DateTime<Utc>,
    /// When it was approved and posted.
    pub posted: DateTime<Utc>,
}

/// A contract for services by the month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Index into [`super::Provider::companies`]: a customer that both systems know.
    pub company: usize,
    /// Units of the first and of the second service.
    pub units: [i64; 2],
}

/// What a technician wrote on a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Index into [`super::Provider::technicians`].
    pub author: usize,
    /// Never empty.
    pub text: String,
    /// Never before the ticket.
    pub at: DateTime<Utc>,
    /// True where the customer may read it.
    pub public: bool,
}

/// How far a ticket has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketStatus {
    /// Nobody has looked yet.
    New,
    /// Somebody works on it.
    InProgress,
    /// It waits for the customer.
    WaitingCustomer,
    /// It waits for parts.
    WaitingParts,
    /// It is done.
    Complete,
}

/// What time and charges are billed under in Autotask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillingCode {
    /// As people choose it.
    pub name: String,
    /// The stock code it has in the finance system, sometimes empty.
    pub external_number: String,
    /// Autotask's own number: 1 work type, 2 material, 3 internal time.
    pub use_type: u8,
}

/// What a technician works as, which sets the price of an hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// As people choose it.
    pub name: String,
    /// Dollars before tax.
    pub hourly_rate: Decimal,
}
