//! Tickets and jobs: the ticket names its job, and the job's reference is the ticket's number.

use std::collections::BTreeMap;

use serde_json::Value;

use super::tables::{self, PRIORITY, STATUS, STATUS_LEFT, TICKET_TYPE};
use super::world::{World, text, udf};
use super::{Agreement, Settings, Trouble, same};

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
            let says = format!("the job's reference is \"{our_ref}\", not the ticket's number");
            agreement.find(Trouble::Missing, &label, says);
            continue;
        }
        agreement.compared("tickets");
        compare(&label, ticket, job, settings, agreement);
        payer(&label, ticket, job, companies, agreement);
        pairs.push(Pair {
            label,
            ticket: id.clone(),
            job: job_no,
            is_made_by_us: world.api_initials.contains(&text(job, "madeBy")),
        });
    }
    back(world, &pairs, agreement);
    pairs
}

/// The jobs' side: no two with one reference, and none of ours that no ticket names.
fn back(world: &World<'_>, pairs: &[Pair], agreement: &mut Agreement) {
    let numbers = world.tickets.values();
    let numbers: BTreeMap<String, &Value> = numbers
        .map(|one| (text(one, "ticketNumber"), *one))
        .collect();
    let mut seen: BTreeMap<(String, u32), &str> = BTreeMap::new();
    for (no, job) in &world.jobs {
        let our_ref = text(job, "OurRef");
        let Some((number, generation)) = reference(&our_ref) else {
            continue;
        };
        let label = format!("job {no} with the reference {our_ref}");
        if let Some(other) = seen.insert((number.to_owned(), generation), no) {
            let says = format!("job {other} has the same reference");
            agreement.find(Trouble::Twice, &label, says);
            continue;
        }
        let is_ours = our_ref.contains('/') || world.api_initials.contains(&text(job, "madeBy"));
        if !is_ours || pairs.iter().any(|pair| pair.job == *no) {
            continue;
        }
        match numbers.get(number) {
            None => agreement.find(
                Trouble::Missing,
                &label,
                format!("there is no ticket {number}"),
            ),
            Some(ticket) if is_earlier(ticket, no) => {}
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
fn reference(our_ref: &str) -> Option<(&str, u32)> {
    let (number, generation) = match our_ref.trim().split_once('/') {
        Some((number, generation)) => (number, generation.parse().ok()?),
        None => (our_ref.trim(), 1),
    };
    let (day, count) = number.strip_prefix('T')?.split_once('.')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (day.len() == 8 && is_number(day) && is_number(count)).then_some((number, generation))
}

fn compare(
    label: &str,
    ticket: &Value,
    job: &Value,
    settings: &Settings,
    agreement: &mut Agreement,
) {
    let mut value = |field: &str, there: &str, here: &str, same: bool| {
        agreement.value(same, label, field, there, here);
    };
    if !text(job, "ItemCode").eq_ignore_ascii_case(tables::SALES_ITEM) {
        let (there, here) = (fault(ticket), text(job, "FaultDesc"));
        value(
            "fault description",
            &there,
            &here,
            same::text(&there, &here, usize::MAX),
        );
    }
    let (there, here) = (text(ticket, "purchaseOrderNumber"), text(job, "CustRef"));
    value(
        "purchase order",
        &there,
        &here,
        same::text(&there, &here, 50),
    );
    let (there, here) = (text(ticket, "status"), text(job, "Status"));
    if !STATUS_LEFT.contains(&here.as_str()) || tables::of(STATUS, &there) == Some(&here) {
        let is_same = tables::of(STATUS, &there).is_none_or(|status| status == here);
        value("status", &there, &here, is_same);
    }
    for (field, table, in_autotask, in_jim2) in [
        ("priority", PRIORITY, "priority", "Priority"),
        ("type", TICKET_TYPE, "ticketType", "Type"),
    ] {
        let (there, here) = (text(ticket, in_autotask), text(job, in_jim2));
        if let Some(wanted) = tables::of(table, &there) {
            value(field, &there, &here, wanted == here);
        }
    }
    let (there, here) = (text(ticket, "dueDateTime"), text(job, "DateDue"));
    value(
        "due date",
        &there,
        &here,
        same::minute(&there, &here, settings.zone),
    );
}

/// Title, blank line, description; a description that begins with the title is enough.
fn fault(ticket: &Value) -> String {
    let title = same::tidy(&text(ticket, "title"));
    let description = same::tidy(&text(ticket, "description"));
    if description.starts_with(&title) {
        return description;
    }
    format!("{title}\n\n{description}").trim().to_owned()
}

/// The job is for the ticket's company.
fn payer(
    label: &str,
    ticket: &Value,
    job: &Value,
    companies: &BTreeMap<String, String>,
    agreement: &mut Agreement,
) {
    let company = text(ticket, "companyID");
    let card = companies.get(&company).map_or("", String::as_str);
    let ship = text(job, "ShipNo");
    let says_same = card == ship || card == text(job, "CustNo");
    agreement.value(says_same, label, "customer's card", card, &ship);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_ticket_number_is_a_reference() {
        assert_eq!(reference("T20261123.0001"), Some(("T20261123.0001", 1)));
        assert_eq!(reference("T20261123.0001/2"), Some(("T20261123.0001", 2)));
        for other in ["", "PO 4711", "T2026.0001", "T20261123.0001/x"] {
            assert_eq!(reference(other), None, "{other}");
        }
    }
}
