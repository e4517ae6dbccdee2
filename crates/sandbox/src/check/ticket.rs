//! Tickets and jobs: the ticket names its job, and the job's reference is the ticket's number.

mod values;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::world::{World, text, udf};
use super::{Agreement, Settings, Trouble};

/// A ticket with its job.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) label: String,
    pub(super) ticket: String,
    pub(super) job: String,
    /// Whether Crossbill's own user made the job.
    pub(super) is_made_by_us: bool,
}

/// Compares all pairs, and answers them.
pub(super) fn check(
    world: &World<'_>,
    companies: &BTreeMap<String, String>,
    settings: &Settings,
    agreement: &mut Agreement,
) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (id, ticket) in &world.tickets {
        let job_no = udf(ticket, "Jim2 Job#");
        if job_no.is_empty() {
            continue;
        }
        let number = text(ticket, "ticketNumber");
        let label = format!("ticket {number} and job {job_no}");
        let Some(job) = world.jobs.get(&job_no) else {
            let says = format!("the ticket names job {job_no}, which is not in Jim2");
            agreement.find(Trouble::Missing, &label, says);
            continue;
        };
        let our_ref = text(job, "OurRef");
        if reference(&our_ref).is_none_or(|(named, _)| named != number) {
            unrequited(world, &label, &job_no, &our_ref, agreement);
            continue;
        }
        agreement.compared("tickets");
        let pair = Pair {
            label,
            ticket: id.clone(),
            job: job_no,
            is_made_by_us: world.is_made_by_us(job),
        };
        values::compare(world, &pair, companies, settings, agreement);
        pairs.push(pair);
    }
    back(world, &pairs, agreement);
    pairs
}

/// A job that is named by a ticket and names another: two tickets for one job, where the other names it as well.
fn unrequited(
    world: &World<'_>,
    label: &str,
    job_no: &str,
    our_ref: &str,
    agreement: &mut Agreement,
) {
    let other = reference(our_ref).and_then(|(number, _)| world.ticket_numbered(number));
    match other {
        Some((_, other)) if udf(other, "Jim2 Job#") == job_no => {
            let says = format!(
                "ticket {} has that job already",
                text(other, "ticketNumber")
            );
            agreement.find(Trouble::Twice, label, says);
        }
        Some(_) | None => {
            let says = format!("the job's reference is \"{our_ref}\", not the ticket's number");
            agreement.find(Trouble::Missing, label, says);
        }
    }
}

/// The jobs' side: no two with one reference, and none of ours that no ticket names.
fn back(world: &World<'_>, pairs: &[Pair], agreement: &mut Agreement) {
    let paired: BTreeSet<&String> = pairs.iter().map(|pair| &pair.job).collect();
    let mut seen: BTreeMap<(String, u32), &str> = BTreeMap::new();
    let mut orders: BTreeMap<String, &str> = BTreeMap::new();
    for (no, job) in &world.jobs {
        let our_ref = text(job, "OurRef");
        let Some((number, generation)) = reference(&our_ref) else {
            if is_of_order(&our_ref) {
                if let Some(other) = orders.insert(our_ref.clone(), no) {
                    let says = format!("job {other} has the same reference");
                    let label = format!("job {no} with the reference {our_ref}");
                    agreement.find(Trouble::Twice, &label, says);
                }
            } else if world.is_made_by_us(job) {
                let says =
                    format!("Crossbill made it, and its reference \"{our_ref}\" is no ticket");
                agreement.find(Trouble::Missing, &format!("job {no}"), says);
            }
            continue;
        };
        let label = format!("job {no} with the reference {our_ref}");
        if let Some(other) = seen.insert((number.to_owned(), generation), no) {
            let says = format!("job {other} has the same reference");
            agreement.find(Trouble::Twice, &label, says);
            continue;
        }
        let is_ours = our_ref.contains('/') || world.is_made_by_us(job);
        if !is_ours || paired.contains(no) {
            continue;
        }
        match world.ticket_numbered(number) {
            None => agreement.find(
                Trouble::Missing,
                &label,
                format!("there is no ticket {number}"),
            ),
            Some((_, ticket)) if is_earlier(ticket, no) => {}
            Some(_) => {
                let says = format!("ticket {number} does not name this job");
                agreement.find(Trouble::Missing, &label, says);
            }
        }
    }
}

fn is_earlier(ticket: &Value, job: &str) -> bool {
    udf(ticket, "Jim2 earlier jobs")
        .split(',')
        .any(|one| one.trim() == job)
}

/// The ticket's number and which of its jobs this is, where the reference is one.
pub(super) fn reference(our_ref: &str) -> Option<(&str, u32)> {
    let (number, generation) = match our_ref.trim().split_once('/') {
        Some((number, generation)) => (number, generation.parse().ok()?),
        None => (our_ref.trim(), 1),
    };
    let (day, count) = number.strip_prefix('T')?.split_once('.')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (day.len() == 8 && is_number(day) && is_number(count)).then_some((number, generation))
}

/// Whether the reference is that of a job for a project (`P12@175/1`), an invoice (`I12@175/1`) or another payer of a
/// ticket (`T12@175/1`): what for, whose, and which of several.
fn is_of_order(our_ref: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts = our_ref.trim().split_once('@');
    parts.is_some_and(|(what, whose)| {
        let (payer, generation) = whose.split_once('/').unwrap_or((whose, "1"));
        what.strip_prefix(['P', 'I', 'T']).is_some_and(is_number)
            && is_number(payer)
            && is_number(generation)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_of_an_order_says_what_it_is_for_and_who_pays() {
        for (our_ref, is_one) in [
            ("P12@175/1", true),
            ("I30796057@175/1", true),
            ("T12@175/2", true),
            ("X12@175/1", false),
            ("P12/1", false),
            ("P@175/1", false),
            ("I12@175/x", false),
        ] {
            assert_eq!(is_of_order(our_ref), is_one, "{our_ref}");
        }
    }

    #[test]
    fn only_a_ticket_number_is_a_reference() {
        assert_eq!(reference("T20261123.0001"), Some(("T20261123.0001", 1)));
        assert_eq!(reference("T20261123.0001/2"), Some(("T20261123.0001", 2)));
        for other in ["", "PO 4711", "T2026.0001", "T20261123.0001/x"] {
            assert_eq!(reference(other), None, "{other}");
        }
    }
}
