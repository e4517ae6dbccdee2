//! How often things are swept: `repeat minutes`, as people know them from Jim2.

use std::{collections::BTreeMap, time::Duration};

/// How often a sweep is repeated where that is not as its kind says. By word: `ticket_autotask`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Repeats(BTreeMap<String, Option<Duration>>);

impl Repeats {
    /// Reads `ticket_autotask=5, contact_jim2=off`; `words` are the sweeps that there are.
    pub(super) fn read(text: &str, words: &[String]) -> Result<Self, String> {
        let mut repeats = BTreeMap::new();
        let entries = text.split(',').map(str::trim);
        for entry in entries.filter(|entry| !entry.is_empty()) {
            let (word, every) = entry
                .split_once('=')
                .map(|(word, every)| (word.trim(), every.trim()))
                .ok_or_else(|| format!("{entry} is not written as ticket_autotask=10"))?;
            if !words.iter().any(|known| known == word) {
                let words = words.join(", ");
                return Err(format!("there is no sweep {word}; there are {words}"));
            }
            repeats.insert(word.to_owned(), duration(every)?);
        }
        Ok(Self(repeats))
    }

    /// How often the sweep with this word is repeated, `usual` being what its kind says; `None` is never by itself.
    pub(crate) fn of(&self, word: &str, usual: Duration) -> Option<Duration> {
        self.0.get(word).copied().unwrap_or(Some(usual))
    }
}

/// Minutes, or seconds with an `s`; `off` is never.
fn duration(text: &str) -> Result<Option<Duration>, String> {
    const LONGEST: u64 = 7 * 24 * 60 * 60;
    if text == "off" {
        return Ok(None);
    }
    let (number, seconds) = match text.strip_suffix('s') {
        Some(number) => (number, 1),
        None => (text, 60),
    };
    let number: Option<u64> = number.trim().parse().ok();
    let length = number.and_then(|number| number.checked_mul(seconds));
    match length.filter(|length| (1..=LONGEST).contains(length)) {
        Some(length) => Ok(Some(Duration::from_secs(length))),
        None => Err(format!(
            "{text} is neither a number of minutes, at most a week of them, nor 30s nor off"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Repeats, String> {
        let words = ["ticket_autotask", "ticket_deletions_autotask"].map(str::to_owned);
        Repeats::read(text, &words)
    }

    #[test]
    fn minutes_seconds_and_off_are_read_and_what_is_not_said_stays_as_it_is() {
        let usual = Duration::from_mins(10);
        for (text, tickets) in [
            ("", Some(usual)),
            ("ticket_deletions_autotask=off", Some(usual)),
            ("ticket_autotask=5", Some(Duration::from_mins(5))),
            (" ticket_autotask = 30s ,", Some(Duration::from_secs(30))),
            ("ticket_autotask=off", None),
        ] {
            let repeats = read(text).unwrap();
            assert_eq!(repeats.of("ticket_autotask", usual), tickets, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for text in [
            "ticket_autotask",
            "ticket_autotask=0",
            "ticket_autotask=-5",
            "ticket_autotask=soon",
            "ticket_autotask=99999999999999999999",
            "ticket_autotask=10081",
            "tickets=5",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
