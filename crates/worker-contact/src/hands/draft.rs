//! Fields of a plan in the words of the two systems.

use autotask::Draft;
use domain::{Told, Value};
use jim2::{Contact, ContactChanges, ContactTypes};
use sync::Fields;

use crate::name;

/// The longest display name in Jim2.
const DISPLAY_MAX: usize = 51;

/// What Autotask is to hold. The company is said by the address of the call.
pub(super) fn contact(fields: &Fields) -> Draft {
    let mut draft = Draft::new();
    for (field, value) in fields {
        let value = value.clone();
        draft = match field.as_str() {
            "name" => {
                let [first, last] = name::both(&value);
                draft.set("firstName", first).set("lastName", last)
            }
            "middle_name" => draft.set("middleInitial", value),
            "prefix" => draft.set("namePrefix", value),
            "job_title" => draft.set("title", value),
            "email" => draft.set("emailAddress", value),
            "phone" => draft.set("phone", value),
            "mobile" => draft.set("mobilePhone", value),
            "primary" => draft.set("primaryContact", value),
            "active" => draft.set("isActive", value),
            "receives_notifications" => draft.set("receivesEmailNotifications", value),
            _ => draft,
        };
    }
    draft
}

/// What Jim2 is to hold of a person who is `now` so: details of other types stay as they are.
pub(super) fn person(fields: &Fields, now: &Contact, types: &ContactTypes) -> ContactChanges {
    let mut changes = ContactChanges::default();
    let mut details = now.clone();
    for (field, value) in fields {
        match field.as_str() {
            "name" => rename(&mut changes, now, value),
            "middle_name" => changes.middle_name = told(value),
            "prefix" => changes.title = told(value),
            "job_title" => changes.job_title = told(value),
            "email" => set_detail(&mut details, &types.email, value),
            "phone" => set_detail(&mut details, &types.phone, value),
            "mobile" => set_detail(&mut details, &types.mobile, value),
            _ => {}
        }
    }
    if details.details != now.details {
        changes.details = details.details;
    }
    changes
}

/// The display name follows, unless a person has chosen another one.
fn rename(changes: &mut ContactChanges, now: &Contact, value: &Value) {
    let [first, last] = name::both(value);
    let before = name::told(&now.first_name, &now.last_name);
    let before = before
        .map(|before| name::shown(&before))
        .unwrap_or_default();
    let display = now.display_name.get().map_or("", |display| display.trim());
    if display.is_empty() || display == before {
        let display = name::shown(value).chars().take(DISPLAY_MAX).collect();
        changes.display_name = Told::Is(display);
    }
    changes.first_name = told(&Value::text(first));
    changes.last_name = told(&Value::text(last));
}

fn set_detail(person: &mut Contact, kind: &str, value: &Value) {
    let value = value.as_text().unwrap_or_default();
    person.details = Told::Is(person.details_with(kind, value));
}

fn told(value: &Value) -> Told<String> {
    value
        .as_text()
        .map_or(Told::Empty, |text| Told::Is(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ann(display: &str) -> Contact {
        let is = |text: &str| Told::Is(text.to_owned());
        Contact {
            first_name: is("Ann"),
            last_name: is("Lee"),
            display_name: is(display),
            ..Contact::default()
        }
    }

    #[test]
    fn a_display_name_follows_the_name_unless_somebody_chose_it() {
        let name = Value::parts([("first", "Ann".into()), ("last", "Ray".into())]);
        let fields = Fields::from([("name".to_owned(), name)]);
        for (display, expected) in [
            ("Ann Lee", Told::Is("Ann Ray".to_owned())),
            ("", Told::Is("Ann Ray".to_owned())),
            ("Front desk", Told::Not),
        ] {
            let changes = person(&fields, &ann(display), &ContactTypes::default());
            assert_eq!(changes.display_name, expected, "{display}");
            assert_eq!(changes.last_name, Told::Is("Ray".to_owned()));
            assert_eq!(changes.details, Told::Not);
        }
    }
}
