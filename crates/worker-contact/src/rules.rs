//! How contacts and the people inside cardfiles stand to each other. Pure: no I/O, no clock.

mod choices;
mod creation;
mod fields;
mod trails;

use domain::{Fixer, Key, Kind, Problem, RecordId, Remedy, Subject, System, Value};
use sync::{
    Act, Choices, Creation, Facts, Field, Fields, Half, Notice, Rules, Standing, Trail, Watch,
};

pub use self::fields::FIELDS;
use crate::{COMPANY, KIND, name};

/// The thinking about contacts.
#[derive(Debug, Clone, Copy, Default)]
pub struct ContactRules;

impl Rules for ContactRules {
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

    fn needs(&self, on: System, half: &Half) -> Vec<Key> {
        company(on, half).into_iter().collect()
    }

    fn create(&self, to: System, half: &Half, _generation: i32, facts: &Facts) -> Creation {
        match to {
            System::Jim2 => creation::person(half, facts),
            System::Autotask => creation::contact(half, facts),
        }
    }

    /// A contact never changes its company in Autotask, nor a person its card in Jim2; so where the
    /// two are not one pair any more, cards were merged or the pair was made by mistake.
    fn identity(&self, autotask: &Half, jim2: &Half, facts: &Facts) -> Result<(), Box<Problem>> {
        if let Some(pointer) = &autotask.points_to
            && pointer.to != jim2.id
        {
            return Err(Box::new(other_person(autotask, jim2, &pointer.to)));
        }
        let (Some(company), Some(card)) = (
            company(System::Autotask, autotask),
            company(System::Jim2, jim2),
        ) else {
            return Ok(()); // Not told.
        };
        match facts.other_half(&company) {
            None => Err(Box::new(unpaired(autotask, company))),
            Some(paired) if *paired != card.id => {
                Err(Box::new(other_company(autotask, jim2, &company, paired)))
            }
            Some(_) => Ok(()),
        }
    }

    /// Only Autotask has a field for it.
    fn owes_reference(&self, on: System, half: &Half, to: &RecordId, _generation: i32) -> bool {
        let written = half.fact("reference");
        let points_there = half
            .points_to
            .as_ref()
            .is_some_and(|pointer| pointer.to == *to);
        on == System::Autotask && written.is_some() && !points_there
    }

    /// A reference that has no place is told of.
    fn notices(&self, act: &Act, half: &Half, _: &Facts) -> Vec<Notice> {
        let Act::Refer {
            on: System::Autotask,
            to,
            ..
        } = act
        else {
            return Vec::new();
        };
        let taken = half.fact("external_id");
        let taken = taken.filter(|_| half.fact("reference").is_none());
        let ours = to
            .as_ref()
            .map_or_else(|| "of the new contact".into(), |to| to.as_str().into());
        let notice = |taken| Notice::dropped("external ID", taken, &ours);
        taken.map(notice).into_iter().collect()
    }

    fn standing(&self, on: System, half: &Half, field: &str, _: &Facts) -> Standing {
        match (on, field) {
            (System::Jim2, "primary") => Standing::Closed(Box::new(primary_is_read_only(half))),
            (System::Jim2, "active") => Standing::Closed(Box::new(has_left(half))),
            (System::Autotask | System::Jim2, _) => Standing::Open,
        }
    }

    /// One write. Autotask writes a contact below its company, so it says which; a name that was
    /// only cut for the other side keeps its length.
    fn steps(
        &self,
        on: System,
        half: &Half,
        mut fields: Fields,
        _: &Facts,
    ) -> Result<Vec<Fields>, Box<Problem>> {
        let now = half.fields.get("name");
        if let (Some(now), Some(planned)) = (now, fields.get_mut("name")) {
            let seen = match on {
                System::Autotask => name::in_jim2,
                System::Jim2 => name::in_autotask,
            };
            *planned = name::keep_longer(now, planned, seen);
        }
        if on == System::Autotask
            && !fields.is_empty()
            && let Some(company) = half.fact("company")
        {
            fields.insert("company".to_owned(), company.clone());
        }
        Ok(vec![fields])
    }
}

/// The company of a contact, or the card of a person.
fn company(on: System, half: &Half) -> Option<Key> {
    let fact = match on {
        System::Autotask => "company",
        System::Jim2 => "card",
    };
    let id = half.fact(fact)?.as_number()?;
    Some(Key::new(COMPANY, on, id))
}

/// The contact cannot go on before its company is paired.
fn unpaired(half: &Half, company: Key) -> Problem {
    let link = match company.system {
        System::Autotask => format!("{} <CardNo>", company.id),
        System::Jim2 => format!("<company id> {}", company.id),
    };
    let what = match company.system {
        System::Autotask => "company",
        System::Jim2 => "card",
    };
    Problem {
        code: "company-not-paired".to_owned(),
        field: None,
        says: format!(
            "{} cannot go to {} before {what} {} is paired",
            half.label,
            company.system.other(),
            company.id
        ),
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!("crossbill pairs link {COMPANY} {link}"),
            continues: true,
        },
        subject: Subject::Pair {
            kind: company.kind,
            system: company.system,
            id: company.id,
        },
    }
}

fn other_person(contact: &Half, person: &Half, named: &RecordId) -> Problem {
    not_the_same(
        contact,
        format!(
            "{} names contact {named} in Jim2; it was paired with {}, {}",
            contact.label, person.id, person.label
        ),
        format!(
            "put {} back into the contact's external ID, or: crossbill pairs unlink {KIND} {}",
            person.id, contact.id
        ),
    )
}

fn other_company(contact: &Half, person: &Half, company: &Key, paired: &RecordId) -> Problem {
    let card = person.fact("card").map(Value::to_string);
    not_the_same(
        contact,
        format!(
            "{} belongs to company {}, whose card is {paired}, but is paired with a person of card {}",
            contact.label,
            company.id,
            card.unwrap_or_default()
        ),
        format!(
            "if the person moved: crossbill pairs unlink {KIND} {}, and make the old contact inactive",
            contact.id
        ),
    )
}

fn not_the_same(contact: &Half, says: String, step: String) -> Problem {
    Problem {
        code: "not-the-same-record".to_owned(),
        subject: Subject::Record {
            kind: KIND,
            system: System::Autotask,
            id: contact.id.clone(),
        },
        field: None,
        says,
        remedy: Remedy {
            who: Fixer::Desk,
            step,
            continues: true,
        },
    }
}

fn primary_is_read_only(person: &Half) -> Problem {
    by_hand(
        person,
        "not-writable-in-jim2",
        "primary",
        format!(
            "whether {} is the primary contact cannot be written in Jim2",
            person.label
        ),
        "choose the card's primary contact in Jim2 by hand",
    )
}

/// Rule of the site: nobody is taken out of Jim2 by itself.
fn has_left(person: &Half) -> Problem {
    by_hand(
        person,
        "activity-differs",
        "active",
        format!(
            "{} is inactive in Autotask and still a person of its card in Jim2",
            person.label
        ),
        "archive this item; or make the contact active again in Autotask: Crossbill does neither by itself",
    )
}

/// A difference that only a person can settle.
fn by_hand(person: &Half, code: &str, field: &str, says: String, step: &str) -> Problem {
    Problem {
        code: code.to_owned(),
        subject: Subject::Record {
            kind: KIND,
            system: System::Jim2,
            id: person.id.clone(),
        },
        field: Some(field.to_owned()),
        says,
        remedy: Remedy {
            who: Fixer::Desk,
            step: step.to_owned(),
            continues: true,
        },
    }
}

#[cfg(test)]
mod tests;
