//! The records Jim2 keeps.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

/// Who changed a record last, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) by: String,
    pub(crate) at: DateTime<Utc>,
}

/// How a job was when it was made: who made it, and what is never written again by itself.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) stamp: Stamp,
    pub(crate) ship: i64,
    pub(crate) item: String,
    pub(crate) name: String,
}

impl Made {
    /// A job as it is now, made by whoever touched it last.
    pub(crate) fn of(job: &Job) -> Self {
        Self {
            stamp: job.modified.clone(),
            ship: job.ship,
            item: job.item.clone(),
            name: job.name.clone(),
        }
    }
}

/// A job with its lines.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) no: i64,
    pub(crate) customer: i64,
    pub(crate) ship: i64,
    pub(crate) from: i64,
    pub(crate) status: String,
    pub(crate) status_date: DateTime<Utc>,
    pub(crate) status_due: Option<DateTime<Utc>>,
    pub(crate) cust_ref: String,
    pub(crate) our_ref: String,
    pub(crate) priority: String,
    pub(crate) kind: String,
    pub(crate) fault_desc: String,
    pub(crate) invoice_desc: String,
    pub(crate) item_desc: String,
    pub(crate) item: String,
    pub(crate) serial: String,
    pub(crate) name: String,
    pub(crate) account_manager: String,
    pub(crate) attn: String,
    pub(crate) branch: String,
    pub(crate) sub_branch: String,
    pub(crate) gl_dept: String,
    pub(crate) tax_inc: bool,
    pub(crate) date_in: DateTime<Utc>,
    pub(crate) date_due: Option<DateTime<Utc>>,
    pub(crate) date_out: DateTime<Utc>,
    pub(crate) ready: bool,
    pub(crate) invoice: Option<i64>,
    pub(crate) previous: Option<i64>,
    /// The project that it is of.
    pub(crate) contract: Option<i64>,
    /// The asset that it is about.
    pub(crate) asset: Option<i64>,
    pub(crate) made: Option<Made>,
    pub(crate) modified: Stamp,
    pub(crate) comments: Vec<Comment>,
    pub(crate) stock: Vec<StockLine>,
    pub(crate) labour: Vec<LabourLine>,
    pub(crate) last_stock: i64,
    pub(crate) last_labour: i64,
    pub(crate) last_comment: i64,
}

/// A line of a job's comment grid: somebody's words, or the stamp of a status.
#[derive(Clone, Debug)]
pub(crate) struct Comment {
    pub(crate) line: i64,
    pub(crate) include: bool,
    pub(crate) status: String,
    pub(crate) text: String,
    pub(crate) modified: Stamp,
}

/// A line of goods or billable labour.
#[derive(Clone, Debug)]
pub(crate) struct StockLine {
    pub(crate) line: i64,
    pub(crate) stock_id: i64,
    pub(crate) code: String,
    pub(crate) unit: String,
    pub(crate) taxed: bool,
    pub(crate) description: String,
    pub(crate) qty: Decimal,
    pub(crate) supplied: Decimal,
    pub(crate) backorder: Decimal,
    pub(crate) price_excl: Decimal,
    pub(crate) price_incl: Decimal,
    pub(crate) added: Stamp,
    pub(crate) modified: Stamp,
}

/// A line of actual labour.
#[derive(Clone, Debug)]
pub(crate) struct LabourLine {
    pub(crate) line: i64,
    pub(crate) start: DateTime<Utc>,
    pub(crate) hours: i64,
    pub(crate) minutes: i64,
    pub(crate) kind: String,
    pub(crate) initials: String,
    pub(crate) comment: String,
    pub(crate) added: Stamp,
    pub(crate) modified: Stamp,
}

/// A postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) residential: Option<bool>,
    pub(crate) street: String,
    pub(crate) suburb: String,
    pub(crate) state: String,
    pub(crate) postcode: String,
    pub(crate) country: String,
}

/// A company, person, user or site, with the people in it.
#[derive(Clone, Debug)]
pub(crate) struct CardFile {
    pub(crate) no: i64,
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) contact: String,
    pub(crate) abn: String,
    pub(crate) acn: String,
    pub(crate) address: Address,
    pub(crate) delivery: Address,
    pub(crate) phone: String,
    pub(crate) customer: Option<Customer>,
    pub(crate) is_ship: bool,
    pub(crate) user: Option<User>,
    pub(crate) active: bool,
    pub(crate) account_manager: String,
    pub(crate) parent: Option<i64>,
    pub(crate) made: Stamp,
    pub(crate) modified: Stamp,
    pub(crate) contacts: Vec<Contact>,
    pub(crate) last_contact: i64,
    pub(crate) notes: Vec<CardNote>,
    pub(crate) last_note: i64,
}

impl CardFile {
    /// Who touched the card or one of its people last, and when: a card's `LastModified` moves with its people.
    pub(crate) fn last_touched(&self) -> &Stamp {
        let people = self.contacts.iter().map(|one| &one.modified);
        people.fold(
            &self.modified,
            |last, one| {
                if one.at > last.at { one } else { last }
            },
        )
    }
}

/// What makes a cardfile a customer.
#[derive(Clone, Debug)]
pub(crate) struct Customer {
    pub(crate) terms: String,
    pub(crate) price_level: String,
    pub(crate) credit_hold: bool,
    pub(crate) send_invoice_via: String,
    /// Whether prices on its new jobs have tax in them.
    pub(crate) tax_paid: bool,
}

impl Default for Customer {
    fn default() -> Self {
        Self {
            terms: "30 Days".into(),
            price_level: "1-Retail".into(),
            credit_hold: false,
            send_invoice_via: "EMail".into(),
            tax_paid: false,
        }
    }
}

/// What makes a cardfile a user of Jim2.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) initials: String,
    pub(crate) email: String,
    /// The category of its user group; nobody has one who was not given it.
    pub(crate) category: String,
}

/// A person in a cardfile.
#[derive(Clone, Debug)]
pub(crate) struct Contact {
    pub(crate) no: i64,
    pub(crate) title: String,
    pub(crate) first: String,
    pub(crate) middle: String,
    pub(crate) last: String,
    pub(crate) display: String,
    pub(crate) job_title: String,
    pub(crate) department: String,
    pub(crate) dob: Option<String>,
    pub(crate) primary: bool,
    pub(crate) details: Vec<Detail>,
    pub(crate) web_account: Option<WebAccount>,
    pub(crate) made: Stamp,
    pub(crate) modified: Stamp,
}

impl Contact {
    /// A person of whom nothing is known yet.
    pub(crate) fn blank(no: i64, made: Stamp) -> Self {
        Self {
            no,
            title: String::new(),
            first: String::new(),
            middle: String::new(),
            last: String::new(),
            display: String::new(),
            job_title: String::new(),
            department: String::new(),
            dob: None,
            primary: false,
            details: Vec::new(),
            web_account: None,
            modified: made.clone(),
            made,
        }
    }
}

/// A note on a cardfile.
#[derive(Clone, Debug)]
pub(crate) struct CardNote {
    pub(crate) no: i64,
    pub(crate) kind: String,
    pub(crate) text: String,
    pub(crate) made: Stamp,
}

/// One way to reach a person.
#[derive(Clone, Debug)]
pub(crate) struct Detail {
    pub(crate) kind: String,
    pub(crate) value: String,
    pub(crate) comments: String,
}

/// A person's logon to the web shop.
#[derive(Clone, Debug)]
pub(crate) struct WebAccount {
    pub(crate) enabled: bool,
    pub(crate) logon: String,
}
