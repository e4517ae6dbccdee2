//! Both systems and the database as they are in the end.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::ledger::Place;
use crate::system::{System, text, udf};

/// Both systems by the places that people change.
pub(super) struct Worlds {
    tickets: HashMap<i64, Value>,
    companies: HashMap<i64, Value>,
    contacts: HashMap<i64, Value>,
    jobs: HashMap<String, Value>,
    cards: HashMap<String, Value>,
    persons: HashMap<String, Value>,
    notes: Vec<String>,
    comments: Vec<String>,
}

impl Worlds {
    pub(super) async fn see(system: &System) -> Self {
        let autotask = system.hands.autotask.everything().await.unwrap();
        let jim2 = system.hands.jim2.everything().await.unwrap();
        let texts = |records: &Value, field: &str| {
            let records = records.as_array().into_iter().flatten();
            records.map(|record| text(record, field)).collect()
        };
        Self {
            tickets: by_number(&autotask["Tickets"]),
            companies: by_number(&autotask["Companies"]),
            contacts: by_number(&autotask["Contacts"]),
            jobs: by_name(&jim2["Job"]),
            cards: by_name(&jim2["CardFile"]),
            persons: by_name(&jim2["CardFileContact"]),
            notes: texts(&autotask["TicketNotes"], "description"),
            comments: texts(&jim2["JobComment"], "comment"),
        }
    }

    /// What both sides say there; nothing where the record is gone.
    pub(super) fn values(&self, place: &Place) -> Option<(String, String)> {
        let (record, field, other, theirs) = match place {
            Place::PurchaseOrder(id) => {
                let ticket = self.tickets.get(id)?;
                let job = self.jobs.get(&udf(ticket, "Jim2 Job#"));
                (ticket, "purchaseOrderNumber", job, "CustRef")
            }
            Place::CompanyName(id) => {
                let company = self.companies.get(id)?;
                let card = self.cards.get(&udf(company, "Jim2 CardNo"));
                (company, "companyName", card, "name")
            }
            Place::ContactTitle(id) => {
                let contact = self.contacts.get(id)?;
                let person = self.persons.get(&text(contact, "externalID"));
                (contact, "title", person, "jobTitle")
            }
        };
        let there = other.map_or_else(|| "no record".to_owned(), |other| text(other, theirs));
        Some((text(record, field), there))
    }

    /// How many notes and how many comments say this.
    pub(super) fn count_notes(&self, words: &str) -> (usize, usize) {
        let count = |texts: &[String]| texts.iter().filter(|text| text.contains(words)).count();
        (count(&self.notes), count(&self.comments))
    }
}

fn by_number(records: &Value) -> HashMap<i64, Value> {
    let records = records.as_array().into_iter().flatten();
    let keyed = |record: &Value| Some((record["id"].as_i64()?, record.clone()));
    records.filter_map(keyed).collect()
}

fn by_name(records: &Value) -> HashMap<String, Value> {
    let records = records.as_array().into_iter().flatten();
    records
        .map(|record| (text(record, "id"), record.clone()))
        .collect()
}

/// Held items by the code of their problem.
pub(super) async fn held(system: &System) -> BTreeMap<String, i64> {
    let codes = system
        .database
        .texts(
            "select distinct on (h.id) coalesce(p.code, h.reason) from held h
             left join held_problem hp on hp.held_id = h.id left join problem p using (identity)
             where h.archived_at is null order by h.id, 1",
        )
        .await;
    let mut held = BTreeMap::new();
    for code in codes {
        *held.entry(code).or_default() += 1;
    }
    held
}

/// What is held, in words.
pub(super) async fn waiting(system: &System) -> Vec<String> {
    system
        .database
        .texts("select label || ': ' || reason from held where archived_at is null order by 1")
        .await
}

/// What was journalled of each pair, but for differences from before: by kind and Autotask's id, in order.
pub(super) type Journal = HashMap<String, String>;

pub(super) async fn journal(system: &System) -> Journal {
    let told = system
        .database
        .texts(
            "select p.kind || ' ' || p.autotask_id || chr(9) || string_agg(
                 j.at::time(3) || ' ' || j.what || ' ' || coalesce(j.system, '') || ' ' || j.body, '; ' order by j.id)
             from journal j join pair p on p.id = j.pair_id
             where j.what <> 'drift' and p.autotask_id is not null group by p.kind, p.autotask_id",
        )
        .await;
    let keyed = |line: &String| {
        let (pair, told) = line.split_once('\t')?;
        Some((pair.to_owned(), told.to_owned()))
    };
    told.iter().filter_map(keyed).collect()
}

/// Messages that nobody could handle.
pub(super) async fn dead(system: &System) -> i64 {
    system
        .database
        .count("select count(*) from held where body is not null and archived_at is null")
        .await
}

/// Calls that this Autotask has answered.
pub(super) async fn autotask_calls(system: &System) -> u64 {
    let stats = system.hands.autotask.stats().await.unwrap();
    stats["calls"]["total"].as_u64().unwrap()
}
