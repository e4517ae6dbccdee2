//! Which notes and comments travel, and what they say on the other side.

use domain::Value;
use sync::{Carry, Child, Facts, Fields, shortened};

use crate::{
    halves::{LINK, LIST},
    settings,
};

/// Room for the author's name and the mark in a note of 32,000 characters.
const LONGEST: usize = 31_000;

/// A ticket's note on its way to the job's comments: only what customers may see, unless the site opts in.
pub(super) fn to_jim2(note: &Child, facts: &Facts) -> Carry {
    let publish = note.facts.get("publish").and_then(Value::as_number);
    let is_public =
        publish.is_some_and(|publish| settings::customer_publish_values(facts).contains(&publish));
    if !facts.is_on("jim2.comments_writable") {
        Carry::No("this Jim2 takes no comments")
    } else if is(note, LIST) {
        listed(note)
    } else if is(note, "system") {
        Carry::No("Autotask wrote the note by itself")
    } else if !is_public && !facts.is_on("notes.internal_to_jim2") {
        Carry::No("the note is internal")
    } else {
        said(note, false)
    }
}

/// The list of what is attached to a ticket: a comment names it and links to the ticket, and nothing is copied.
fn listed(list: &Child) -> Carry {
    let mut text = if list.text.is_empty() {
        "The ticket has no attachments in Autotask any more.".to_owned()
    } else {
        format!(
            "Attachments in Autotask:\n{}",
            shortened(&list.text, LONGEST)
        )
    };
    if let Some(link) = list.facts.get(LINK).and_then(Value::as_text) {
        text.push('\n');
        text.push_str(link);
    }
    Carry::Yes {
        text,
        internal: true,
        extra: Fields::new(),
    }
}

/// A job's comment on its way to the ticket's notes: internal, unless it is included and the site publishes such.
pub(super) fn to_autotask(comment: &Child, facts: &Facts) -> Carry {
    let is_labour = is(comment, "labour")
        || facts
            .setting("notes.labour_prefix")
            .is_some_and(|prefix| !prefix.is_empty() && comment.text.starts_with(prefix));
    if is(comment, "stamp") {
        Carry::No("the line only stamps a status")
    } else if is_labour {
        Carry::No("the line comes from labour")
    } else {
        let is_public = is(comment, "include") && facts.is_on("notes.publish_to_customers");
        said(comment, !is_public)
    }
}

/// The words with their author. What carries a mark is a copy, whoever touched it since.
fn said(child: &Child, internal: bool) -> Carry {
    let words = child.text.trim();
    if child.mark.is_some() {
        return Carry::No("it is a copy already");
    }
    if words.is_empty() {
        return Carry::No("it says nothing");
    }
    let words = shortened(words, LONGEST);
    let text = if child.author.is_empty() {
        words
    } else {
        format!("{} wrote:\n{words}", child.author)
    };
    Carry::Yes {
        text,
        internal,
        extra: Fields::new(),
    }
}

fn is(child: &Child, fact: &str) -> bool {
    child.facts.get(fact) == Some(&Value::Flag(true))
}
