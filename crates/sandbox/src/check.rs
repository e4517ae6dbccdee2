//! Whether the two systems agree: compared record by record from what their screens show.
//!
//! Independent of Crossbill: no code and no database of it is used, only the references on the records and the
//! default mapping as data (`check/tables.rs`).

mod alone;
mod asset;
mod attachment;
mod billing;
mod card_note;
mod company;
mod contact;
mod contract;
mod lined;
mod note;
mod product;
mod purchase;
mod quote;
mod same;
mod tables;
mod ticket;
mod time;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use serde_json::Value;

pub use self::tables::Tables;
use self::world::World;
use crate::wall;

/// What to know beside the two worlds.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The zone of the wall times that Jim2 tells.
    pub zone: Tz,
    /// What was made from then on must have its other half: notes and comments, and what the default mapping carries of
    /// companies, contacts, tickets and cards. Notes and comments on jobs that Crossbill made always must.
    pub since: Option<DateTime<Utc>>,
    /// What values stand for.
    pub tables: Tables,
    /// What the site has Crossbill make where that is off at first, of [`MADE`]. What is new of it is missed like the rest.
    pub made: BTreeSet<String>,
}

/// What is off at first and a site can have made: kinds, the status of quotes, notes of cards, lists of what is attached to
/// tickets.
pub const MADE: [&str; 8] = [
    "contract",
    "asset",
    "stock",
    "purchase",
    "quote",
    "quote-status",
    "card-note",
    "attachment",
];

impl Settings {
    /// Whether the site has this made.
    fn makes(&self, kind: &str) -> bool {
        self.made.contains(kind)
    }

    /// Whether something was made since; a time without an offset is the wall time that Jim2 tells.
    fn is_new(&self, at: &str) -> bool {
        let Some(since) = self.since else {
            return false;
        };
        let with_zone = DateTime::parse_from_rfc3339(at).map(|at| at.to_utc()).ok();
        let at = with_zone.or_else(|| {
            let wall = at.parse::<NaiveDateTime>().ok()?;
            wall::moment(self.zone, wall)
        });
        at.is_some_and(|at| at >= since)
    }
}

/// What is wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Trouble {
    /// The two sides have different values.
    Differs,
    /// It refers to nothing, or nothing refers back, or a copy is not there.
    Missing,
    /// It is there more than once.
    Twice,
    /// It travelled and should not have.
    Strayed,
}

/// One disagreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is.
    pub trouble: Trouble,
    /// The record, as people know it.
    pub record: String,
    /// What is wrong with it.
    pub says: String,
}

/// What the comparison came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Agreement {
    /// How many pairs of each kind were compared.
    pub compared: BTreeMap<&'static str, usize>,
    /// How many values.
    pub values: usize,
    /// What does not agree.
    pub findings: Vec<Finding>,
}

impl Agreement {
    /// Whether nothing was found.
    pub fn is_whole(&self) -> bool {
        self.findings.is_empty()
    }

    fn compared(&mut self, kind: &'static str) {
        *self.compared.entry(kind).or_default() += 1;
    }

    fn find(&mut self, trouble: Trouble, record: &str, says: impl Into<String>) {
        self.findings.push(Finding {
            trouble,
            record: record.to_owned(),
            says: says.into(),
        });
    }

    /// Compares one value of a pair; `same` is what the comparison said.
    fn value(&mut self, same: bool, record: &str, field: &str, autotask: &str, jim2: &str) {
        self.values += 1;
        if !same {
            let says = format!("{field} is \"{autotask}\" in Autotask and \"{jim2}\" in Jim2");
            self.find(Trouble::Differs, record, says);
        }
    }
}

/// Compares both worlds, each as its `/sandbox/state` tells it.
pub fn compare(autotask: &Value, jim2: &Value, settings: &Settings) -> Agreement {
    let world = World::of(autotask, jim2);
    let mut agreement = Agreement::default();
    for kind in ["companies", "contacts", "tickets", "notes"] {
        agreement.compared.insert(kind, 0);
    }
    let companies = company::check(&world, &mut agreement);
    alone::companies(&world, &companies, settings, &mut agreement);
    contact::check(&world, &companies, &mut agreement);
    alone::contacts(&world, &companies, settings, &mut agreement);
    let tickets = ticket::check(&world, &companies, settings, &mut agreement);
    alone::tickets(&world, &tickets, settings, &mut agreement);
    note::check(&world, &tickets, settings, &mut agreement);
    card_note::check(&world, &companies, settings, &mut agreement);
    attachment::check(&world, &tickets, settings, &mut agreement);
    time::check(&world, &tickets, settings, &mut agreement);
    billing::check(&world, &mut agreement);
    contract::check(&world, &companies, settings, &mut agreement);
    asset::check(&world, &companies, settings, &mut agreement);
    product::check(&world, settings, &mut agreement);
    purchase::check(&world, &companies, settings, &mut agreement);
    quote::check(&world, &companies, settings, &mut agreement);
    agreement
}

#[cfg(test)]
mod tests;
