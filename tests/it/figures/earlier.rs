//! What has changed since an earlier run.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Row, Spread, row::number, table::columns};

const HEADINGS: [&str; 5] = ["what", "before", "now", "change", ""];

/// The figures of an earlier run by the names of their rows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Earlier(BTreeMap<String, Spread>);

impl Earlier {
    /// Reads what a run wrote; what is not such a file is refused in a sentence.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let json: Value =
            serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
        let rows = json["rows"].as_array().ok_or("it has no rows")?;
        let figures = rows.iter().map(|row| {
            let figure = |name: &str| row[name].as_f64();
            let spread = || {
                Some(Spread {
                    median: figure("median")?,
                    least: figure("least")?,
                    most: figure("most")?,
                })
            };
            let name = row["row"].as_str().ok_or("a row has no name")?;
            let spread = spread().ok_or_else(|| format!("the row {name} has no figures"))?;
            Ok((name.to_owned(), spread))
        });
        figures.collect::<Result<_, String>>().map(Self)
    }
}

/// Each row beside what it was before. A change counts where the spreads of both runs have nothing in common.
pub(crate) fn compare(earlier: &Earlier, rows: &[Row]) -> String {
    let cells: Vec<[String; 5]> = rows.iter().map(|row| cells(earlier, row)).collect();
    columns(HEADINGS, &cells)
}

fn cells(earlier: &Earlier, row: &Row) -> [String; 5] {
    let now = row.spread();
    let Some(before) = earlier.0.get(row.name) else {
        let (none, now) = ("–".to_owned(), number(now.median));
        return [
            row.what.to_owned(),
            none.clone(),
            now,
            none,
            "new".to_owned(),
        ];
    };
    let change = (now.median / before.median - 1.0) * 100.0;
    let judged = if before.meets(&now) {
        "within the spread"
    } else {
        "beyond the spread"
    };
    [
        row.what.to_owned(),
        number(before.median),
        number(now.median),
        format!("{change:+.1} %"),
        judged.to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Aim;
    use super::*;

    fn row(name: &'static str, samples: &[f64]) -> Row {
        Row {
            name,
            what: name,
            unit: "ms",
            aim: Aim::None,
            samples: samples.to_vec(),
            made_of: Vec::new(),
        }
    }

    #[test]
    fn a_change_within_the_spread_is_told_from_one_beyond_it() {
        let before = [row("same", &[1.0, 2.0, 3.0]), row("slower", &[10.0, 11.0])];
        let rows: Vec<Value> = before.iter().map(Row::to_json).collect();
        let earlier = Earlier::read(&json!({"rows": rows}).to_string()).unwrap();
        let now = [
            row("same", &[2.5]),
            row("slower", &[21.0, 21.0]),
            row("unknown", &[5.0]),
        ];
        assert_eq!(
            compare(&earlier, &now),
            "\
| what    | before | now | change   |                   |
|---------|--------|-----|----------|-------------------|
| same    | 2      | 2.5 | +25.0 %  | within the spread |
| slower  | 10.5   | 21  | +100.0 % | beyond the spread |
| unknown | –      | 5   | –        | new               |"
        );
    }

    #[test]
    fn a_file_that_no_run_wrote_is_refused() {
        for (text, expected) in [
            ("{", "not JSON"),
            ("{}", "it has no rows"),
            (r#"{"rows": [{}]}"#, "a row has no name"),
            (
                r#"{"rows": [{"row": "spill"}]}"#,
                "the row spill has no figures",
            ),
        ] {
            let refused = Earlier::read(text).unwrap_err();
            assert!(refused.starts_with(expected), "{text}: {refused}");
        }
    }
}
