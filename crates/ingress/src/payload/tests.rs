use proptest::prelude::*;

use super::*;

/// The sample of nango.dev, "Autotask webhooks".
const SAMPLE: &str = r#"{"Action":"Create","Guid":"a1da62a4-2c49-40a8-8183-69994ce5b3eb","EntityType":"Ticket","Id":351181,"Fields":{"TicketNumber":"T20250915.0001"},"EventTime":"2025-09-15T14:57:50Z","SequenceNumber":1,"PersonId":30691780}"#;

fn change(body: &str) -> Change {
    match read(body.as_bytes()).unwrap() {
        Told::Changed(change) => *change,
        Told::Deactivated => panic!("{body} is about a record"),
    }
}

#[test]
fn the_sample_is_read_whole() {
    let expected = Change {
        entity: Entity::Ticket,
        id: 351_181,
        ticket: None,
        at: Some("2025-09-15T14:57:50Z".parse().unwrap()),
        by: Some("30691780".to_owned()),
        fields: [("TicketNumber".to_owned(), "T20250915.0001".into())].into(),
        guid: Some("a1da62a4-2c49-40a8-8183-69994ce5b3eb".to_owned()),
        sequence: Some(1),
    };
    assert_eq!(change(SAMPLE), expected);
    assert_eq!(
        change(
            &SAMPLE
                .replace("PersonId", "PersonID")
                .replace("\"Guid\"", "\"guid\"")
        ),
        expected
    );
}

#[test]
fn every_name_of_an_entity_is_known_and_no_other() {
    for (name, expected) in [
        ("Account", Some(Entity::Company)),
        ("ACCOUNTS", Some(Entity::Company)),
        ("Company", Some(Entity::Company)),
        ("companies", Some(Entity::Company)),
        ("Contact", Some(Entity::Contact)),
        ("contacts", Some(Entity::Contact)),
        ("ticket", Some(Entity::Ticket)),
        ("Tickets", Some(Entity::Ticket)),
        ("TicketNote", Some(Entity::TicketNote)),
        ("ticketnotes", Some(Entity::TicketNote)),
        ("InstalledProduct", Some(Entity::ConfigurationItem)),
        ("ConfigurationItems", Some(Entity::ConfigurationItem)),
        ("Opportunity", None),
        ("Tickets2", None),
        ("", None),
    ] {
        assert_eq!(Entity::named(name), expected, "{name}");
    }
}

#[test]
fn an_identifier_without_end_is_none() {
    let guid = "a1da62a4-2c49-40a8-8183-69994ce5b3eb";
    let longer = SAMPLE.replace(guid, &"g".repeat(LONGEST_GUID + 1));
    assert_eq!(change(&longer).guid, None);
    assert_eq!(change(&longer).sequence, Some(1));
}

#[test]
fn a_deactivation_needs_no_record() {
    for body in [
        r#"{"Action":"Deactivated"}"#,
        r#"{"action":"DEACTIVATED","EntityType":"Spaceship","Id":null}"#,
    ] {
        assert_eq!(read(body.as_bytes()).unwrap(), Told::Deactivated, "{body}");
    }
}

#[test]
fn what_is_not_needed_may_be_missing_or_odd() {
    for body in [
        r#"{"Action":"Update","EntityType":"Ticket","Id":7}"#,
        r#"{"Action":"Update","EntityType":"Ticket","Id":"7","Fields":null,"EventTime":"soon","SequenceNumber":"x","PersonID":null,"Guid":""}"#,
        r#"{"Action":"Update","EntityType":"Ticket","Id":7,"Fields":[1],"EventTime":"0001-01-01T00:00:00Z","PersonID":{}}"#,
        r#"{"Action":"Merged","EntityType":"Ticket","Id":7,"EventTime":99}"#,
    ] {
        let change = change(body);
        assert_eq!((change.entity, change.id), (Entity::Ticket, 7), "{body}");
        assert_eq!((change.at, change.by), (None, None), "{body}");
        assert!(change.fields.is_empty(), "{body}");
    }
}

#[test]
fn values_keep_their_kind_and_every_digit() {
    let body = r#"{"Action":"Update","EntityType":"TicketNote","Id":1,"Fields":{"TicketID":"7001","A":null,"B":true,"C":0.10,"D":9007199254740993,"E":"\u00E9\u0026","F":{"deep":1},"G":""},"EventTime":"2026-11-23T01:02:03.5"}"#;
    let change = change(body);
    assert_eq!(change.ticket, Some(7001));
    assert_eq!(change.at, Some("2026-11-23T01:02:03.5Z".parse().unwrap()));
    let expected: BTreeMap<String, Value> = [
        ("TicketID", "7001".into()),
        ("A", Value::Empty),
        ("B", true.into()),
        ("C", "0.10".into()),
        ("D", 9_007_199_254_740_993.into()),
        ("E", "é&".into()),
        ("G", Value::Empty),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    assert_eq!(change.fields, expected);
}

#[test]
fn what_is_no_event_is_refused_with_the_reason() {
    for (body, says) in [
        ("", "JSON"),
        ("null", "JSON"),
        ("[]", "JSON"),
        ("{", "JSON"),
        ("{}", "Action"),
        (r#"{"Action":"Create","Id":7}"#, "EntityType"),
        (r#"{"Action":"Create","EntityType":"Ticket"}"#, "Id"),
        (r#"{"Action":"Create","EntityType":"Ticket","Id":-1}"#, "Id"),
        (
            r#"{"Action":"Create","EntityType":"Ticket","Id":7.5}"#,
            "Id",
        ),
        (
            r#"{"Action":"Create","EntityType":"Opportunity","Id":7}"#,
            "Opportunity",
        ),
    ] {
        let error = read(body.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(says), "{body}: {error}");
    }
    assert!(read(&[0xff, 0xfe]).is_err());
}

#[test]
fn a_body_as_deep_as_it_is_long_is_no_danger() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(40_000), close.repeat(40_000));
        let body = format!(
            r#"{{"Action":"Update","EntityType":"Ticket","Id":7,"Fields":{{"F":{deep}}}}}"#
        );
        let _ = read(body.as_bytes());
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(body: Vec<u8>) {
        let _ = read(&body);
    }

    #[test]
    fn nor_does_any_cut_or_spoiled_sample(cut in 0..SAMPLE.len(), at in 0..SAMPLE.len(), byte: u8) {
        let _ = read(&SAMPLE.as_bytes()[..cut]);
        let mut spoiled = SAMPLE.as_bytes().to_vec();
        spoiled[at] = byte;
        let _ = read(&spoiled);
    }

    #[test]
    fn nor_do_any_values(id in "[-0-9eE.\"]{0,20}", time in "\\PC{0,30}", text in "\\PC{0,30}") {
        let time = serde_json::to_string(&time).unwrap();
        let text = serde_json::to_string(&text).unwrap();
        let body = format!(r#"{{"Action":"Update","EntityType":"Ticket","Id":{id},"EventTime":{time},"Fields":{{{text}:{text}}},"PersonID":{text}}}"#);
        let _ = read(body.as_bytes());
    }
}
