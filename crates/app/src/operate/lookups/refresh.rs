//! What reading the lists again has brought, for people.

use reconciler::lists::Told;

/// What is new about a list, a sentence each.
pub(crate) fn said(told: &Told) -> Vec<String> {
    let (list, system) = (told.list, told.system);
    let gone = told.news.gone.iter().map(|name| {
        format!(
            "{system} does not have \"{name}\" of {list} any more: its mapping stays, and what stands for it is held; bring it \
             back there, or: crossbill lookups list {list}"
        )
    });
    let back = told.news.back.iter().map(|name| {
        format!("{system} has \"{name}\" of {list} again: what was held for it goes on by itself")
    });
    let renamed = told.news.renamed.iter().map(|renamed| {
        format!(
            "{system} calls \"{}\" of {list} \"{}\" now: its mapping stays",
            renamed.from, renamed.to
        )
    });
    gone.chain(back).chain(renamed).collect()
}

#[cfg(test)]
mod tests {
    use domain::System;
    use store::lookup::{News, Renamed};

    use super::*;

    #[test]
    fn each_value_is_told_of_with_what_happens_next() {
        let told = Told {
            list: "priority",
            system: System::Jim2,
            news: News {
                gone: vec!["Critical".to_owned()],
                back: vec!["Low".to_owned()],
                renamed: vec![Renamed {
                    from: "High".to_owned(),
                    to: "Urgent".to_owned(),
                }],
            },
        };
        let said = said(&told);
        for (sentence, says) in said.iter().zip([
            "Jim2 does not have \"Critical\" of priority any more: its mapping stays, and what stands for it is held",
            "Jim2 has \"Low\" of priority again: what was held for it goes on by itself",
            "Jim2 calls \"High\" of priority \"Urgent\" now: its mapping stays",
        ]) {
            assert!(sentence.starts_with(says), "{sentence}");
        }
        assert_eq!(said.len(), 3);
    }
}
