//! The mapping table of companies.

use domain::{Key, RecordId, System, Value};
use sync::{Compare, Facts, Field, Mapped, Transform, Way};

use crate::{KIND, abn, address};

/// One row a field. Jim2 takes only `name` and `address` of a card that exists; the rest goes to
/// Autotask, or is set when a half is made.
pub const FIELDS: &[Field] = &[
    Field {
        owner: System::Jim2,
        jim2_max: Some(100),
        autotask_max: Some(100),
        required: true,
        webhook_names: &["CompanyName", "AccountName"],
        ..Field::text("name", "Name")
    },
    // No names for evidence: a webhook tells single parts, which are not an address.
    Field {
        owner: System::Jim2,
        forward: Transform::By(address::to_jim2),
        back: Transform::By(address::to_autotask),
        ..Field::text("address", "Address")
    },
    Field {
        way: Way::CreateOnly,
        owner: System::Jim2,
        forward: Transform::By(country_to_jim2),
        back: Transform::By(country_to_autotask),
        jim2_max: Some(30),
        ..Field::text("country", "Country")
    },
    Field {
        way: Way::ToAutotask,
        owner: System::Jim2,
        forward: Transform::By(plain_abn),
        back: Transform::By(abn_of_card),
        jim2_max: Some(15),
        autotask_max: Some(50),
        webhook_names: &["TaxID"],
        ..Field::text("abn", "ABN")
    },
    Field {
        way: Way::ToAutotask,
        owner: System::Jim2,
        forward: Transform::By(flag_of_word),
        back: Transform::By(word_of_flag),
        compare: Compare::CaseFree,
        ..Field::text("credit_hold", "Credit hold")
    },
    // Compared, never written: see `standing`.
    Field {
        forward: Transform::Same,
        back: Transform::Same,
        compare: Compare::Exact,
        ..Field::text("active", "Active")
    },
    // The same: no API is known to set it in Jim2.
    Field {
        owner: System::Jim2,
        forward: Transform::By(parent_to_jim2),
        back: Transform::By(parent_to_autotask),
        compare: Compare::Exact,
        ..Field::text("parent", "Parent company")
    },
    Field {
        way: Way::CreateOnly,
        forward: Transform::None,
        compare: Compare::Phone,
        autotask_max: Some(25),
        ..Field::text("phone", "Phone")
    },
    Field {
        way: Way::CreateOnly,
        forward: Transform::None,
        back: Transform::By(owner_to_autotask),
        ..Field::text("owner", "Owner")
    },
];

fn plain_abn(number: &Value, _: &Facts) -> Mapped {
    Mapped::Value(abn::plain(number))
}

/// A card without an ABN never empties the company's: that is told of, see [`super::compared`].
fn abn_of_card(number: &Value, facts: &Facts) -> Mapped {
    if number.is_empty() {
        return Mapped::Leave;
    }
    plain_abn(number, facts)
}

/// Nothing in Autotask means no.
fn flag_of_word(word: &Value, _: &Facts) -> Mapped {
    let word = word.as_text().unwrap_or_default().trim().to_lowercase();
    Mapped::Value(Value::Flag(matches!(
        word.as_str(),
        "yes" | "true" | "y" | "1"
    )))
}

fn word_of_flag(flag: &Value, _: &Facts) -> Mapped {
    Mapped::Value(Value::text(if *flag == Value::Flag(true) {
        "yes"
    } else {
        "no"
    }))
}

/// A country that the list does not know is left out: hardly a customer is abroad.
fn country_to_jim2(country: &Value, facts: &Facts) -> Mapped {
    listed(
        ("country", "Country"),
        "country",
        System::Autotask,
        country,
        facts,
    )
}

fn country_to_autotask(country: &Value, facts: &Facts) -> Mapped {
    listed(
        ("country", "Country"),
        "country",
        System::Jim2,
        country,
        facts,
    )
}

/// An account manager whom the list does not know gives way to the site's default owner.
fn owner_to_autotask(initials: &Value, facts: &Facts) -> Mapped {
    listed(
        ("owner", "Owner"),
        "technician",
        System::Jim2,
        initials,
        facts,
    )
}

fn parent_to_jim2(company: &Value, facts: &Facts) -> Mapped {
    parent(System::Autotask, company, facts)
}

fn parent_to_autotask(card: &Value, facts: &Facts) -> Mapped {
    parent(System::Jim2, card, facts)
}

/// The other half of the parent. One that is not paired says nothing.
fn parent(from: System, value: &Value, facts: &Facts) -> Mapped {
    let Some(id) = value.as_number() else {
        return Mapped::Value(Value::Empty);
    };
    let other = facts.other_half(&Key::new(KIND, from, id));
    match other.and_then(RecordId::number) {
        Some(other) => Mapped::Value(other.into()),
        None => Mapped::Leave,
    }
}

fn listed(field: (&str, &str), list: &str, from: System, value: &Value, facts: &Facts) -> Mapped {
    let vanished = facts.vanished(field, list, from, &value.to_string());
    if let Some(problem) = vanished.filter(|_| !value.is_empty()) {
        return Mapped::Problem(problem);
    }
    let known = (!value.is_empty()).then(|| facts.mapping(list, from, &value.to_string()));
    let to = known.flatten().and_then(|mapping| mapping.to.as_deref());
    match (from.other(), to.map(str::parse)) {
        (_, None) => Mapped::Leave,
        (System::Autotask, Some(Ok(number))) => Mapped::Value(Value::Number(number)),
        (System::Autotask | System::Jim2, Some(_)) => {
            Mapped::Value(Value::text(to.unwrap_or_default()))
        }
    }
}
