//! Whether the missing half of a contact is made, and with what.

use domain::{Fixer, Key, Problem, Remedy, Subject, System, Value};
use sync::{Creation, Draft, Facts, Fields, Half, SIGNED_OFF};

use super::{company, unpaired};
use crate::{COMPANY, KIND};

/// The company types that are customers, where the filter `types` of companies does not say.
const CUSTOMER_TYPES: [i64; 1] = [1];

/// A person in the card of the contact's company. It is found again in that card, by e-mail and name.
pub(super) fn person(contact: &Half, facts: &Facts) -> Creation {
    let reason = if !facts.may_create(&KIND, System::Jim2) {
        "making contacts in Jim2 is off"
    } else if contact.points_to.is_some() {
        "it names a contact already"
    } else if contact.fact("company") == Some(&Value::Number(0)) {
        "it belongs to the provider itself"
    } else if contact.fields.get("active") != Some(&Value::Flag(true)) {
        "it is not active"
    } else {
        let reference = contact
            .fields
            .get("email")
            .filter(|email| !email.is_empty());
        let reference = reference.map_or_else(|| contact.label.clone(), Value::to_string);
        return below_its_company(System::Autotask, contact, reference, facts);
    };
    Creation::No(reason.to_owned())
}

/// A contact of the company that has the person's card. Nobody gets e-mail because of us.
pub(super) fn contact(person: &Half, facts: &Facts) -> Creation {
    if !facts.may_create(&KIND, System::Autotask) {
        return Creation::No("making contacts in Autotask is off".to_owned());
    }
    let is_named = person
        .fields
        .get("name")
        .is_some_and(|name| !name.is_empty());
    match below_its_company(System::Jim2, person, person.id.to_string(), facts) {
        Creation::Held(mut problems) if !is_named => {
            problems.push(nameless(person));
            Creation::Held(problems)
        }
        Creation::Yes(_) if !is_named => Creation::Held(vec![nameless(person)]),
        made @ (Creation::No(_) | Creation::Held(_) | Creation::Awaits(..) | Creation::Yes(_)) => {
            made
        }
    }
}

fn below_its_company(from: System, half: &Half, reference: String, facts: &Facts) -> Creation {
    let Some(key) = company(from, half) else {
        return Creation::No(format!("{from} did not tell whose it is"));
    };
    if half.is("opt_out") {
        return Creation::No("its company has opted out".to_owned());
    }
    let Some(under) = facts.other_half(&key).and_then(domain::RecordId::number) else {
        return match never_paired(from, half, facts) {
            Some(reason) => Creation::No(reason.to_owned()),
            None => Creation::Held(vec![unpaired(half, key)]),
        };
    };
    let mut extra = match from {
        System::Autotask => Fields::from([("card".to_owned(), under.into())]),
        System::Jim2 => Fields::from([
            ("company".to_owned(), under.into()),
            ("active".to_owned(), 1.into()),
            ("receives_notifications".to_owned(), false.into()),
        ]),
    };
    let own = Key::new(KIND, from, half.id.clone());
    if facts.is_signed_off(&own) {
        extra.insert(SIGNED_OFF.to_owned(), true.into());
    }
    Creation::Yes(Draft { reference, extra })
}

/// Why the company of this contact gets no other half, so that waiting for one would be for ever. What was not told
/// is no reason.
fn never_paired(from: System, half: &Half, facts: &Facts) -> Option<&'static str> {
    let says_no = |fact: &str| half.fact(fact) == Some(&Value::Flag(false));
    match from {
        System::Autotask => {
            let kind = half.fact("company_type").and_then(Value::as_number);
            let customers = facts.filter_numbers(&COMPANY, "types");
            let customers = customers.unwrap_or_else(|| CUSTOMER_TYPES.to_vec());
            if kind.is_some_and(|kind| !customers.contains(&kind)) {
                Some("its company is no customer")
            } else if says_no("company_active") {
                Some("its company is not active")
            } else {
                None
            }
        }
        System::Jim2 if says_no("is_customer") => Some("its card is no customer's"),
        System::Jim2 if says_no("card_active") => Some("its card is not active"),
        System::Jim2 => None,
    }
}

/// Autotask asks for a name; the display name of Jim2 is not one.
fn nameless(person: &Half) -> Problem {
    Problem {
        code: "name-missing".to_owned(),
        subject: Subject::Record {
            kind: KIND,
            system: System::Jim2,
            id: person.id.clone(),
        },
        field: Some("name".to_owned()),
        says: format!(
            "{} ({}) has neither a first nor a last name in Jim2, and Autotask asks for one",
            person.label, person.id
        ),
        remedy: Remedy {
            who: Fixer::Desk,
            step: "give the person a name in Jim2".to_owned(),
            continues: true,
        },
    }
}
