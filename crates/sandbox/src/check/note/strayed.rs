//! Copies on a ticket or job that their originals do not belong to.

use super::split;
use crate::check::world::{World, text};
use crate::check::{Agreement, Trouble, ticket};

/// Every copy against the ticket of its original. Originals that are gone tell nothing.
pub(super) fn check(world: &World<'_>, agreement: &mut Agreement) {
    for (id, comment) in &world.comments {
        let Some(note) = mark(comment, "comment", "autotask")
            .filter(|_| world.api_initials.contains(&text(comment, "modifyinit")))
        else {
            continue;
        };
        let there = world.notes.get(&note).map(|note| text(note, "ticketID"));
        let here = ticket_of_job(world, id);
        tell(
            there,
            here,
            &format!("comment {id}"),
            &format!("note {note}"),
            agreement,
        );
    }
    for (id, note) in &world.notes {
        let Some(comment) = mark(note, "description", "jim2").filter(|_| {
            world
                .api_resources
                .contains(&text(note, "creatorResourceID"))
        }) else {
            continue;
        };
        let known = world.comments.contains_key(&comment);
        let there = known.then(|| ticket_of_job(world, &comment)).flatten();
        let here = Some(text(note, "ticketID"));
        tell(
            there,
            here,
            &format!("note {id}"),
            &format!("comment {comment}"),
            agreement,
        );
    }
}

fn tell(
    there: Option<String>,
    here: Option<String>,
    copy: &str,
    original: &str,
    agreement: &mut Agreement,
) {
    if let (Some(there), Some(here)) = (there, here)
        && there != here
    {
        let says = format!("{copy} is a copy of {original}, which belongs to ticket {there}");
        agreement.find(Trouble::Strayed, &format!("ticket {here}"), says);
    }
}

fn mark(record: &serde_json::Value, field: &str, system: &str) -> Option<String> {
    split(&text(record, field), system).1
}

/// The id of the ticket of the job that a comment is on: of whichever of the ticket's jobs it is.
pub(in crate::check) fn ticket_of_job(world: &World<'_>, comment: &str) -> Option<String> {
    let job = world.jobs.get(comment.split('-').next()?)?;
    let our_ref = text(job, "OurRef");
    let (number, _) = ticket::reference(&our_ref)?;
    world.ticket_numbered(number).map(|(id, _)| id.to_owned())
}
