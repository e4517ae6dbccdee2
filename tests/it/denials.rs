//! What somebody denies Crossbill is told with the setting or the right that mends it.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{StatusCode, Uri},
};
use sandbox::autotask::{self, Denial};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    task::JoinSet,
};
use url::Url;

use crate::{
    refusals::is_refused,
    system::{Site, System, pass_on},
};

const FAILED: i32 = 1;
const WRONG_SETTINGS: i32 = 2;

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_of_rabbitmq_is_told_with_its_setting() {
    let system = System::installed(Site::default()).await;
    system.crossbill(&["migrate"]).await;
    let mut url: Url = system.setting("AMQP_URL").parse().unwrap();
    url.set_password(Some("not-the-password")).unwrap();
    let wrong = [("AMQP_URL", url.as_str())];
    let done = system.crossbill_with(&wrong, &["connect", "--yes"]).await;
    is_refused(&done, FAILED, &["RabbitMQ", "AMQP_URL"]);
    assert!(!done.stderr.contains("not-the-password"), "{}", done.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_of_postgres_is_told_with_its_setting() {
    let system = System::installed(Site::default()).await;
    let (port, _server) = postgres_that_refuses().await;
    let url = format!("postgres://app:not-the-password@127.0.0.1:{port}/crossbill");
    for arguments in [&["migrate"][..], &["status"], &["serve"]] {
        let wrong = [("DATABASE_URL", url.as_str())];
        let done = system.crossbill_with(&wrong, arguments).await;
        is_refused(&done, FAILED, &["Postgres", "DATABASE_URL", "password"]);
        assert!(!done.stderr.contains("not-the-password"), "{}", done.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_right_to_create_webhooks_is_told_with_what_goes_without() {
    let denied = [("CompanyWebhooks".to_owned(), Denial::Forbidden)];
    let site = Site {
        autotask: autotask::Options {
            denied: BTreeMap::from(denied),
            ..Site::default().autotask
        },
        ..Site::default()
    };
    let system = System::installed(site).await;
    system.crossbill(&["migrate"]).await;
    let done = system.try_crossbill(&["connect", "--yes"]).await;
    is_refused(&done, FAILED, &["Can create Webhooks", "--poll-only"]);
    system.crossbill(&["connect", "--yes", "--poll-only"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_right_in_jim2_is_told_with_where_it_is_given() {
    let system = System::installed(Site::default()).await;
    system.crossbill(&["migrate"]).await;
    let (url, _server) = jim2_that_denies(system.setting("JIM2_URL")).await;
    let denied = [("JIM2_URL", url.as_str())];
    let done = system.crossbill_with(&denied, &["connect", "--yes"]).await;
    is_refused(&done, FAILED, &["Jim2", "security groups"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_inside_an_address_is_refused_and_a_limit_below_one_too() {
    let system = System::installed(Site::default()).await;
    for setting in [
        "JIM2_URL",
        "AUTOTASK_DISCOVERY_URL",
        "AUTOTASK_ZONE_URL",
        "INGRESS_PUBLIC_URL",
    ] {
        for url in [
            "https://someone:not-to-be-shown@jim2.example/jim2/",
            "https//someone:not-to-be-shown@jim2.example/jim2/",
        ] {
            let done = system.crossbill_with(&[(setting, url)], &["config"]).await;
            is_refused(&done, WRONG_SETTINGS, &[setting]);
            assert!(!done.stderr.contains("not-to-be-shown"), "{}", done.stderr);
        }
    }
    for limit in ["--limit=-1", "--limit=0"] {
        for list in ["held", "pairs"] {
            let done = system.try_crossbill(&[list, "list", limit]).await;
            is_refused(&done, WRONG_SETTINGS, &["--limit", "1.."]);
        }
    }
}

/// Takes the start of a session and says no, as Postgres does.
async fn postgres_that_refuses() -> (u16, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut server = JoinSet::new();
    server.spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut asked = [0; 1024];
            // The first question is about encryption: a request of eight bytes.
            while let Ok(read) = client.read(&mut asked).await {
                if read == 8 {
                    client.write_all(b"N").await.unwrap();
                    continue;
                }
                let fields =
                    b"SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user \"app\"\0\0";
                let length = u32::try_from(fields.len() + 4).unwrap();
                let mut answer = vec![b'E'];
                answer.extend(length.to_be_bytes());
                answer.extend(fields);
                let _is_gone = client.write_all(&answer).await;
                break;
            }
        }
    });
    (port, server)
}

/// The Jim2 at `url`, as a user sees it who may log on and nothing else.
async fn jim2_that_denies(url: &str) -> (String, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut own: Url = url.parse().unwrap();
    let router = Router::new().fallback(log_on_only).with_state(own.clone());
    own.set_port(Some(listener.local_addr().unwrap().port()))
        .unwrap();
    let mut server = JoinSet::new();
    server.spawn(async move { axum::serve(listener, router).await.unwrap() });
    (own.to_string(), server)
}

async fn log_on_only(
    State(mut jim2): State<Url>,
    uri: Uri,
    body: Bytes,
) -> (StatusCode, [(&'static str, &'static str); 1], String) {
    let json = [("content-type", "application/json")];
    if ["token", "logoff"]
        .iter()
        .any(|end| uri.path().ends_with(end))
    {
        jim2.set_path(uri.path());
        let (status, text) = pass_on(jim2.as_str(), body).await.unwrap();
        return (status, json, text);
    }
    let says =
        r#"{"errors":[{"status":"403","title":"Forbidden","detail":"no access to CardFile"}]}"#;
    (StatusCode::FORBIDDEN, json, says.to_owned())
}
