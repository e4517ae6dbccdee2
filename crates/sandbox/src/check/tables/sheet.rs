//! A site's decisions as the CSV that `crossbill lookups export` writes.

use std::collections::BTreeMap;

use super::{Lookup, Tables};

/// The columns that are read; `label` and `to_label` are for people.
const COLUMNS: [&str; 4] = ["list", "system", "value", "to"];

/// What `to` says where the other side is left as it is.
const LEAVE: &str = "(leave)";

/// Reads the sheet; what is wrong with it is told with its row.
pub(super) fn read(text: &str) -> Result<Tables, String> {
    let mut sheet = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let headers = sheet.headers().map_err(|error| error.to_string())?.clone();
    let mut places = [0; COLUMNS.len()];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        *place = headers
            .iter()
            .position(|header| header == column)
            .ok_or_else(|| format!("it has no column {column}"))?;
    }
    let mut tables: BTreeMap<String, Lookup> = BTreeMap::new();
    for (index, record) in sheet.records().enumerate() {
        let row = index + 2;
        let record = record.map_err(|error| format!("row {row}: {error}"))?;
        let [list, system, value, to] =
            places.map(|place| record.get(place).unwrap_or_default().to_owned());
        let lookup = tables.entry(list).or_default();
        let values = match system.as_str() {
            "autotask" => &mut lookup.of_tickets,
            "jim2" => &mut lookup.of_jobs,
            _ => return Err(format!("row {row}: there is no system {system:?}")),
        };
        // Without a decision the value is still open.
        if !to.is_empty() {
            values.insert(value, Some(to).filter(|to| to != LEAVE));
        }
    }
    Ok(Tables(tables))
}

#[cfg(test)]
mod tests {
    use super::super::{Decision, Tables};

    #[test]
    fn a_sheet_tells_what_becomes_of_each_value_and_what_nobody_has_decided() {
        let sheet = "list,system,value,label,to,to_label,path\n\
            status,autotask,7,\"Waiting, for them\",Parts,,Proceed>Parts\n\
            status,autotask,9,Waiting Materials,,,\n\
            status,jim2,FINISH,FINISH,(leave),,\n\
            issueType,autotask,,,SERVICE,,\n";
        let tables = Tables::read(sheet).unwrap();
        assert_eq!(tables.of_ticket("status", "7"), Decision::Becomes("Parts"));
        assert_eq!(tables.of_ticket("status", "9"), Decision::Open);
        assert_eq!(tables.of_job("status", "FINISH"), Decision::Left);
        assert_eq!(
            tables.of_ticket("issueType", ""),
            Decision::Becomes("SERVICE")
        );
        assert!(tables.has("status") && !tables.has("technician"));
    }

    #[test]
    fn what_is_no_such_sheet_is_told() {
        for (sheet, said) in [
            ("list,system,value\n", "no column to"),
            ("list,system,value,to\nstatus,jira,7,Parts\n", "row 2"),
            ("list,system,value,to\nstatus\n", "row"),
        ] {
            let error = Tables::read(sheet).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
    }
}
