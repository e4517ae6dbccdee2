//! The rules of a job's lines: stock, actual labour and comments. Writing a line edits its job.

use rust_decimal::Decimal;

use super::change::{Object, Operation};
use super::input::Input;
use super::job::{listed, unknown_member};
use super::list;
use super::record::{Comment, Job, LabourLine, StockLine};
use super::refusal::Refusal;
use super::world::{Actor, World};

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
        let stock = chosen_stock(fields)?;
        let mut line = StockLine {
            line: job.last_stock_line + 1,
            stock_id: stock.id,
            code: stock.code.to_owned(),
            unit: stock.unit.to_owned(),
            taxed: stock.taxed,
            description: stock.description.to_owned(),
            qty: Decimal::ONE,
            supplied: Decimal::ONE,
            backorder: Decimal::ZERO,
            price_excl: Decimal::ZERO,
            price_incl: Decimal::ZERO,
            added: stamp.clone(),
            modified: stamp,
        };
        price_without_tax(&mut line, stock.price());
        let rest = fields.iter().filter(|field| field.name != "stockCode");
        set_stock(&mut line, job.tax_inc, rest)?;
        if !fields.iter().any(|field| field.name == "suppliedQty") {
            line.supplied = line.qty;
        }
        let id = line.line;
        job.last_stock_line = id;
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

    /// Adds a line of actual labour and answers its line id.
    pub(crate) fn add_labour(
        &mut self,
        no: i64,
        actor: &Actor,
        fields: &[Input],
    ) -> Result<i64, Refusal> {
        let mut job = self.editable_job(no, actor)?;
        let stamp = self.stamp(actor);
        for name in ["labourType", "labourInit"] {
            require(fields, name)?;
        }
        let mut line = LabourLine {
            line: job.labour.last().map_or(1, |last| last.line + 1),
            start: stamp.at,
            hours: 0,
            minutes: 0,
            kind: String::new(),
            initials: String::new(),
            comment: String::new(),
            added: stamp.clone(),
            modified: stamp,
        };
        self.set_labour(&mut line, fields)?;
        let id = line.line;
        job.labour.push(line);
        self.save_job(job, actor);
        self.log(
            Object::JobLabour,
            format!("{no}-{id}"),
            Operation::Insert,
            actor,
        );
        Ok(id)
    }

    /// Changes a line of actual labour.
    pub(crate) fn edit_labour(
        &mut self,
        no: i64,
        id: i64,
        actor: &Actor,
        fields: &[Input],
    ) -> Result<(), Refusal> {
        let mut job = self.editable_job(no, actor)?;
        let stamp = self.stamp(actor);
        let line = find(&mut job.labour, |line| line.line == id, "JobLabour", no, id)?;
        self.set_labour(line, fields)?;
        line.modified = stamp;
        self.save_job(job, actor);
        self.log(
            Object::JobLabour,
            format!("{no}-{id}"),
            Operation::Update,
            actor,
        );
        Ok(())
    }

    /// Adds somebody's words to the comment grid and answers the line id.
    pub(crate) fn add_comment(
        &mut self,
        no: i64,
        actor: &Actor,
        fields: &[Input],
    ) -> Result<i64, Refusal> {
        let mut job = self.editable_job(no, actor)?;
        require(fields, "comment")?;
        let mut line = Comment {
            line: job.comments.last().map_or(1, |last| last.line + 1),
            include: false,
            status: self.comment_status(&job),
            text: String::new(),
            modified: self.stamp(actor),
        };
        set_comment(&mut line, fields)?;
        let id = line.line;
        job.comments.push(line);
        self.save_job(job, actor);
        Ok(id)
    }

    /// Changes a comment line.
    pub(crate) fn edit_comment(
        &mut self,
        no: i64,
        id: i64,
        actor: &Actor,
        fields: &[Input],
    ) -> Result<(), Refusal> {
        let mut job = self.editable_job(no, actor)?;
        let stamp = self.stamp(actor);
        let line = find(
            &mut job.comments,
            |line| line.line == id,
            "JobComment",
            no,
            id,
        )?;
        set_comment(line, fields)?;
        line.modified = stamp;
        self.save_job(job, actor);
        self.log(
            Object::JobComment,
            format!("{no}-{id}"),
            Operation::Update,
            actor,
        );
        Ok(())
    }

    /// Removes a comment line, as only a person can.
    pub(crate) fn delete_comment(
        &mut self,
        no: i64,
        id: i64,
        actor: &Actor,
    ) -> Result<(), Refusal> {
        let mut job = self.editable_job(no, actor)?;
        find(
            &mut job.comments,
            |line| line.line == id,
            "JobComment",
            no,
            id,
        )?;
        job.comments.retain(|line| line.line != id);
        self.save_job(job, actor);
        self.log(
            Object::JobComment,
            format!("{no}-{id}"),
            Operation::Delete,
            actor,
        );
        Ok(())
    }

    fn comment_status(&self, job: &Job) -> String {
        if self.options.comments_carry_status {
            job.status.clone()
        } else {
            String::new()
        }
    }

    fn set_labour(&self, line: &mut LabourLine, fields: &[Input]) -> Result<(), Refusal> {
        for field in fields {
            match field.name.as_str() {
                "start" => {
                    line.start = field
                        .moment(self.options.time_zone)?
                        .ok_or_else(|| field.wrong("a date and time"))?;
                }
                "hours" => line.hours = within(field, 0..=999)?,
                "minutes" => line.minutes = within(field, 0..=59)?,
                "labourType" => {
                    line.kind = listed(field, list::LABOUR_TYPES, "unknown-labour-type")?;
                }
                "labourInit" => {
                    let initials = field.text(3)?;
                    line.initials = self.user_initials(&initials).ok_or_else(|| {
                        field.refuse(
                            "unknown-user",
                            &format!("There is no active user with the initials {initials:?}"),
                        )
                    })?;
                }
                "comment" => line.comment = field.long_text()?,
                _ => return Err(unknown_member(field)),
            }
        }
        Ok(())
    }
}

fn chosen_stock(fields: &[Input]) -> Result<&'static list::Stock, Refusal> {
    let field = require(fields, "stockCode")?;
    let code = field.text(24)?;
    list::find_stock(&code)
        .ok_or_else(|| field.refuse("unknown-stock", &format!("There is no stock code {code:?}")))
}

fn set_stock<'a>(
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
            _ => return Err(unknown_member(field)),
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

fn set_comment(line: &mut Comment, fields: &[Input]) -> Result<(), Refusal> {
    for field in fields {
        match field.name.as_str() {
            "comment" => line.text = field.long_text()?,
            "include" => line.include = field.flag()?,
            _ => return Err(unknown_member(field)),
        }
    }
    Ok(())
}

fn require<'a>(fields: &'a [Input], name: &str) -> Result<&'a Input, Refusal> {
    fields
        .iter()
        .find(|field| field.name == name)
        .ok_or_else(|| Refusal::invalid("field-required", format!("{name} is required.")))
}

fn within(field: &Input, range: std::ops::RangeInclusive<i64>) -> Result<i64, Refusal> {
    match field.whole()? {
        Some(number) if range.contains(&number) => Ok(number),
        Some(_) | None => Err(field.wrong(&format!(
            "a number from {} to {}",
            range.start(),
            range.end()
        ))),
    }
}

fn find<'a, Line>(
    lines: &'a mut [Line],
    is_it: impl Fn(&Line) -> bool,
    what: &str,
    no: i64,
    id: i64,
) -> Result<&'a mut Line, Refusal> {
    lines
        .iter_mut()
        .find(|line| is_it(line))
        .ok_or_else(|| Refusal::not_found(what, format!("{no}-{id}")))
}
