//! What may be made where it is missing.

use domain::{Kind, System};
use store::mapping::Direction;

use crate::{
    connect::{
        Args, Kit,
        args::Create,
        pairing::{ASSET, BILLING, COMPANY, CONTACT, CONTRACT, ORDER, STOCK, TICKET, TIME},
    },
    kinds,
};

/// What may be made: jobs, labour and lines at first (lines only where billing is ours); the rest when an argument
/// names it.
pub(super) async fn keep(args: &Args, kit: &Kit) -> anyhow::Result<String> {
    let known = store::mapping::load(&kit.db).await?.switches;
    let mut on = Vec::new();
    let said = kinds::choices().filter(|choices| !choices.makes.is_empty());
    let said = said.map(|choices| {
        let kind = Kind::new(choices.kind);
        (kind, System::Jim2, Create::Of(choices.kind), false)
    });
    for (kind, system, create, at_first) in SWITCHES.into_iter().chain(said) {
        let direction = Direction::into_system(system);
        let there = known
            .iter()
            .find(|switch| switch.kind == kind && switch.direction == direction);
        let is_on =
            args.create.contains(&create) || there.map_or(at_first, |switch| switch.create_enabled);
        if there.is_none_or(|switch| switch.create_enabled != is_on) {
            store::mapping::set_switch(&kit.db, &kind, direction, is_on).await?;
        }
        if is_on {
            on.push(format!("{kind} in {system}"));
        }
    }
    Ok(if on.is_empty() {
        "nothing is made".to_owned()
    } else {
        format!("what is missing is made for: {}", on.join(", "))
    })
}

/// What kinds do not say of themselves: kind, where it is made, the argument that switches it on, whether it is on at first.
const SWITCHES: [(Kind, System, Create, bool); 13] = [
    (TICKET, System::Jim2, Create::Ticket, true),
    (TICKET, System::Autotask, Create::TicketFromJob, false),
    (ORDER, System::Jim2, Create::Order, true),
    (TIME, System::Jim2, Create::Time, true),
    (BILLING, System::Jim2, Create::Billing, true),
    (COMPANY, System::Jim2, Create::Company, false),
    (COMPANY, System::Autotask, Create::Company, false),
    (CONTACT, System::Jim2, Create::Contact, false),
    (CONTACT, System::Autotask, Create::Contact, false),
    (CONTRACT, System::Jim2, Create::Contract, false),
    (ASSET, System::Jim2, Create::Asset, false),
    (ASSET, System::Autotask, Create::ItemFromAsset, false),
    (STOCK, System::Autotask, Create::Stock, false),
];
