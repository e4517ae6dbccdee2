//! The comparison as CSV, a row for each item.

use rust_decimal::Decimal;

use super::{Item, Tieout};

const COLUMNS: [&str; 19] = [
    "period",
    "company",
    "place",
    "label",
    "billing_item",
    "source",
    "posted_at",
    "posted_ex",
    "posted_gst",
    "line",
    "on_job_ex",
    "on_job_gst",
    "invoice",
    "paid",
    "verdict",
    "explained",
    "code",
    "why",
    "step",
];

/// Every item, quoted as RFC 4180 says.
pub(crate) fn write(tieout: &Tieout) -> anyhow::Result<String> {
    let mut sheet = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    sheet.write_record(COLUMNS)?;
    for item in &tieout.items {
        sheet.write_record(cells(&tieout.period, item))?;
    }
    Ok(String::from_utf8(sheet.into_inner()?)?)
}

fn cells(period: &str, item: &Item) -> [String; COLUMNS.len()] {
    let dollars =
        |amount: Option<Decimal>| amount.map_or_else(String::new, |it| format!("{it:.2}"));
    let number = |number: Option<i64>| number.map_or_else(String::new, |it| it.to_string());
    let at = item.posted_at.map(|at| at.to_rfc3339());
    [
        period.to_owned(),
        plain(&item.company),
        plain(&item.place),
        plain(&item.label),
        number(item.posting),
        item.source.clone().unwrap_or_default(),
        at.unwrap_or_default(),
        dollars(item.posted),
        dollars(item.posted_gst),
        item.line.clone().unwrap_or_default(),
        dollars(item.on_job),
        dollars(item.on_job_gst),
        number(item.invoice),
        item.paid.clone(),
        item.verdict.to_owned(),
        if item.explained { "yes" } else { "no" }.to_owned(),
        item.code.clone(),
        plain(&item.why),
        plain(&item.step),
    ]
}

/// Words of other people that a spreadsheet would take for a formula are told as words.
fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@']) {
        return format!("'{text}");
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operate::tieout::Totals;

    #[test]
    fn commas_quotes_and_lines_stay_in_their_cell_and_no_cell_is_a_formula() {
        let item = Item {
            company: "O'Brien, \"Sons\"".to_owned(),
            place: "ticket T1".to_owned(),
            label: "=1+1".to_owned(),
            posting: Some(7),
            source: Some("ticket-charge:1:1".to_owned()),
            posted_at: None,
            posted: Some(Decimal::new(370, 1)),
            posted_gst: None,
            line: None,
            on_job: None,
            on_job_gst: None,
            invoice: None,
            paid: String::new(),
            verdict: "waits",
            explained: true,
            code: "x".to_owned(),
            why: "first\nsecond".to_owned(),
            step: String::new(),
        };
        let tieout = Tieout {
            period: "2026-11".to_owned(),
            explained: true,
            items: vec![item],
            companies: Vec::new(),
            total: Totals::default(),
            open: Vec::new(),
        };
        let text = write(&tieout).unwrap();
        let row = text.split_once("\r\n").unwrap().1;
        assert_eq!(
            row,
            "2026-11,\"O'Brien, \"\"Sons\"\"\",ticket T1,'=1+1,7,ticket-charge:1:1,,37.00,,,,,,,waits,yes,x,\"first\nsecond\",\r\n"
        );
    }
}
