//! Whether the API users are ours alone, as far as the two systems tell: what a person does under the same user
//! looks like our own doing, and is left out.

use autotask::PicklistValue;
use domain::System;

use super::{
    Kit, Report, autotask_side::AutotaskSide, failure::of_autotask, jim2_side::Jim2Side, lookups,
};

/// Warns of users that people seem to work as. Neither API tells levels, expiry of passwords or second factors.
pub(super) async fn check(
    kit: &Kit,
    autotask: &AutotaskSide,
    jim2: &Jim2Side,
    report: &mut Report<'_>,
) -> anyhow::Result<()> {
    report.request(
        "Autotask administrator: see that the password of AUTOTASK_USERNAME does not expire (Admin > Security Levels) \
         and that this user is an API user, which is never asked for a second factor; Autotask does not tell either.",
    );
    report.request(
        "Jim2 administrator: give the user behind JIM2_CLIENT_ID the highest status level, or statuses above its level \
         are refused, and take it out of multi-factor log-on and password expiry; Jim2 tells none of them.",
    );
    if let Some(licence) = licence_of_a_person(kit, autotask).await? {
        report.warn(format!(
            "AUTOTASK_USERNAME is a user with the licence \"{licence}\", not one for the API: what a person changes \
             as this user looks like our own doing and does not reach Jim2; make an API user of its own (Admin > \
             Resources > New API User)"
        ))?;
    }
    if let Some(person) = person_in_jim2(kit, autotask, jim2).await? {
        report.warn(format!(
            "our initials in Jim2 are those of {person}: what this person changes there looks like our own doing and \
             does not reach Autotask; give the API a user of its own, then connect again with --jim2-initials"
        ))?;
    }
    Ok(())
}

/// The licence of our own resource, where its list has licences for the API and ours is none of them.
async fn licence_of_a_person(kit: &Kit, autotask: &AutotaskSide) -> anyhow::Result<Option<String>> {
    let Some(licence) = autotask.own.as_ref().and_then(|own| own.license_type.get()) else {
        return Ok(None);
    };
    let fields = kit
        .autotask
        .fields::<autotask::Resource>()
        .await
        .map_err(|error| of_autotask(error, "read the fields of resources"))?;
    let field = fields
        .iter()
        .find(|field| field.name.eq_ignore_ascii_case("licenseType"));
    let Some(field) = field else { return Ok(None) };
    Ok(of_a_person(&licence.to_string(), &field.picklist_values).map(str::to_owned))
}

/// The name of a licence that is none for the API, in a list that has such.
fn of_a_person<'a>(licence: &str, list: &'a [PicklistValue]) -> Option<&'a str> {
    let is_for_the_api = |value: &PicklistValue| {
        let mut words = value.label.split(|letter: char| !letter.is_alphanumeric());
        words.any(|word| word.eq_ignore_ascii_case("api"))
    };
    let ours = list.iter().find(|value| value.value == licence)?;
    let is_told = list.iter().any(is_for_the_api);
    (is_told && !is_for_the_api(ours)).then_some(ours.label.as_str())
}

/// The person of Autotask with the e-mail address of our own user in Jim2.
async fn person_in_jim2(
    kit: &Kit,
    autotask: &AutotaskSide,
    jim2: &Jim2Side,
) -> anyhow::Result<Option<String>> {
    let Some(initials) = &jim2.initials else {
        return Ok(None);
    };
    let mut users = jim2.list("User").iter();
    let ours = users.find(|user| user.code.eq_ignore_ascii_case(initials));
    let Some(address) = ours
        .and_then(|user| user.extra.get())
        .filter(|it| !it.trim().is_empty())
    else {
        return Ok(None);
    };
    let own = autotask.own_id().map(|id| id.to_string());
    let people = store::lookup::list(&kit.db, lookups::TECHNICIAN, System::Autotask).await?;
    let person = people.into_iter().find(|person| {
        let is_theirs = person
            .extra
            .as_ref()
            .is_some_and(|it| it.eq_ignore_ascii_case(address));
        is_theirs && person.active && Some(&person.value) != own.as_ref()
    });
    Ok(person.map(|person| person.label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_is_a_persons_where_the_list_has_another_for_the_api() {
        let value = |(value, label): (&str, &str)| PicklistValue {
            value: value.to_owned(),
            label: label.to_owned(),
            is_active: true,
            is_default: false,
            is_system: true,
            sort_order: 0,
            parent_value: String::new(),
        };
        let told = [("1", "Professional"), ("7", "API User")].map(value);
        let untold = [("1", "Professional"), ("2", "Therapist")].map(value);
        for (licence, list, expected) in [
            ("1", &told, Some("Professional")),
            ("7", &told, None),
            ("9", &told, None),
            ("1", &untold, None),
        ] {
            assert_eq!(of_a_person(licence, list), expected, "{licence}");
        }
    }
}
