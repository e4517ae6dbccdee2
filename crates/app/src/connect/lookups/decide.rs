//! What values surely stand for. Pure: lists in, decisions out.

use std::collections::{BTreeMap, BTreeSet};

use domain::System;
use store::lookup::{Entry, MapRow};

use super::{Items, TECHNICIAN, WHO, synonyms::SYNONYMS};

/// By the table of synonyms, by name or by code.
pub(super) fn by_synonym(list: &str, autotask: &[Entry], jim2: &[Entry]) -> Vec<MapRow> {
    let mut rows = Vec::new();
    for synonym in SYNONYMS.iter().filter(|synonym| synonym.list == list) {
        let (from, to) = match synonym.from {
            System::Autotask => (autotask, jim2),
            System::Jim2 => (jim2, autotask),
        };
        let to = match synonym.to {
            None => None,
            // What the other side does not have is no proposal.
            Some(name) => match to.iter().find(|entry| entry.active && is(entry, name)) {
                Some(entry) => Some(entry.value.clone()),
                None => continue,
            },
        };
        let named = from
            .iter()
            .filter(|entry| synonym.names.iter().any(|name| is(entry, name)));
        rows.extend(named.map(|entry| row(list, synonym.from, &entry.value, to.clone())));
    }
    rows
}

/// By equal names, for lists that Jim2 takes as text.
pub(super) fn by_name(list: &str, autotask: &[Entry], jim2: &[Entry]) -> Vec<MapRow> {
    let mut rows = Vec::new();
    for ours in autotask {
        let theirs = jim2.iter().find(|entry| plain(&entry.label) == plain(&ours.label));
        if let Some(theirs) = theirs {
            rows.push(row(list, System::Autotask, &ours.value, Some(theirs.value.clone())));
            rows.push(row(list, System::Jim2, &theirs.value, Some(ours.value.clone())));
            // Written without its point, it is the same title.
            let bare = theirs.value.trim_end_matches('.');
            rows.push(row(list, System::Jim2, bare, Some(ours.value.clone())));
        }
    }
    rows
}

/// People by their e-mail addresses, else by a name that is there once on either side. Those who have left too:
/// what they did is still to be billed.
pub(super) fn people(resources: &[Entry], users: &[Entry], own: Option<i64>) -> Vec<MapRow> {
    let own = own.map(|own| own.to_string());
    let others: Vec<&Entry> = resources
        .iter()
        .filter(|resource| Some(&resource.value) != own.as_ref())
        .collect();
    let mut rows = Vec::new();
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    for key in [address as fn(&Entry) -> String, |entry: &Entry| plain(&entry.label)] {
        let left = |entry: &&Entry| !taken.contains(entry.value.as_str());
        let ours = unique(others.iter().copied().filter(left), key);
        let theirs = unique(users.iter().filter(left), key);
        let both = ours.iter().filter_map(|(key, ours)| Some((*ours, *theirs.get(key)?)));
        let both: Vec<(&Entry, &Entry)> = both.collect();
        for (resource, user) in both {
            rows.push(row(TECHNICIAN, System::Autotask, &resource.value, Some(user.value.clone())));
            rows.push(row(TECHNICIAN, System::Jim2, &user.value, Some(resource.value.clone())));
            taken.extend([resource.value.as_str(), user.value.as_str()]);
        }
    }
    rows
}

/// What blank stands for: blank is not unmapped.
pub(super) fn blanks(items: &Items, priorities: &[Entry], types: &[Entry]) -> Vec<MapRow> {
    let normal = |entries: &[Entry]| {
        let entry = entries.iter().find(|entry| entry.active && is(entry, "normal"));
        entry.map(|entry| entry.value.clone())
    };
    [
        ("issueType", items.default.clone()),
        ("priority", normal(priorities)),
        ("type", normal(types)),
    ]
    .into_iter()
    .filter_map(|(list, to)| Some(row(list, System::Autotask, "", Some(to?))))
    .collect()
}

/// The first decision on each value, without those that somebody decided before.
pub(super) fn undecided(rows: Vec<MapRow>, known: &[MapRow]) -> Vec<MapRow> {
    let key = |row: &MapRow| (row.list.clone(), row.system, row.value.clone());
    let mut seen: BTreeSet<_> = known.iter().map(key).collect();
    rows.into_iter().filter(|row| seen.insert(key(row))).collect()
}

/// The entries whose key is there once; those in use go before those that are not.
fn unique<'a>(
    entries: impl Iterator<Item = &'a Entry>,
    key: fn(&Entry) -> String,
) -> BTreeMap<String, &'a Entry> {
    let mut by_key: BTreeMap<String, Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        let key = key(entry);
        if !key.is_empty() {
            by_key.entry(key).or_default().push(entry);
        }
    }
    by_key
        .into_iter()
        .filter_map(|(key, entries)| {
            let active: Vec<&Entry> = entries.iter().copied().filter(|entry| entry.active).collect();
            let of = if active.is_empty() { entries } else { active };
            match of.as_slice() {
                [only] => Some((key, *only)),
                _ => None,
            }
        })
        .collect()
}

fn address(entry: &Entry) -> String {
    let address = entry.extra.as_deref().unwrap_or_default();
    address.trim().to_lowercase()
}

fn is(entry: &Entry, name: &str) -> bool {
    plain(&entry.label) == name || plain(&entry.value) == name
}

/// Letters and digits in small letters.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn row(list: &str, system: System, value: &str, to: Option<String>) -> MapRow {
    MapRow {
        list: list.to_owned(),
        system,
        value: value.to_owned(),
        to_value: to,
        path: None,
        decided_by: WHO.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(value: &str, label: &str, extra: &str) -> Entry {
        Entry {
            value: value.to_owned(),
            label: label.to_owned(),
            active: true,
            is_default: false,
            extra: Some(extra.to_owned()),
        }
    }

    fn told(rows: &[MapRow]) -> Vec<String> {
        let told = |row: &MapRow| {
            let to = row.to_value.as_deref().unwrap_or("(leave)");
            format!("{} {} -> {to}", row.system.as_str(), row.value)
        };
        rows.iter().map(told).collect()
    }

    #[test]
    fn statuses_that_desks_name_differently_are_proposed_and_finished_jobs_leave_the_ticket() {
        let autotask = [
            entry("1", "New", ""),
            entry("8", "In Progress", ""),
            entry("5", "Complete", ""),
            entry("20", "Lost in space", ""),
        ];
        let jim2 = ["Booked", "Proceed", "Checked", "FINISH", "RAI.NR"];
        let jim2 = jim2.map(|status| entry(status, status, ""));
        assert_eq!(
            told(&by_synonym("status", &autotask, &jim2)),
            [
                "autotask 1 -> Booked",
                "autotask 8 -> Proceed",
                "autotask 5 -> Checked",
                "jim2 Booked -> 1",
                "jim2 Proceed -> 8",
                "jim2 Checked -> 5",
                "jim2 FINISH -> (leave)",
                "jim2 RAI.NR -> (leave)",
            ]
        );
    }

    #[test]
    fn people_are_matched_by_address_then_by_a_name_that_stands_alone() {
        let mut left = entry("7", "Ann Lee", "ann@msp.example");
        left.active = false;
        let resources = [
            entry("1", "Ann Lee", "Ann@msp.example"),
            left,
            entry("2", "Bo Chan", ""),
            entry("3", "Kim Ng", "kim@msp.example"),
            entry("4", "Kim Ng", ""),
            entry("9", "Crossbill API", "api@msp.example"),
        ];
        let users = [
            entry("AL", "Ann Lee", "ann@msp.example "),
            entry("BC", "BO CHAN", "bo@old.example"),
            entry("KN", "Kim Ng", "other@msp.example"),
            entry("API", "Crossbill API", "api@msp.example"),
        ];
        let rows = people(&resources, &users, Some(9));
        assert_eq!(
            told(&rows),
            [
                "autotask 1 -> AL",
                "jim2 AL -> 1",
                "autotask 2 -> BC",
                "jim2 BC -> 2",
            ],
            "two people called Kim Ng are left to a person, and we are nobody's technician"
        );
    }

    #[test]
    fn a_title_is_found_with_and_without_its_point() {
        let rows = by_name("prefix", &[entry("1", "Mr.", "")], &[entry("Mr.", "Mr.", "")]);
        assert_eq!(told(&rows), ["autotask 1 -> Mr.", "jim2 Mr. -> 1", "jim2 Mr -> 1"]);
    }

    #[test]
    fn a_decision_that_is_there_stays() {
        let rows = by_name("prefix", &[entry("1", "Mr.", "")], &[entry("Mr.", "Mr.", "")]);
        let mut known = rows[0].clone();
        known.to_value = None;
        assert_eq!(told(&undecided(rows, &[known])), ["jim2 Mr. -> 1", "jim2 Mr -> 1"]);
    }

    #[test]
    fn blank_takes_the_default_item_and_the_normal_priority() {
        let items = Items {
            default: Some("SERVICE".to_owned()),
            sales: Vec::new(),
        };
        let rows = blanks(&items, &[entry("Normal", "Normal", "")], &[]);
        assert_eq!(told(&rows), ["autotask  -> SERVICE", "autotask  -> Normal"]);
        assert!(blanks(&Items::default(), &[], &[]).is_empty());
    }
}
