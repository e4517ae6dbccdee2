//! What people did, and what has become of it.

use std::collections::{BTreeMap, BTreeSet};

use domain::System as Side;
use sandbox::check::{Finding, Trouble};

use super::{
    people::People,
    worlds::{self, Journal, Worlds},
};
use crate::system::System;

/// A value that people of both sides change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// The purchase order of a ticket.
    PurchaseOrder(i64),
    /// The name of a company.
    CompanyName(i64),
    /// The title of a contact.
    ContactTitle(i64),
}

impl Place {
    /// Kind and Autotask's id of its pair.
    fn pair(&self) -> String {
        match self {
            Self::PurchaseOrder(id) => format!("ticket {id}"),
            Self::CompanyName(id) => format!("company {id}"),
            Self::ContactTitle(id) => format!("contact {id}"),
        }
    }
}

/// Everything that was entered. Each text has a word in it that is nowhere else.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    changes: usize,
    entered: BTreeMap<Place, Vec<(Side, String)>>,
    notes: Vec<(i64, String)>,
    /// What else was done how often, by what it is called.
    pub(super) done: BTreeMap<&'static str, usize>,
}

/// What the run came to.
#[derive(Debug)]
pub(super) struct Verdict {
    /// By what was done.
    pub(super) sent: BTreeMap<&'static str, usize>,
    /// What people entered and is neither there, nor carried and later changed, nor in the journal.
    pub(super) lost: Vec<String>,
    /// What is there twice.
    pub(super) doubled: Vec<String>,
    /// What both sides say otherwise, or one does not have.
    pub(super) different: Vec<String>,
    /// Values that gave way to the other side's, with their evidence in the journal.
    pub(super) conflicts: usize,
    /// Edits in Jim2 that a write of ours took the place of, told in the journal by who made them.
    pub(super) possibly: usize,
    /// Held items by the code of their problem, before what was planted was mended.
    pub(super) held: BTreeMap<String, i64>,
    /// The same, as it must be.
    pub(super) planted: BTreeMap<String, i64>,
    /// What is held in the end besides.
    pub(super) still_held: BTreeMap<String, i64>,
    /// What is held in the end, in words.
    pub(super) waiting: Vec<String>,
    /// Messages that nobody could handle.
    pub(super) dead: i64,
    /// Values compared.
    pub(super) compared: usize,
}

impl Verdict {
    pub(super) fn is_clean(&self) -> bool {
        self.lost.is_empty()
            && self.doubled.is_empty()
            && self.different.is_empty()
            && self.held == self.planted
            && self.still_held == Self::lasting(&self.planted)
            && self.dead == 0
    }

    /// What mending the mapping does not release: what people deleted.
    fn lasting(planted: &BTreeMap<String, i64>) -> BTreeMap<String, i64> {
        let mut lasting = planted.clone();
        lasting.retain(|code, _| code != "lookup-missing");
        lasting
    }
}

impl Ledger {
    pub(super) const fn changes(&self) -> usize {
        self.changes
    }

    /// The next word that is nowhere else.
    pub(super) fn word(&mut self) -> String {
        self.changes += 1;
        format!("L{:06}", self.changes)
    }

    pub(super) fn entered(&mut self, place: Place, side: Side, text: String) {
        let word = match &place {
            Place::PurchaseOrder(_) => "purchase orders",
            Place::CompanyName(_) => "company names",
            Place::ContactTitle(_) => "contact titles",
        };
        self.did(word);
        self.entered.entry(place).or_default().push((side, text));
    }

    /// A note on a ticket, or a comment on its job.
    pub(super) fn noted(&mut self, ticket: i64, text: String) {
        self.did("notes and comments");
        self.notes.push((ticket, text));
    }

    pub(super) fn did(&mut self, what: &'static str) {
        *self.done.entry(what).or_default() += 1;
    }

    /// Holds what was done against both systems and the journal.
    pub(super) async fn judge(
        &self,
        system: &System,
        people: &People,
        held: BTreeMap<String, i64>,
    ) -> Verdict {
        let journal = worlds::journal(system).await;
        let agreement = system.agreement().await;
        let is_planted = |finding: &Finding| {
            let mut deleted = people.deleted.values();
            deleted.any(|number| finding.record.contains(number) || finding.says.contains(number))
        };
        let found = |is_double: bool| {
            let findings = agreement.findings.iter().filter(|it| !is_planted(it));
            let findings = findings.filter(|it| (it.trouble == Trouble::Twice) == is_double);
            findings
                .map(|it| format!("{}: {}", it.record, it.says))
                .collect()
        };
        let mut verdict = Verdict {
            sent: self.done.clone(),
            lost: Vec::new(),
            doubled: found(true),
            different: found(false),
            conflicts: 0,
            possibly: 0,
            held,
            planted: people.planted(),
            still_held: worlds::held(system).await,
            waiting: worlds::waiting(system).await,
            dead: worlds::dead(system).await,
            compared: agreement.values,
        };
        let worlds = Worlds::see(system).await;
        for (place, entered) in &self.entered {
            judge_place(place, entered, &worlds, &journal, &mut verdict);
        }
        self.judge_notes(&worlds, people, &mut verdict);
        verdict
    }

    /// Each is once on either side.
    fn judge_notes(&self, worlds: &Worlds, people: &People, verdict: &mut Verdict) {
        let on_the_desk = |(ticket, _): &&(i64, String)| !people.deleted.contains_key(ticket);
        for (_, text) in self.notes.iter().filter(on_the_desk) {
            let (notes, comments) = worlds.count_notes(text);
            if notes > 1 || comments > 1 {
                verdict
                    .doubled
                    .push(format!("{text:?} is {notes} notes and {comments} comments"));
            } else if notes == 0 || comments == 0 {
                verdict
                    .lost
                    .push(format!("{text:?} is {notes} notes and {comments} comments"));
            }
        }
    }
}

/// The value is the last of one side; the last of the other, where it is not the same, is in the journal, or it was
/// entered in Jim2, which tells who changed a record and not what, and the journal tells whose edit it was.
fn judge_place(
    place: &Place,
    entered: &[(Side, String)],
    worlds: &Worlds,
    journal: &Journal,
    verdict: &mut Verdict,
) {
    let Some((autotask, jim2)) = worlds.values(place) else {
        return;
    };
    if autotask != jim2 {
        let says = format!("{place:?} is {autotask:?} in Autotask and {jim2:?} in Jim2");
        verdict.different.push(says);
    }
    let last = |side| entered.iter().rev().find(|(by, _)| *by == side);
    let lasts: BTreeSet<&String> = Side::BOTH
        .into_iter()
        .filter_map(|side| last(side).map(|(_, text)| text))
        .collect();
    let told = journal.get(&place.pair()).map_or("", String::as_str);
    if !lasts.contains(&autotask) {
        let says = format!(
            "{place:?} is {autotask:?}, and people entered {lasts:?} last; {entered:?} was entered, and journalled was: \
             {told}"
        );
        verdict.lost.push(says);
    }
    for text in lasts.into_iter().filter(|text| **text != autotask) {
        let is_of_jim2 = last(Side::Jim2).is_some_and(|(_, last)| last == text);
        if told.contains(text.as_str()) {
            verdict.conflicts += 1;
        } else if is_of_jim2 && told.contains("possibly-overwritten") {
            verdict.possibly += 1;
        } else {
            let says = format!(
                "{place:?} was {text:?}: {autotask:?} took its place, and the journal does not know; {entered:?} was \
                 entered, and journalled was: {told}"
            );
            verdict.lost.push(says);
        }
    }
}
