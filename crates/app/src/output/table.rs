//! Columns for people.

/// Rows under a head, padded to the widest cell of each column.
pub(super) fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    let mut widths = head.map(|cell| cell.chars().count());
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: &[String; N]| {
        let padded: Vec<String> = cells
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        padded.join("  ").trim_end().to_owned()
    };
    let mut lines = vec![line(&head.map(str::to_owned))];
    lines.extend(rows.iter().map(line));
    lines.join("\n")
}

/// `text` in at most `max` characters.
pub(super) fn shortened(text: &str, max: usize) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if one_line.chars().count() <= max {
        return one_line;
    }
    let kept: String = one_line.chars().take(max - 1).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [
            ["a".to_owned(), "b".to_owned()],
            ["äöü-long".to_owned(), "c".to_owned()],
        ];
        assert_eq!(
            table(["x", "y"], &rows),
            "x         y\na         b\näöü-long  c"
        );
    }

    #[test]
    fn long_text_is_cut_to_one_line() {
        assert_eq!(shortened("a\n b", 5), "a b");
        assert_eq!(shortened("abcdef", 5), "abcd…");
    }
}
