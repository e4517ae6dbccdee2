//! Both halves of an invoice. Pure.

use std::collections::BTreeSet;

use autotask::Invoice;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::{Told, Value};
use jim2::InvoicedJob;
use rust_decimal::Decimal;
use sync::{Half, Pointer};

use super::billed;

/// What became of one thing that an Autotask invoice bills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Its line is on a job that is not invoiced yet.
    OnJob,
    /// Its line is on this invoice of Jim2.
    Invoiced(i64),
    /// It has no line.
    NoLine,
}

/// The half that Autotask's invoice is.
pub(super) fn autotask(invoice: &Invoice) -> Half {
    let number = invoice.invoice_number.get().map_or("", String::as_str);
    let mut half = Half::new(
        invoice.id,
        format!("Autotask invoice {} {number}", invoice.id).trim_end(),
    );
    half.points_to = Some(Pointer {
        to: billed(invoice.id),
        by_name: false,
        generation: 1,
    });
    half.created_at = invoice.create_date_time.get().copied();
    if invoice.is_voided.get() == Some(&true) {
        // Nothing of it takes part any more; that it has our date says that Jim2 had billed it.
        let billed = invoice.web_service_date.get().map(|_| number.into());
        half.know("voided", billed);
        return half;
    }
    // Autotask keeps no time of day with them.
    let day = |told: &Told<DateTime<Utc>>| told.clone().map(|at| at.date_naive().to_string());
    half.tell("number", invoice.invoice_number.clone().into_value());
    half.tell("date", day(&invoice.web_service_date).into_value());
    half.tell("paid", day(&invoice.paid_date).into_value());
    half
}

/// The half that is what Jim2 billed of it: `fates` of all that it bills, and Jim2's invoices, in the site's `zone`.
pub(super) fn jim2(invoice: i64, fates: &[Fate], all: &[InvoicedJob], zone: Tz) -> Half {
    let mut half = Half::new(
        billed(invoice),
        format!("what Jim2 billed of Autotask invoice {invoice}"),
    );
    half.points_to = Some(Pointer {
        to: invoice.into(),
        by_name: false,
        generation: 1,
    });
    let numbers: BTreeSet<i64> = fates.iter().filter_map(Fate::number).collect();
    let own: Vec<&InvoicedJob> = all
        .iter()
        .filter(|one| numbers.contains(&one.inv_no))
        .collect();
    let day = |at: &DateTime<Utc>| at.with_timezone(&zone).date_naive();
    let named: Vec<String> = numbers.iter().map(i64::to_string).collect();
    half.tell("number", Some(text(named.join(", "))));
    let dates = own.iter().filter_map(|one| one.inv_date.get().map(day));
    half.tell("date", Some(last(dates)));
    if let Some(paid) = paid(fates, &own, day) {
        half.tell("paid", Some(paid));
    }
    let carried = fates.iter().filter(|fate| **fate != Fate::NoLine).count();
    let credited = own.iter().filter(|one| is_credited(one));
    let credited: BTreeSet<String> = credited.map(|one| one.inv_no.to_string()).collect();
    let credited: Vec<String> = credited.into_iter().collect();
    half.facts.insert("lines", (carried > 0).into());
    if !credited.is_empty() {
        half.tell("credited", Some(credited.join(", ").into()));
    }
    half
}

impl Fate {
    fn number(&self) -> Option<i64> {
        match self {
            Self::Invoiced(number) => Some(*number),
            Self::OnJob | Self::NoLine => None,
        }
    }
}

/// The day on which the last of it was paid, blank while anything is owed or not invoiced; nothing where Jim2 does not tell
/// of payments.
fn paid(
    fates: &[Fate],
    own: &[&InvoicedJob],
    day: impl Fn(&DateTime<Utc>) -> NaiveDate,
) -> Option<Value> {
    if own.iter().any(|one| !one.paid_date.is_told()) {
        return None;
    }
    let is_invoiced = |fate: &Fate| fate.number().is_some();
    let is_whole = !fates.is_empty() && fates.iter().all(is_invoiced);
    let days: Option<Vec<NaiveDate>> = own
        .iter()
        .map(|one| one.paid_date.get().map(&day))
        .collect();
    Some(match days.filter(|_| is_whole) {
        Some(days) => last(days.into_iter()),
        None => Value::Empty,
    })
}

fn is_credited(one: &InvoicedJob) -> bool {
    one.credited.get().is_some_and(|sum| *sum != Decimal::ZERO)
}

fn last(days: impl Iterator<Item = NaiveDate>) -> Value {
    days.max()
        .map_or(Value::Empty, |day| day.to_string().into())
}

fn text(text: String) -> Value {
    if text.is_empty() {
        Value::Empty
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SYDNEY: Tz = chrono_tz::Australia::Sydney;

    fn invoiced(inv_no: i64, paid: Told<&str>) -> InvoicedJob {
        let at = |text: &str| text.parse().unwrap();
        InvoicedJob {
            inv_no,
            inv_date: Told::Is(at("2026-11-29T20:00:00Z")),
            job_no: 5001,
            cust_no: Told::Is(1001),
            total: Told::Is(Decimal::ONE_HUNDRED),
            tax: Told::Not,
            paid: Told::Not,
            credited: Told::Is(Decimal::ZERO),
            paid_date: paid.map(at),
        }
    }

    #[test]
    fn several_invoices_are_told_together_by_the_sites_days() {
        let all = [
            invoiced(30_002, Told::Is("2026-12-02T20:00:00Z")),
            invoiced(30_001, Told::Is("2026-12-01T01:00:00Z")),
            invoiced(30_009, Told::Empty),
        ];
        let fates = [
            Fate::Invoiced(30_002),
            Fate::Invoiced(30_001),
            Fate::Invoiced(30_001),
        ];
        let half = jim2(900, &fates, &all, SYDNEY);
        assert_eq!(half.fields["number"], "30001, 30002".into());
        assert_eq!(half.fields["date"], "2026-11-30".into());
        assert_eq!(half.fields["paid"], "2026-12-03".into(), "the last of them");
        assert_eq!(half.fields.get("credited"), None);
        let mut credited = all;
        credited[1].credited = Told::Is(Decimal::TEN);
        let half = jim2(900, &fates, &credited, SYDNEY);
        assert_eq!(half.fields["credited"], "30001".into());
    }

    #[test]
    fn nothing_is_paid_while_a_part_is_owed_not_invoiced_or_without_a_line() {
        let paid = invoiced(30_001, Told::Is("2026-12-01T01:00:00Z"));
        let owed = invoiced(30_002, Told::Empty);
        let one = Fate::Invoiced(30_001);
        for (fates, all) in [
            (vec![one, Fate::Invoiced(30_002)], vec![paid.clone(), owed]),
            (vec![one, Fate::OnJob], vec![paid.clone()]),
            (vec![one, Fate::NoLine], vec![paid.clone()]),
            (vec![], vec![]),
        ] {
            let half = jim2(900, &fates, &all, SYDNEY);
            assert_eq!(half.fields["paid"], Value::Empty, "{fates:?}");
        }
        let untold = invoiced(30_001, Told::Not);
        let half = jim2(900, &[one], &[untold], SYDNEY);
        assert_eq!(half.fields.get("paid"), None, "and does not take part");
        let half = jim2(900, &[one], &[paid], SYDNEY);
        assert_eq!(half.fields["paid"], "2026-12-01".into());
    }
}
