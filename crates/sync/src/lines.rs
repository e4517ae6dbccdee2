//! The stock lines of a record as one field of it, for kinds whose lines follow those of the other system's record.
//!
//! A line is known by its source: the item's id, in the mark at the end of what the line says. So a half-written record
//! never gets a line twice, whatever became of an answer, and lines that people add are theirs. Each line is written by
//! an act of its own ([`one_by_one`]), which its intent names.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Fixer, Key, Kind, Problem, RecordId, Remedy, Subject, System, Value};
use rust_decimal::Decimal;

use crate::{Compare, Facts, Field, Fields, Half, Mapped, Mark, Transform, Way};

/// The kind whose pairs say which stock a product is.
const STOCK: Kind = Kind::new("stock");

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

/// A line, as either system has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The product's id in Autotask, the stock's number in Jim2; nothing where there is none.
    pub stock: Option<i64>,
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
    pub fn new(stock: Option<i64>, qty: Decimal, price: Decimal, text: &str) -> Self {
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
            ("stock", self.stock.map_or(Value::Empty, Value::Number)),
            ("qty", Value::text(self.qty.to_string())),
            ("price", Value::text(self.price.to_string())),
            ("text", Value::text(self.text.as_str())),
        ])
    }

    fn read(value: &Value) -> Option<Self> {
        let number = |part: &str| value.part(part)?.as_text()?.parse().ok();
        Some(Self {
            stock: value.part("stock")?.as_number(),
            qty: number("qty")?,
            price: number("price")?,
            text: value.part("text")?.as_text().unwrap_or_default().to_owned(),
        })
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
    let products: BTreeSet<i64> = lines.values().filter_map(|line| line.stock).collect();
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

/// Each line with the stock that its product is paired with. One without holds all: half of an order is none.
fn stocked(items: &Value, facts: &Facts) -> Mapped {
    let mut lines = parts(Some(items));
    for item in lines.values_mut() {
        let Some(mut line) = Line::read(item) else {
            continue;
        };
        let key = Key::new(STOCK, System::Autotask, line.stock.unwrap_or_default());
        match facts.other_half(&key).and_then(RecordId::number) {
            Some(stock) => {
                line.stock = Some(stock);
                *item = line.value();
            }
            None => return Mapped::Problem(without_stock(&line, key)),
        }
    }
    Mapped::Value(Value::Parts(lines))
}

fn without_stock(line: &Line, key: Key) -> Problem {
    let what = line.text.lines().next().unwrap_or_default();
    let (why, step) = match line.stock {
        Some(product) => (
            format!("product {product} is paired with no stock"),
            format!("crossbill pairs link stock {product} <Stock#>"),
        ),
        None => (
            "it has no product".to_owned(),
            "choose a product for it in Autotask".to_owned(),
        ),
    };
    Problem {
        code: "product-not-paired".to_owned(),
        subject: Subject::Pair {
            kind: key.kind,
            system: key.system,
            id: key.id,
        },
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
