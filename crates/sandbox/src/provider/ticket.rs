//! The provider's service desk: ninety days or a year of tickets and what was written on them.

mod wording;

use chrono::{DateTime, Duration, SubsecRound as _, Utc};

use super::{
    Business, Note, Person, Presence, Size, Technician, Ticket, TicketStatus,
    draw::{Draw, Stream},
};

/// How far back the oldest ticket may lie.
const DAYS: i64 = 90;

/// The same where the tickets are those of a year.
const DAYS_OF_YEAR: i64 = 365;

/// Whom tickets can be about and by.
pub(super) struct World<'provider> {
    pub(super) companies: &'provider [Business],
    pub(super) people: &'provider [Person],
    pub(super) technicians: &'provider [Technician],
}

/// As many as asked for, oldest first; none where no customer is known to Autotask.
pub(super) fn all(seed: u64, size: &Size, world: &World<'_>, now: DateTime<Utc>) -> Vec<Ticket> {
    let mut draw = Draw::new(seed, Stream::Tickets);
    let now = now.trunc_subsecs(0);
    let customers: Vec<usize> = (0..world.companies.len())
        .filter(|&index| may_have_tickets(&world.companies[index]))
        .collect();
    let count = if customers.is_empty() {
        0
    } else {
        size.tickets
    };
    let days = size.work.map_or(DAYS, |_| DAYS_OF_YEAR);
    let mut created: Vec<DateTime<Utc>> = (0..count)
        .map(|_| now - Duration::seconds(draw.between(60, days * 86_400)))
        .collect();
    created.sort_unstable();
    let mut tickets: Vec<Ticket> = created
        .into_iter()
        .map(|created| ticket(&mut draw, world, &customers, created, now))
        .collect();
    mark_jobs(&mut tickets, world.companies);
    tickets
}

fn may_have_tickets(business: &Business) -> bool {
    business.is_customer && business.side.in_autotask()
}

fn ticket(
    draw: &mut Draw,
    world: &World<'_>,
    customers: &[usize],
    created: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Ticket {
    let company = customers[draw.below(customers.len()).min(draw.below(customers.len()))];
    let contact = draw_contact(draw, world.people, company);
    let status = draw_status(draw, created, now);
    let assigned = draw_assigned(draw, world.technicians, status);
    let priority = *draw.one(&[1u8, 2, 2, 2, 2, 3, 3, 4]);
    let issue = draw.below(wording::CASES.len());
    let case = draw.one(wording::CASES[issue]);
    let caller = contact.map(|index| world.people[index].first.as_str());
    Ticket {
        company,
        contact,
        title: case.title.to_owned(),
        description: wording::description(draw, case, caller),
        status,
        priority,
        issue,
        assigned,
        created,
        due: draw.chance(85).then(|| created + promised_within(priority)),
        notes: notes(draw, assigned, status, created, now),
        has_job: false,
        purchase_order: wording::purchase_order(draw),
    }
}

/// Four in five tickets name the person who called, where Autotask knows one.
fn draw_contact(draw: &mut Draw, people: &[Person], company: usize) -> Option<usize> {
    let known = |person: &Person| person.company == company && person.side.in_autotask();
    let members: Vec<usize> = (0..people.len())
        .filter(|&index| known(&people[index]))
        .collect();
    let named = draw.chance(80);
    let chosen = draw.below(members.len());
    members.get(chosen).copied().filter(|_| named)
}

/// Old tickets are mostly done; the newest mostly are not.
fn draw_status(draw: &mut Draw, created: DateTime<Utc>, now: DateTime<Utc>) -> TicketStatus {
    let done = match (now - created).num_days() {
        0..=1 => 30,
        2..=13 => 70,
        _ => 92,
    };
    if draw.chance(done) {
        return TicketStatus::Complete;
    }
    *draw.one(&[
        TicketStatus::New,
        TicketStatus::New,
        TicketStatus::InProgress,
        TicketStatus::InProgress,
        TicketStatus::WaitingCustomer,
        TicketStatus::WaitingParts,
    ])
}

/// Nobody for a third of the new ones; somebody who has left only for what is done.
fn draw_assigned(
    draw: &mut Draw,
    technicians: &[Technician],
    status: TicketStatus,
) -> Option<usize> {
    let unassigned = status == TicketStatus::New && draw.chance(33);
    let may_have_it =
        |technician: &Technician| technician.active || status == TicketStatus::Complete;
    let choices: Vec<usize> = (0..technicians.len())
        .filter(|&index| may_have_it(&technicians[index]))
        .collect();
    let chosen = *draw.one(&choices);
    (!unassigned).then_some(chosen)
}

fn promised_within(priority: u8) -> Duration {
    match priority {
        4 => Duration::hours(4),
        1 => Duration::hours(8),
        2 => Duration::hours(24),
        _ => Duration::hours(72),
    }
}

fn notes(
    draw: &mut Draw,
    assigned: Option<usize>,
    status: TicketStatus,
    created: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Vec<Note> {
    let Some(author) = assigned else {
        return Vec::new();
    };
    let count = if status == TicketStatus::New {
        0
    } else {
        draw.between(1, 4)
    };
    let mut at = created;
    (0..count)
        .map(|_| {
            at = (at + Duration::minutes(draw.between(7, 600))).min(now);
            let (text, public) = wording::note(draw);
            Note {
                author,
                text: text.to_owned(),
                at,
                public,
            }
        })
        .collect()
}

/// Every tenth open ticket of a customer that both systems know, the first one included, has its job already.
fn mark_jobs(tickets: &mut [Ticket], companies: &[Business]) {
    let open = tickets.iter_mut().filter(|ticket| {
        ticket.status != TicketStatus::Complete && companies[ticket.company].side == Presence::Both
    });
    for ticket in open.step_by(10) {
        ticket.has_job = true;
    }
}
