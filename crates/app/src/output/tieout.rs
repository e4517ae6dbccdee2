//! The comparison of posted and billed for people.

use std::fmt::Write as _;

use rust_decimal::Decimal;

use super::table::{shortened, table};
use crate::operate::tieout::{Both, Item, Tieout, Totals};

/// How much of an item's name is shown.
const LABEL: usize = 44;
/// How much of a reason.
const WHY: usize = 60;

/// By company, then by ticket, project or invoice; the sums; what somebody has to look at.
pub(crate) fn tieout(tieout: &Tieout) -> String {
    let mut text = format!(
        "Posted in Autotask in {}, without GST where nothing else is said.",
        tieout.period
    );
    if tieout.items.is_empty() {
        text.push_str("\n\nNothing was posted.");
    }
    for (company, totals) in &tieout.companies {
        let _infallible = write!(
            text,
            "\n\n{}",
            if company.is_empty() {
                "(no company)"
            } else {
                company
            }
        );
        let own = tieout.items.iter().filter(|item| item.company == *company);
        for (place, items) in by_place(own) {
            let rows: Vec<[String; 6]> = items.into_iter().map(row).collect();
            let head = ["", "posted", "on job", "invoice", "paid", ""];
            let lines = table(head, &rows);
            let _infallible = write!(text, "\n  {place}\n{}", indented(&lines));
        }
        let _infallible = write!(text, "\n{}", indented(&sums(totals)));
    }
    if tieout.companies.len() != 1 {
        let _infallible = write!(text, "\n\nAll together\n{}", indented(&sums(&tieout.total)));
    }
    text.push_str("\n\n");
    text.push_str(&verdict(tieout));
    text
}

fn by_place<'a>(items: impl Iterator<Item = &'a Item>) -> Vec<(&'a str, Vec<&'a Item>)> {
    let mut places: Vec<(&str, Vec<&Item>)> = Vec::new();
    for item in items {
        match places.last_mut() {
            Some((place, items)) if *place == item.place => items.push(item),
            _ => places.push((&item.place, vec![item])),
        }
    }
    places
}

fn row(item: &Item) -> [String; 6] {
    let dollars =
        |amount: Option<Decimal>| amount.map_or_else(|| "-".to_owned(), |it| format!("{it:.2}"));
    let on_job = match &item.line {
        Some(line) => format!("{} ({line})", dollars(item.on_job)),
        None => "-".to_owned(),
    };
    let invoice = item
        .invoice
        .map_or_else(|| "-".to_owned(), |no| no.to_string());
    let why = if item.explained && !item.why.is_empty() {
        format!("{}: {}", item.verdict, shortened(&item.why, WHY))
    } else {
        item.verdict.to_owned()
    };
    [
        shortened(&item.label, LABEL),
        dollars(item.posted),
        on_job,
        invoice,
        item.paid.clone(),
        why,
    ]
}

fn sums(totals: &Totals) -> String {
    let row = |name: &str, both: Both| {
        [
            name.to_owned(),
            format!("{:.2}", both.ex),
            format!("{:.2}", both.inc),
        ]
    };
    table(
        ["total", "ex GST", "inc GST"],
        &[
            row("posted", totals.posted),
            row("on jobs", totals.on_jobs),
            row("invoiced", totals.invoiced),
            row("paid", totals.paid),
        ],
    )
}

fn indented(lines: &str) -> String {
    let lines: Vec<String> = lines.lines().map(|line| format!("    {line}")).collect();
    lines.join("\n")
}

fn verdict(tieout: &Tieout) -> String {
    if tieout.explained {
        let waiting = tieout
            .items
            .iter()
            .filter(|item| item.verdict == "waits")
            .count();
        return match waiting {
            0 => "All is explained.".to_owned(),
            1 => "All is explained; 1 item waits.".to_owned(),
            many => format!("All is explained; {many} items wait."),
        };
    }
    let mut text = format!("{} not explained:", tieout.open.len());
    for open in &tieout.open {
        let _infallible = write!(text, "\n  {}\n    next: {}", open.says, open.step);
    }
    text
}
