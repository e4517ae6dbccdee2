//! From what a source told to the event about it.

use domain::{Cause, Event, Evidence, Floor, Key, RecordId, System};
use jim2::Object;

use crate::{
    kind::{ASSET, COMPANY, CONTACT, CONTRACT, INVOICE, STOCK, TICKET},
    payload::{Change, Entity},
};

/// The event of a webhook call. What our own resource did is no evidence of anybody else.
pub(crate) fn of_webhook(change: Change, own_resource: Option<&str>) -> Event {
    let kind = change.entity.kind();
    let id = match change.entity {
        Entity::TicketNote => note(change.id, change.ticket),
        Entity::Company | Entity::Contact | Entity::Ticket | Entity::ConfigurationItem => {
            change.id.into()
        }
    };
    let is_ours = change.by.is_some() && change.by.as_deref() == own_resource;
    let fields = if is_ours {
        std::collections::BTreeMap::default()
    } else {
        change.fields
    };
    let evidence = change.at.map(|at| Evidence {
        at,
        by: change.by,
        fields,
    });
    Event {
        floor: Floor {
            at: change.at,
            position: None,
        },
        evidence: evidence.into_iter().collect(),
        ..Event::new(Key::new(kind, System::Autotask, id), Cause::Live)
    }
}

/// A note is planned under its ticket; where that was not told, the worker asks for it.
fn note(id: i64, ticket: Option<i64>) -> RecordId {
    ticket.map_or_else(|| format!("note:{id}").into(), RecordId::from)
}

/// The event of a row of Jim2's change feed; `None` for records that nobody works on.
pub(crate) fn of_change(change: &jim2::Change, own_initials: Option<&str>) -> Option<Event> {
    let (kind, id) = match &change.object {
        Object::Job => (TICKET, change.key.as_str()),
        Object::JobComment | Object::JobStock | Object::JobLabour => (TICKET, job_of(&change.key)),
        Object::CardFile => (COMPANY, change.key.as_str()),
        Object::CardFileContact => (CONTACT, change.key.as_str()),
        Object::CardFileNote => (COMPANY, card_of(&change.key)),
        Object::Invoice => (INVOICE, change.key.as_str()),
        Object::Project => (CONTRACT, change.key.as_str()),
        Object::Asset => (ASSET, change.key.as_str()),
        Object::Stock => (STOCK, stock_of(&change.key)),
        Object::Other(_) => return None,
    };
    // A card does not tell when its notes changed: read at once it is no older than this, whatever time it tells.
    let at = change.at.get().copied();
    let at = at.filter(|_| change.object != Object::CardFileNote);
    let evidence = match (at, change.by.get()) {
        (Some(at), Some(by)) if Some(by.as_str()) != own_initials => Some(Evidence {
            at,
            by: Some(by.clone()),
            fields: std::collections::BTreeMap::default(),
        }),
        _ => None,
    };
    Some(Event {
        floor: Floor {
            at,
            position: Some(change.position),
        },
        evidence: evidence.into_iter().collect(),
        ..Event::new(Key::new(kind, System::Jim2, id), Cause::Live)
    })
}

/// The stock of a price or a quantity: 7 of `7-2`, where a trigger writes those.
fn stock_of(key: &str) -> &str {
    key.split_once('-').map_or(key, |(stock, _)| stock)
}

/// The job of a line: 5001 of `5001-2`.
fn job_of(key: &str) -> &str {
    key.split_once('-').map_or(key, |(job, _)| job)
}

/// The card of a note: 1001 of `1001-2`.
fn card_of(key: &str) -> &str {
    key.split_once('-').map_or(key, |(card, _)| card)
}

#[cfg(test)]
mod tests {
    use domain::Told;

    use super::*;
    use crate::payload;

    fn event(body: &str) -> Event {
        match payload::read(body.as_bytes()).unwrap() {
            payload::Told::Changed(change) => of_webhook(*change, Some("29682999")),
            payload::Told::Deactivated => panic!("{body} is about a record"),
        }
    }

    #[test]
    fn every_entity_is_an_event_of_its_kind() {
        for (entity, fields, kind, id) in [
            ("Account", "{}", COMPANY, "7"),
            ("Contact", "{}", CONTACT, "7"),
            ("Ticket", "{}", TICKET, "7"),
            ("TicketNote", "{}", TICKET, "note:7"),
            ("TicketNote", r#"{"TicketID":9}"#, TICKET, "9"),
            ("TicketNote", r#"{"ticketID":"9"}"#, TICKET, "9"),
            ("TicketNote", r#"{"TicketID":null}"#, TICKET, "note:7"),
            ("Ticket", r#"{"TicketID":9}"#, TICKET, "7"),
            ("InstalledProduct", "{}", ASSET, "7"),
            ("configurationitems", "{}", ASSET, "7"),
        ] {
            let body = format!(
                r#"{{"Action":"Delete","EntityType":"{entity}","Id":7,"Fields":{fields}}}"#
            );
            let event = event(&body);
            assert_eq!(event.key, Key::new(kind, System::Autotask, id), "{body}");
            assert_eq!(event.cause, Cause::Live);
            assert!(event.floor.is_none() && event.evidence.is_empty());
        }
    }

    #[test]
    fn what_we_did_ourselves_is_told_without_values() {
        for (person, told) in [("29682999", 0), ("29682885", 1), ("null", 1)] {
            let body = format!(
                r#"{{"Action":"Update","EntityType":"Ticket","Id":7,"Fields":{{"Status":5}},"EventTime":"2026-11-23T01:00:00Z","PersonID":{person}}}"#
            );
            let event = event(&body);
            assert_eq!(
                event.floor.at,
                Some("2026-11-23T01:00:00Z".parse().unwrap())
            );
            assert_eq!(event.evidence.len(), 1, "{person}");
            assert_eq!(event.evidence[0].fields.len(), told, "{person}");
        }
    }

    #[test]
    fn a_note_is_planned_under_its_card_which_tells_no_time_of_it() {
        let change = jim2::Change {
            position: 12,
            object: Object::CardFileNote,
            key: "1001-2".to_owned(),
            operation: jim2::Operation::Delete,
            at: Told::Is("2026-11-23T01:00:00Z".parse().unwrap()),
            by: Told::Is("JC".to_owned()),
        };
        let event = of_change(&change, Some("API")).unwrap();
        assert_eq!(event.key, Key::new(COMPANY, System::Jim2, 1001));
        assert_eq!((event.floor.at, event.floor.position), (None, Some(12)));
        assert!(event.evidence.is_empty());
    }

    #[test]
    fn every_object_of_the_feed_is_an_event_of_its_kind() {
        for (object, key, expected) in [
            (Object::Job, "5001", Some((TICKET, "5001"))),
            (Object::JobComment, "5001-2", Some((TICKET, "5001"))),
            (Object::JobStock, "5001-2", Some((TICKET, "5001"))),
            (Object::JobLabour, "5001-12", Some((TICKET, "5001"))),
            (Object::CardFile, "1001", Some((COMPANY, "1001"))),
            (Object::CardFileContact, "1001-2", Some((CONTACT, "1001-2"))),
            (Object::Invoice, "30001", Some((INVOICE, "30001"))),
            (Object::Project, "301", Some((CONTRACT, "301"))),
            (Object::Asset, "701", Some((ASSET, "701"))),
            (Object::Stock, "7", Some((STOCK, "7"))),
            (Object::Stock, "7-2", Some((STOCK, "7"))),
            (Object::Other("Quote".to_owned()), "1", None),
        ] {
            let change = jim2::Change {
                position: 12,
                object,
                key: key.to_owned(),
                operation: jim2::Operation::Update,
                at: Told::Is("2026-11-23T01:00:00Z".parse().unwrap()),
                by: Told::Is("JC".to_owned()),
            };
            let event = of_change(&change, Some("API"));
            let expected = expected.map(|(kind, id)| Key::new(kind, System::Jim2, id));
            assert_eq!(event.as_ref().map(|event| event.key.clone()), expected);
            if let Some(event) = event {
                assert_eq!(event.floor.position, Some(12));
                assert_eq!(event.evidence[0].by.as_deref(), Some("JC"));
            }
            let ours = of_change(&change, Some("JC"));
            assert!(ours.is_none_or(|event| event.evidence.is_empty()));
        }
    }
}
