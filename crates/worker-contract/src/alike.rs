//! Which contract and which project say that they are the same. Pure.
//!
//! The number decides, else the name. Neither is sure unless it is the only one on both sides.

/// A contract or a project as far as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    /// Its id in its system.
    pub(crate) id: i64,
    /// Its number as people write it; may be empty.
    pub(crate) number: String,
    /// Its name; may be empty.
    pub(crate) name: String,
}

/// What a record turns out to be on the other side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing there fits.
    Nothing,
    /// This one, and it fits nothing else.
    One(i64),
    /// These fit, or this one fits others here too.
    Several(Vec<i64>),
}

/// What record `id` of `here` is among those of `there`.
pub(crate) fn judge(id: i64, here: &[Said], there: &[Said]) -> Verdict {
    let Some(own) = here.iter().find(|one| one.id == id) else {
        return Verdict::Nothing;
    };
    let by_number = among(own, here, there, |one| &one.number);
    if by_number != Verdict::Nothing {
        return by_number;
    }
    // One whose number says what it is, is not taken by its name.
    let is_free = |one: &&Said, others: &[Said]| {
        let same = |other: &Said| same(&one.number, &other.number);
        !others.iter().any(same)
    };
    let here_free: Vec<Said> = here
        .iter()
        .filter(|it| is_free(it, there))
        .cloned()
        .collect();
    let there_free: Vec<Said> = there
        .iter()
        .filter(|it| is_free(it, here))
        .cloned()
        .collect();
    among(own, &here_free, &there_free, |one| &one.name)
}

fn among(own: &Said, here: &[Said], there: &[Said], what: fn(&Said) -> &String) -> Verdict {
    let fits = |other: &&Said| same(what(own), what(other));
    let found: Vec<i64> = there.iter().filter(fits).map(|one| one.id).collect();
    let rivals = here.iter().filter(fits).count();
    match found.as_slice() {
        [] => Verdict::Nothing,
        [only] if rivals == 1 => Verdict::One(*only),
        _ => Verdict::Several(found),
    }
}

/// The same words: letter case and blanks apart. Nothing is the same as nothing else.
pub(crate) fn same(one: &str, other: &str) -> bool {
    let plain = |text: &str| {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        words.join(" ")
    };
    let one = plain(one);
    !one.is_empty() && one == plain(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(id: i64, number: &str, name: &str) -> Said {
        Said {
            id,
            number: number.to_owned(),
            name: name.to_owned(),
        }
    }

    #[test]
    fn the_number_decides_else_the_name_and_neither_where_it_is_not_the_only_one() {
        let own = said(1, "C-100", "Managed services");
        for (here, there, expected) in [
            (vec![], vec![], Verdict::Nothing),
            (vec![], vec![said(7, "c-100 ", "Other")], Verdict::One(7)),
            (
                vec![],
                vec![said(7, "301", "managed  SERVICES")],
                Verdict::One(7),
            ),
            (
                vec![],
                vec![said(7, "", ""), said(8, "302", "Backup")],
                Verdict::Nothing,
            ),
            (
                vec![],
                vec![
                    said(7, "301", "Managed services"),
                    said(8, "C-100", "Backup"),
                ],
                Verdict::One(8),
            ),
            (
                vec![],
                vec![
                    said(7, "301", "Managed services"),
                    said(8, "302", "Managed services"),
                ],
                Verdict::Several(vec![7, 8]),
            ),
            (
                vec![said(2, "C-200", "Managed services")],
                vec![said(7, "301", "Managed services")],
                Verdict::Several(vec![7]),
            ),
            // The other one's number says which project is its own.
            (
                vec![said(2, "C-200", "Managed services")],
                vec![
                    said(7, "301", "Managed services"),
                    said(8, "C-200", "Managed services"),
                ],
                Verdict::One(7),
            ),
            (
                vec![said(2, "C-100", "Backup")],
                vec![said(7, "C-100", "Managed services")],
                Verdict::Several(vec![7]),
            ),
        ] {
            let here = [vec![own.clone()], here].concat();
            assert_eq!(judge(1, &here, &there), expected, "{here:?} {there:?}");
        }
    }

    #[test]
    fn a_record_that_is_not_among_its_own_is_nothing() {
        assert_eq!(judge(9, &[], &[said(7, "", "x")]), Verdict::Nothing);
    }
}
