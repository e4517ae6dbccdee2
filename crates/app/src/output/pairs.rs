//! Pairs for people.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use store::{
    PairRow,
    journal::{Moved, What},
};

use super::table::{shortened, table};

/// A page of pairs.
pub(crate) fn pairs(rows: &[PairRow]) -> String {
    if rows.is_empty() {
        return "No such pairs.".to_owned();
    }
    let id = |id: &Option<domain::RecordId>| {
        id.as_ref()
            .map_or_else(|| "–".to_owned(), ToString::to_string)
    };
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            [
                row.kind.to_string(),
                id(&row.autotask_id),
                id(&row.jim2_id),
                row.state.as_str().to_owned(),
                shortened(&row.label, 60),
                row.changed_at.format("%Y-%m-%d %H:%M UTC").to_string(),
            ]
        })
        .collect();
    table(
        ["KIND", "AUTOTASK", "JIM2", "STATE", "NAME", "CHANGED"],
        &rows,
    )
}

/// Jobs whose Date Out a write of ours moved to another month.
pub(crate) fn date_out_moved(moved: &[Moved], zone: Tz) -> String {
    if moved.is_empty() {
        return "Crossbill moved no job's Date Out to another month.".to_owned();
    }
    let day = |at: DateTime<Utc>| at.with_timezone(&zone).format("%-d %b %Y").to_string();
    let rows = moved.iter().map(|it| {
        let owner = it.owner.as_deref().unwrap_or("–");
        let at = it.at.with_timezone(&zone);
        [
            it.job.clone(),
            shortened(owner, 40),
            day(it.from),
            day(it.to),
            shortened(&by(it), 60),
            at.format("%Y-%m-%d %H:%M").to_string(),
        ]
    });
    table(
        ["JOB", "FOR", "FROM", "TO", "BY", "WRITTEN"],
        &rows.collect::<Vec<_>>(),
    )
}

/// By what write: `ticket: status, due`, or `billing, a new line: ticket charge 9 Toner`.
fn by(moved: &Moved) -> String {
    let kind = &moved.kind;
    if moved.what == What::Created && moved.fields.is_empty() {
        format!("{kind}, a new line: {}", moved.label)
    } else {
        format!("{kind}: {}", moved.fields.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(what: What, fields: &[&str]) -> Moved {
        let at = |text: &str| text.parse().unwrap();
        Moved {
            at: at("2026-11-30T13:30:00Z"),
            job: "5001".to_owned(),
            owner: Some("T20261123.0001 Slow".to_owned()),
            kind: domain::Kind::new("billing"),
            autotask_id: None,
            label: "ticket charge 9 Toner".to_owned(),
            what,
            fields: fields.iter().map(|&field| field.to_owned()).collect(),
            from: at("2026-11-26T01:00:00Z"),
            to: at("2026-11-30T13:30:00Z"),
        }
    }

    #[test]
    fn a_job_says_from_which_day_to_which_of_the_sites_time_and_by_what_write() {
        let rows = [
            moved(What::Created, &[]),
            moved(What::Updated, &["net", "split"]),
        ];
        let told = date_out_moved(&rows, chrono_tz::Australia::Sydney);
        let lines: Vec<&str> = told.lines().skip(1).collect();
        for (line, by) in lines
            .iter()
            .zip(["a new line: ticket charge 9 Toner", "billing: net, split"])
        {
            for part in [
                "5001",
                "T20261123.0001 Slow",
                "26 Nov 2026",
                "1 Dec 2026",
                by,
                "2026-12-01 00:30",
            ] {
                assert!(line.contains(part), "{part} in {line}");
            }
        }
    }
}
