//! How posted items and stock lines stand to each other. Pure: no I/O, no clock.

mod choices;
mod creation;
mod cut_over;
mod fields;
mod problem;
mod trails;

use domain::{Key, Kind, Problem, RecordId, System, Value};
use rust_decimal::Decimal;
use sync::{Act, Choices, Creation, Facts, Field, Fields, Half, Notice, Rules, Standing, Trail};

pub use self::fields::FIELDS;
pub(crate) use self::problem::about;
use crate::{
    COMPANY, KIND, STOCK, TICKET, amount::Split, halves, settings::frozen_until, source::Source,
};

/// The thinking about billing.
#[derive(Debug, Clone, Copy, Default)]
pub struct BillingRules;

impl Rules for BillingRules {
    fn kind(&self) -> Kind {
        KIND
    }

    fn is_essential(&self) -> bool {
        true
    }

    fn fields(&self) -> &'static [Field] {
        FIELDS
    }

    fn trails(&self) -> &'static [Trail] {
        trails::TRAILS
    }

    fn choices(&self) -> Choices {
        choices::CHOICES
    }

    fn needs(&self, on: System, half: &Half) -> Vec<Key> {
        if on == System::Jim2 {
            return Vec::new();
        }
        let numbered = [("ticket", TICKET), ("payer", COMPANY), ("product", STOCK)].into_iter();
        numbered
            .filter_map(|(fact, kind)| Some(Key::new(kind, on, half.fact(fact)?.as_number()?)))
            .chain(creation::order(half))
            .collect()
    }

    /// A line that a person typed is theirs, and nothing in Autotask is made of it.
    fn create(&self, to: System, half: &Half, _generation: i32, facts: &Facts) -> Creation {
        match to {
            System::Jim2 => creation::line(half, facts),
            System::Autotask => Creation::No("lines that people add are theirs".to_owned()),
        }
    }

    /// A line whose source was deleted comes to nothing, and says so.
    fn outlives(&self, on: System, half: &Half, _: &Facts) -> Option<Fields> {
        (on == System::Jim2).then(|| nothing(half))
    }

    /// A line names its source; one that names another is another line.
    fn identity(&self, autotask: &Half, jim2: &Half, _: &Facts) -> Result<(), Box<Problem>> {
        let ours = Source::read(&autotask.id).map(Source::mark);
        match (ours, jim2.fact("mark").and_then(Value::as_text)) {
            (Some(ours), Some(theirs)) if ours != theirs => {
                Err(Box::new(problem::other_line(autotask, jim2, theirs)))
            }
            _ => Ok(()),
        }
    }

    /// What was posted, less what is on the line.
    fn owed(&self, autotask: Option<&Half>, jim2: Option<&Half>) -> Option<Decimal> {
        let net = |half: Option<&Half>| match half {
            Some(half) => half.fields.get("net")?.as_text()?.parse().ok(),
            None => Some(Decimal::ZERO),
        };
        Some(net(autotask)? - net(jim2)?)
    }

    /// Rule 9: the line says a purchase order that its job does not.
    fn notices(&self, act: &Act, half: &Half, _: &Facts) -> Vec<Notice> {
        let is_new = matches!(act, Act::Create { .. });
        let other = half.fact("other_po").filter(|_| is_new);
        let of_job = half.fact("po_of_job").unwrap_or(&Value::Empty);
        let notice = |other| Notice::dropped("purchase order", of_job, other);
        other.map(notice).into_iter().collect()
    }

    fn customer(&self, jim2: &Half) -> Option<Value> {
        jim2.fact("customer").cloned()
    }

    /// The stock code of a line cannot be changed, so a new one is a person's to act on; and a second posting under one
    /// source, of which the line can carry only the first.
    fn problems(&self, autotask: &Half, jim2: &Half, facts: &Facts) -> Vec<Problem> {
        let mut problems = problem::standing(autotask, jim2, facts);
        if autotask.is("twin") {
            problems.push(problem::fault(autotask, problem::TWINS));
        }
        problems
    }

    /// Only the item has a field for it: `webServiceDate`, which says that it was carried. An item that was posted again
    /// has none yet.
    fn owes_reference(&self, on: System, half: &Half, _to: &RecordId, _generation: i32) -> bool {
        on == System::Autotask
            && !half.is("gone")
            && half.fact("item").is_some()
            && half.fact("exported").is_none()
    }

    /// Its posting, where all of it was told.
    fn to_refer(&self, _on: System, half: &Half) -> Fields {
        let posting = halves::posting(half);
        if posting.len() == halves::POSTING.len() {
            posting
        } else {
            Fields::new()
        }
    }

    fn standing(&self, on: System, half: &Half, field: &str, facts: &Facts) -> Standing {
        let frozen = || {
            let until = frozen_until(facts)?;
            let field = Some(field.to_owned());
            Some(Problem {
                field,
                ..problem::frozen(until, facts)
            })
        };
        let closed = match on {
            System::Jim2 => problem::closed(half, field).or_else(frozen),
            System::Autotask => None,
        };
        closed.map_or(Standing::Open, |problem| {
            Standing::Closed(Box::new(problem))
        })
    }
}

/// What is written on a line whose source is gone.
fn nothing(line: &Half) -> Fields {
    let mark = line.fact("mark").and_then(Value::as_text);
    let words = format!("Taken back in Autotask {}", mark.unwrap_or_default());
    let split = Split {
        qty: Decimal::ZERO,
        price: Decimal::ZERO,
    };
    Fields::from([
        ("net".to_owned(), Decimal::ZERO.into()),
        ("split".to_owned(), split.text().into()),
        ("description".to_owned(), words.trim_end().into()),
    ])
}

#[cfg(test)]
mod tests;
