//! A person creates, edits or deletes a record; the workflow and the Ready and invoiced rules hold for people too.

use serde_json::{Map, Value, json};

use super::state;
use crate::jim2::input::Input;
use crate::jim2::job::JobField;
use crate::jim2::order::Kind;
use crate::jim2::refusal::Refusal;
use crate::jim2::world::{Actor, World};

/// What a person works on.
#[derive(Clone, Copy)]
enum Entity {
    Job,
    CardFile,
    Contact,
    Note,
    Comment,
    Stock,
    Labour,
    Project,
    Asset,
    Sold,
    Order(Kind),
    OrderLine(Kind),
}

/// A person's request, read.
struct Act {
    entity: Entity,
    actor: Actor,
    set: Map<String, Value>,
}

impl Act {
    fn read(body: &Value) -> Result<Self, Refusal> {
        let entity = match body["entity"].as_str().unwrap_or_default() {
            "Job" => Entity::Job,
            "CardFile" => Entity::CardFile,
            "CardFileContact" => Entity::Contact,
            "CardFileNote" => Entity::Note,
            "JobComment" => Entity::Comment,
            "JobStock" => Entity::Stock,
            "JobLabour" => Entity::Labour,
            "Project" => Entity::Project,
            "Asset" => Entity::Asset,
            "Stock" => Entity::Sold,
            "Purchase" => Entity::Order(Kind::Purchase),
            "Quote" => Entity::Order(Kind::Quote),
            "PurchaseStock" => Entity::OrderLine(Kind::Purchase),
            "QuoteStock" => Entity::OrderLine(Kind::Quote),
            other => {
                return Err(Refusal::malformed(
                    "entity",
                    format!(
                        "There is no entity {other:?}; there are Job, CardFile, CardFileContact, \
                         CardFileNote, JobComment, JobStock, JobLabour, Project, Asset, Stock, Purchase, Quote, \
                         PurchaseStock and QuoteStock."
                    ),
                ));
            }
        };
        let by = body["by"].as_str().filter(|by| !by.is_empty());
        let by = by.ok_or_else(|| {
            Refusal::malformed("by", "by must be the initials of the person who does it.")
        })?;
        Ok(Self {
            entity,
            actor: Actor::person(by),
            set: body["set"].as_object().cloned().unwrap_or_default(),
        })
    }

    /// Takes the number of the record that a new one goes under.
    fn parent(&mut self, name: &str) -> Result<i64, Refusal> {
        let parent = self.set.remove(name);
        parent
            .as_ref()
            .and_then(Value::as_i64)
            .ok_or_else(|| Refusal::malformed("parent", format!("set.{name} must be a number.")))
    }

    fn inputs(&self) -> Vec<Input> {
        let fields = self.set.iter();
        fields
            .map(|(name, value)| Input::new("/set", name, value))
            .collect()
    }

    fn whole_set(&self) -> Input {
        Input::new("", "set", &Value::Object(self.set.clone()))
    }

    fn job_fields(&self) -> Result<Vec<(JobField, Input)>, Refusal> {
        let inputs = self.inputs().into_iter();
        inputs
            .map(|input| match JobField::named(&input.name) {
                Some(field) => Ok((field, input)),
                None => Err(input.unknown()),
            })
            .collect()
    }
}

/// Creates a record and answers its id.
pub(super) fn create(world: &mut World, body: &Value) -> Result<Value, Refusal> {
    let mut act = Act::read(body)?;
    let actor = act.actor.clone();
    Ok(match act.entity {
        Entity::Job => json!(world.create_job(&actor, act.job_fields()?)?),
        Entity::CardFile => json!(world.create_card(&actor, &state::card_inputs(act.inputs()))?),
        Entity::Project => json!(world.create_project(&actor, &act.inputs())?),
        Entity::Asset => json!(world.create_asset(&actor, &act.inputs())?),
        Entity::Contact => {
            let card = act.parent("cardNo")?;
            let contact = world.create_contact(card, &actor, &act.whole_set())?;
            json!(format!("{card}-{contact}"))
        }
        Entity::Note => {
            let card = act.parent("cardNo")?;
            let note = world.create_note(card, &actor, &act.inputs())?;
            json!(format!("{card}-{note}"))
        }
        Entity::Comment => {
            let job = act.parent("jobNo")?;
            let line = world.add_comment(job, &actor, &act.inputs())?;
            json!(format!("{job}-{line}"))
        }
        Entity::Stock => {
            let job = act.parent("jobNo")?;
            let line = world.add_stock(job, &actor, &act.inputs())?;
            json!(format!("{job}-{line}"))
        }
        Entity::Labour => {
            let job = act.parent("jobNo")?;
            let line = world.add_labour(job, &actor, &act.inputs())?;
            json!(format!("{job}-{line}"))
        }
        Entity::Sold => json!(world.add_sold(&actor, &act.inputs())?),
        Entity::Order(kind) => json!(world.create_order(kind, &actor, &act.inputs())?),
        Entity::OrderLine(kind) => {
            let no = act.parent("no")?;
            let line = world.add_order_line(kind, no, &actor, &act.inputs())?;
            json!(format!("{no}-{line}"))
        }
    })
}

/// Edits a record and answers its id.
pub(super) fn edit(world: &mut World, body: &Value) -> Result<Value, Refusal> {
    let mut act = Act::read(body)?;
    let actor = act.actor.clone();
    let (no, line) = id(&body["id"])?;
    match act.entity {
        Entity::Job => world.edit_job(no, &actor, act.job_fields()?)?,
        Entity::CardFile => {
            world.edit_card(no, &actor, &state::card_inputs(act.inputs()))?;
        }
        Entity::Contact => {
            let primary = act.set.remove("isPrimary");
            if primary
                .as_ref()
                .is_some_and(|value| *value != Value::Bool(true))
            {
                return Err(Refusal::malformed(
                    "primary",
                    "set.isPrimary can only be true: another person takes the place.",
                ));
            }
            // What can be refused comes first.
            if primary.is_none() || !act.set.is_empty() {
                world.edit_contact(no, line, &actor, &act.whole_set())?;
            }
            if primary.is_some() {
                world.make_primary(no, line, &actor)?;
            }
        }
        Entity::Project => world.edit_project(no, &actor, &act.inputs())?,
        Entity::Asset => world.edit_asset(no, &actor, &act.inputs())?,
        Entity::Note => world.edit_note(no, line, &actor, &act.inputs())?,
        Entity::Comment => world.edit_comment(no, line, &actor, &act.inputs())?,
        Entity::Stock => world.edit_stock(no, line, &actor, &act.inputs())?,
        Entity::Labour => world.edit_labour(no, line, &actor, &act.inputs())?,
        Entity::Sold => world.edit_sold(no, &actor, &act.inputs())?,
        Entity::Order(kind) => world.edit_order(kind, no, &actor, &act.inputs())?,
        Entity::OrderLine(kind) => {
            world.edit_order_line(kind, (no, line), &actor, &act.inputs())?;
        }
    }
    Ok(body["id"].clone())
}

/// Deletes a record and answers its id.
pub(super) fn delete(world: &mut World, body: &Value) -> Result<Value, Refusal> {
    let act = Act::read(body)?;
    let (no, line) = id(&body["id"])?;
    match act.entity {
        Entity::Job => world.delete_job(no, &act.actor)?,
        Entity::CardFile => world.delete_card(no, &act.actor)?,
        Entity::Contact => world.delete_contact(no, line, &act.actor)?,
        Entity::Project => world.delete_project(no, &act.actor)?,
        Entity::Asset => world.delete_asset(no, &act.actor)?,
        Entity::Note => world.delete_note(no, line, &act.actor)?,
        Entity::Comment => world.delete_comment(no, line, &act.actor)?,
        Entity::Stock => world.delete_stock(no, line, &act.actor)?,
        Entity::Labour => world.delete_labour(no, line, &act.actor)?,
        Entity::Sold => world.delete_sold(no, &act.actor)?,
        Entity::Order(kind) => world.delete_order(kind, no)?,
        Entity::OrderLine(kind) => world.delete_order_line(kind, (no, line), &act.actor)?,
    }
    Ok(body["id"].clone())
}

/// The act that a held transaction carries: `{"create"|"edit"|"delete": {…}}`, or none.
pub(super) fn in_transaction(body: &Value) -> Result<Option<(String, Value)>, Refusal> {
    for what in ["create", "edit", "delete"] {
        if let Some(inner) = body.get(what) {
            Act::read(inner)?;
            return Ok(Some((what.to_owned(), inner.clone())));
        }
    }
    Ok(None)
}

/// Does what a held transaction carries.
pub(super) fn run(world: &mut World, what: &str, body: &Value) -> Result<(), Refusal> {
    match what {
        "create" => create(world, body)?,
        "edit" => edit(world, body)?,
        _ => delete(world, body)?,
    };
    Ok(())
}

/// An id like `10`, `"10"` or `"10-2"`.
fn id(value: &Value) -> Result<(i64, i64), Refusal> {
    let text = value
        .as_i64()
        .map(|no| no.to_string())
        .or_else(|| value.as_str().map(str::to_owned))
        .unwrap_or_default();
    let (no, line) = text.split_once('-').unwrap_or((&text, "0"));
    match (no.parse(), line.parse()) {
        (Ok(no), Ok(line)) => Ok((no, line)),
        (Ok(_) | Err(_), _) => Err(Refusal::malformed(
            "id",
            "id must be a number, or one like \"10-2\".",
        )),
    }
}
