//! Notes and comments: every one that travels has one copy, and no copy is copied again.
//!
//! A copy is made by the API's user and says at its end what it is a copy of: `[jim2:5001-2]`.

pub(super) mod strayed;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::ticket::Pair;
use super::world::{World, text};
use super::{Agreement, Settings, Trouble, attachment, same, tables};

/// The two ends of a note's way, in words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    /// What pairs of them are counted as.
    pub(super) counted: &'static str,
    pub(super) original: &'static str,
    pub(super) copy: &'static str,
}

const TO_JIM2: Ends = Ends {
    counted: "notes",
    original: "note",
    copy: "comment",
};
const TO_AUTOTASK: Ends = Ends {
    counted: "notes",
    original: "comment",
    copy: "note",
};

/// A note or comment, as both are compared.
pub(super) struct Note<'a> {
    pub(super) id: &'a str,
    pub(super) words: String,
    pub(super) author: String,
    /// The id of the other side's record that it is a copy of.
    pub(super) copy_of: Option<String>,
    /// Whether it may have a copy at all.
    pub(super) may_travel: bool,
    /// Whether it is recent enough that it must have one.
    pub(super) must_travel: bool,
}

/// Compares the notes of all pairs.
pub(super) fn check(
    world: &World<'_>,
    pairs: &[Pair],
    settings: &Settings,
    agreement: &mut Agreement,
) {
    let notes = by_parent(world.notes.iter(), |note, _| text(note, "ticketID"));
    let comments = by_parent(world.comments.iter(), |_, id| {
        id.split('-').next().unwrap_or_default().to_owned()
    });
    for pair in pairs {
        let is_judged = |at: &str| pair.is_made_by_us || settings.is_new(at);
        let none = Vec::new();
        let notes = notes.get(&pair.ticket).unwrap_or(&none).iter();
        let notes: Vec<_> = notes
            .map(|(id, note)| of_ticket(world, id, note, &is_judged))
            .collect();
        let comments = comments.get(&pair.job).unwrap_or(&none).iter();
        let comments: Vec<_> = comments
            .map(|(id, comment)| of_job(world, id, comment, &is_judged))
            .collect();
        copies(&pair.label, TO_JIM2, &notes, &comments, agreement);
        copies(&pair.label, TO_AUTOTASK, &comments, &notes, agreement);
    }
    strayed::check(world, agreement);
}

pub(super) type Children<'a> = BTreeMap<String, Vec<(&'a str, &'a Value)>>;

pub(super) fn by_parent<'a>(
    children: impl Iterator<Item = (&'a String, &'a &'a Value)>,
    parent: impl Fn(&Value, &str) -> String,
) -> Children<'a> {
    let mut found = Children::new();
    for (id, child) in children {
        let place = found.entry(parent(child, id)).or_default();
        place.push((id.as_str(), *child));
    }
    found
}

fn of_ticket<'a>(
    world: &World<'_>,
    id: &'a str,
    note: &Value,
    is_judged: &impl Fn(&str) -> bool,
) -> Note<'a> {
    let creator = text(note, "creatorResourceID");
    let (words, mark) = split(&text(note, "description"), "jim2");
    let is_ours = world.api_resources.contains(&creator);
    let resource = world.resources.get(&creator);
    let is_public = tables::PUBLISHED.contains(&text(note, "publish").as_str());
    let is_system = text(note, "noteType") == tables::WORKFLOW_NOTE;
    let may_travel = !is_ours && is_public && !is_system && !words.is_empty();
    Note {
        id,
        may_travel,
        must_travel: may_travel && is_judged(&same::zoned(&text(note, "createDateTime"))),
        words,
        author: resource.map_or_else(String::new, |one| text(one, "lastName")),
        copy_of: mark.filter(|_| is_ours),
    }
}

fn of_job<'a>(
    world: &World<'_>,
    id: &'a str,
    comment: &Value,
    is_judged: &impl Fn(&str) -> bool,
) -> Note<'a> {
    let initials = text(comment, "modifyinit");
    let (words, mark) = split(&text(comment, "comment"), "autotask");
    let is_ours = world.api_initials.contains(&initials);
    let said = words.strip_prefix("Status changed to ").unwrap_or(&words);
    let is_stamp = words.is_empty() || said.eq_ignore_ascii_case(&text(comment, "status"));
    let may_travel = !is_ours && !is_stamp;
    Note {
        id,
        may_travel,
        must_travel: may_travel && is_judged(&text(comment, "modifydate")),
        words,
        author: author(world, &initials),
        copy_of: mark.filter(|mark| is_ours && !attachment::is_list(mark)),
    }
}

/// The last name of the user of Jim2 with these initials.
pub(super) fn author(world: &World<'_>, initials: &str) -> String {
    let mut users = world.cards.values().map(|card| (*card, &card["user"]));
    let user = users.find(|(_, user)| text(user, "initials") == initials);
    let name = user.map_or_else(String::new, |(card, _)| text(card, "name"));
    name.rsplit(' ').next().unwrap_or_default().to_owned()
}

/// The words, and the id in a mark `[system:id]` at their end.
pub(super) fn split(text: &str, system: &str) -> (String, Option<String>) {
    let text = same::tidy(text);
    let marked = text
        .strip_suffix(']')
        .and_then(|open| open.rsplit_once('['))
        .and_then(|(words, token)| Some((words, token.strip_prefix(system)?.strip_prefix(':')?)));
    match marked {
        Some((words, id)) => (words.trim().to_owned(), Some(id.to_owned())),
        None => (text, None),
    }
}

/// Holds the copies on one side against the originals on the other.
pub(super) fn copies(
    label: &str,
    ends: Ends,
    originals: &[Note<'_>],
    there: &[Note<'_>],
    agreement: &mut Agreement,
) {
    let (original_is, copy_is) = (ends.original, ends.copy);
    let mut copied = BTreeSet::new();
    for copy in there {
        let Some(source) = &copy.copy_of else {
            continue;
        };
        let name = format!("{copy_is} {} (copy of {original_is} {source})", copy.id);
        if !copied.insert(source.clone()) {
            agreement.find(Trouble::Twice, label, format!("{name} is there already"));
        }
        let Some(original) = originals.iter().find(|one| one.id == source) else {
            continue;
        };
        agreement.compared(ends.counted);
        if original.copy_of.is_some() {
            agreement.find(Trouble::Strayed, label, format!("{name} came back as new"));
        }
        let has_all = copy.words.contains(&original.words) && copy.words.contains(&original.author);
        agreement.value(has_all, label, &name, &original.words, &copy.words);
    }
    for original in originals {
        let has_copy = copied.contains(original.id);
        if original.must_travel && !has_copy {
            let says = format!(
                "{original_is} {} has no {copy_is}: \"{}\"",
                original.id, original.words
            );
            agreement.find(Trouble::Missing, label, says);
        }
        // A copy of a copy is told above.
        if has_copy && !original.may_travel && original.copy_of.is_none() {
            let says = format!("{original_is} {} should not have travelled", original.id);
            agreement.find(Trouble::Strayed, label, says);
        }
    }
}
