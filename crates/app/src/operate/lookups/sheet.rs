//! Decisions as CSV, to be looked at and changed in a spreadsheet.

use domain::System;
use store::lookup::MapRow;

use super::{super::mistake, Line};

/// The columns. `label` and `to_label` are for people and are not read.
const COLUMNS: [&str; 7] = ["list", "system", "value", "label", "to", "to_label", "path"];
/// What `to` says where the other side is left as it is.
const LEAVE: &str = "(leave)";

/// A decision of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// The number of its row, the first being the columns' names.
    pub(crate) number: usize,
    /// The decision, as it is written there.
    pub(crate) row: MapRow,
}

/// Every value with its decision, one row each; without one, `to` is empty.
pub(crate) fn write(lines: &[Line]) -> anyhow::Result<String> {
    let mut sheet = csv::Writer::from_writer(Vec::new());
    sheet.write_record(COLUMNS)?;
    for line in lines {
        let decision = line.decision.as_ref();
        let to = decision.map_or("", |decision| decision.to.as_deref().unwrap_or(LEAVE));
        let to_label = decision.and_then(|decision| decision.to_label.as_deref());
        let path = decision.and_then(|decision| decision.path.as_deref());
        sheet.write_record([
            &line.list,
            line.system.as_str(),
            &line.value,
            &line.label,
            to,
            to_label.unwrap_or_default(),
            path.unwrap_or_default(),
        ])?;
    }
    Ok(String::from_utf8(sheet.into_inner()?)?)
}

/// The decisions of a sheet; rows without one are passed over. All that is wrong with it is told at once.
pub(crate) fn read(text: &str, who: &str) -> anyhow::Result<Vec<Row>> {
    let mut sheet = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    if sheet.headers()?.iter().ne(COLUMNS) {
        return mistake(format!(
            "the first row of the CSV is not {}; crossbill lookups export writes one to begin with",
            COLUMNS.join(",")
        ));
    }
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    for (index, record) in sheet.records().enumerate() {
        match record
            .map_err(|error| error.to_string())
            .and_then(|record| row(&record, who))
        {
            Ok(Some(row)) => rows.push(Row {
                number: index + 2,
                row,
            }),
            Ok(None) => {}
            Err(why) => problems.push(format!("row {}: {why}", index + 2)),
        }
    }
    refuse(&problems)?;
    Ok(rows)
}

/// Refuses a sheet that has problems, and tells them all.
pub(super) fn refuse(problems: &[String]) -> anyhow::Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    mistake(format!(
        "the CSV cannot be used, and nothing of it was taken in:\n  - {}",
        problems.join("\n  - ")
    ))
}

fn row(record: &csv::StringRecord, who: &str) -> Result<Option<MapRow>, String> {
    let cell = |index: usize| record.get(index).unwrap_or_default().to_owned();
    let (list, word, to, path) = (cell(0), cell(1), cell(4), cell(6));
    if list.is_empty() {
        return Err("the list is missing".to_owned());
    }
    let Some(system) = System::named(&word) else {
        return Err(format!("the system is {word}; write autotask or jim2"));
    };
    if to.is_empty() {
        return Ok(None);
    }
    Ok(Some(MapRow {
        list,
        system,
        value: cell(2),
        to_value: Some(to).filter(|to| to != LEAVE),
        path: Some(path).filter(|path| !path.is_empty()),
        decided_by: who.to_owned(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operate::lookups::Decision;

    fn line(value: &str, decision: Option<Decision>) -> Line {
        Line {
            list: "status".to_owned(),
            system: System::Autotask,
            value: value.to_owned(),
            label: "Waiting, \"parts\"".to_owned(),
            active: true,
            gone_at: None,
            decision,
        }
    }

    fn decided(to: Option<&str>, path: Option<&str>) -> Decision {
        Decision {
            to: to.map(str::to_owned),
            to_label: None,
            to_gone_at: None,
            path: path.map(str::to_owned),
            by: "jane".to_owned(),
        }
    }

    #[test]
    fn what_was_written_is_read_again() {
        let sheet = write(&[
            line("1", Some(decided(Some("Booked"), Some("Booked>Proceed")))),
            line("5", Some(decided(None, None))),
            line("7", None),
        ])
        .unwrap();
        let rows = read(&sheet, "jane").unwrap();
        let came: Vec<_> = rows
            .iter()
            .map(|Row { row, .. }| {
                (
                    row.value.as_str(),
                    row.to_value.as_deref(),
                    row.path.as_deref(),
                )
            })
            .collect();
        assert_eq!(
            came,
            [
                ("1", Some("Booked"), Some("Booked>Proceed")),
                ("5", None, None)
            ]
        );
    }

    #[test]
    fn all_that_is_wrong_is_told_with_its_row() {
        let head = COLUMNS.join(",");
        let error = read(
            &format!("{head}\nstatus,xero,1,,x,,\n,jim2,1,,x,,\n"),
            "jane",
        );
        let says = error.unwrap_err().to_string();
        assert!(says.contains("row 2: the system is xero"), "{says}");
        assert!(says.contains("row 3: the list is missing"), "{says}");
        let other = read("a,b\n1,2\n", "jane").unwrap_err().to_string();
        assert!(other.contains("lookups export"), "{other}");
    }
}
