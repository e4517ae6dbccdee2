//! Records of the two systems as halves of a contact. Pure.

use autotask::Entity as _;
use domain::{Told, Value};
use jim2::{ContactTypes, part_id};
use sync::{Half, Pointer};

use crate::{ContactSettings, name};

/// A contact of Autotask.
pub(crate) fn of_contact(contact: &autotask::Contact, settings: &ContactSettings) -> Half {
    let name = name::told(&contact.first_name, &contact.last_name);
    let label = label(name.as_ref(), None, &format!("Contact {}", contact.id));
    let mut half = Half::new(contact.id, label);
    half.tell("name", name);
    half.tell("middle_name", contact.middle_initial.clone().into_value());
    half.tell("prefix", contact.name_prefix.clone().into_value());
    half.tell("job_title", contact.title.clone().into_value());
    half.tell("email", contact.email_address.clone().into_value());
    half.tell("phone", contact.phone.clone().into_value());
    half.tell("mobile", contact.mobile_phone.clone().into_value());
    half.tell("primary", contact.primary_contact.clone().into_value());

    let reference = reference(contact, settings);
    half.points_to = reference.as_ref().and_then(|reference| {
        let (card_no, cont_no) = part_id::split(reference.as_text()?)?;
        Some(Pointer {
            to: part_id::join(card_no, cont_no).into(),
            by_name: false,
            generation: 1,
        })
    });
    if !is_ours(&contact.external_id) {
        let taken = contact.external_id.clone().into_value();
        half.facts.extend(taken.map(|taken| ("external_id", taken)));
    }
    let is_active = contact.is_active.clone().map(|active| active != 0);
    half.tell("active", is_active.into_value());
    half.facts.extend(
        [
            ("company", contact.company_id.clone().into_value()),
            ("reference", reference),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?))),
    );
    let stamps = [&contact.last_modified_date, &contact.last_activity_date];
    half.changed_at = stamps.into_iter().filter_map(Told::get).max().copied();
    half.created_at = contact.create_date.get().copied();
    half
}

/// Adds what is known of the company of a contact that may have to be made.
pub(crate) fn below_company(
    half: &mut Half,
    company: &autotask::Company,
    opt_out: Option<&String>,
) {
    let said = opt_out.and_then(|udf| company.udf(udf).into_value());
    half.facts.extend(
        [
            ("company_type", company.company_type.clone().into_value()),
            ("company_active", company.is_active.clone().into_value()),
            ("opt_out", said.map(|said| said.says_yes().into())),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?))),
    );
}

/// Adds what is known of the card of a person.
pub(crate) fn below_card(half: &mut Half, card: &jim2::CardFile) {
    half.facts.extend(
        [
            ("is_customer", card.is_customer.clone().into_value()),
            ("card_active", card.active.clone().into_value()),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?))),
    );
}

/// What stands where our reference belongs: in `externalID`, or in the user-defined field where
/// another system has that. Nothing where it was not told, or there is no place for it.
fn reference(contact: &autotask::Contact, settings: &ContactSettings) -> Option<Value> {
    if is_ours(&contact.external_id) {
        return contact.external_id.clone().into_value();
    }
    let udf = settings.contact_no_udf.as_ref()?;
    contact.udf(udf).into_value()
}

/// Whether `externalID` is ours to write: empty, or a number of Jim2. Not told counts as ours, and
/// says nothing.
pub(crate) fn is_ours(external_id: &Told<String>) -> bool {
    let text = external_id.get().map_or("", String::as_str);
    text.trim().is_empty() || part_id::split(text).is_some()
}

/// A person inside a cardfile. It names no contact: Jim2 has no field for that.
pub(crate) fn of_person(person: &jim2::Contact, types: &ContactTypes) -> Half {
    let name = name::told(&person.first_name, &person.last_name);
    let id = part_id::join(person.card_no, person.cont_no);
    let label = label(
        name.as_ref(),
        person.display_name.get(),
        &format!("Contact {id}"),
    );
    let mut half = Half::new(id, label);
    half.tell("name", name);
    half.tell("middle_name", person.middle_name.clone().into_value());
    half.tell("prefix", person.title.clone().into_value());
    half.tell("job_title", person.job_title.clone().into_value());
    half.tell("email", person.email(types).into_value());
    half.tell("phone", person.phone(types).into_value());
    half.tell("mobile", person.mobile(types).into_value());
    half.tell("primary", person.is_primary.clone().into_value());
    half.tell("active", Some(true.into()));
    half.facts.insert("card", person.card_no.into());
    half.changed_at = person.last_modified.get().copied();
    half
}

fn label(name: Option<&Value>, display: Option<&String>, else_: &str) -> String {
    let names = [
        name.map(name::shown).unwrap_or_default(),
        display.map_or("", |display| display.trim()).to_owned(),
    ];
    let label = names.into_iter().find(|name| !name.is_empty());
    label.unwrap_or_else(|| else_.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn contact(json: serde_json::Value, udf: Option<&str>) -> Half {
        let settings = ContactSettings {
            contact_no_udf: udf.map(str::to_owned),
            ..ContactSettings::default()
        };
        of_contact(&serde_json::from_value(json).unwrap(), &settings)
    }

    #[test]
    fn what_was_not_told_takes_no_part_and_a_name_is_told_whole_or_not_at_all() {
        let half = contact(
            json!({"id": 7, "firstName": "Ann", "emailAddress": null}),
            None,
        );
        assert_eq!(half.label, "Contact 7");
        assert_eq!(half.fields.keys().collect::<Vec<_>>(), ["email"]);
        assert_eq!((half.points_to, half.facts.len()), (None, 0));
    }

    #[test]
    fn a_reference_stands_in_the_external_id_or_else_in_its_own_field() {
        let told = |external: serde_json::Value, udf: &str| {
            json!({"id": 7, "externalID": external,
                "userDefinedFields": [{"name": "Jim2 contact", "value": udf}]})
        };
        for (json, udf, expected) in [
            (told(json!("12-1"), ""), None, Some("12-1")),
            (told(json!(null), ""), None, Some("(empty)")),
            (
                told(json!("AAD-9"), "12-2"),
                Some("Jim2 contact"),
                Some("12-2"),
            ),
            (told(json!("AAD-9"), "12-2"), None, None),
            (json!({"id": 7}), Some("Jim2 contact"), None),
        ] {
            let half = contact(json.clone(), udf);
            let reference = half.fact("reference").map(ToString::to_string);
            assert_eq!(reference.as_deref(), expected, "{json}");
            let points = expected.filter(|it| it.starts_with("12"));
            assert_eq!(half.points_to.as_ref().map(|it| it.to.as_str()), points);
        }
    }

    #[test]
    fn a_person_with_a_display_name_only_is_called_by_it() {
        let person = jim2::Contact {
            card_no: 12,
            cont_no: 1,
            display_name: Told::Is("Reception ".to_owned()),
            first_name: Told::Empty,
            last_name: Told::Empty,
            ..jim2::Contact::default()
        };
        let half = of_person(&person, &ContactTypes::default());
        assert_eq!(
            (half.id.as_str(), half.label.as_str()),
            ("12-1", "Reception")
        );
        assert_eq!(half.fact("card"), Some(&Value::Number(12)));
        assert_eq!(half.fields.get("email"), None);
    }
}
