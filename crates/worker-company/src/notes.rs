//! Notes of cards, which become notes of their companies where the site wants that: never the other way round. Pure.

use autotask::CompanyNote;
use domain::{Fixer, Problem, System, Value};
use jim2::{CardNote, part_id};
use sync::{ALL_CHILDREN, Carry, Child, ChildPair, Facts, Fields, Half, Mark, shortened};

use crate::KIND;

/// The switch: off until the site says otherwise, and free until then.
pub const SWITCH: &str = "notes.company";

/// Who a note is written for: the resource that its author is.
pub(crate) const RESOURCE: &str = "resource";
/// When it was written.
pub(crate) const AT: &str = "at";
/// What kind of note the site calls it.
pub(crate) const TITLE: &str = "title";

/// Room for the author's name and the mark in a note of 32,000 characters (`autotask.md` §6).
const LONGEST: usize = 31_000;

/// How much of a note is quoted to people.
const QUOTED: usize = 60;

/// The longest title of a company's note.
const TITLE_MAX: usize = 128;

/// Tells a company its notes that are copies, all of them.
pub(crate) fn tell_company(half: &mut Half, notes: &[CompanyNote]) {
    let id = half.id.number();
    let own = notes
        .iter()
        .filter(|note| note.company_id.get().copied() == id);
    half.children = own.filter_map(copy).collect();
    half.flag(ALL_CHILDREN, true);
}

/// Only a mark makes a note ours: Autotask does not tell who made it (`autotask.md` §6: a company's note has no
/// creator). Its author is a person, as Autotask asks for one.
fn copy(note: &CompanyNote) -> Option<Child> {
    let text = note.note.get().map_or("", String::as_str);
    let (text, mark) = Mark::split(text);
    let mark = mark.filter(|mark| mark.system == System::Jim2)?;
    Some(Child {
        id: note.id.into(),
        text: text.to_owned(),
        author: String::new(),
        at: note.start_date_time.get().copied(),
        ours: true,
        mark: Some(mark),
        facts: [].into(),
    })
}

/// Tells a card its notes, all of them.
pub(crate) fn tell_card(half: &mut Half, notes: &[CardNote]) {
    let card = half.id.number();
    let own = notes.iter().filter(|note| Some(note.card_no) == card);
    half.children = own.map(original).collect();
    half.flag(ALL_CHILDREN, true);
}

/// Nobody but people writes notes in Jim2.
fn original(note: &CardNote) -> Child {
    let (text, mark) = Mark::split(note.text.get().map_or("", |text| text.trim()));
    let kind = note.kind.get().map(|kind| (TITLE, kind.trim().into()));
    Child {
        id: part_id::join(note.card_no, note.note_no).into(),
        text: text.to_owned(),
        author: note.init.get().cloned().unwrap_or_default(),
        at: note.at.get().copied(),
        ours: false,
        mark,
        facts: kind.into_iter().collect(),
    }
}

/// Whether a note travels, and what its copy says.
pub(crate) fn carry(from: System, note: &Child, facts: &Facts) -> Carry {
    let words = note.text.trim();
    if from == System::Autotask {
        return Carry::No("notes of companies stay in Autotask");
    }
    if !facts.is_on(SWITCH) {
        return Carry::No("notes of cards stay in Jim2");
    }
    if note.mark.is_some() {
        return Carry::No("it is a copy of something of Autotask's");
    }
    if words.is_empty() {
        return Carry::No("it says nothing");
    }
    let Some(at) = note.at else {
        return Carry::No("Jim2 does not tell when it was written, which Autotask asks for");
    };
    let words = shortened(words, LONGEST);
    let initials = note.author.trim();
    let name = facts.label("technician", System::Jim2, initials);
    let text = if initials.is_empty() {
        words
    } else {
        format!("{name} wrote:\n{words}")
    };
    let mut extra = Fields::from([
        (AT.to_owned(), at.to_rfc3339().into()),
        (TITLE.to_owned(), title(note).into()),
    ]);
    extra.extend(resource(initials, facts).map(|id| (RESOURCE.to_owned(), id.into())));
    Carry::Yes {
        text,
        internal: true,
        extra,
    }
}

fn title(note: &Child) -> String {
    let kind = note.facts.get(TITLE).and_then(Value::as_text);
    let title = kind.filter(|kind| !kind.is_empty()).map_or_else(
        || "Jim2 note".to_owned(),
        |kind| format!("Jim2 note: {kind}"),
    );
    title.chars().take(TITLE_MAX).collect()
}

/// The resource with these initials. A note of nobody we know is written for somebody else, not held.
fn resource(initials: &str, facts: &Facts) -> Option<i64> {
    let mapping = facts.mapping("technician", System::Jim2, initials)?;
    mapping.to.as_deref()?.trim().parse().ok()
}

/// A note that was deleted on one side: it is not made again, and no call deletes its copy.
pub(crate) fn gone(on: System, half: &Half, pair: &ChildPair) -> Option<Problem> {
    let (here, there) = (pair.id(on)?, pair.id(on.other())?);
    let first = pair.shadow.text.lines().next().unwrap_or_default();
    let says = match on {
        System::Jim2 => format!(
            "note {here} of {} (\"{}\") was deleted in Jim2; its copy, note {there}, is still in Autotask",
            half.label,
            shortened(first, QUOTED)
        ),
        System::Autotask => format!(
            "note {here} of {} (\"{}\") was deleted in Autotask, or lost its last line; it is not made again, and \
             edits of note {there} of the card stay in Jim2",
            half.label,
            shortened(first, QUOTED)
        ),
    };
    let step = match on {
        System::Jim2 => "delete the copy in Autotask by hand, as no API does",
        System::Autotask => "delete the note in Jim2, too, or leave it",
    };
    let step = format!("{step}; to leave it as it is: crossbill held archive");
    Some(half.problem(&KIND, on, code(on), says, (Fixer::Desk, step)))
}

const fn code(on: System) -> &'static str {
    match on {
        System::Autotask => "note-deleted-in-autotask",
        System::Jim2 => "note-deleted-in-jim2",
    }
}
