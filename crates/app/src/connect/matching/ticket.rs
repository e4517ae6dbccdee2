//! Open tickets and jobs that were made for them before Crossbill.

use std::collections::{BTreeMap, BTreeSet};

use super::{By, Doubt, Link, Matched, Settled};

/// An open ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::connect) struct Ticket {
    /// Its id.
    pub(in crate::connect) id: i64,
    /// Its number.
    pub(in crate::connect) number: String,
    /// Its title.
    pub(in crate::connect) title: String,
    /// The card of its company, where that is linked.
    pub(in crate::connect) card_no: Option<i64>,
    /// The job it names.
    pub(in crate::connect) job_no: Option<i64>,
}

impl Ticket {
    fn label(&self) -> String {
        format!("{} {}", self.number, self.title)
    }
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::connect) struct Job {
    /// Its number.
    pub(in crate::connect) no: i64,
    /// Our reference.
    pub(in crate::connect) our_ref: String,
    /// The customer's reference.
    pub(in crate::connect) cust_ref: String,
    /// The cards that pay for it, that it is for and that it came from, where they were told.
    pub(in crate::connect) cards: Vec<i64>,
}

impl Job {
    /// Which job of the ticket with this number it is, if it is one.
    fn generation_of(&self, number: &str) -> Option<i32> {
        generation(&self.our_ref, number).or_else(|| generation(&self.cust_ref, number))
    }
}

/// Links tickets by the job they name, else by their number on one job alone.
pub(in crate::connect) fn tickets(tickets: &[Ticket], jobs: &[Job], settled: &Settled) -> Matched {
    let by_number = by_number(jobs);
    let mut matched = Matched::default();
    for ticket in tickets
        .iter()
        .filter(|one| !settled.autotask.contains(&one.id))
    {
        match judge(ticket, jobs, &by_number) {
            Ok(None) => {}
            Ok(Some((job, generation, by))) => match refusal(ticket, job, settled) {
                None => matched.links.push(Link {
                    autotask: ticket.id,
                    jim2: job.no.to_string(),
                    label: ticket.label(),
                    generation,
                    by,
                }),
                Some(why) => matched.doubts.push(doubt(ticket, &[job.no], why)),
            },
            Err((candidates, why)) => matched.doubts.push(doubt(ticket, &candidates, why)),
        }
    }
    matched.without_doubles()
}

/// A job with its generation and what says so, or none; or candidates, and why it is none of them.
type Verdict<'a> = Result<Option<(&'a Job, i32, By)>, (Vec<i64>, String)>;

fn judge<'a>(
    ticket: &Ticket,
    jobs: &'a [Job],
    by_number: &BTreeMap<String, Vec<usize>>,
) -> Verdict<'a> {
    if let Some(no) = ticket.job_no {
        let job = jobs.iter().find(|job| job.no == no);
        let job = job.ok_or_else(|| {
            (
                Vec::new(),
                format!("it names job {no}, which is not in Jim2"),
            )
        })?;
        let generation = job.generation_of(&ticket.number).unwrap_or(1);
        return Ok(Some((job, generation, By::Reference)));
    }
    let places = by_number.get(&ticket.number.to_lowercase());
    let mut found: Vec<(&Job, i32)> = places
        .into_iter()
        .flatten()
        .filter_map(|place| Some((&jobs[*place], jobs[*place].generation_of(&ticket.number)?)))
        .collect();
    found.sort_by_key(|(job, generation)| (*generation, job.no));
    match found.as_slice() {
        [] => Ok(None),
        [(job, generation)] => Ok(Some((job, *generation, By::Number))),
        // Several jobs of one ticket, numbered: the last is the current one.
        [.., (_, before), (job, last)] if before < last && ours(&found, &ticket.number) => {
            Ok(Some((job, *last, By::Number)))
        }
        several => Err((
            several.iter().map(|(job, _)| job.no).collect(),
            format!("{} jobs have its number", several.len()),
        )),
    }
}

/// Whether all of these jobs carry the number where and how we write it.
fn ours(found: &[(&Job, i32)], number: &str) -> bool {
    let is_ours = |job: &Job| generation_in(job.our_ref.trim(), number).is_some();
    found.iter().all(|(job, _)| is_ours(job))
}

/// Why a ticket is not linked with the job that its number or reference leads to.
fn refusal(ticket: &Ticket, job: &Job, settled: &Settled) -> Option<String> {
    if settled.jim2.contains(&job.no.to_string()) {
        return Some(format!(
            "job {} is linked with another ticket, or ignored",
            job.no
        ));
    }
    let is_other = |card: i64| !job.cards.is_empty() && !job.cards.contains(&card);
    ticket
        .card_no
        .filter(|card| is_other(*card))
        .map(|card| format!("job {} is not for its company's card {card}", job.no))
}

/// The places of jobs by the words on them that may be ticket numbers, in small letters.
fn by_number(jobs: &[Job]) -> BTreeMap<String, Vec<usize>> {
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, job) in jobs.iter().enumerate() {
        let words = words(&job.our_ref).chain(words(&job.cust_ref));
        let numbers: BTreeSet<String> = words
            .map(|word| number_of(word).to_lowercase())
            .filter(|number| !number.is_empty())
            .collect();
        for number in numbers {
            places.entry(number).or_default().push(place);
        }
    }
    places
}

/// A reference as a whole, and the words in it: people write more than a number there.
fn words(reference: &str) -> impl Iterator<Item = &str> {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '/');
    let words = reference.split(move |letter| !is_part(letter));
    let words = words.map(|word| word.trim_matches(['.', '/']));
    std::iter::once(reference.trim()).chain(words)
}

/// A word without its generation.
fn number_of(word: &str) -> &str {
    word.split_once('/').map_or(word, |(number, _)| number)
}

/// Which job of the ticket with this number a reference tells, if it has the number in it.
fn generation(reference: &str, number: &str) -> Option<i32> {
    words(reference).find_map(|word| generation_in(word, number))
}

/// `T20261123.0001` is the first job of that ticket, `T20261123.0001/2` its second.
fn generation_in(word: &str, number: &str) -> Option<i32> {
    let (head, rest) = word.split_at_checked(number.len())?;
    if number.is_empty() || !head.eq_ignore_ascii_case(number) {
        return None;
    }
    if rest.is_empty() {
        return Some(1);
    }
    let generation = rest.strip_prefix('/')?.parse().ok();
    generation.filter(|generation| *generation > 0)
}

fn doubt(ticket: &Ticket, candidates: &[i64], why: String) -> Doubt {
    Doubt {
        autotask: Some(ticket.id),
        name: ticket.label(),
        candidates: candidates.iter().map(i64::to_string).collect(),
        why,
    }
}

#[cfg(test)]
mod tests;
