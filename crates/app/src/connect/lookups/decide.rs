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
        let theirs = jim2
            .iter()
            .find(|entry| plain(&entry.label) == plain(&ours.label));
        if let Some(theirs) = theirs {
            rows.push(row(
                list,
                System::Autotask,
                &ours.value,
                Some(theirs.value.clone()),
            ));
            rows.push(row(
                list,
                System::Jim2,
                &theirs.value,
                Some(ours.value.clone()),
            ));
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
    for key in [address as fn(&Entry) -> String, |entry: &Entry| {
        plain(&entry.label)
    }] {
        let left = |entry: &&Entry| !taken.contains(entry.value.as_str());
        let ours = unique(others.iter().copied().filter(left), key);
        let theirs = unique(users.iter().filter(left), key);
        let both = ours
            .iter()
            .filter_map(|(key, ours)| Some((*ours, *theirs.get(key)?)));
        let both: Vec<(&Entry, &Entry)> = both.collect();
        for (resource, user) in both {
            rows.push(row(
                TECHNICIAN,
                System::Autotask,
                &resource.value,
                Some(user.value.clone()),
            ));
            rows.push(row(
                TECHNICIAN,
                System::Jim2,
                &user.value,
                Some(resource.value.clone()),
            ));
            taken.extend([resource.value.as_str(), user.value.as_str()]);
        }
    }
    rows
}

/// What blank stands for: blank is not unmapped.
pub(super) fn blanks(items: &Items, priorities: &[Entry], types: &[Entry]) -> Vec<MapRow> {
    let normal = |entries: &[Entry]| {
        let entry = entries
            .iter()
            .find(|entry| entry.active && is(entry, "normal"));
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

/// The default Item, where an argument says it: that is a person's decision, and takes the place of an earlier one.
pub(super) fn said_item(is_said: bool, items: &Items) -> Option<MapRow> {
    let item = items.default.clone().filter(|_| is_said)?;
    Some(row("issueType", System::Autotask, "", Some(item)))
}

/// The first decision on each value, without those that somebody decided before.
pub(super) fn undecided(rows: Vec<MapRow>, known: &[MapRow]) -> Vec<MapRow> {
    let key = |row: &MapRow| (row.list.clone(), row.system, row.value.clone());
    let mut seen: BTreeSet<_> = known.iter().map(key).collect();
    rows.into_iter()
        .filter(|row| seen.insert(key(row)))
        .collect()
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
            let active: Vec<&Entry> = entries
                .iter()
                .copied()
                .filter(|entry| entry.active)
                .collect();
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
mod tests;
