//! A job and its comments as a half.

use domain::{Told, Value};
use jim2::{Job, JobComment, part_id};
use sync::{Child, DATE_OUT, Half, Mark, Pointer, finish};

use super::minute;
use crate::settings::TicketSettings;

/// The half that a job is.
pub(crate) fn job(job: &Job, comments: &[&JobComment], settings: &TicketSettings) -> Half {
    let mut half = Half::new(job.job_no, format!("Job {}", job.job_no));
    fields(&mut half, job, settings);
    half.know("customer", job.cust_no.clone().into_value());
    half.know("ship", job.ship_no.clone().into_value());
    half.know("invoice", job.inv_no.clone().into_value());
    half.flag("ready", job.ready.get() == Some(&true));
    finish::tell_job(&mut half);
    half.flag("no_reference", job.our_ref == Told::Empty);
    half.know_when(DATE_OUT, job.date_out.get());
    half.points_to = job.our_ref.get().and_then(|our_ref| pointer(our_ref));
    half.changed_at = job.last_modified.get().copied();
    half.created_at = job.date_in.get().copied();
    half.children = comments
        .iter()
        .map(|comment| child(comment, settings))
        .collect();
    half
}

fn fields(half: &mut Half, job: &Job, settings: &TicketSettings) {
    // A sales job has no fault description and a service job keeps the text of its Item: neither takes part.
    let is_sales = job.item_code.get().map(|item| settings.is_sales(item));
    let has_fault = job.fault_desc.get().is_some();
    if is_sales == Some(true) {
        half.tell("item_desc", job.item_desc.clone().into_value());
    } else if is_sales == Some(false) || has_fault {
        half.tell("fault", job.fault_desc.clone().into_value());
    }
    half.tell("cust_ref", job.cust_ref.clone().into_value());
    half.tell("status", job.status.clone().into_value());
    half.tell("priority", job.priority.clone().into_value());
    half.tell("type", job.job_type.clone().into_value());
    half.tell("due", minute(&job.date_due));
    half.tell("item", job.item_code.clone().into_value());
    half.tell("assignee", job.name_init.clone().into_value());
    half.tell("contract", job.contract_no.clone().into_value());
    half.tell("asset", job.asset_no.clone().into_value());
    half.tell("invoice", job.inv_no.clone().into_value());
    half.tell("invoice_desc", job.invoice_desc.clone().into_value());
    half.tell("resolution", job.invoice_desc.clone().into_value());
}

/// The ticket that Our Ref names, if it is a ticket's number at all: `T20261123.0001`, or with `/2` behind it.
fn pointer(our_ref: &str) -> Option<Pointer> {
    let our_ref = our_ref.trim();
    let (number, generation) = match our_ref.split_once('/') {
        Some((number, generation)) => (number, generation.parse().ok()?),
        None => (our_ref, 1),
    };
    let (day, count) = number.strip_prefix(['T', 't'])?.split_once('.')?;
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (day.len() == 8 && is_digits(day) && is_digits(count)).then(|| Pointer {
        to: number.to_uppercase().into(),
        by_name: true,
        generation,
    })
}

fn child(comment: &JobComment, settings: &TicketSettings) -> Child {
    let text = comment.comment.get().map_or("", |text| text.trim());
    let (words, mark) = Mark::split(text);
    let initials = comment.modify_init.get().map_or("", String::as_str);
    let name = settings
        .users
        .get(initials)
        .map_or(initials, String::as_str);
    Child {
        id: part_id::join(comment.job_no, comment.line_id).into(),
        text: words.to_owned(),
        author: name.to_owned(),
        at: comment.modify_date.get().copied(),
        ours: initials.eq_ignore_ascii_case(&settings.api_initials),
        mark,
        facts: [
            ("include", Value::Flag(comment.include.get() == Some(&true))),
            ("stamp", Value::Flag(is_stamp(text, &comment.status))),
        ]
        .into(),
    }
}

/// Whether a comment says something that may travel, so that it matters where it comes from.
pub(crate) fn says_something(comment: &Child) -> bool {
    let is_stamp = comment.facts.get("stamp") == Some(&Value::Flag(true));
    !comment.ours && comment.mark.is_none() && !is_stamp && !comment.text.is_empty()
}

/// Tells the comments that Jim2 copied from lines of labour: they say the same.
pub(crate) fn tell_labour(half: &mut Half, labour: &[String]) {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let labour: Vec<String> = labour.iter().map(|text| words(text)).collect();
    for comment in &mut half.children {
        if says_something(comment) && labour.contains(&words(&comment.text)) {
            comment.facts.insert("labour", true.into());
        }
    }
}

/// The line that a status change leaves: without words, or with the status and nothing else.
fn is_stamp(text: &str, status: &Told<String>) -> bool {
    let said = text.strip_prefix("Status changed to ").unwrap_or(text);
    text.is_empty()
        || status
            .get()
            .is_some_and(|status| said.trim().eq_ignore_ascii_case(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_ticket_number_in_our_ref_is_a_reference() {
        for (our_ref, expected) in [
            ("T20261123.0001", Some(("T20261123.0001", 1))),
            ("T20261123.0001/2", Some(("T20261123.0001", 2))),
            (" t20261123.0001/1 ", Some(("T20261123.0001", 1))),
            ("T20261123.0001/x", None),
            ("T2026.0001", None),
            ("T20261123.", None),
            ("Fred's laptop", None),
            ("PO 1234/5", None),
        ] {
            let found = pointer(our_ref);
            let found = found.as_ref().map(|it| (it.to.as_str(), it.generation));
            assert_eq!(found, expected, "{our_ref}");
        }
    }

    #[test]
    fn a_status_line_is_told_from_what_people_say() {
        let status = Told::Is("Parts".to_owned());
        for (text, stamp) in [
            ("", true),
            ("Status changed to Parts", true),
            ("parts", true),
            ("Parts ordered", false),
            ("Status changed to Parts because of the fan", false),
        ] {
            assert_eq!(is_stamp(text, &status), stamp, "{text}");
        }
    }

    #[test]
    fn what_the_item_has_not_takes_no_part() {
        let settings = TicketSettings {
            sales_items: ["SALE".to_owned()].into(),
            ..TicketSettings::default()
        };
        for (item, told, absent) in [
            ("Sale", "item_desc", "fault"),
            ("SERVICE", "fault", "item_desc"),
        ] {
            let told_by_jim2 = Job {
                job_no: 5001,
                item_code: Told::Is(item.to_owned()),
                fault_desc: Told::Empty,
                item_desc: Told::Is("IT".to_owned()),
                ..Job::default()
            };
            let half = job(&told_by_jim2, &[], &settings);
            assert!(half.fields.contains_key(told), "{item}");
            assert!(!half.fields.contains_key(absent), "{item}");
            assert!(
                !half.fields.contains_key("status"),
                "a status that was not told"
            );
        }
    }
}
