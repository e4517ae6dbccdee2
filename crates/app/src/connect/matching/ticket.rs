//! Open tickets and jobs that were made for them before Crossbill.

use std::collections::BTreeMap;

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
    by_number: &BTreeMap<&str, Vec<usize>>,
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
    let places = by_number.get(ticket.number.as_str());
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

/// Whether all of these jobs carry the number where we put it.
fn ours(found: &[(&Job, i32)], number: &str) -> bool {
    found
        .iter()
        .all(|(job, _)| generation(&job.our_ref, number).is_some())
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

/// The places of jobs by the ticket numbers on them.
fn by_number(jobs: &[Job]) -> BTreeMap<&str, Vec<usize>> {
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, job) in jobs.iter().enumerate() {
        let [ours, theirs] = [&job.our_ref, &job.cust_ref].map(|text| number_of(text));
        for number in [Some(ours), Some(theirs).filter(|theirs| *theirs != ours)] {
            if let Some(number) = number.filter(|number| !number.is_empty()) {
                places.entry(number).or_default().push(place);
            }
        }
    }
    places
}

/// A reference without its generation.
fn number_of(reference: &str) -> &str {
    let reference = reference.trim();
    reference
        .split_once('/')
        .map_or(reference, |(number, _)| number)
}

/// `T20261123.0001` is the first job of that ticket, `T20261123.0001/2` its second.
fn generation(reference: &str, number: &str) -> Option<i32> {
    match reference.trim().strip_prefix(number)? {
        "" => Some(1),
        rest => rest
            .strip_prefix('/')?
            .parse()
            .ok()
            .filter(|generation| *generation > 0),
    }
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
