//! How companies and cardfiles stand to each other. Pure: no I/O, no clock.

mod choices;
mod compared;
mod creation;
mod fields;
mod trails;

use domain::{Fixer, Key, Kind, Problem, RecordId, Remedy, Subject, System, Value};
use sync::{
    Carry, Child, ChildPair, Choices, Creation, Facts, Field, Fields, Half, Rules, Standing, Trail,
    Watch,
};

pub use self::fields::FIELDS;
use crate::{KIND, address, notes};

/// What Jim2's API lets be written of a card that exists.
const WRITABLE_IN_JIM2: [&str; 2] = ["name", "address"];

/// The thinking about companies and cardfiles.
#[derive(Debug, Clone, Copy, Default)]
pub struct CompanyRules;

impl Rules for CompanyRules {
    fn kind(&self) -> Kind {
        KIND
    }

    fn fields(&self) -> &'static [Field] {
        FIELDS
    }

    fn trails(&self) -> &'static [Trail] {
        trails::TRAILS
    }

    fn watches(&self) -> &'static [Watch] {
        trails::WATCHES
    }

    fn choices(&self) -> Choices {
        choices::CHOICES
    }

    /// Itself.
    fn belongs_to(&self, autotask: Option<&Half>, jim2: Option<&Half>) -> Option<Key> {
        let itself = |on: System, half: Option<&Half>| Some(Key::new(KIND, on, half?.id.clone()));
        itself(System::Autotask, autotask).or_else(|| itself(System::Jim2, jim2))
    }

    /// The company or card above it, which is compared.
    fn needs(&self, on: System, half: &Half) -> Vec<Key> {
        let parent = half.fields.get("parent").and_then(Value::as_number);
        let key = parent.map(|parent| Key::new(KIND, on, parent));
        key.into_iter().collect()
    }

    fn create(&self, to: System, half: &Half, _generation: i32, facts: &Facts) -> Creation {
        match to {
            System::Jim2 => creation::card(half, facts),
            System::Autotask => creation::company(half, facts),
        }
    }

    fn identity(&self, autotask: &Half, jim2: &Half, _: &Facts) -> Result<(), Box<Problem>> {
        match &autotask.points_to {
            Some(pointer) if pointer.to != jim2.id => Err(Box::new(other_card(autotask, jim2))),
            Some(_) | None => Ok(()),
        }
    }

    fn problems(&self, autotask: &Half, jim2: &Half, facts: &Facts) -> Vec<Problem> {
        compared::problems(autotask, jim2, facts)
    }

    /// Only Autotask has a field for it.
    fn owes_reference(&self, on: System, half: &Half, to: &RecordId, _generation: i32) -> bool {
        let written = half.fact("card_no");
        on == System::Autotask
            && written.is_some_and(|card_no| card_no.as_text().map(str::trim) != Some(to.as_str()))
    }

    fn standing(&self, on: System, half: &Half, field: &str, _: &Facts) -> Standing {
        if field == "active" {
            Standing::Closed(Box::new(activity_differs(on, half)))
        } else if field == "parent" {
            Standing::Closed(Box::new(parent_differs(on, half)))
        } else if on == System::Jim2 && !WRITABLE_IN_JIM2.contains(&field) {
            Standing::Closed(Box::new(not_writable(half, field)))
        } else {
            Standing::Open
        }
    }

    fn carry(&self, from: System, note: &Child, facts: &Facts) -> Carry {
        notes::carry(from, note, facts)
    }

    fn child_gone(&self, on: System, half: &Half, pair: &ChildPair, _: &Facts) -> Option<Problem> {
        notes::gone(on, half, pair)
    }

    /// One write; the parts of an address that were only cut for the other side keep their length.
    fn steps(
        &self,
        on: System,
        half: &Half,
        fields: Fields,
        _: &Facts,
    ) -> Result<Vec<Fields>, Box<Problem>> {
        Ok(vec![address::kept_longer(on, half, fields)])
    }
}

fn other_card(company: &Half, card: &Half) -> Problem {
    let named = company.fact("card_no").map(Value::to_string);
    let (id, card_no) = (&company.id, &card.id);
    Problem {
        code: "not-the-same-record".to_owned(),
        subject: record(System::Autotask, company),
        field: None,
        says: format!(
            "{} names card {} in Jim2; it was paired with card {card_no}, {}",
            company.label,
            named.unwrap_or_default(),
            card.label
        ),
        remedy: Remedy {
            who: Fixer::Desk,
            step: format!(
                "put {card_no} back into the company's field for the card number, or: crossbill pairs unlink {KIND} {id}"
            ),
            continues: true,
        },
    }
}

/// Rule of the site: nobody is deactivated by itself.
fn activity_differs(on: System, half: &Half) -> Problem {
    let (active, inactive) = if half.fields.get("active") == Some(&Value::Flag(true)) {
        (on, on.other())
    } else {
        (on.other(), on)
    };
    Problem {
        code: "activity-differs".to_owned(),
        subject: record(on, half),
        field: Some("active".to_owned()),
        says: format!(
            "{} is active in {active} and inactive in {inactive}",
            half.label
        ),
        remedy: Remedy {
            who: Fixer::Desk,
            step: format!(
                "make it inactive in {active}, or active in {inactive}: Crossbill does neither by itself"
            ),
            continues: true,
        },
    }
}

fn parent_differs(on: System, half: &Half) -> Problem {
    Problem {
        code: "parent-differs".to_owned(),
        subject: record(on, half),
        field: Some("parent".to_owned()),
        says: format!(
            "{} has another parent in Autotask than in Jim2, so others may be billed for it",
            half.label
        ),
        remedy: Remedy {
            who: Fixer::Finance,
            step: "give it the same parent in both, by hand: Crossbill only compares them"
                .to_owned(),
            continues: true,
        },
    }
}

fn not_writable(half: &Half, field: &str) -> Problem {
    let label = FIELDS
        .iter()
        .find(|known| known.name == field)
        .map_or(field, |known| known.label);
    Problem {
        code: "not-writable-in-jim2".to_owned(),
        subject: record(System::Jim2, half),
        field: Some(field.to_owned()),
        says: format!(
            "{label} of {} cannot be written to an existing card: Jim2's API takes name and address only",
            half.label
        ),
        remedy: Remedy {
            who: Fixer::Finance,
            step: format!("change it on card {} in Jim2 by hand", half.id),
            continues: true,
        },
    }
}

fn record(on: System, half: &Half) -> Subject {
    Subject::Record {
        kind: KIND,
        system: on,
        id: half.id.clone(),
    }
}

#[cfg(test)]
mod tests;
