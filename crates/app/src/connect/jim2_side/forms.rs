//! In which forms this build of Jim2 tells dates, ids of contacts and their details, as far as it shows.

use chrono::TimeDelta;
use domain::Told;
use jim2::{Client, ContactIds, ContactTypes, DateReading, ListEntry, SystemInfo};
use serde_json::Value;

use crate::{
    connect::{Kit, Report, failure::of_jim2},
    site::CONTACT_TYPES,
};

/// How far the two clocks may be apart before somebody should know.
const SKEW: TimeDelta = TimeDelta::minutes(2);
/// How many cards are looked at for a contact.
const CARDS: usize = 30;
/// Without named queries: how long ago those cards may have been changed last.
const RECENT: TimeDelta = TimeDelta::days(90);

/// What kinds of details are looked for: for people, words in their names, and words in the names of others.
const KINDS: [(&str, &[&str], &[&str]); 3] = [
    ("e-mail address", &["mail"], &[]),
    (
        "fixed line",
        &["phone", "tel", "landline"],
        &["mobile", "cell"],
    ),
    ("mobile", &["mobile", "cell"], &[]),
];

/// Compares Jim2's clock with ours, which also tells how its dates count: `None` where it does not.
pub(super) fn clock(
    kit: &Kit,
    system: &SystemInfo,
    report: &mut Report<'_>,
) -> anyhow::Result<Option<DateReading>> {
    if let Told::Is(zone) = &system.time_zone
        && zone != kit.time_zone.name()
    {
        report.warn(format!(
            "the Jim2 server is in {zone} and SITE_TIME_ZONE is {}; due dates are wrong until they are the same",
            kit.time_zone.name()
        ))?;
    }
    let Told::Is(time) = system.server_time else {
        return Ok(None);
    };
    let now = kit.clock.now();
    let reading = time.reading(now, SKEW);
    match reading {
        Some(DateReading::Instant) => {}
        Some(DateReading::WallClock) => {
            report.line("Jim2's dates count the server's wall clock, and are read so")?;
        }
        None => report.warn(format!(
            "the Jim2 server's clock says {} and ours {now}, so how its dates count cannot be told: set the clocks, \
             compare SITE_TIME_ZONE with the server's zone and connect again, or choose with crossbill settings set \
             jim2.date_reading",
            time.read_as(kit.jim2.settings().date_reading)
        ))?,
    }
    Ok(reading)
}

/// How the ids of contacts are written, by one contact of some card: `None` where no card has one.
pub(super) async fn contact_ids(kit: &Kit, client: &Client) -> anyhow::Result<Option<ContactIds>> {
    let failed = |error| of_jim2(error, "read contacts");
    let cards = if client.settings().named_queries {
        client.cardfiles_after(0, CARDS).await
    } else {
        let since = kit.clock.now() - RECENT;
        client.cardfiles_modified_since(since).await
    };
    let cards = cards.map_err(failed)?;
    let card_nos: Vec<i64> = cards.iter().map(|card| card.card_no).take(CARDS).collect();
    client.probe_contact_ids(&card_nos).await.map_err(failed)
}

/// What Jim2's list calls an e-mail address, a fixed line and a mobile: `None` where nothing in it looks like one.
pub(super) fn named_types(
    list: &[ListEntry],
    report: &mut Report<'_>,
) -> anyhow::Result<[Option<String>; 3]> {
    let usual = ContactTypes::default();
    let usual = [usual.email, usual.phone, usual.mobile];
    let mut found = [None, None, None];
    for (index, (what, words, others)) in KINDS.iter().enumerate() {
        found[index] = named(list, &usual[index], words, others);
        if found[index].is_none() && !list.is_empty() {
            report.warn(format!(
                "Jim2's list of contact types has none that looks like a person's {what}, so we call it {}: choose \
                 with crossbill settings set {}",
                usual[index], CONTACT_TYPES[index]
            ))?;
        }
    }
    Ok(found)
}

/// The types that hold now: what was chosen before, else what the list calls them, else the usual.
pub(super) async fn types(kit: &Kit, named: &[Option<String>; 3]) -> anyhow::Result<ContactTypes> {
    let known = store::setting::all(&kit.db).await?;
    let usual = ContactTypes::default();
    let holds = |index: usize, usual: String| {
        let chosen = known.get(CONTACT_TYPES[index]).and_then(Value::as_str);
        chosen
            .map(str::to_owned)
            .or_else(|| named[index].clone())
            .unwrap_or(usual)
    };
    Ok(ContactTypes {
        email: holds(0, usual.email),
        phone: holds(1, usual.phone),
        mobile: holds(2, usual.mobile),
    })
}

fn named(list: &[ListEntry], usual: &str, words: &[&str], others: &[&str]) -> Option<String> {
    let mut active = list.iter().filter(|entry| entry.active != Told::Is(false));
    let looks_like = |entry: &&ListEntry| {
        let name = entry.code.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        has(words) && !has(others)
    };
    let same = active
        .clone()
        .find(|entry| entry.code.eq_ignore_ascii_case(usual));
    same.or_else(|| active.find(looks_like))
        .map(|entry| entry.code.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(codes: &[&str]) -> Vec<ListEntry> {
        let entry = |code: &&str| ListEntry {
            list: "ContactType".to_owned(),
            code: (*code).to_owned(),
            label: Told::Not,
            active: Told::Is(true),
            extra: Told::Not,
        };
        codes.iter().map(entry).collect()
    }

    #[test]
    fn the_list_names_the_details_and_what_it_does_not_name_is_told() {
        for (codes, expected, warnings) in [
            (
                &["Web", "EMail", "Phone", "Mobile"][..],
                ["EMail", "Phone", "Mobile"],
                0,
            ),
            (
                &["E-Mail", "Mobile Phone", "Telephone"],
                ["E-Mail", "Telephone", "Mobile Phone"],
                0,
            ),
            (&["Web", "email"], ["email", "", ""], 2),
            (&[], ["", "", ""], 0),
        ] {
            let mut out = Vec::new();
            let mut report = Report::new(&mut out);
            let found = named_types(&list(codes), &mut report).unwrap();
            assert_eq!(found.map(Option::unwrap_or_default), expected, "{codes:?}");
            let told = String::from_utf8(out).unwrap();
            assert_eq!(
                told.matches("jim2.contact_type.").count(),
                warnings,
                "{told}"
            );
        }
    }
}
