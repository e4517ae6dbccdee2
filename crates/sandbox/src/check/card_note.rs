//! Notes of cards and their copies: notes of the company whose card it is.
//!
//! Autotask does not tell who made a company's note, so the mark at its end alone says that it is a copy. Only its words
//! follow what becomes of the original: for whom it is, its title and its time are those of when it was made.

use std::collections::BTreeMap;

use serde_json::Value;

use super::note::{self, Ends, Note};
use super::world::{World, text};
use super::{Agreement, Settings, Trouble};

const ENDS: Ends = Ends {
    counted: "notes of cards",
    original: "note of the card",
    copy: "note",
};

/// Compares the notes of all paired cards where the site has them travel. Copies that are there twice, or on another company,
/// are told in any case.
pub(super) fn check(
    world: &World<'_>,
    cards: &BTreeMap<String, String>,
    settings: &Settings,
    agreement: &mut Agreement,
) {
    let travels = settings.makes("card-note");
    let originals = note::by_parent(world.card_notes.iter(), |note, _| text(note, "CardNo"));
    let copies = note::by_parent(world.company_notes.iter(), |it, _| text(it, "companyID"));
    let none = Vec::new();
    for (id, card) in cards {
        let company = world.companies[id];
        let by = text(company, "createdByResourceID");
        let by_us = world.api_resources.contains(&by);
        let label = format!("company {} and card {card}", text(company, "companyName"));
        let originals = originals.get(card).filter(|_| travels).unwrap_or(&none);
        let originals: Vec<Note<'_>> = originals
            .iter()
            .map(|(id, it)| original(world, id, it, by_us || settings.is_new(&text(it, "date"))))
            .collect();
        let copies = copies.get(id).unwrap_or(&none).iter();
        let copies: Vec<Note<'_>> = copies.map(|(id, note)| copy(id, note)).collect();
        elsewhere(world, (&label, card), &copies, travels, agreement);
        note::copies(&label, ENDS, &originals, &copies, agreement);
    }
}

/// Nobody but people writes on cards; what says of itself that it is a copy does not go back.
fn original<'a>(world: &World<'_>, id: &'a str, note: &Value, is_judged: bool) -> Note<'a> {
    let (words, mark) = note::split(&text(note, "text"), "autotask");
    let may_travel = mark.is_none() && !words.is_empty();
    Note {
        id,
        may_travel,
        must_travel: may_travel && is_judged,
        words,
        author: note::author(world, &text(note, "by")),
        copy_of: None,
    }
}

/// Nothing goes from a company's notes to its card.
fn copy<'a>(id: &'a str, note: &Value) -> Note<'a> {
    let (words, copy_of) = note::split(&text(note, "note"), "jim2");
    Note {
        id,
        words,
        author: String::new(),
        copy_of,
        may_travel: false,
        must_travel: false,
    }
}

/// Copies whose original is on another card, or gone: nothing is written then before a person has looked.
fn elsewhere(
    world: &World<'_>,
    (label, card): (&str, &str),
    copies: &[Note<'_>],
    travels: bool,
    agreement: &mut Agreement,
) {
    for copy in copies {
        let Some(source) = &copy.copy_of else {
            continue;
        };
        let name = format!("note {} is a copy of note {source} of a card", copy.id);
        match world.card_notes.get(source).map(|it| text(it, "CardNo")) {
            Some(other) if other != card => {
                let says = format!("{name}, which belongs to card {other}");
                agreement.find(Trouble::Strayed, label, says);
            }
            None if travels => {
                let says = format!("{name}, which is not there any more");
                agreement.find(Trouble::Missing, label, says);
            }
            Some(_) | None => {}
        }
    }
}
