//! Which records of the two systems surely stand for the same thing. Pure.
//!
//! Only what is unique on both sides is linked; everything else goes on a list for a person to sign off.

mod company;
mod contact;
mod stock;
mod text;
mod ticket;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

pub(super) use company::{Card, Company, companies};
pub(super) use contact::{Contact, Person, contacts};
pub(super) use stock::{Product, Stock, stock};
pub(super) use ticket::{Job, Ticket, tickets};

/// Two records that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    /// The Autotask half.
    pub(super) autotask: i64,
    /// The Jim2 half.
    pub(super) jim2: String,
    /// How people know it.
    pub(super) label: String,
    /// Which job of the ticket it is, from 1.
    pub(super) generation: i32,
    /// What says so.
    pub(super) by: By,
}

/// What says that two records belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum By {
    /// One names the other.
    Reference,
    /// The business number.
    Abn,
    /// The name.
    Name,
    /// E-mail address and name.
    Address,
    /// The ticket's number on the job.
    Number,
    /// The stock code.
    Code,
    /// A person.
    Decision,
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reference => "reference",
            Self::Abn => "ABN",
            Self::Name => "name",
            Self::Address => "e-mail and name",
            Self::Number => "ticket number",
            Self::Code => "stock code",
            Self::Decision => "your decision",
        })
    }
}

/// A record that a person has to decide on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Doubt {
    /// The Autotask record; `None` where only Jim2 has one.
    pub(super) autotask: Option<i64>,
    /// How people know it.
    pub(super) name: String,
    /// The Jim2 records it may be.
    pub(super) candidates: Vec<String>,
    /// Why it was not linked.
    pub(super) why: String,
}

/// What matching came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Matched {
    /// What surely belongs together.
    pub(super) links: Vec<Link>,
    /// What a person decides.
    pub(super) doubts: Vec<Doubt>,
}

/// Records that are paired, or that a person said are not to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Settled {
    /// Of Autotask.
    pub(super) autotask: BTreeSet<i64>,
    /// Of Jim2.
    pub(super) jim2: BTreeSet<String>,
}

impl Matched {
    /// Takes back links by which two records claim the same one: neither is sure.
    fn without_doubles(mut self) -> Self {
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for link in &self.links {
            *times.entry(link.jim2.clone()).or_default() += 1;
        }
        let (sure, doubled): (Vec<Link>, Vec<Link>) = self
            .links
            .into_iter()
            .partition(|link| times[&link.jim2] == 1);
        self.links = sure;
        self.doubts.extend(doubled.into_iter().map(|link| Doubt {
            autotask: Some(link.autotask),
            name: link.label,
            why: format!("another record fits {} just as well", link.jim2),
            candidates: vec![link.jim2],
        }));
        self
    }
}

/// Positions by a key; what has no key is left out.
fn by_key<T, K: Ord>(items: &[T], key: impl Fn(&T) -> Option<K>) -> BTreeMap<K, Vec<usize>> {
    let mut places: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (place, item) in items.iter().enumerate() {
        if let Some(key) = key(item) {
            places.entry(key).or_default().push(place);
        }
    }
    places
}
