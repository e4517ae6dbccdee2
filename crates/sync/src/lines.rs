//! The stock lines of a record as one field of it, for kinds whose lines follow those of the other system's record.
//!
//! A line is known by its source: the item's id, in the mark at the end of what the line says. So a half-written record
//! never gets a line twice, whatever became of an answer, and lines that people add are theirs. Each line is written by
//! an act of its own ([`one_by_one`]), which its intent names. An item without a product is sold as what people gave its
//! billing code, its role or its type ([`Sold`]); its source says so ([`CODED`]), as a line's stock is then known by its code.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Fixer, Key, Kind, Problem, RecordId, Remedy, Subject, System, Value};
use rust_decimal::Decimal;

use crate::{Compare, Facts, Field, Fields, Half, Mapped, Mark, Sold, Transform, Way};

/// The kind whose pairs say which stock a product is.
const STOCK: Kind = Kind::new("stock");

/// How a source ends whose line is known by its stock code.
pub const CODED: &str = "/code";

/// The longest text of a line, without its mark.
const LONGEST: usize = 200;

/// A kind's field of lines: from Autotask's items to Jim2's lines, where the product becomes the stock it is paired with.
pub const LINES: Field = Field {
    way: Way::ToJim2,
    forward: Transform::By(stocked),
    back: Transform::None,
    compare: Compare::Text,
    required: true,
    ..Field::text("lines", "Lines")
};

/// What a line is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stock {
    /// The product with this id in Autotask, the stock with this number in Jim2.
    Number(i64),
    /// The stock with this code in Jim2.
    Code(String),
    /// What has no product in Autotask, by what else it says of what it is.
    Sold(Sold),
}

/// A line, as either system has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is of; nothing where there is none.
    pub stock: Option<Stock>,
    /// How much.
    pub qty: Decimal,
    /// Dollars a unit without tax, to the four decimals that Jim2 keeps.
    pub price: Decimal,
    /// What it says, without its mark.
    pub text: String,
}

/// What is to be done to a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineChange {
    /// There is none of this source yet.
    Add(Line),
    /// It says something else.
    Alter(Line),
    /// Its source is gone.
    Remove,
}

impl Line {
    /// A line with its numbers and words in the one form in which they are compared.
    pub fn new(stock: Option<Stock>, qty: Decimal, price: Decimal, text: &str) -> Self {
        let text = text.replace("\r\n", "\n");
        let cut: String = text.trim().chars().take(LONGEST).collect();
        Self {
            stock,
            qty: qty.round_dp(4).normalize(),
            price: price.round_dp(4).normalize(),
            text: cut.trim_end().to_owned(),
        }
    }

    /// What the line says in Jim2: its words, and the mark of its source.
    pub fn marked(&self, source: &str) -> String {
        let mark = Mark {
            system: System::Autotask,
            source: source.into(),
        };
        mark.stamp(&self.text)
    }

    fn value(&self) -> Value {
        Value::parts([
            (
                "stock",
                self.stock.as_ref().map_or(Value::Empty, Stock::value),
            ),
            ("qty", Value::text(self.qty.to_string())),
            ("price", Value::text(self.price.to_string())),
            ("text", Value::text(self.text.as_str())),
        ])
    }

    fn read(value: &Value) -> Option<Self> {
        let number = |part: &str| value.part(part)?.as_text()?.parse().ok();
        Some(Self {
            stock: Stock::read(value.part("stock")?),
            qty: number("qty")?,
            price: number("price")?,
            text: value.part("text")?.as_text().unwrap_or_default().to_owned(),
        })
    }
}

impl Stock {
    /// A stock code in the one form in which they are compared: Jim2 makes no difference between large and small.
    pub fn code(code: &str) -> Self {
        Self::Code(code.trim().to_uppercase())
    }

    fn value(&self) -> Value {
        match self {
            Self::Number(number) => Value::Number(*number),
            Self::Code(code) => Value::text(code.as_str()),
            Self::Sold(sold) => sold.value(),
        }
    }

    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => Some(Self::Number(*number)),
            Value::Text(code) => Some(Self::Code(code.clone())),
            Value::Parts(_) => Some(Self::Sold(Sold::read(value))),
            Value::Empty | Value::Flag(_) => None,
        }
    }
}

/// What a line of Jim2 says, and the source that its mark names, where it is ours.
pub fn source_of(description: &str) -> Option<(String, String)> {
    let (text, mark) = Mark::split(description);
    let mark = mark.filter(|mark| mark.system == System::Autotask)?;
    Some((mark.source.to_string(), text.to_owned()))
}

/// Tells a half its lines, by their sources. Two of one source are a flag that [`doubled`] reads.
pub fn tell_lines(half: &mut Half, lines: impl IntoIterator<Item = (String, Line)>) {
    let mut told = BTreeMap::new();
    for (source, line) in lines {
        if told.insert(source, line.value()).is_some() {
            half.flag("doubled", true);
        }
    }
    half.tell(LINES.name, Some(Value::Parts(told)));
}

/// The lines among a half's or an act's fields.
pub fn lines_in(fields: &Fields) -> BTreeMap<String, Line> {
    let line = |(source, value): (&String, &Value)| Some((source.clone(), Line::read(value)?));
    parts(fields.get(LINES.name))
        .iter()
        .filter_map(line)
        .collect()
}

/// The stock that lines need the pairs of.
pub fn needs_of_lines(half: &Half) -> impl Iterator<Item = Key> {
    let lines = lines_in(&half.fields);
    let product = |line: &Line| match line.stock {
        Some(Stock::Number(product)) => Some(product),
        Some(Stock::Code(_) | Stock::Sold(_)) | None => None,
    };
    let products: BTreeSet<i64> = lines.values().filter_map(product).collect();
    let key = |id| Key::new(STOCK, System::Autotask, id);
    products.into_iter().map(key)
}

/// What makes the lines that are there into those that are meant, by source.
pub fn line_changes(
    there: &BTreeMap<String, Line>,
    meant: &BTreeMap<String, Line>,
) -> Vec<(String, LineChange)> {
    let mut changes = Vec::new();
    for (source, line) in meant {
        match there.get(source) {
            None => changes.push((source.clone(), LineChange::Add(line.clone()))),
            Some(now) if now == line => {}
            Some(_) => changes.push((source.clone(), LineChange::Alter(line.clone()))),
        }
    }
    let gone = there.keys().filter(|source| !meant.contains_key(*source));
    changes.extend(gone.map(|source| (source.clone(), LineChange::Remove)));
    changes
}

/// A write of several parts of one field as a step for each part that differs from what `half` tells, so that each remote
/// write has its own act. What else is written comes first.
pub fn one_by_one(half: &Half, name: &str, mut fields: Fields) -> Vec<Fields> {
    let Some(meant) = fields.remove(name) else {
        return vec![fields];
    };
    let mut so_far = parts(half.fields.get(name));
    let meant = parts(Some(&meant));
    let names: BTreeSet<String> = so_far.keys().chain(meant.keys()).cloned().collect();
    let mut steps = vec![fields];
    for part in names {
        let before = so_far.get(&part).cloned();
        if before.as_ref() == meant.get(&part) {
            continue;
        }
        match meant.get(&part) {
            Some(value) => so_far.insert(part, value.clone()),
            None => so_far.remove(&part),
        };
        steps.push([(name.to_owned(), Value::Parts(so_far.clone()))].into());
    }
    steps.retain(|step| !step.is_empty());
    steps
}

/// The problem that two lines of a half are of one source: which of them is right nobody can tell.
pub fn doubled(kind: &Kind, jim2: &Half) -> Option<Problem> {
    jim2.is("doubled").then(|| {
        let says = format!("{} has two lines of one item of Autotask", jim2.label);
        let step = "delete one of them in Jim2".to_owned();
        jim2.problem(kind, System::Jim2, "doubled", says, (Fixer::Finance, step))
    })
}

fn parts(value: Option<&Value>) -> BTreeMap<String, Value> {
    match value {
        Some(Value::Parts(parts)) => parts.clone(),
        Some(Value::Empty | Value::Flag(_) | Value::Number(_) | Value::Text(_)) | None => {
            BTreeMap::new()
        }
    }
}

/// Each line with the stock that its product is paired with, or that it is sold as without one. One without holds all: half
/// of an order is none.
fn stocked(items: &Value, facts: &Facts) -> Mapped {
    let mut lines = parts(Some(items));
    for item in lines.values_mut() {
        let Some(mut line) = Line::read(item) else {
            continue;
        };
        match stock_of(&line, facts) {
            Ok(stock) => {
                line.stock = Some(stock);
                *item = line.value();
            }
            Err(problem) => return Mapped::Problem(*problem),
        }
    }
    Mapped::Value(Value::Parts(lines))
}

fn stock_of(line: &Line, facts: &Facts) -> Result<Stock, Box<Problem>> {
    let product = match &line.stock {
        Some(Stock::Sold(sold)) => {
            let code = sold.code(facts).map(|code| Stock::code(&code));
            return code.map_err(|problem| Box::new(without_code(line, *sold, *problem, facts)));
        }
        Some(Stock::Code(code)) => return Ok(Stock::code(code)),
        Some(Stock::Number(product)) => Some(*product),
        None => None,
    };
    let key = Key::new(STOCK, System::Autotask, product.unwrap_or_default());
    let paired = facts.other_half(&key).and_then(RecordId::number);
    let paired = paired.filter(|_| product.is_some()).map(Stock::Number);
    paired.ok_or_else(|| Box::new(without_stock(line, product, key)))
}

fn without_stock(line: &Line, product: Option<i64>, key: Key) -> Problem {
    let (why, step) = match product {
        Some(product) => (
            format!("product {product} is paired with no stock"),
            format!("crossbill pairs link stock {product} <Stock#>"),
        ),
        None => (
            "it has no product".to_owned(),
            "choose a product for it in Autotask".to_owned(),
        ),
    };
    let subject = Subject::Pair {
        kind: key.kind,
        system: key.system,
        id: key.id,
    };
    problem("product-not-paired", subject, line, (&why, step))
}

/// The same problem as billing has with it, told of the line: solved once for both.
fn without_code(line: &Line, sold: Sold, problem: Problem, facts: &Facts) -> Problem {
    let what = line.text.lines().next().unwrap_or_default();
    let kind = sold.item_type.map(|kind| kind.label(facts));
    let kind = kind.map_or_else(String::new, |kind| format!(" ({kind})"));
    Problem {
        field: Some(LINES.name.to_owned()),
        says: format!("the line \"{what}\"{kind} cannot go: {}", problem.says),
        ..problem
    }
}

fn problem(code: &str, subject: Subject, line: &Line, (why, step): (&str, String)) -> Problem {
    let what = line.text.lines().next().unwrap_or_default();
    Problem {
        code: code.to_owned(),
        subject,
        field: Some(LINES.name.to_owned()),
        says: format!("the line \"{what}\" has no Jim2 stock code: {why}"),
        remedy: Remedy {
            who: Fixer::Finance,
            step,
            continues: true,
        },
    }
}

#[cfg(test)]
mod tests;
