//! Records without their other half.

use serde_json::{Value, json};

use super::{another, found, found_of_new, found_since};
use crate::check::Trouble;

#[test]
fn what_crossbill_made_and_nothing_names_is_found() {
    for (entity, changes, trouble, says) in [
        (
            "CardFile",
            json!({"id": 1009, "madeBy": "API"}),
            Trouble::Twice,
            "card 1001 has the same name",
        ),
        (
            "CardFile",
            json!({"id": 1009, "madeBy": "API", "name": "Lost"}),
            Trouble::Missing,
            "no company names it",
        ),
        (
            "CardFileContact",
            json!({"id": "1001-2", "madeBy": "API"}),
            Trouble::Twice,
            "person 1001-1 is the same",
        ),
        (
            "CardFileContact",
            json!({"id": "1001-2", "madeBy": "API", "lastName": "Lost"}),
            Trouble::Missing,
            "no contact names it",
        ),
        (
            "Job",
            json!({"id": 5002, "OurRef": ""}),
            Trouble::Missing,
            "is no ticket",
        ),
    ] {
        let found = found(|_, jim2| another(jim2, entity, &changes));
        assert_eq!(found.len(), 1, "{entity} {changes}: {found:?}");
        assert_eq!(found[0].0, trouble, "{entity} {changes}: {found:?}");
        assert!(found[0].1.contains(says), "{found:?}");
    }
    let made_in_autotask = [
        (
            "Companies",
            json!({"id": 175, "createdByResourceID": 99, "userDefinedFields": []}),
            Trouble::Missing,
        ),
        (
            "Tickets",
            json!({"id": 7002, "ticketNumber": "T20261123.0002", "creatorResourceID": 99, "userDefinedFields": []}),
            Trouble::Missing,
        ),
        (
            "Tickets",
            json!({"id": 7002, "ticketNumber": "T20261123.0002", "creatorResourceID": 99}),
            Trouble::Twice,
        ),
    ];
    for (entity, changes, trouble) in made_in_autotask {
        let found = found(|autotask, _| another(autotask, entity, &changes));
        assert_eq!(found.len(), 1, "{entity}: {found:?}");
        assert_eq!(found[0].0, trouble, "{entity}: {found:?}");
    }
}

#[test]
fn what_people_made_and_nothing_names_is_theirs_until_it_is_new() {
    let changes = [
        ("CardFile", json!({"id": 1009, "name": "New"})),
        (
            "CardFileContact",
            json!({"id": "1001-2", "lastName": "New"}),
        ),
    ];
    for (entity, changes) in changes {
        let add = |_: &mut Value, jim2: &mut Value| another(jim2, entity, &changes);
        assert_eq!(found(add), [], "{entity}");
        let of_new = found_of_new(add);
        assert_eq!(of_new.len(), 1, "{entity}: {of_new:?}");
        assert_eq!(of_new[0].0, Trouble::Missing);
        let later = found_since(Some("2026-11-24T00:00:00Z"), add);
        assert_eq!(later, [], "{entity}");
    }
    let changes = [
        ("Companies", json!({"id": 175, "userDefinedFields": []})),
        ("Contacts", json!({"id": 301, "externalID": null})),
        (
            "Tickets",
            json!({"id": 7002, "ticketNumber": "T20261123.0002", "userDefinedFields": []}),
        ),
    ];
    for (entity, changes) in changes {
        let add = |autotask: &mut Value, _: &mut Value| another(autotask, entity, &changes);
        assert_eq!(found(add), [], "{entity}");
        let of_new = found_of_new(add);
        assert_eq!(of_new.len(), 1, "{entity}: {of_new:?}");
        assert_eq!(of_new[0].0, Trouble::Missing);
    }
}

#[test]
fn what_the_default_mapping_leaves_out_is_not_missed() {
    let opted_out = json!([{"name": "Jim2 opt-out", "value": "yes"}]);
    for (entity, changes) in [
        ("Companies", json!({"companyType": 5})),
        ("Companies", json!({"isActive": false})),
        ("Companies", json!({"userDefinedFields": opted_out})),
        ("Contacts", json!({"isActive": 0})),
        ("Contacts", json!({"companyID": 0})),
        ("Tickets", json!({"status": 5})),
        ("Tickets", json!({"ticketType": 5})),
        ("Tickets", json!({"source": 8})),
        ("Tickets", json!({"companyID": 0})),
    ] {
        let mut all = json!({"id": 900, "userDefinedFields": [], "externalID": null, "ticketNumber": "T20261123.0002"});
        for (name, value) in changes.as_object().unwrap() {
            all[name] = value.clone();
        }
        let found = found_of_new(|autotask, _| another(autotask, entity, &all));
        assert_eq!(found, [], "{entity} {changes}");
    }
    for (entity, changes) in [
        ("CardFile", json!({"id": 1009, "active": false})),
        ("CardFile", json!({"id": 1009, "customer": null})),
        (
            "CardFileContact",
            json!({"id": "1001-2", "firstName": "", "lastName": ""}),
        ),
        ("CardFileContact", json!({"id": "1002-1"})),
    ] {
        let found = found_of_new(|_, jim2| another(jim2, entity, &changes));
        assert_eq!(found, [], "{entity} {changes}");
    }
}
