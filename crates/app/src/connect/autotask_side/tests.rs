//! What the rights that Autotask tells of our API user mean to `connect`.

use std::sync::Arc;

use autotask::{Credentials, LocalGate, Settings};
use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{any, path},
};

use super::*;

/// Looks at tickets, of which Autotask tells these rights. What was told, or the error.
async fn look_at_tickets(rights: Value) -> Result<String, String> {
    let server = MockServer::start().await;
    for (at, body) in [
        ("entityInformation", json!({ "info": rights })),
        ("entityInformation/fields", json!({ "fields": [] })),
        ("query/count", json!({ "queryCount": 7 })),
    ] {
        Mock::given(path(format!("/ATServicesRest/V1.0/Tickets/{at}")))
            .respond_with(ResponseTemplate::new(200).set_body_json(body))
            .mount(&server)
            .await;
    }
    let base = format!("{}/ATServicesRest/", server.uri());
    let mut out = Vec::new();
    let mut report = Report::new(&mut out);
    let mut side = AutotaskSide::default();
    let looked = may_use::<Ticket>((&client(&base), &[Ticket::NAME]), &mut side, &mut report).await;
    let count = looked.map_err(|error| format!("{error:#}"))?;
    assert_eq!(count, "7 tickets");
    Ok(String::from_utf8(out).unwrap())
}

fn client(zone: &str) -> Client {
    let credentials = Credentials {
        username: "crossbill@provider.example".to_owned(),
        secret: "secret".into(),
        integration_code: "CODE".into(),
    };
    let settings = Settings {
        zone_url: Some(zone.parse().unwrap()),
        ..Settings::new(credentials)
    };
    let http = rest::Client::new(&rest::Settings::default()).unwrap();
    Client::new(http, settings, Arc::new(LocalGate::default())).unwrap()
}

fn rights(change: (&str, Value)) -> Value {
    let mut rights = json!({
        "name": "Ticket", "canQuery": true, "canCreate": true, "canUpdate": true,
        "userAccessForQuery": "All", "userAccessForCreate": "All", "userAccessForUpdate": "All",
    });
    rights[change.0] = change.1;
    rights
}

#[tokio::test]
async fn a_right_that_is_missing_is_one_sentence_with_the_setting_and_the_remedy() {
    for (name, value, doing) in [
        ("userAccessForQuery", json!("None"), "read tickets"),
        ("userAccessForQuery", json!(0), "read tickets"),
        ("canQuery", json!(false), "read tickets"),
        ("userAccessForCreate", json!("None"), "create tickets"),
        ("userAccessForUpdate", json!("None"), "change tickets"),
    ] {
        let error = look_at_tickets(rights((name, value))).await.unwrap_err();
        for part in [
            doing,
            "security level",
            "AUTOTASK_USERNAME",
            "connect again",
        ] {
            assert!(error.contains(part), "{name}: {error}");
        }
    }
}

#[tokio::test]
async fn a_view_of_some_records_is_warned_of_and_all_of_them_is_not() {
    for value in [json!("Restricted"), json!(2)] {
        let told = look_at_tickets(rights(("userAccessForQuery", value))).await;
        let told = told.unwrap();
        assert!(told.contains("sees only some tickets"), "{told}");
    }
    for (name, value) in [
        ("userAccessForDelete", json!("None")),
        ("userAccessForCreate", json!("Restricted")),
        ("userAccessForQuery", json!("Other")),
    ] {
        let told = look_at_tickets(rights((name, value))).await.unwrap();
        assert_eq!(told, "", "{name}");
    }
}

#[tokio::test]
async fn a_zone_that_is_no_autotask_is_a_matter_of_the_setting() {
    for answer in [
        ResponseTemplate::new(404),
        ResponseTemplate::new(404).set_body_string("<html>404</html>"),
    ] {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(answer).mount(&server).await;
        let mut out = Vec::new();
        let mut report = Report::new(&mut out);
        let mut side = AutotaskSide::default();
        let client = client(&server.uri());
        let looked = may_use::<Ticket>((&client, &[]), &mut side, &mut report).await;
        let error = format!("{:#}", looked.unwrap_err());
        assert!(error.contains("AUTOTASK_ZONE_URL"), "{error}");
    }
}
