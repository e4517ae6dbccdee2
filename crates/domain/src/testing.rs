//! Spoiled documents, for the tests of whatever reads what another system sends.
//!
//! The same seed spoils the same documents in the same way, on every machine.

mod chance;
mod damage;
mod number;

use chance::Chance;
use damage::DAMAGES;

pub use number::Number;

/// How much may be wrong with one document at once.
const MOST_DAMAGES: usize = 4;

/// Lets `read` read so many documents, each one of `documents` with a few things wrong with it. Where it panics, the
/// document is shown.
pub fn spoil<D: AsRef<[u8]>>(seed: u64, cases: usize, documents: &[D], read: impl Fn(&[u8])) {
    let mut chance = Chance::from(seed);
    for case in 0..cases {
        let mut spoiled = chance.of(documents).as_ref().to_vec();
        for _ in 0..=chance.below(MOST_DAMAGES) {
            let other = chance.of(documents).as_ref();
            chance.of(&DAMAGES)(&mut chance, &mut spoiled, other);
        }
        let shown = Shown {
            case,
            document: &spoiled,
        };
        read(shown.document);
    }
}

/// Tells which document it was if what reads it panics.
struct Shown<'a> {
    case: usize,
    document: &'a [u8],
}

impl Drop for Shown<'_> {
    #[expect(clippy::print_stderr, reason = "a test that fails tells why")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Self { case, document } = self;
            let most = document.len().min(10_000);
            eprintln!("case {case}: {}", document[..most].escape_ascii());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    const DOCUMENTS: [&str; 2] = [
        r#"{"Action":"Update","Id":7001,"Fields":{"Title":"Ünïcode","Price":12.50}}"#,
        r#"{"items":[{"id":1},{"id":2}],"pageDetails":{"nextPageUrl":null}}"#,
    ];

    fn spoiled(seed: u64) -> Vec<Vec<u8>> {
        let all = RefCell::new(Vec::new());
        spoil(seed, 500, &DOCUMENTS, |document| {
            all.borrow_mut().push(document.to_vec());
        });
        all.into_inner()
    }

    #[test]
    fn the_same_seed_spoils_alike_and_another_one_differently() {
        assert_eq!(spoiled(1), spoiled(1));
        assert_ne!(spoiled(1), spoiled(2));
    }

    #[test]
    fn documents_are_spoiled_in_many_ways_and_not_beyond_recognition() {
        let all = spoiled(1);
        let count = |is: &dyn Fn(&[u8]) -> bool| all.iter().filter(|one| is(one)).count();
        let json = |one: &[u8]| serde_json::from_slice::<serde_json::Value>(one).ok();
        let is_changed = |one: &[u8]| !DOCUMENTS.iter().any(|it| it.as_bytes() == one);
        assert!(count(&is_changed) > 450);
        assert!(count(&|one| json(one).is_some() && is_changed(one)) > 50);
        assert!(count(&|one| json(one).is_none()) > 50);
        assert!(count(&|one| std::str::from_utf8(one).is_err()) > 20);
        assert!(count(&|one| one.len() > 3_000) > 5, "deep");
        assert!(count(&|one| one.is_empty() || one.len() < 20) > 5);
    }
}
