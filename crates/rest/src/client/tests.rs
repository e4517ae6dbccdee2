//! What each way of failing looks like to a caller.

use serde::Deserialize;
use tokio::{io::AsyncReadExt as _, io::AsyncWriteExt as _, net::TcpListener};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use super::*;

#[derive(Debug, Deserialize)]
struct Rows {
    items: Vec<Row>,
}

#[derive(Debug, Deserialize)]
struct Row {
    id: i64,
}

fn client(deadline_ms: u64) -> Client {
    Client::new(&Settings {
        deadline: Duration::from_millis(deadline_ms),
        body_limit_bytes: 1000,
        ..Settings::default()
    })
    .unwrap()
}

async fn ask(client: &Client, url: &str) -> Result<Answer, Error> {
    let request = client
        .request(Method::POST, url)
        .header("Secret", "hunter2")
        .body("a customer's words");
    client.send("test.ask", request).await
}

async fn answer_to(template: ResponseTemplate) -> Result<Answer, Error> {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(template)
        .mount(&server)
        .await;
    ask(&client(5_000), &server.uri()).await
}

/// A server that reads the request and then answers these bytes and hangs up.
async fn answer_raw(bytes: &'static [u8]) -> Error {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/?token=hunter2", listener.local_addr().unwrap());
    let serve = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        let _read = stream.read(&mut request).await.unwrap();
        stream.write_all(bytes).await.unwrap();
    };
    let client = client(5_000);
    let (result, ()) = tokio::join!(ask(&client, &url), serve);
    result.unwrap_err()
}

#[tokio::test]
async fn json_is_read_and_a_wrong_place_is_named_without_its_value() {
    let answer = answer_to(ResponseTemplate::new(200).set_body_string(r#"{"items":[{"id":7}]}"#));
    let rows: Rows = answer.await.unwrap().json().unwrap();
    assert_eq!(rows.items.first().map(|row| row.id), Some(7));

    let wrong = r#"{"items":[{"id":7},{"id":"Jane Citizen"}]}"#;
    let answer = answer_to(ResponseTemplate::new(200).set_body_string(wrong));
    let error = answer.await.unwrap().json::<Rows>().unwrap_err();
    let Error::Broken(Broken::Unreadable { path, reason }) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(
        (path.as_str(), reason.as_str()),
        ("items[1].id", "expected i64")
    );
    assert!(!format!("{error:?} {error}").contains("Jane"));
}

#[tokio::test]
async fn cut_json_is_an_error_and_never_no_rows() {
    for body in ["", r#"{"items":[{"id":7}"#, r#"{"items":"#] {
        let answer = answer_to(ResponseTemplate::new(200).set_body_string(body));
        let error = answer.await.unwrap().json::<Rows>().unwrap_err();
        assert!(
            matches!(error, Error::Broken(Broken::Truncated)),
            "{body}: {error:?}"
        );
        assert!(error.maybe_done());
    }
    let twice = answer_to(ResponseTemplate::new(200).set_body_string("{\"items\":[]}{}"));
    assert!(twice.await.unwrap().json::<Rows>().is_err());
}

#[tokio::test]
async fn a_refusal_keeps_its_words() {
    let refusal = ResponseTemplate::new(500).set_body_string(r#"{"errors":["no"]}"#);
    let error = answer_to(refusal).await.unwrap_err();
    assert!(!error.maybe_done());
    let Error::Refused { status, body } = error else {
        panic!("{error:?}");
    };
    assert_eq!(
        (status.as_u16(), body.as_str()),
        (500, r#"{"errors":["no"]}"#)
    );
}

#[tokio::test]
async fn a_request_to_slow_down_says_for_how_long() {
    let slow = ResponseTemplate::new(429).insert_header("Retry-After", "7");
    let error = answer_to(slow).await.unwrap_err();
    assert!(
        matches!(error, Error::SlowDown { after: Some(after), .. } if after.as_secs() == 7),
        "{error:?}"
    );
}

#[tokio::test]
async fn gateways_and_web_pages_are_broken_and_a_write_may_have_been_done() {
    for (status, body) in [
        (502, ""),
        (503, "<html>"),
        (504, "{}"),
        (404, "<html>"),
        (200, " <!DOCTYPE html>"),
    ] {
        let template = ResponseTemplate::new(status).set_body_string(body);
        let error = answer_to(template).await.unwrap_err();
        assert!(matches!(error, Error::Broken(_)), "{status}: {error:?}");
        assert!(error.maybe_done());
    }
}

#[tokio::test]
async fn a_gateway_keeps_its_words_and_its_plea_for_patience() {
    let busy = ResponseTemplate::new(503)
        .insert_header("Retry-After", "7")
        .set_body_string("too many threads");
    let error = answer_to(busy).await.unwrap_err();
    let Error::Broken(Broken::Gateway { after, body, .. }) = error else {
        panic!("{error:?}");
    };
    assert_eq!(
        (after, body.as_str()),
        (Some(Duration::from_secs(7)), "too many threads")
    );
}

#[tokio::test]
async fn an_answer_above_the_limit_is_not_taken_in() {
    let large = ResponseTemplate::new(200).set_body_string("x".repeat(1001));
    let error = answer_to(large).await.unwrap_err();
    assert!(matches!(
        error,
        Error::Broken(Broken::TooLarge { limit: 1000 })
    ));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = ResponseTemplate::new(307).insert_header("Location", "http://127.0.0.1:9/");
    let error = answer_to(elsewhere).await.unwrap_err();
    assert!(matches!(error, Error::Refused { status, .. } if status.as_u16() == 307));
}

#[tokio::test]
async fn a_refused_connection_is_surely_not_done() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port()
    };
    let error = ask(&client(5_000), &format!("http://127.0.0.1:{port}/")).await;
    assert!(matches!(
        error,
        Err(Error::NoAnswer {
            maybe_done: false,
            ..
        })
    ));
}

#[tokio::test]
async fn a_hang_up_or_a_late_answer_may_be_done() {
    for bytes in [
        &b""[..],
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"i",
    ] {
        let error = answer_raw(bytes).await;
        assert!(
            matches!(
                error,
                Error::NoAnswer {
                    maybe_done: true,
                    ..
                }
            ),
            "{error:?}"
        );
    }
    let server = MockServer::start().await;
    let late = ResponseTemplate::new(200).set_delay(Duration::from_secs(30));
    Mock::given(any()).respond_with(late).mount(&server).await;
    let error = ask(&client(100), &server.uri()).await;
    assert!(matches!(
        error,
        Err(Error::NoAnswer {
            maybe_done: true,
            ..
        })
    ));
}

#[tokio::test]
async fn nothing_secret_is_in_an_error() {
    let error = answer_raw(b"").await;
    let mut shown = format!("{error} {error:?}");
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        shown = format!("{shown} {inner} {inner:?}");
        cause = inner.source();
    }
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(!shown.contains("customer"), "{shown}");
}
