//! `/sandbox/state`: every record as the API would tell it, with what only the database knows.

use serde_json::{Value, json};

use crate::jim2::api::render;
use crate::jim2::clock::local;
use crate::jim2::input::Input;
use crate::jim2::record::{CardFile, Job};
use crate::jim2::world::World;

/// Everything, by entity, in the order of ids.
pub(super) fn told(world: &World) -> Value {
    let zone = world.options.time_zone;
    let (mut comments, mut stock, mut labour, mut contacts) = (vec![], vec![], vec![], vec![]);
    for job in world.jobs.values() {
        let id = |line: i64| format!("{}-{line}", job.no);
        for line in &job.comments {
            comments.push(with_id(render::comment(zone, line), json!(id(line.line))));
        }
        for line in &job.stock {
            let told = render::stock(zone, job.tax_inc, line);
            stock.push(with_id(told, json!(id(line.line))));
        }
        for line in &job.labour {
            let told = render::labour(zone, line, false);
            labour.push(with_id(told, json!(id(line.line))));
        }
    }
    for card in world.cards.values() {
        for contact in &card.contacts {
            let id = json!(format!("{}-{}", card.no, contact.no));
            contacts.push(with_id(render::contact(contact), id));
        }
    }
    json!({
        "Job": world.jobs.values().map(|one| job(world, one)).collect::<Vec<_>>(),
        "JobComment": comments,
        "JobStock": stock,
        "JobLabour": labour,
        "CardFile": world.cards.values().map(|one| card(world, one)).collect::<Vec<_>>(),
        "CardFileContact": contacts,
        "now": world.now(),
        "safeMark": world.changes.safe_mark(),
    })
}

/// A card's fields as an operator may name them, in the API's or the named query's spelling.
pub(super) fn card_inputs(inputs: Vec<Input>) -> Vec<Input> {
    inputs
        .into_iter()
        .map(|mut input| {
            let name = match input.name.as_str() {
                "ABN" => "aBN",
                "ACN" => "aCN",
                "isShip" => "ship",
                other => other,
            };
            input.name = name.to_owned();
            input
        })
        .collect()
}

fn job(world: &World, job: &Job) -> Value {
    let mut told = with_id(render::job(world, job), json!(job.no));
    let zone = world.options.time_zone;
    for (name, value) in [
        ("FaultDesc", json!(job.fault_desc)),
        ("CustNo", json!(job.customer)),
        ("ShipNo", json!(job.ship)),
        ("FromNo", json!(job.from)),
        ("ItemCode", json!(job.item)),
        ("NameInit", json!(job.name)),
        ("AccMgrInit", json!(job.account_manager)),
        ("Attn", json!(job.attn)),
        ("StatusDate", json!(local(zone, job.status_date))),
        ("DateOut", json!(local(zone, job.date_out))),
        ("Ready", json!(job.ready)),
        ("InvNo", json!(job.invoice)),
        ("lockedBy", json!(job.locked_by)),
        ("madeBy", json!(job.made_by)),
        ("LastModified", json!(job.modified.at)),
        ("ModifiedBy", json!(job.modified.by)),
    ] {
        told[name] = value;
    }
    told
}

fn card(world: &World, card: &CardFile) -> Value {
    let mut told = with_id(render::card(card), json!(card.no));
    let user = card.user.as_ref();
    let parent = card.parent.and_then(|no| world.cards.get(&no));
    for (name, value) in [
        ("phone", json!(card.phone)),
        ("ship", json!(card.is_ship)),
        ("active", json!(card.active)),
        ("accMgrInit", json!(card.account_manager)),
        ("parentCardNo", json!(parent.map(|parent| parent.no))),
        (
            "user",
            json!(user.map(|user| json!({ "initials": user.initials, "email": user.email }))),
        ),
        ("madeBy", json!(card.made_by)),
        ("LastModified", json!(card.modified.at)),
        ("ModifiedBy", json!(card.modified.by)),
    ] {
        told[name] = value;
    }
    told
}

fn with_id(mut told: Value, id: Value) -> Value {
    told["id"] = id;
    told
}
