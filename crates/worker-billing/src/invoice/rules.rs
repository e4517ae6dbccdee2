//! How an Autotask invoice and what Jim2 billed of it stand to each other. Pure: no I/O, no clock.

use domain::{Fixer, Kind, Problem, RecordId, Remedy, Subject, System, Value};
use sync::{Creation, Facts, Field, Half, Mapped, Rules, Trail, Transform, Way};

use super::KIND;

/// What goes from Jim2's invoices to Autotask's.
const FIELDS: &[Field] = &[
    Field {
        back: Transform::By(numbers),
        ..told("number", "Invoice number")
    },
    told("date", "Invoice date"),
    told("paid", "Paid"),
    // Autotask has no place for it: where Jim2 tells it, the pair is never in step without a look at it.
    Field {
        back: Transform::None,
        ..told("credited", "Credited")
    },
];

/// The most characters of an invoice's number in Autotask (`autotask.md` §6).
const NUMBER_MAX: usize = 100;

/// Autotask's invoices tell when they were made and voided, and nothing else (`autotask.md` §7.1). Jim2's are told of by its
/// change table.
const TRAILS: &[Trail] = &[
    Trail::in_autotask("", 15, invoices(&["createDateTime"])),
    Trail::in_autotask("voided", 60, invoices(&["voidedDate"])),
];

const fn invoices(stamps: &'static [&'static str]) -> autotask::Trail {
    autotask::Trail::stamped("Invoices", "invoice", stamps)
}

const fn told(name: &'static str, label: &'static str) -> Field {
    Field {
        way: Way::ToAutotask,
        owner: System::Jim2,
        forward: Transform::None,
        back: Transform::By(once_told),
        ..Field::text(name, label)
    }
}

/// What was told is never taken back by itself: a number or a payment that is gone is a problem, and stays.
fn once_told(value: &Value, _: &Facts) -> Mapped {
    if value.is_empty() {
        Mapped::Leave
    } else {
        Mapped::Value(value.clone())
    }
}

/// The numbers of all of them, where Autotask has room for that.
fn numbers(value: &Value, facts: &Facts) -> Mapped {
    let text = value.as_text().unwrap_or_default();
    if text.chars().count() <= NUMBER_MAX {
        return once_told(value, facts);
    }
    let mut problem = problem(
        &Half::new("", "an Autotask invoice"),
        ("number", "too-many-invoices"),
        &format!("is on more invoices of Jim2 than it can name: {text}"),
        "put on the Autotask invoice what your accountant needs, then: crossbill mapping set invoice number off",
    );
    problem.subject = Subject::Setting {
        name: "invoice field number".to_owned(),
    };
    Mapped::Problem(problem)
}

/// The thinking about invoices.
#[derive(Debug, Clone, Copy, Default)]
pub struct InvoiceRules;

impl Rules for InvoiceRules {
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
        TRAILS
    }

    /// Both halves are there by themselves and name each other.
    fn create(&self, _: System, _: &Half, _: i32, _: &Facts) -> Creation {
        Creation::No("invoices are made by people".to_owned())
    }

    /// What Jim2 billed of an invoice is its other half as soon as it is there.
    fn has_a_past(&self) -> bool {
        false
    }

    fn owes_reference(&self, _: System, _: &Half, _: &RecordId, _: i32) -> bool {
        false
    }

    fn problems(&self, autotask: &Half, jim2: &Half, _: &Facts) -> Vec<Problem> {
        if let Some(number) = autotask.fact("voided") {
            return vec![voided(autotask, number)];
        }
        if !jim2.is("lines") || !autotask.fields.contains_key("number") {
            return Vec::new();
        }
        let told = |half: &Half, field: &str| half.fields.get(field).cloned();
        let is_gone = |field: &str| {
            let then = told(autotask, field).filter(|value| !value.is_empty());
            then.filter(|_| told(jim2, field) == Some(Value::Empty))
        };
        let mut found = Vec::new();
        if let Some(date) = is_gone("date") {
            found.push(problem(
                autotask,
                ("number", "invoice-withdrawn"),
                &format!("was invoiced in Jim2 on {date}, and none of its lines is on an invoice now"),
                "find out in Jim2 what became of the invoice; if it is to be billed anew, nothing else is to be done, else void or correct it in Autotask",
            ));
        }
        if let Some(paid) = is_gone("paid") {
            found.push(problem(
                autotask,
                ("paid", "payment-taken-back"),
                &format!("is paid in Autotask since {paid}, and not all of it is paid in Jim2"),
                "if the payment was taken back, clear the paid date of the invoice in Autotask; else enter the payment in Jim2",
            ));
        }
        if let Some(numbers) = told(jim2, "credited") {
            found.push(problem(
                autotask,
                ("", "invoice-credited"),
                &format!("was credited in Jim2 (invoice {numbers}), which Autotask is not told"),
                "credit it in Autotask as well where that is wanted, then archive this item",
            ));
        }
        found
    }
}

/// It was voided after Jim2 had billed it, under this number. What it billed may be billed anew on another one.
fn voided(half: &Half, number: &Value) -> Problem {
    problem(
        half,
        ("", "invoice-voided"),
        &format!("was voided in Autotask, and Jim2 billed it as invoice {number}"),
        "raise a Return From Customer in Jim2 for what is not to be paid; if it was billed anew in Autotask, nothing is to be done; then archive this item",
    )
}

fn problem(half: &Half, (field, code): (&str, &str), says: &str, step: &str) -> Problem {
    Problem {
        code: code.to_owned(),
        subject: Subject::Record {
            kind: KIND,
            system: System::Autotask,
            id: half.id.clone(),
        },
        field: Some(field.to_owned()).filter(|field| !field.is_empty()),
        says: format!("{} {says}", half.label),
        remedy: Remedy {
            who: Fixer::Finance,
            step: step.to_owned(),
            continues: true,
        },
    }
}

#[cfg(test)]
mod tests;
