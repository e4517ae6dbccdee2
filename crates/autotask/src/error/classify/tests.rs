//! Texts that clients have seen, and what each means.

use super::*;

fn said(status: u16, body: &str, effect: Effect) -> &'static str {
    let error = rest::Error::Refused {
        status: StatusCode::from_u16(status).unwrap(),
        body: body.to_owned(),
    };
    meaning(&classify(
        error,
        Asked {
            entity: "ticket",
            effect,
        },
    ))
}

fn meaning(error: &Error) -> &'static str {
    match error {
        Error::Unauthorized { .. } => "unauthorized",
        Error::Forbidden { .. } => "forbidden",
        Error::Invalid { .. } => "invalid",
        Error::NoSuchCall { passing: true, .. } => "no-such-call-now",
        Error::NoSuchCall { .. } => "no-such-call",
        Error::NoZone { .. } => "no-zone",
        Error::Busy { .. } => "busy",
        Error::TooManyAtOnce { .. } => "crowd",
        Error::SlowDown { .. } => "slow-down",
        Error::Gone { .. } => "gone",
        Error::Away(_) => "away",
        Error::MaybeDone(_) => "maybe-done",
        Error::Budget(_) => "budget",
        Error::Unreadable { .. } => "unreadable",
    }
}

fn errors(text: &str) -> String {
    serde_json::json!({ "errors": [text] }).to_string()
}

#[test]
fn each_text_means_the_same_to_reads_and_writes() {
    for (status, text, expected) in [
        (
            500,
            "Picklist value [99] does not exist for priority.",
            "invalid",
        ),
        (
            500,
            "Reference value on field: contactID of type: Contact does not exist or is invalid.",
            "invalid",
        ),
        (
            500,
            "Conversion failed when converting varchar 'material' to data type int",
            "invalid",
        ),
        (
            500,
            "maxCountOfRecordsToReturn must be between 1 and 500",
            "invalid",
        ),
        (
            500,
            "The logged in Resource does not have the adequate permissions to do this.",
            "forbidden",
        ),
        (
            500,
            "No message. No matching records found. The logged in Resource may not have the required permissions to delete the data.",
            "gone",
        ),
        (
            500,
            "Transaction (Process ID 71) was deadlocked on lock resources",
            "busy",
        ),
        (500, "Lock request time out period exceeded.", "busy"),
        (500, "Thread Threshold Exceeded", "crowd"),
        (409, "Itgenatr005", "crowd"),
        (401, "no", "unauthorized"),
        (403, "no", "forbidden"),
        (400, "bad", "invalid"),
    ] {
        for effect in [Effect::Read, Effect::Lookup, Effect::Write] {
            assert_eq!(
                said(status, &errors(text), effect),
                expected,
                "{status} {text}"
            );
        }
    }
}

#[test]
fn without_a_reason_a_server_error_says_nothing_about_a_write() {
    let unexplained = errors("An unexpected error occurred while processing the request.");
    for body in [
        "",
        "{}",
        r#"{"errors":[]}"#,
        r#"{"errors":[null," "]}"#,
        "oops",
        &unexplained,
    ] {
        assert_eq!(said(500, body, Effect::Read), "busy", "{body}");
        assert_eq!(said(500, body, Effect::Lookup), "busy", "{body}");
        assert_eq!(said(500, body, Effect::Write), "maybe-done", "{body}");
    }
    assert_eq!(said(405, "", Effect::Write), "no-such-call");
}

#[test]
fn a_missing_path_is_no_missing_record() {
    let path = r#"{"Message":"No HTTP resource was found that matches the request URI '/x'."}"#;
    for effect in [Effect::Read, Effect::Lookup, Effect::Write] {
        assert_eq!(said(404, path, effect), "no-such-call", "{effect:?}");
    }
    for body in ["", "{}", &errors("Not found")] {
        assert_eq!(said(404, body, Effect::Lookup), "gone", "{body}");
        assert_eq!(said(404, body, Effect::Write), "gone", "{body}");
        assert_eq!(
            said(404, body, Effect::Read),
            "no-such-call",
            "only a read by id can miss a record: {body}"
        );
    }
}

#[test]
fn a_page_instead_of_a_path_passes_for_a_read_and_not_for_a_write() {
    for (effect, expected) in [
        (Effect::Read, "no-such-call-now"),
        (Effect::Lookup, "no-such-call-now"),
        (Effect::Write, "no-such-call"),
    ] {
        let status = StatusCode::NOT_FOUND;
        assert_eq!(broken(Broken::Html { status }, effect), expected);
    }
}

#[test]
fn a_timeout_inside_autotask_leaves_a_write_open() {
    let body = errors("Execution Timeout Expired. The timeout period elapsed");
    assert_eq!(said(500, &body, Effect::Read), "busy");
    assert_eq!(said(500, &body, Effect::Write), "maybe-done");
}

#[test]
fn messages_come_as_texts_and_as_objects_and_all_are_kept() {
    let body = r#"{"errors":["one",{"message":"two"},{"code":3}]}"#;
    assert_eq!(texts(body), ["one", "two"]);
}

#[test]
fn a_429_is_the_thread_limit_or_the_threshold_by_its_text() {
    for (body, expected) in [
        (
            "The Autotask API thread threshold of 3 threads has been exceeded.",
            "crowd",
        ),
        ("", "slow-down"),
        ("The hourly threshold is exceeded.", "slow-down"),
    ] {
        let error = rest::Error::SlowDown {
            after: None,
            body: body.to_owned(),
        };
        let asked = Asked {
            entity: "ticket",
            effect: Effect::Write,
        };
        assert_eq!(meaning(&classify(error, asked)), expected);
    }
}

#[test]
fn a_gateway_may_tell_of_the_thread_limit_too() {
    for code in [502, 503, 504] {
        for (body, to_a_read, to_a_write) in [
            (&*errors("Thread Threshold Exceeded"), "crowd", "crowd"),
            ("<html>", "away", "maybe-done"),
            (&*errors("down"), "away", "maybe-done"),
        ] {
            let gateway = || Broken::Gateway {
                status: StatusCode::from_u16(code).unwrap(),
                after: None,
                body: body.to_owned(),
            };
            assert_eq!(broken(gateway(), Effect::Read), to_a_read, "{code} {body}");
            assert_eq!(
                broken(gateway(), Effect::Write),
                to_a_write,
                "{code} {body}"
            );
        }
    }
}

fn broken(broken: Broken, effect: Effect) -> &'static str {
    let entity = "ticket";
    meaning(&classify(broken.into(), Asked { entity, effect }))
}

#[test]
fn a_broken_answer_is_away_to_a_read_and_open_to_a_write() {
    let answers = [
        (Broken::Truncated, "away"),
        (
            Broken::Html {
                status: StatusCode::OK,
            },
            "away",
        ),
        (
            Broken::Gateway {
                status: StatusCode::BAD_GATEWAY,
                after: None,
                body: String::new(),
            },
            "away",
        ),
        (
            Broken::Unreadable {
                path: "item".to_owned(),
                reason: "expected i64".to_owned(),
            },
            "unreadable",
        ),
    ];
    for (answer, to_a_read) in answers {
        for (effect, expected) in [
            (Effect::Read, to_a_read),
            (Effect::Lookup, to_a_read),
            (Effect::Write, "maybe-done"),
        ] {
            assert_eq!(broken(answer.clone(), effect), expected, "{answer:?}");
        }
    }
}
