//! Records of the two systems as halves of an order. Pure.

use autotask::{Invoice, Project, Ticket};
use chrono::{DateTime, Utc};
use domain::{Order, Told, Value};
use jim2::Job;
use sync::{Billed, DATE_OUT, Half, Pointer, finish};

use crate::rules;

/// What an order is for, as Autotask has it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Source<'a> {
    Project(&'a Project),
    Invoice(&'a Invoice),
    Ticket(&'a Ticket),
}

/// The system's own status for a complete project, as for a complete ticket.
const COMPLETE: i64 = 5;

impl Source<'_> {
    /// Whether no more work is to come. All of an invoice is there when it is made.
    pub(crate) fn is_completed(&self) -> bool {
        let is = |at: &Told<DateTime<Utc>>, status: &Told<i64>| {
            at.get().is_some() || status.get() == Some(&COMPLETE)
        };
        match self {
            Self::Project(project) => is(&project.completed_date_time, &project.status),
            Self::Invoice(_) => true,
            Self::Ticket(ticket) => is(&ticket.completed_date, &ticket.status),
        }
    }

    /// Since when.
    fn completed_at(&self) -> Option<&DateTime<Utc>> {
        match self {
            Self::Project(project) => project
                .completed_date_time
                .get()
                .or(project.last_activity_date_time.get()),
            Self::Invoice(invoice) => invoice.create_date_time.get(),
            Self::Ticket(ticket) => ticket.completed_date.get(),
        }
    }
}

/// The half that an order is in Autotask, with what became of the work where it was looked at.
pub(crate) fn order(order: Order, source: Source<'_>, billed: Option<Billed>) -> Half {
    let text = |told: &Told<String>| told.get().map_or("", |text| text.trim()).to_owned();
    let (words, company, reference, created) = match source {
        Source::Project(project) => (
            join(&text(&project.project_number), &text(&project.project_name)),
            &project.company_id,
            Some(&project.purchase_order_number),
            &project.create_date_time,
        ),
        Source::Invoice(invoice) => (
            period(order.id, invoice),
            &invoice.company_id,
            None,
            &invoice.create_date_time,
        ),
        Source::Ticket(ticket) => (
            join(&text(&ticket.ticket_number), &text(&ticket.title)),
            &ticket.company_id,
            Some(&ticket.purchase_order_number),
            &ticket.create_date,
        ),
    };
    let what = order.of.label();
    let mut half = Half::new(order, format!("{what} {words}").trim_end());
    half.tell("invoice_desc", Some(half.label.as_str().into()));
    half.tell("item", Some(Value::Empty));
    half.tell(
        "cust_ref",
        reference.and_then(|told| told.clone().into_value()),
    );
    finish::tell_work(&mut half, source.is_completed(), billed);
    finish::tell_completed(&mut half, source.completed_at());
    half.facts.insert("owner", rules::owner(order));
    half.facts.insert("payer", order.payer.into());
    if let Some(company) = company.get() {
        half.facts.insert("company", (*company).into());
    }
    half.created_at = created.get().copied();
    half
}

fn join(number: &str, name: &str) -> String {
    format!("{number} {name}").trim().to_owned()
}

/// `900, 2026-11-01 to 2026-11-30`. Autotask's dates without time of day are at midnight UTC.
fn period(id: i64, invoice: &Invoice) -> String {
    let day = |told: &Told<DateTime<Utc>>| told.get().map(|at| at.date_naive().to_string());
    match (day(&invoice.from_date), day(&invoice.to_date)) {
        (Some(from), Some(to)) => format!("{id}, {from} to {to}"),
        (Some(_) | None, _) => id.to_string(),
    }
}

/// The half that a job is.
pub(crate) fn job(job: &Job) -> Half {
    let mut half = Half::new(job.job_no, format!("Job {}", job.job_no));
    half.tell("invoice_desc", job.invoice_desc.clone().into_value());
    half.tell("item", job.item_code.clone().into_value());
    half.tell("cust_ref", job.cust_ref.clone().into_value());
    half.tell("status", job.status.clone().into_value());
    let facts = [
        ("customer", job.cust_no.clone().into_value()),
        ("invoice", job.inv_no.clone().into_value()),
        ("ready", job.ready.clone().into_value()),
        ("no_reference", Some((job.our_ref == Told::Empty).into())),
    ];
    for (name, value) in facts {
        let value = value.filter(|value| !value.is_empty());
        half.facts.extend(value.map(|value| (name, value)));
    }
    finish::tell_job(&mut half);
    half.know_when(DATE_OUT, job.date_out.get());
    half.points_to = job.our_ref.get().and_then(|our_ref| pointer(our_ref));
    half.changed_at = job.last_modified.get().copied();
    half.created_at = job.date_in.get().copied();
    half
}

/// The order that Our Ref names: `P12@175/1`.
fn pointer(our_ref: &str) -> Option<Pointer> {
    let (order, generation) = our_ref.trim().split_once('/')?;
    Some(Pointer {
        to: Order::read(order)?.into(),
        by_name: false,
        generation: generation.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use domain::OrderFor;
    use serde_json::json;

    use super::*;

    fn read<T: autotask::Entity>(told: serde_json::Value) -> T {
        serde_json::from_value(told).unwrap()
    }

    #[test]
    fn each_order_says_in_words_what_it_is_for_and_who_pays() {
        let of = |of| Order {
            of,
            id: 12,
            payer: 175,
        };
        let project: Project = read(json!({
            "id": 12, "projectNumber": "P2026.0004", "projectName": "Office move ", "companyID": 174,
            "purchaseOrderNumber": "PO 7",
        }));
        let invoice: Invoice = read(json!({
            "id": 12, "fromDate": "2026-11-01T00:00:00Z", "toDate": "2026-11-30T00:00:00Z",
        }));
        let bare: Invoice = read(json!({"id": 12}));
        let ticket: Ticket =
            read(json!({"id": 12, "ticketNumber": "T20261123.0001", "title": "Slow"}));
        for (half, label) in [
            (
                order(of(OrderFor::Project), Source::Project(&project), None),
                "project P2026.0004 Office move",
            ),
            (
                order(of(OrderFor::Invoice), Source::Invoice(&invoice), None),
                "Autotask invoice 12, 2026-11-01 to 2026-11-30",
            ),
            (
                order(of(OrderFor::Invoice), Source::Invoice(&bare), None),
                "Autotask invoice 12",
            ),
            (
                order(of(OrderFor::Ticket), Source::Ticket(&ticket), None),
                "ticket T20261123.0001 Slow",
            ),
        ] {
            assert_eq!(half.label, label);
            assert_eq!(half.fields["invoice_desc"], label.into());
            assert_eq!(half.fact("payer"), Some(&175.into()));
        }
        let half = order(of(OrderFor::Project), Source::Project(&project), None);
        assert_eq!(half.fact("company"), Some(&174.into()));
        assert_eq!(half.fields["cust_ref"], "PO 7".into());
    }

    #[test]
    fn a_job_names_its_order_in_our_ref_and_a_tickets_job_names_none() {
        let named = |our_ref: &str| {
            let job = job(&Job {
                job_no: 5001,
                our_ref: Told::Is(our_ref.to_owned()),
                ..Job::default()
            });
            job.points_to
                .map(|it| (it.to.as_str().to_owned(), it.generation))
        };
        assert_eq!(named(" P12@175/2"), Some(("P12@175".to_owned(), 2)));
        for odd in ["T20261123.0001/1", "P12@175", "P12@175/x", "Fred's"] {
            assert_eq!(named(odd), None, "{odd}");
        }
    }
}
