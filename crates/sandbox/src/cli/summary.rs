//! What a generated provider looks like, on one screen.

use sandbox::provider::{Presence, Provider, TicketStatus, ticket_number};

/// Counts by kind, and a few examples.
pub(crate) fn of(provider: &Provider, seed: u64) -> String {
    let mut lines = vec![format!("{} (seed {seed})", provider.name)];
    let others = &provider.companies[1..];
    let customers = others
        .iter()
        .filter(|business| business.is_customer)
        .count();
    let branches = others
        .iter()
        .filter(|business| business.parent.is_some())
        .count();
    lines.push(format!(
        "companies    {} ({customers} customers, {} suppliers, {branches} branches)",
        others.len(),
        others.len() - customers
    ));
    lines.push(presences(&others.iter().map(|business| business.side)));
    lines.push(format!("contacts     {}", provider.people.len()));
    lines.push(presences(&provider.people.iter().map(|person| person.side)));
    let left = provider
        .technicians
        .iter()
        .filter(|technician| !technician.active)
        .count();
    lines.push(format!(
        "technicians  {} ({left} left)",
        provider.technicians.len()
    ));
    lines.push(tickets(provider));
    lines.push(String::new());
    for business in others.iter().take(3) {
        let address = &business.address;
        lines.push(format!(
            "{:<10}  {}, {} {} {}, ABN {}, {}",
            business.card_code,
            business.name,
            address.suburb,
            address.state,
            address.postcode,
            business.abn,
            business.phone
        ));
    }
    for (index, ticket) in provider.tickets.iter().enumerate().rev().take(3) {
        lines.push(format!(
            "{}  {}",
            ticket_number(provider, index),
            ticket.title
        ));
    }
    lines.join("\n")
}

fn presences(sides: &(impl Iterator<Item = Presence> + Clone)) -> String {
    let count = |wanted: Presence| sides.clone().filter(|side| *side == wanted).count();
    format!(
        "             {} in both systems, {} in Autotask only, {} in Jim2 only",
        count(Presence::Both),
        count(Presence::AutotaskOnly),
        count(Presence::Jim2Only)
    )
}

fn tickets(provider: &Provider) -> String {
    let all = &provider.tickets;
    let open = all
        .iter()
        .filter(|ticket| ticket.status != TicketStatus::Complete)
        .count();
    let with_job = all.iter().filter(|ticket| ticket.has_job).count();
    let notes: usize = all.iter().map(|ticket| ticket.notes.len()).sum();
    format!(
        "tickets      {} ({open} open, {with_job} of them with a job already; {notes} notes)",
        all.len()
    )
}
