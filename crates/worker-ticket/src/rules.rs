//! How tickets and jobs stand to each other. Pure: no I/O, no clock.

mod choices;
mod creation;
mod fields;
mod filter;
mod identity;
mod left_out;
mod limits;
mod notes;
mod trails;

use domain::{Key, Kind, Problem, RecordId, System, Value};
use sync::{
    Act, Carry, Child, Choices, Creation, Facts, Field, Fields, Half, Notice, Rules, Standing,
    Trail, Watch, finish,
    workflow::{self, CANCEL},
};

use crate::{ASSET, COMPANY, CONTRACT, KIND, LOCATION, halves::says_something, named::NAMED};

pub use self::fields::FIELDS;
pub(crate) use self::fields::{ISSUE, RESOURCE, ROLE, SUB_ISSUE};

/// The thinking about tickets and jobs.
#[derive(Debug, Clone, Copy, Default)]
pub struct TicketRules;

impl Rules for TicketRules {
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

    fn watches(&self) -> &'static [Watch] {
        trails::WATCHES
    }

    fn choices(&self) -> Choices {
        choices::CHOICES
    }

    fn needs(&self, on: System, half: &Half) -> Vec<Key> {
        let names: &[&str] = match on {
            System::Autotask => &["company", "parent"],
            System::Jim2 => &["customer"],
        };
        let number = |name: &str| half.fact(name)?.as_number();
        let cards = names.iter().filter_map(|name| number(name));
        let cards = cards.map(|id| Key::new(COMPANY, on, id));
        let of = [
            ("contract", CONTRACT),
            ("asset", ASSET),
            ("location", LOCATION),
        ]
        .into_iter();
        let of = of.filter(|_| on == System::Autotask);
        let of = of.filter_map(|(name, kind)| Some(Key::new(kind, on, number(name)?)));
        cards.chain(of).collect()
    }

    fn create(&self, to: System, half: &Half, generation: i32, facts: &Facts) -> Creation {
        match to {
            System::Jim2 => creation::job(half, generation, facts),
            System::Autotask => creation::ticket(half, facts),
        }
    }

    fn waits_for_work(&self, to: System, half: &Half, facts: &Facts) -> Option<String> {
        match to {
            System::Jim2 => filter::waits_for_work(half, facts),
            System::Autotask => None,
        }
    }

    /// Rule 6: only an invoiced job is followed by another; a Ready one is waited for.
    fn is_over(&self, jim2: &Half) -> bool {
        jim2.fact("invoice")
            .is_some_and(|invoice| !invoice.is_empty())
    }

    fn identity(&self, autotask: &Half, jim2: &Half, _: &Facts) -> Result<(), Box<Problem>> {
        identity::check(autotask, jim2)
    }

    fn takes_part(&self, field: &str, autotask: &Half, jim2: &Half, facts: &Facts) -> bool {
        field != finish::NAME || finish::is_time(autotask, jim2, facts)
    }

    fn company(&self, autotask: &Half) -> Option<Value> {
        autotask.fact("company").cloned()
    }

    fn ownership(&self, autotask: &Half, jim2: &Half, facts: &Facts) -> Result<(), Box<Problem>> {
        identity::same_company(autotask, jim2, facts)
    }

    /// Rule 16: a job on which nobody has worked is cancelled when its ticket moves to another company that has a card.
    fn retires(&self, autotask: &Half, jim2: &Half, facts: &Facts) -> Option<Fields> {
        let is_open = workflow::closed(&KIND, jim2).is_none()
            || jim2.is("cancelled") && jim2.fact("invoice").is_none();
        let is_untouched = !jim2.children.iter().any(says_something);
        let may = is_open && is_untouched && identity::has_card(autotask, facts);
        may.then(|| [("status".to_owned(), CANCEL.into())].into())
    }

    fn notices(&self, act: &Act, half: &Half, facts: &Facts) -> Vec<Notice> {
        left_out::notices(act, half, facts)
    }

    fn customer(&self, jim2: &Half) -> Option<Value> {
        jim2.fact("customer").cloned()
    }

    fn owes_reference(&self, on: System, half: &Half, to: &RecordId, generation: i32) -> bool {
        match on {
            System::Autotask => identity::ticket_owes(half, to, generation),
            System::Jim2 => workflow::closed(&KIND, half).is_none() && half.is("no_reference"),
        }
    }

    /// The jobs that a ticket names already.
    fn to_refer(&self, _on: System, half: &Half) -> Fields {
        let named = half.fact(NAMED).cloned();
        named
            .map(|named| (NAMED.to_owned(), named))
            .into_iter()
            .collect()
    }

    fn standing(&self, on: System, half: &Half, field: &str, facts: &Facts) -> Standing {
        let _ = facts;
        let problem = match on {
            System::Jim2 => workflow::closed(&KIND, half),
            System::Autotask => None,
        };
        match problem {
            Some(mut problem) => {
                problem.field = Some(field.to_owned());
                Standing::Closed(problem)
            }
            None => Standing::Open,
        }
    }

    fn steps(
        &self,
        on: System,
        half: &Half,
        fields: Fields,
        facts: &Facts,
    ) -> Result<Vec<Fields>, Box<Problem>> {
        match on {
            System::Jim2 => workflow::steps(&KIND, half, fields, facts),
            System::Autotask => Ok(vec![with_invoices(half, without_blank(fields))]),
        }
    }

    fn carry(&self, from: System, child: &Child, facts: &Facts) -> Carry {
        match from {
            System::Autotask => notes::to_jim2(child, facts),
            System::Jim2 => notes::to_autotask(child, facts),
        }
    }
}

/// A job's blank reference never empties the ticket's purchase order, which comes back to the job with
/// the next change.
fn without_blank(mut fields: Fields) -> Fields {
    fields.retain(|name, value| name != "cust_ref" || !value.is_empty());
    fields
}

/// A new invoice goes before those of the ticket's earlier jobs; one that is named there stays where it is.
fn with_invoices(ticket: &Half, mut fields: Fields) -> Fields {
    let told = |value: Option<&Value>| {
        value
            .and_then(Value::as_text)
            .map(str::trim)
            .map(str::to_owned)
    };
    let named = told(ticket.fields.get("invoice")).unwrap_or_default();
    let Some(new) = told(fields.get("invoice")).filter(|_| !named.is_empty()) else {
        return fields;
    };
    if named.split(',').any(|one| one.trim() == new) {
        fields.remove("invoice");
    } else {
        fields.insert("invoice".to_owned(), format!("{new}, {named}").into());
    }
    fields
}

#[cfg(test)]
mod tests;
