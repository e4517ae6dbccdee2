//! Stock lines: goods and billable labour, priced by Jim2 unless a price is given.

use rust_decimal::Decimal;

use super::{find, require};
use crate::jim2::change::{Object, Operation};
use crate::jim2::fault::Fault;
use crate::jim2::input::Input;
use crate::jim2::record::{Job, Stamp, StockLine};
use crate::jim2::refusal::Refusal;
use crate::jim2::stock::{self, Stock};
use crate::jim2::world::{Actor, World};

impl World {
    /// Adds a stock line, priced by Jim2 where no price is given, and answers its line id.
    pub(crate) fn add_stock(
        &mut self,
        no: i64,
        actor: &Actor,
        fields: &[Input],
    ) -> Result<i64, Refusal> {
        let mut job = self.editable_job(no, actor)?;
        let stamp = self.stamp(actor);
        let level = self.price_level(&job);
        let priced = (level, job.tax_inc);
        let mut line = self.new_line(job.last_stock + 1, priced, &stamp, fields)?;
        if !fields.iter().any(|field| field.name == "suppliedQty") {
            line.supplied = line.qty;
        }
        let id = line.line;
        job.last_stock = id;
        job.stock.push(line);
        self.save_job(job, actor);
        self.log(
            Object::JobStock,
            format!("{no}-{id}"),
            Operation::Insert,
            actor,
        );
        Ok(id)
    }

    /// A line of what the fields name, at the price of that level where they name none.
    pub(in crate::jim2) fn new_line(
        &self,
        id: i64,
        (level, tax_inc): (&str, bool),
        stamp: &Stamp,
        fields: &[Input],
    ) -> Result<StockLine, Refusal> {
        let stock = self.chosen_stock(fields)?;
        let mut line = StockLine {
            line: id,
            stock_id: stock.id,
            code: stock.code.clone(),
            unit: stock.unit.clone(),
            taxed: stock.taxed,
            description: stock.words().to_owned(),
            qty: Decimal::ONE,
            supplied: Decimal::ONE,
            backorder: Decimal::ZERO,
            price_excl: Decimal::ZERO,
            price_incl: Decimal::ZERO,
            added: stamp.clone(),
            modified: stamp.clone(),
        };
        price_without_tax(&mut line, stock.price(level));
        let rest = fields.iter().filter(|field| field.name != "stockCode");
        set_stock(&mut line, tax_inc, rest)?;
        Ok(line)
    }

    /// Changes a stock line; a new quantity never changes its price.
    pub(crate) fn edit_stock(
        &mut self,
        no: i64,
        id: i64,
        actor: &Actor,
        fields: &[Input],
    ) -> Result<(), Refusal> {
        let mut job = self.editable_job(no, actor)?;
        let (tax_inc, stamp) = (job.tax_inc, self.stamp(actor));
        let line = find(&mut job.stock, |line| line.line == id, "JobStock", no, id)?;
        set_stock(line, tax_inc, fields.iter())?;
        line.modified = stamp;
        self.save_job(job, actor);
        self.log(
            Object::JobStock,
            format!("{no}-{id}"),
            Operation::Update,
            actor,
        );
        Ok(())
    }

    /// Removes a stock line.
    pub(crate) fn delete_stock(&mut self, no: i64, id: i64, actor: &Actor) -> Result<(), Refusal> {
        let mut job = self.editable_job(no, actor)?;
        find(&mut job.stock, |line| line.line == id, "JobStock", no, id)?;
        job.stock.retain(|line| line.line != id);
        self.save_job(job, actor);
        self.log(
            Object::JobStock,
            format!("{no}-{id}"),
            Operation::Delete,
            actor,
        );
        Ok(())
    }

    /// The price level of the job's customer.
    pub(crate) fn price_level(&self, job: &Job) -> &str {
        let card = self.cards.get(&job.customer);
        let customer = card.and_then(|card| card.customer.as_ref());
        customer.map_or(stock::PRICE_LEVELS[0], |customer| &customer.price_level)
    }

    fn is_withdrawn(&self, stock: &Stock) -> bool {
        let withdrawn = self.faults.setting(Fault::StockInactive);
        withdrawn.is_some_and(|setting| setting.names(&stock.code))
    }

    fn chosen_stock(&self, fields: &[Input]) -> Result<&Stock, Refusal> {
        let field = require(fields, "stockCode")?;
        let code = field.text(24)?;
        let mut known = self.stock.iter();
        match known.find(|stock| stock.code.eq_ignore_ascii_case(&code)) {
            Some(stock) if stock.active && !self.is_withdrawn(stock) => Ok(stock),
            Some(stock) => Err(field.refuse(
                "stock-inactive",
                &format!("Stock {} is not active any more", stock.code),
            )),
            None => Err(field.refuse("unknown-stock", &format!("There is no stock code {code:?}"))),
        }
    }
}

pub(in crate::jim2) fn set_stock<'a>(
    line: &mut StockLine,
    tax_inc: bool,
    fields: impl Iterator<Item = &'a Input>,
) -> Result<(), Refusal> {
    for field in fields {
        match field.name.as_str() {
            "qty" => line.qty = field.decimal()?,
            "suppliedQty" => line.supplied = field.decimal()?,
            "backorderQty" => line.backorder = field.decimal()?,
            "unitPrice" if tax_inc => price_with_tax(line, field.decimal()?),
            "unitPrice" | "unitPriceTF" => price_without_tax(line, field.decimal()?),
            "unitPriceTP" => price_with_tax(line, field.decimal()?),
            "description" => line.description = field.text(1000)?,
            _ => return Err(field.unknown()),
        }
    }
    // A tax-inclusive job keeps whole cents with tax, so the price without tax may move by a fraction.
    if tax_inc {
        price_with_tax(line, line.price_incl.round_dp(2));
    }
    Ok(())
}

fn price_without_tax(line: &mut StockLine, price: Decimal) {
    line.price_excl = price;
    line.price_incl = (price * tax(line)).round_dp(4);
}

fn price_with_tax(line: &mut StockLine, price: Decimal) {
    line.price_incl = price;
    line.price_excl = (price / tax(line)).round_dp(4);
}

fn tax(line: &StockLine) -> Decimal {
    Decimal::new(if line.taxed { 11 } else { 10 }, 1)
}
