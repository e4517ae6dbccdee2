//! What is attached to a ticket: one comment on its job lists it, and says at its end whose list it is
//! (`[autotask:attachments-7001]`).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::note::{self, strayed};
use super::ticket::{self, Pair};
use super::world::{World, text};
use super::{Agreement, Settings, Trouble, same, tables};

/// How a mark's id begins that is of a ticket's list.
const LIST: &str = "attachments-";
/// How a line of the list begins.
const ITEM: &str = "- ";

/// Compares the lists of all pairs where the site wants them. Lists that are there twice, or on another ticket's job, are told
/// in any case.
pub(super) fn check(
    world: &World<'_>,
    pairs: &[Pair],
    settings: &Settings,
    agreement: &mut Agreement,
) {
    let lists = lists(world, agreement);
    for pair in pairs {
        let none = Vec::new();
        let own = lists.get(&(pair.job.clone(), pair.ticket.clone()));
        let own = own.unwrap_or(&none);
        if own.len() > 1 {
            let says = format!("{} comments list what is attached to it", own.len());
            agreement.find(Trouble::Twice, &pair.label, says);
        }
        if !settings.makes("attachment") {
            continue;
        }
        let attached = attached(world, &pair.ticket);
        let titles: Vec<String> = attached.iter().map(|(title, _)| title.clone()).collect();
        let titles = titles.join("\n");
        if let Some(list) = own.first() {
            agreement.compared("lists of attachments");
            let is_same = titles == *list;
            agreement.value(is_same, &pair.label, "what is attached", &titles, list);
        } else if attached
            .iter()
            .any(|(_, at)| is_listed(world, pair, *at, settings))
        {
            let says = format!("no comment lists what is attached to it: \"{titles}\"");
            agreement.find(Trouble::Missing, &pair.label, says);
        }
    }
}

/// Whether a mark is that of a list, not of a note.
pub(super) fn is_list(mark: &str) -> bool {
    mark.starts_with(LIST)
}

/// What each list says, by its job and the ticket that it is of.
fn lists(world: &World<'_>, agreement: &mut Agreement) -> BTreeMap<(String, String), Vec<String>> {
    let mut lists: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for (id, comment) in &world.comments {
        let (words, mark) = note::split(&text(comment, "comment"), "autotask");
        let of = mark.as_deref().and_then(|mark| mark.strip_prefix(LIST));
        let is_ours = world.api_initials.contains(&text(comment, "modifyinit"));
        let Some(of) = of.filter(|_| is_ours) else {
            continue;
        };
        match strayed::ticket_of_job(world, id) {
            Some(here) if here != of => {
                let says = format!("comment {id} lists what is attached to ticket {of}");
                agreement.find(Trouble::Strayed, &format!("ticket {here}"), says);
            }
            Some(_) | None => {
                let job = id.split('-').next().unwrap_or_default().to_owned();
                let items = words.lines().filter_map(|line| line.strip_prefix(ITEM));
                let place = lists.entry((job, of.to_owned())).or_default();
                place.push(items.collect::<Vec<_>>().join("\n"));
            }
        }
    }
    lists
}

/// Title and time of everything that customers may see, in the order in which it came.
fn attached(world: &World<'_>, ticket: &str) -> Vec<(String, Option<DateTime<Utc>>)> {
    let of_ticket = world.attachments.iter().filter(|(_, one)| {
        text(one, "parentID") == ticket
            && tables::PUBLISHED.contains(&text(one, "publish").as_str())
    });
    let number = |id: &String| id.parse::<i64>().unwrap_or_default();
    let mut all: Vec<_> = of_ticket.collect();
    all.sort_by_key(|(id, _)| number(id));
    let told = all.into_iter().map(|(id, one)| {
        let told = [text(one, "title"), text(one, "fullPath")];
        let told = told.into_iter().find(|told| !told.trim().is_empty());
        let title = told.unwrap_or_else(|| format!("attachment {id}"));
        let words: Vec<&str> = title.split_whitespace().collect();
        (words.join(" "), same::utc(&text(one, "attachDate")))
    });
    told.collect()
}

/// Whether what came at this time has to be listed: a job that follows another begins without a list.
fn is_listed(
    world: &World<'_>,
    pair: &Pair,
    at: Option<DateTime<Utc>>,
    settings: &Settings,
) -> bool {
    let (Some(at), job) = (at, world.jobs[&pair.job]) else {
        return false;
    };
    let our_ref = text(job, "OurRef");
    let follows = ticket::reference(&our_ref).is_some_and(|(_, generation)| generation > 1);
    let begun = same::utc(&text(job, "madeAt"));
    settings.is_new(&at.to_rfc3339()) && (!follows || begun.is_none_or(|begun| begun <= at))
}
