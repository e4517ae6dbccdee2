//! The table as people read it; it is Markdown too.

use super::Row;

const HEADINGS: [&str; 5] = ["what", "figure", "aim", "", "made of"];

/// A line a row, with columns of equal width but for the last.
pub(crate) fn table(rows: &[Row]) -> String {
    let rows: Vec<[String; 5]> = rows.iter().map(Row::cells).collect();
    columns(HEADINGS, &rows)
}

/// Cells below their headings.
pub(super) fn columns<const N: usize>(headings: [&str; N], rows: &[[String; N]]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([headings[column].chars().count()]).max()
    };
    let widths: Vec<usize> = (0..N).map(|column| width(column).unwrap_or(0)).collect();
    let line = |cells: [&str; N]| {
        let cells = cells.iter().zip(&widths);
        let cells = cells.map(|(cell, width)| format!("{cell:<width$}"));
        let cells: Vec<String> = cells.collect();
        format!("| {} |", cells.join(" | "))
    };
    let rule = widths.iter().map(|width| "-".repeat(width + 2));
    let rule = format!("|{}|", rule.collect::<Vec<_>>().join("|"));
    let rows = rows
        .iter()
        .map(|row| line(row.each_ref().map(String::as_str)));
    let lines: Vec<String> = [line(headings), rule].into_iter().chain(rows).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::Aim;
    use super::*;

    #[test]
    fn the_table_says_what_is_met_and_what_is_missed() {
        let row = |name, aim, samples: &[f64]| Row {
            name,
            what: "webhooks",
            unit: "",
            aim,
            samples: samples.to_vec(),
            made_of: vec![("accepted", "/s", vec![1_000.0, 2_000.0])],
        };
        let told = table(&[
            row("good", Aim::AtLeast(0.8), &[0.9, 0.7, 0.85]),
            row("bad", Aim::AtLeast(0.8), &[0.5]),
        ]);
        assert_eq!(
            told,
            "\
| what     | figure            | aim   |        | made of                         |
|----------|-------------------|-------|--------|---------------------------------|
| webhooks | 0.85 (0.7 to 0.9) | ≥ 0.8 | met    | accepted 1500 /s (1000 to 2000) |
| webhooks | 0.5 (0.5 to 0.5)  | ≥ 0.8 | missed | accepted 1500 /s (1000 to 2000) |"
        );
    }
}
