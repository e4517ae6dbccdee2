//! What a name becomes where only plain letters are allowed: card codes, initials, mail addresses.

use crate::card_code::is_code_letter;

/// The name without accents: `é` becomes `e`, other signs stay.
pub(super) fn plain(name: &str) -> String {
    name.chars().map(plain_letter).collect()
}

/// Only the letters and digits, in lower case: the part of a mail address.
pub(super) fn slug(name: &str) -> String {
    plain(name)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

/// Capitals, digits and dots for spaces: what a Jim2 card code is made of.
pub(super) fn code(name: &str) -> String {
    let kept = plain(name).to_ascii_uppercase();
    let words = kept.split_whitespace().map(|word| {
        word.chars()
            .filter(|sign| is_code_letter(*sign))
            .collect::<String>()
    });
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(".")
}

fn plain_letter(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ä' | 'ã' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'É' | 'È' => 'E',
        'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ó' | 'ô' | 'ö' | 'ø' => 'o',
        'Ö' | 'Ø' => 'O',
        'ú' | 'ü' => 'u',
        'ž' => 'z',
        'š' => 's',
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::{code, slug};

    #[test]
    fn accents_and_signs_go_and_spaces_become_dots() {
        assert_eq!(code("Café Zoë & Söhne"), "CAFE.ZOE.SOHNE");
        assert_eq!(slug("O'Brien & Núñez"), "obriennunez");
    }
}
