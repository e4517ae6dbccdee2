//! Card codes: short names of cardfiles, chosen before the card is made, so that it can be found again.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// The longest card code.
const LENGTH: usize = 10;

/// How many codes are asked for in one call.
const CHOICES: usize = 50;

/// The numbers of [`spread`]: a prime of them, so that any step leads to each.
const NUMBERS: u64 = 9_949;

/// The codes a card of this name could have, best first: `HARBOUR.CA`, `HARBOUR.2`, …
pub(crate) fn candidates(name: &str) -> Vec<String> {
    let stem = stem(name);
    let first: String = stem.chars().take(LENGTH).collect();
    let numbered = (2..).map(|number| numbered(&stem, number));
    std::iter::once(first.trim_end_matches('.').to_owned())
        .chain(numbered)
        .take(CHOICES)
        .collect()
}

/// Codes for a name of which many begin alike: numbers that another name is not likely to try.
pub(crate) fn spread(name: &str) -> Vec<String> {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    let hash = hasher.finish();
    let stem = stem(name);
    let (mut at, stride) = (hash % NUMBERS, hash % (NUMBERS - 1) + 1);
    std::iter::repeat_with(|| {
        at = (at + stride) % NUMBERS;
        numbered(&stem, CHOICES as u64 + 1 + at)
    })
    .take(CHOICES)
    .collect()
}

/// `HARBOUR.2`
fn numbered(stem: &str, number: u64) -> String {
    let tail = format!(".{number}");
    let head: String = stem.chars().take(LENGTH - tail.len()).collect();
    format!("{}{tail}", head.trim_end_matches('.'))
}

/// The letters of a name that Jim2 takes: `A-Z 0-9 . / -`, accents folded, dots for blanks.
fn stem(name: &str) -> String {
    let plain: String = name.chars().map(fold).collect();
    let words = plain.split_whitespace().map(|word| {
        let legal =
            |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '/' | '-');
        let word: String = word.chars().filter(legal).collect();
        word.to_ascii_uppercase()
    });
    let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    let stem = words.join(".");
    if stem.chars().any(|letter| letter.is_ascii_alphanumeric()) {
        stem
    } else {
        "CARD".to_owned()
    }
}

/// A letter without its accent.
const fn fold(letter: char) -> char {
    match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'À'..='Å' | 'Ā' | 'Ă' | 'Ą' => 'A',
        'ç' | 'ć' | 'č' => 'c',
        'Ç' | 'Ć' | 'Č' => 'C',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'È'..='Ë' | 'Ē' | 'Ė' | 'Ę' | 'Ě' => 'E',
        'ì'..='ï' | 'ī' => 'i',
        'Ì'..='Ï' | 'Ī' => 'I',
        'ł' => 'l',
        'Ł' => 'L',
        'ñ' | 'ń' | 'ň' => 'n',
        'Ñ' | 'Ń' | 'Ň' => 'N',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'Ò'..='Ö' | 'Ø' | 'Ō' | 'Ő' => 'O',
        'ř' => 'r',
        'Ř' => 'R',
        'ś' | 'š' | 'ş' | 'ß' => 's',
        'Ś' | 'Š' | 'Ş' => 'S',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'Ù'..='Ü' | 'Ū' | 'Ů' | 'Ű' => 'U',
        'ý' | 'ÿ' => 'y',
        'Ý' => 'Y',
        'ź' | 'ż' | 'ž' => 'z',
        'Ź' | 'Ż' | 'Ž' => 'Z',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_made_of_what_jim2_takes() {
        for (name, expected) in [
            ("Acme", "ACME"),
            ("Café Zoë & Söhne", "CAFE.ZOE.S"),
            ("O'Brien Pty. Ltd.", "OBRIEN.PTY"),
            ("A-1 24/7 Locks", "A-1.24/7.L"),
            ("Bluegum Vet Care", "BLUEGUM.VE"),
            ("Harbour A B", "HARBOUR.A"),
            ("東京 – &", "CARD"),
        ] {
            assert_eq!(candidates(name)[0], expected, "{name}");
        }
    }

    #[test]
    fn every_candidate_is_legal_and_no_two_are_the_same() {
        let mut codes = candidates("Stringybark Surveyors");
        assert_eq!(codes[1], "STRINGYB.2");
        assert_eq!(codes[9], "STRINGY.10");
        codes.extend(spread("Stringybark Surveyors"));
        assert_eq!(codes.len(), 2 * CHOICES);
        for (at, code) in codes.iter().enumerate() {
            assert!((1..=LENGTH).contains(&code.len()), "{code}");
            assert!(!codes[..at].contains(code), "{code}");
        }
    }

    #[test]
    fn names_that_begin_alike_try_numbers_of_their_own() {
        let (north, south) = (spread("Stringybark North"), spread("Stringybark South"));
        assert_ne!(north[0], south[0]);
        assert_eq!(north, spread("Stringybark North"));
    }
}
