//! How the client behaves towards a server that answers as Autotask was seen to.

mod calling;
mod reading;
mod writing;

use std::sync::Arc;

use serde_json::{Value as Json, json};
use wiremock::{
    Mock, MockServer, Request as Received, ResponseTemplate,
    matchers::{method, path},
};

use super::*;
use crate::LocalGate;

fn credentials() -> Credentials {
    Credentials {
        username: "api@msp.example".to_owned(),
        secret: "hunter2".into(),
        integration_code: "TRACKER".into(),
    }
}

/// Settings whose discovery asks the server; `deadline` is short, as nothing here takes long.
fn settings(server: &MockServer) -> Settings {
    Settings {
        discovery_url: format!("{}/ATServicesRest", server.uri()).parse().unwrap(),
        deadline: Duration::from_secs(5),
        ..Settings::new(credentials())
    }
}

fn client_of(settings: Settings) -> Client {
    let http = rest::Client::new(&rest::Settings::default()).unwrap();
    Client::new(http, settings, Arc::new(LocalGate::default())).unwrap()
}

/// A client whose zone is the server, without discovery.
fn client(server: &MockServer) -> Client {
    let zone = format!("{}/ATServicesRest/", server.uri()).parse().unwrap();
    client_of(Settings {
        zone_url: Some(zone),
        ..settings(server)
    })
}

fn below(rest: &str) -> String {
    format!("/ATServicesRest/V1.0/{rest}")
}

/// A server that gives this one answer to a verb and a path.
async fn server(verb: &str, at: &str, answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method(verb))
        .and(path(below(at)))
        .respond_with(answer)
        .mount(&server)
        .await;
    server
}

fn ok(body: &Json) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

fn refusal(status: u16, text: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({ "errors": [text] }))
}

async fn received(server: &MockServer) -> Vec<Received> {
    server.received_requests().await.unwrap()
}

fn body(request: &Received) -> Json {
    serde_json::from_slice(&request.body).unwrap()
}
