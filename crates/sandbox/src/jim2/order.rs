//! What is bought of vendors and what is quoted to customers: a header with stock lines.

mod field;
mod lines;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::input::Input;
use super::record::{Stamp, StockLine};
use super::refusal::Refusal;
use super::world::{Actor, World};

/// The two kinds of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Purchase,
    Quote,
}

/// Where each of a kind is kept, and the last number given.
#[derive(Clone, Debug)]
pub(crate) struct Orders {
    pub(crate) all: BTreeMap<i64, Order>,
    last: i64,
}

/// A purchase or a quote.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) no: i64,
    /// `Purchase`, `Debtors PO`, `Normal`, `Back Order`, `TASK`.
    pub(crate) of: String,
    /// The vendor of a purchase, the customer of a quote.
    pub(crate) card: i64,
    pub(crate) ship: i64,
    pub(crate) status: String,
    pub(crate) our_ref: String,
    /// The vendor's invoice number, or the customer's reference.
    pub(crate) their_ref: String,
    pub(crate) due: Option<DateTime<Utc>>,
    pub(crate) valid: Option<DateTime<Utc>>,
    pub(crate) received: Option<DateTime<Utc>>,
    pub(crate) probability: Option<i64>,
    pub(crate) stock: Vec<StockLine>,
    pub(crate) last_line: i64,
    pub(crate) made: Stamp,
    pub(crate) modified: Stamp,
}

impl Kind {
    /// The resource type, which is also what people call it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Purchase => "Purchase",
            Self::Quote => "Quote",
        }
    }

    /// Where resources of it are.
    pub(crate) const fn list(self) -> &'static str {
        match self {
            Self::Purchase => "pos",
            Self::Quote => "quotes",
        }
    }

    /// The resource type of its lines.
    pub(crate) const fn line(self) -> &'static str {
        match self {
            Self::Purchase => "PurchaseStock",
            Self::Quote => "QuoteStock",
        }
    }

    /// The create call.
    pub(crate) const fn create(self) -> &'static str {
        match self {
            Self::Purchase => "pocreate",
            Self::Quote => "quotecreate",
        }
    }

    /// What may still be changed is in one of these (jim2.md §4.7); of quotes no page names the others.
    const fn open(self) -> &'static [&'static str] {
        match self {
            Self::Purchase => &["Booked", "Ordered"],
            Self::Quote => &["Booked", "Sent"],
        }
    }
}

impl Orders {
    /// None yet; the next one has the number after `last`.
    pub(crate) const fn after(last: i64) -> Self {
        Self {
            all: BTreeMap::new(),
            last,
        }
    }
}

impl World {
    /// All of a kind.
    pub(crate) const fn orders(&self, kind: Kind) -> &Orders {
        match kind {
            Kind::Purchase => &self.purchases,
            Kind::Quote => &self.quotes,
        }
    }

    pub(super) const fn orders_mut(&mut self, kind: Kind) -> &mut Orders {
        match kind {
            Kind::Purchase => &mut self.purchases,
            Kind::Quote => &mut self.quotes,
        }
    }

    /// One by its number.
    pub(crate) fn order(&self, kind: Kind, no: i64) -> Result<&Order, Refusal> {
        let found = self.orders(kind).all.get(&no);
        found.ok_or_else(|| Refusal::not_found(kind.name(), no))
    }

    /// Makes one, as `actor`, with the lines that came along, and answers its number.
    pub(crate) fn create_order(
        &mut self,
        kind: Kind,
        actor: &Actor,
        fields: &[Input],
    ) -> Result<i64, Refusal> {
        let mut order = self.blank_order(kind, actor);
        for field in fields.iter().filter(|field| field.name != "stock") {
            self.set_order(kind, &mut order, field)?;
        }
        if order.card == 0 {
            let whose = "It needs its seller or customer.";
            return Err(Refusal::invalid("card-required", whose));
        }
        if order.ship == 0 {
            order.ship = order.card;
        }
        for field in fields.iter().filter(|field| field.name == "stock") {
            let lines = field
                .value
                .as_array()
                .ok_or_else(|| field.wrong("a list"))?;
            for line in lines {
                let inputs = Input::new(&field.pointer, "line", line).members()?;
                self.put_line(&mut order, actor, &inputs)?;
            }
        }
        let no = order.no;
        let orders = self.orders_mut(kind);
        orders.last = no;
        orders.all.insert(no, order);
        Ok(no)
    }

    /// Makes what a create call's body asks for. Lines are in no page that we have, and refused unless a switch takes them.
    pub(crate) fn make_order(
        &mut self,
        kind: Kind,
        actor: &Actor,
        body: &serde_json::Map<String, Value>,
    ) -> Result<i64, Refusal> {
        let named = body.iter().filter(|(name, _)| *name != "submitRefId");
        let fields: Vec<Input> = named
            .map(|(name, value)| Input::new("", name, value))
            .collect();
        let is_taken = |field: &Input| {
            let refused = format!("{}.{}", kind.create(), field.name);
            let documented = field::taken(kind).contains(&field.name.as_str())
                || field.name == "stock" && self.options.create_lines;
            documented && !self.options.create_refuses.contains(&refused)
        };
        if let Some(field) = fields.iter().find(|field| !is_taken(field)) {
            return Err(field.unknown());
        }
        self.create_order(kind, actor, &fields)
    }

    /// Changes fields of one: all of them, or none and why.
    pub(crate) fn edit_order(
        &mut self,
        kind: Kind,
        no: i64,
        actor: &Actor,
        fields: &[Input],
    ) -> Result<(), Refusal> {
        let mut order = self.order(kind, no)?.clone();
        for field in fields {
            self.set_order(kind, &mut order, field)?;
        }
        self.save_order(kind, order, actor);
        Ok(())
    }

    /// Deletes one, as only a person can.
    pub(crate) fn delete_order(&mut self, kind: Kind, no: i64) -> Result<(), Refusal> {
        self.order(kind, no)?;
        self.orders_mut(kind).all.remove(&no);
        Ok(())
    }

    fn save_order(&mut self, kind: Kind, mut order: Order, actor: &Actor) {
        order.modified = self.stamp(actor);
        self.orders_mut(kind).all.insert(order.no, order);
    }

    fn blank_order(&self, kind: Kind, actor: &Actor) -> Order {
        Order {
            no: self.orders(kind).last + 1,
            of: field::TYPES[usize::from(kind == Kind::Quote)][0].to_owned(),
            card: 0,
            ship: 0,
            status: "Booked".to_owned(),
            our_ref: String::new(),
            their_ref: String::new(),
            due: None,
            valid: None,
            received: None,
            probability: None,
            stock: Vec::new(),
            last_line: 0,
            made: self.stamp(actor),
            modified: self.stamp(actor),
        }
    }
}
