//! `/sandbox/state`: every record as the API would tell it, with what only the database knows.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::jim2::api::render;
use crate::jim2::clock::local;
use crate::jim2::input::Input;
use crate::jim2::lock::Record;
use crate::jim2::order::Kind;
use crate::jim2::record::{CardFile, Job, Made};
use crate::jim2::world::World;
use crate::only::Only;

/// Tells what is wanted of one entity.
type Table = fn(&World, &Only) -> Vec<Value>;

/// Everything that is wanted, by entity, in the order of ids.
pub(super) fn told(world: &World, only: &Only) -> Value {
    let tables: [(&str, Table); 13] = [
        ("Job", jobs),
        ("JobComment", comments),
        ("JobStock", stock),
        ("JobLabour", labour),
        ("Invoice", invoices),
        ("CardFile", cards),
        ("CardFileContact", contacts),
        ("CardFileNote", notes),
        ("Project", projects),
        ("Asset", assets),
        ("Stock", sold),
        ("Purchase", purchases),
        ("Quote", quotes),
    ];
    let mut told = Map::new();
    for (entity, table) in tables {
        if only.takes_entity(entity) {
            let mut records = table(world, only);
            records.retain(|record| only.takes(record));
            told.insert(entity.to_owned(), records.into());
        }
    }
    if !only.is_part() {
        told.insert("now".to_owned(), json!(world.now()));
        told.insert("safeMark".to_owned(), json!(world.changes.safe_mark()));
    }
    Value::Object(told)
}

fn wanted_jobs<'a>(world: &'a World, only: &Only) -> impl Iterator<Item = &'a Job> {
    let jobs = world.jobs.values();
    jobs.filter(|job| only.takes_number(job.no))
}

fn wanted_cards<'a>(world: &'a World, only: &Only) -> impl Iterator<Item = &'a CardFile> {
    let cards = world.cards.values();
    cards.filter(|card| only.takes_number(card.no))
}

fn jobs(world: &World, only: &Only) -> Vec<Value> {
    let jobs = wanted_jobs(world, only);
    jobs.map(|one| job(world, one)).collect()
}

fn comments(world: &World, only: &Only) -> Vec<Value> {
    let zone = world.zone();
    lines(world, only, |job| {
        let lines = job.comments.iter();
        lines
            .map(|line| (line.line, render::comment(zone, line)))
            .collect()
    })
}

fn stock(world: &World, only: &Only) -> Vec<Value> {
    let zone = world.zone();
    lines(world, only, |job| {
        let lines = job.stock.iter();
        lines
            .map(|line| (line.line, render::stock(zone, job.tax_inc, line)))
            .collect()
    })
}

fn labour(world: &World, only: &Only) -> Vec<Value> {
    let zone = world.zone();
    lines(world, only, |job| {
        let lines = job.labour.iter();
        lines
            .map(|line| (line.line, render::labour(zone, line, false)))
            .collect()
    })
}

/// The lines of jobs, with ids like `5001-2`.
fn lines(world: &World, only: &Only, told: impl Fn(&Job) -> Vec<(i64, Value)>) -> Vec<Value> {
    let mut all = Vec::new();
    for job in wanted_jobs(world, only) {
        for (line, record) in told(job) {
            all.push(with_id(record, json!(format!("{}-{line}", job.no))));
        }
    }
    all
}

fn invoices(world: &World, only: &Only) -> Vec<Value> {
    let invoices = world.invoices.values();
    let invoices = invoices.filter(|invoice| only.takes_number(invoice.no));
    invoices
        .map(|invoice| {
            let mut told = with_id(render::invoice(world, invoice), json!(invoice.no));
            told["CustNo"] = json!(invoice.customer);
            told["jobs"] = json!(invoice.jobs);
            told["total"] = json!(render::decimal(invoice.total));
            told["paid"] = json!(render::decimal(invoice.paid()));
            told["credited"] = json!(render::decimal(invoice.credited));
            told
        })
        .collect()
}

fn cards(world: &World, only: &Only) -> Vec<Value> {
    let cards = wanted_cards(world, only);
    cards.map(|one| card(world, one)).collect()
}

fn contacts(world: &World, only: &Only) -> Vec<Value> {
    let mut all = Vec::new();
    for card in wanted_cards(world, only) {
        for contact in &card.contacts {
            let id = json!(format!("{}-{}", card.no, contact.no));
            let mut told = with_id(render::contact(contact), id);
            told["madeBy"] = json!(contact.made.by);
            told["madeAt"] = json!(contact.made.at);
            all.push(told);
        }
    }
    all
}

fn notes(world: &World, only: &Only) -> Vec<Value> {
    let told = |card: &CardFile| -> Vec<Value> {
        let notes = card.notes.iter();
        notes
            .map(|note| {
                json!({
                    "id": format!("{}-{}", card.no, note.no), "CardNo": card.no, "type": note.kind, "text": note.text,
                    "by": note.made.by, "date": note.made.at,
                })
            })
            .collect()
    };
    wanted_cards(world, only).flat_map(told).collect()
}

fn projects(world: &World, only: &Only) -> Vec<Value> {
    let projects = world.projects.values();
    let projects = projects.filter(|project| only.takes_number(project.no));
    projects
        .map(|project| {
            let mut told = with_id(render::project(world, project), json!(project.no));
            for (name, value) in [
                ("CustNo", json!(project.customer)),
                ("ShipNo", json!(project.ship)),
                ("madeBy", json!(project.made.by)),
                ("madeAt", json!(project.made.at)),
                ("LastModified", json!(project.modified.at)),
                ("ModifiedBy", json!(project.modified.by)),
            ] {
                told[name] = value;
            }
            told
        })
        .collect()
}

fn purchases(world: &World, only: &Only) -> Vec<Value> {
    orders(world, Kind::Purchase, only)
}

fn quotes(world: &World, only: &Only) -> Vec<Value> {
    orders(world, Kind::Quote, only)
}

fn orders(world: &World, kind: Kind, only: &Only) -> Vec<Value> {
    let orders = world.orders(kind).all.values();
    let orders = orders.filter(|order| only.takes_number(order.no));
    let zone = world.zone();
    orders
        .map(|order| {
            let mut told = with_id(render::order(world, kind, order), json!(order.no));
            let lines = order.stock.iter();
            let lines = lines.map(|line| render::stock(zone, false, line));
            for (name, value) in [
                ("card", json!(order.card)),
                ("theirRef", json!(order.their_ref)),
                ("dateValid", json!(order.valid)),
                ("probability", json!(order.probability)),
                ("stock", lines.collect()),
                ("madeBy", json!(order.made.by)),
                ("madeAt", json!(order.made.at)),
                ("LastModified", json!(order.modified.at)),
                ("ModifiedBy", json!(order.modified.by)),
            ] {
                told[name] = value;
            }
            told
        })
        .collect()
}

fn assets(world: &World, only: &Only) -> Vec<Value> {
    let assets = world.assets.values();
    let assets = assets.filter(|asset| only.takes_number(asset.no));
    assets
        .map(|asset| {
            let mut told = with_id(render::asset(world, asset), json!(asset.no));
            for (name, value) in [
                ("OwnerNo", json!(asset.owner)),
                ("ShipNo", json!(asset.ship)),
                ("madeBy", json!(asset.made.by)),
                ("madeAt", json!(asset.made.at)),
                ("LastModified", json!(asset.modified.at)),
                ("ModifiedBy", json!(asset.modified.by)),
            ] {
                told[name] = value;
            }
            told
        })
        .collect()
}

fn sold(world: &World, only: &Only) -> Vec<Value> {
    let stock = world.stock.iter();
    let stock = stock.filter(|one| only.takes_number(one.id));
    stock
        .map(|one| {
            let mut told = with_id(render::sold(one), json!(one.id));
            let prices = one.prices().into_iter();
            let prices = prices.map(|(level, excl, _)| (level, render::decimal(excl)));
            told["prices"] = json!(prices.collect::<BTreeMap<_, _>>());
            let lying = one.quantities.iter();
            let lying = lying.map(|(no, there)| (no, render::decimal(there.available())));
            told["available"] = json!(lying.collect::<BTreeMap<_, _>>());
            let there = one.quantities.iter();
            let there = there.map(|(no, there)| (no, render::decimal(there.on_hand)));
            told["onHand"] = json!(there.collect::<BTreeMap<_, _>>());
            told["LastModified"] = json!(one.modified.at);
            told
        })
        .collect()
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
    let zone = world.zone();
    let made = job.made.as_ref();
    for (name, value) in [
        ("FaultDesc", json!(job.fault_desc)),
        ("CustNo", json!(job.customer)),
        ("ShipNo", json!(job.ship)),
        ("FromNo", json!(job.from)),
        ("ContractNo", json!(job.contract)),
        ("AssetNo", json!(job.asset)),
        ("ItemCode", json!(job.item)),
        ("NameInit", json!(job.name)),
        ("AccMgrInit", json!(job.account_manager)),
        ("Attn", json!(job.attn)),
        ("StatusDate", json!(local(zone, job.status_date))),
        ("DateOut", json!(local(zone, job.date_out))),
        ("Ready", json!(job.ready)),
        ("InvNo", json!(job.invoice)),
        ("lockedBy", json!(world.locked_by(Record::Job(job.no)))),
        ("madeBy", json!(made.map(|made| &made.stamp.by))),
        ("madeAt", json!(made.map(|made| made.stamp.at))),
        ("madeWith", json!(made.map(made_with))),
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
        ("lockedBy", json!(world.locked_by(Record::Card(card.no)))),
        ("madeBy", json!(card.made.by)),
        ("madeAt", json!(card.made.at)),
        ("LastModified", json!(card.modified.at)),
        ("ModifiedBy", json!(card.modified.by)),
    ] {
        told[name] = value;
    }
    told
}

/// What a job was made with, and may be changed in Jim2 afterwards without anybody's being told.
fn made_with(made: &Made) -> Value {
    json!({ "ShipNo": made.ship, "ItemCode": made.item, "NameInit": made.name })
}

fn with_id(mut told: Value, id: Value) -> Value {
    told["id"] = id;
    told
}
