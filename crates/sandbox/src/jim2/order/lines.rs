//! The stock lines of a purchase or a quote: priced as they say, never by Jim2.

use super::{Kind, Order};
use crate::jim2::input::Input;
use crate::jim2::line::set_stock;
use crate::jim2::refusal::Refusal;
use crate::jim2::world::{Actor, World};

impl World {
    /// Adds a line and answers its line id.
    pub(crate) fn add_order_line(
        &mut self,
        kind: Kind,
        no: i64,
        actor: &Actor,
        fields: &[Input],
    ) -> Result<i64, Refusal> {
        let mut order = self.open_order(kind, no)?;
        self.put_line(&mut order, actor, fields)?;
        let line = order.last_line;
        self.save_order(kind, order, actor);
        Ok(line)
    }

    /// Changes a line.
    pub(crate) fn edit_order_line(
        &mut self,
        kind: Kind,
        (no, id): (i64, i64),
        actor: &Actor,
        fields: &[Input],
    ) -> Result<(), Refusal> {
        let mut order = self.open_order(kind, no)?;
        let stamp = self.stamp(actor);
        let line = order.stock.iter_mut().find(|line| line.line == id);
        let line = line.ok_or_else(|| Refusal::not_found(kind.name(), format!("{no}-{id}")))?;
        set_stock(line, false, fields.iter())?;
        line.modified = stamp;
        self.save_order(kind, order, actor);
        Ok(())
    }

    /// Removes a line.
    pub(crate) fn delete_order_line(
        &mut self,
        kind: Kind,
        (no, id): (i64, i64),
        actor: &Actor,
    ) -> Result<(), Refusal> {
        let mut order = self.open_order(kind, no)?;
        if !order.stock.iter().any(|line| line.line == id) {
            return Err(Refusal::not_found(kind.name(), format!("{no}-{id}")));
        }
        order.stock.retain(|line| line.line != id);
        self.save_order(kind, order, actor);
        Ok(())
    }

    /// Puts a line at the end.
    pub(super) fn put_line(
        &self,
        order: &mut Order,
        actor: &Actor,
        fields: &[Input],
    ) -> Result<(), Refusal> {
        let id = order.last_line + 1;
        let mut line = self.new_line(id, ("", false), &self.stamp(actor), fields)?;
        if !fields.iter().any(|field| field.name == "suppliedQty") {
            line.supplied = rust_decimal::Decimal::ZERO;
        }
        order.last_line = id;
        order.stock.push(line);
        Ok(())
    }

    fn open_order(&self, kind: Kind, no: i64) -> Result<Order, Refusal> {
        let order = self.order(kind, no)?;
        if kind.open().contains(&order.status.as_str()) {
            return Ok(order.clone());
        }
        let (what, status) = (kind.name(), &order.status);
        Err(Refusal::invalid(
            "closed",
            format!("{what} {no} is {status}: its lines cannot be changed."),
        ))
    }
}
