//! What people do to a stock record. The API never writes one.

use rust_decimal::Decimal;
use serde_json::Value;

use super::{LOCATIONS, Quantity, Stock, seeded};
use crate::jim2::change::{Object, Operation};
use crate::jim2::input::Input;
use crate::jim2::refusal::Refusal;
use crate::jim2::world::{Actor, World};

/// What a field is about, by which the time of the last change moves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    Record,
    Movement,
}

impl World {
    /// The record of what is sold under this number.
    pub(crate) fn sold(&self, no: i64) -> Result<&Stock, Refusal> {
        self.stock
            .iter()
            .find(|stock| stock.id == no)
            .ok_or_else(|| Refusal::not_found("Stock", no))
    }

    /// Makes a stock record and answers its number.
    pub(crate) fn add_sold(&mut self, actor: &Actor, fields: &[Input]) -> Result<i64, Refusal> {
        let id = self.stock.iter().map(|stock| stock.id).max().unwrap_or(0) + 1;
        let mut stock = blank(id);
        self.set_sold(&mut stock, fields)?;
        if stock.code.is_empty() {
            let detail = "A stock record has a code: set.code.";
            return Err(Refusal::malformed("code", detail));
        }
        stock.modified = self.stamp(actor);
        stock.moved = stock.modified.at;
        self.stock.push(stock);
        self.log(Object::Stock, id.to_string(), Operation::Insert, actor);
        Ok(id)
    }

    /// Changes a stock record, its prices or what lies where.
    pub(crate) fn edit_sold(
        &mut self,
        no: i64,
        actor: &Actor,
        fields: &[Input],
    ) -> Result<(), Refusal> {
        let mut stock = self.sold(no)?.clone();
        let about = self.set_sold(&mut stock, fields)?;
        let stamp = self.stamp(actor);
        if about.contains(&About::Movement) {
            stock.moved = stamp.at;
        }
        if about.contains(&About::Record) {
            stock.modified = stamp;
        }
        if let Some(known) = self.stock.iter_mut().find(|known| known.id == no) {
            *known = stock;
        }
        self.log(Object::Stock, no.to_string(), Operation::Update, actor);
        Ok(())
    }

    /// Deletes a stock record.
    pub(crate) fn delete_sold(&mut self, no: i64, actor: &Actor) -> Result<(), Refusal> {
        self.sold(no)?;
        self.stock.retain(|stock| stock.id != no);
        self.log(Object::Stock, no.to_string(), Operation::Delete, actor);
        Ok(())
    }

    fn set_sold(&self, stock: &mut Stock, fields: &[Input]) -> Result<Vec<About>, Refusal> {
        let mut about = Vec::new();
        for field in fields {
            let mut of = About::Record;
            match field.name.as_str() {
                "code" => stock.code = self.stock_code_of(stock.id, field)?,
                "description" => stock.description = field.text(1000)?,
                "shortDesc" => stock.short = field.long_text()?,
                "detailedDesc" => stock.detailed = field.long_text()?,
                "manufacturePartNumber" => stock.part_number = field.long_text()?,
                "groups" => stock.groups = names(field)?,
                "active" => stock.active = field.flag()?,
                "special" => stock.special = field.flag()?,
                "taxed" => stock.taxed = field.flag()?,
                "lastCost" => stock.last_cost = field.decimal()?,
                "avgCost" => stock.average_cost = field.decimal()?,
                "price" => {
                    stock.retail = field.decimal()?;
                    of = About::Movement;
                }
                "onHand" => {
                    for input in field.members()? {
                        let no = location(&input)?;
                        let there = stock.quantities.entry(no).or_default();
                        there.on_hand = input.decimal()?;
                    }
                    of = About::Movement;
                }
                "committed" => {
                    for input in field.members()? {
                        let no = location(&input)?;
                        let there: &mut Quantity = stock.quantities.entry(no).or_default();
                        there.committed = input.decimal()?;
                    }
                    of = About::Movement;
                }
                _ => return Err(field.unknown()),
            }
            about.push(of);
        }
        Ok(about)
    }

    /// A code of `0-9 A-Z . / -` that no other record has.
    fn stock_code_of(&self, no: i64, field: &Input) -> Result<String, Refusal> {
        let code = field.text(24)?.to_uppercase();
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "./-".contains(letter);
        if code.is_empty() || !code.chars().all(is_plain) {
            return Err(field.refuse("stock-code", "A stock code has letters, digits, . / and -"));
        }
        let mut others = self.stock.iter().filter(|stock| stock.id != no);
        if others.any(|stock| stock.code == code) {
            return Err(field.refuse("stock-code-taken", &format!("There is {code} already")));
        }
        Ok(code)
    }
}

/// A record with nothing in it.
fn blank(id: i64) -> Stock {
    let mut stock = seeded(0).remove(0);
    stock.id = id;
    for text in [
        &mut stock.code,
        &mut stock.description,
        &mut stock.short,
        &mut stock.detailed,
        &mut stock.part_number,
    ] {
        text.clear();
    }
    "UNIT".clone_into(&mut stock.unit);
    "Depleting".clone_into(&mut stock.kind);
    stock.groups.clear();
    for cost in [
        &mut stock.last_cost,
        &mut stock.average_cost,
        &mut stock.retail,
    ] {
        *cost = Decimal::ZERO;
    }
    stock
}

fn names(field: &Input) -> Result<Vec<String>, Refusal> {
    let list = field.value.as_array();
    let names = list.and_then(|list| {
        let names = list.iter().map(|one| one.as_str().map(str::to_owned));
        names.collect()
    });
    names.ok_or_else(|| field.wrong("a list of texts"))
}

fn location(input: &Input) -> Result<i64, Refusal> {
    let no = input.name.parse().ok();
    let known = LOCATIONS.iter().map(|(no, _)| *no);
    let no = no.filter(|no| known.clone().any(|one| one == *no));
    match no {
        Some(no) => Ok(no),
        None => Err(input.refuse(
            "unknown-location",
            &format!(
                "There is no location {:?}",
                Value::from(input.name.as_str())
            ),
        )),
    }
}
