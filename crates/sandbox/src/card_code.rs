//! Jim2's card codes: which letters they have, and what becomes of a code that is taken.

/// Most letters of a code.
pub(crate) const LENGTH: usize = 10;

/// Whether Jim2 allows this letter in a card code.
pub(crate) fn is_code_letter(letter: char) -> bool {
    letter.is_ascii_digit() || letter.is_ascii_uppercase() || matches!(letter, '.' | '/' | '-')
}

/// The first letters of a stem, then fewer of them with a number behind: 2, 3, … None ends with a sign.
pub(crate) fn candidates(stem: &str) -> impl Iterator<Item = String> {
    let shortened = move |room: usize| {
        let kept: String = stem.chars().take(room).collect();
        kept.trim_end_matches(['.', '-', '/']).to_owned()
    };
    let numbered = (2_u32..).map(move |number| {
        let number = number.to_string();
        format!("{}{number}", shortened(LENGTH - number.len()))
    });
    let first = Some(shortened(LENGTH)).filter(|code| !code.is_empty());
    first.into_iter().chain(numbered)
}

#[cfg(test)]
mod tests {
    use super::candidates;

    #[test]
    fn a_number_takes_the_place_of_the_last_letters() {
        let all: Vec<String> = candidates("BLUEGUM.BAKERY").take(10).collect();
        assert_eq!(
            [&all[0], &all[1], &all[8]],
            ["BLUEGUM.BA", "BLUEGUM.B2", "BLUEGUM.B9"]
        );
        assert_eq!(all[9], "BLUEGUM10", "no sign before the number");
        assert_eq!(candidates("..").next().unwrap(), "2");
    }
}
