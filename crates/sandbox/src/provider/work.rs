//! What a year brings beside tickets: time, charges, services by the month.

use chrono::{DateTime, Duration, SubsecRound as _, Utc};

use super::{
    Business, Charge, Entry, Presence, Size, Subscription, Technician, Ticket, Ware,
    draw::{Draw, Stream},
};

/// What time is worked as: indexes into [`super::Provider::billing_codes`] of work types that have a stock code.
const WORK_TYPES: [usize; 6] = [0, 0, 0, 1, 1, 5];

/// What is charged: words, index into [`super::Provider::billing_codes`], the least it costs in cents.
const SUNDRIES: [(&str, usize, i64); 3] = [
    ("Cables and fittings", 9, 1_850),
    ("Licence of a named user", 10, 4_290),
    ("Freight of a replacement", 11, 1_500),
];

/// What was done.
const DEEDS: [&str; 8] = [
    "Looked at the logs with the customer",
    "Restarted the service and watched it",
    "Replaced the part and tested it",
    "Set the mailbox up again",
    "Explained how it is meant to be used",
    "Brought the firmware up to date",
    "Restored the files of last night",
    "Went there and cabled it anew",
];

/// What all of it is about and by.
pub(super) struct World<'provider> {
    pub(super) companies: &'provider [Business],
    pub(super) technicians: &'provider [Technician],
    pub(super) tickets: &'provider [Ticket],
}

/// The time that was worked on tickets, oldest first; every third entry is posted.
pub(super) fn entries(seed: u64, size: &Size, world: &World<'_>, now: DateTime<Utc>) -> Vec<Entry> {
    let mut draw = Draw::new(seed, Stream::Entries);
    let now = now.trunc_subsecs(0);
    let wanted = size.work.map_or(0, |work| work.entries);
    let count = if world.tickets.is_empty() { 0 } else { wanted };
    let active: Vec<usize> = (0..world.technicians.len())
        .filter(|&index| world.technicians[index].active)
        .collect();
    let mut entries: Vec<Entry> = (0..count)
        .map(|_| {
            let ticket = draw.below(world.tickets.len());
            let whole_quarters = draw.between(1, 12);
            let (start, end) = span(&mut draw, &world.tickets[ticket], 15 * whole_quarters, now);
            let assigned = world.tickets[ticket].assigned;
            let anybody = *draw.one(&active);
            Entry {
                ticket,
                technician: assigned
                    .filter(|one| world.technicians[*one].active)
                    .unwrap_or(anybody),
                billing_code: *draw.one(&WORK_TYPES),
                start,
                end,
                text: (*draw.one(&DEEDS)).to_owned(),
                posted: None,
            }
        })
        .collect();
    entries.sort_by_key(|entry| entry.end);
    for entry in entries.iter_mut().step_by(3) {
        entry.posted = Some((entry.end + Duration::days(1)).min(now));
    }
    entries
}

/// What was charged on tickets, oldest first; every third is of a product. All of it is posted a day later.
pub(super) fn charges(
    seed: u64,
    size: &Size,
    world: &World<'_>,
    now: DateTime<Utc>,
) -> Vec<Charge> {
    let mut draw = Draw::new(seed, Stream::Charges);
    let now = now.trunc_subsecs(0);
    let (wanted, wares) = size.work.map_or((0, 0), |work| (work.charges, work.wares));
    let count = if world.tickets.is_empty() { 0 } else { wanted };
    let mut charges: Vec<Charge> = (0..count)
        .map(|index| {
            let ticket = draw.below(world.tickets.len());
            let (_, at) = span(&mut draw, &world.tickets[ticket], 0, now);
            let ware = draw.below(wares);
            let ware =
                Some(ware).filter(|ware| index % 3 == 0 && wares > 0 && Ware::is_product(*ware));
            let (words, code, least) = *draw.one(&SUNDRIES);
            let dearer = draw.between(0, 9_999);
            let (name, cents) = match ware.map(Ware::numbered) {
                Some(ware) => (ware.words, ware.cents),
                None => (words.to_owned(), least + dearer),
            };
            Charge {
                ticket,
                ware,
                billing_code: if ware.is_some() { 9 } else { code },
                name,
                quantity: draw.between(1, 5),
                cents,
                at,
                posted: (at + Duration::days(1)).min(now),
            }
        })
        .collect();
    charges.sort_by_key(|charge| charge.at);
    charges
}

/// Who pays for services by the month: customers that both systems know, each once and in turn.
pub(super) fn subscriptions(seed: u64, size: &Size, companies: &[Business]) -> Vec<Subscription> {
    let mut draw = Draw::new(seed, Stream::Subscriptions);
    let customers: Vec<usize> = (0..companies.len())
        .filter(|&index| companies[index].is_customer && companies[index].side == Presence::Both)
        .collect();
    let count = size.work.map_or(0, |work| work.subscriptions);
    let customers = customers.into_iter().cycle();
    let customers = customers.take(count);
    customers
        .map(|company| Subscription {
            company,
            units: [draw.between(3, 40), draw.between(1, 4)],
        })
        .collect()
}

/// When somebody worked so many minutes on a ticket: within three days of it, and never later than now.
fn span(
    draw: &mut Draw,
    ticket: &Ticket,
    minutes: i64,
    now: DateTime<Utc>,
) -> (DateTime<Utc>, DateTime<Utc>) {
    let begun = ticket.created + Duration::minutes(draw.between(0, 3 * 24 * 60));
    let length = Duration::minutes(minutes);
    let end = (begun + length).min(now);
    (end - length, end)
}
