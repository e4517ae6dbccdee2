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
        Error::Busy { .. } => "busy",
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
        (500, "Thread Threshold Exceeded", "busy"),
        (409, "Itgenatr005", "busy"),
        (401, "no", "unauthorized"),
        (403, "no", "forbidden"),
        (404, "no", "gone"),
        (400, "bad", "invalid"),
    ] {
        for effect in [Effect::Read, Effect::Write] {
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
        assert_eq!(said(500, body, Effect::Write), "maybe-done", "{body}");
    }
    assert_eq!(said(405, "", Effect::Write), "invalid");
}

#[test]
fn a_missing_path_is_no_missing_record() {
    let body = r#"{"Message":"No HTTP resource was found that matches the request URI '/x'."}"#;
    assert_eq!(said(404, body, Effect::Write), "invalid");
    assert_eq!(said(404, "{}", Effect::Write), "gone");
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
            "busy",
        ),
        ("", "slow-down"),
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
fn a_broken_answer_is_away_to_a_read_and_open_to_a_write() {
    let broken = [
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
    for (broken, to_a_read) in broken {
        for (effect, expected) in [(Effect::Read, to_a_read), (Effect::Write, "maybe-done")] {
            let asked = Asked {
                entity: "ticket",
                effect,
            };
            let error = classify(broken.clone().into(), asked);
            assert_eq!(meaning(&error), expected, "{broken:?}");
        }
    }
    let missing = Broken::Html {
        status: StatusCode::NOT_FOUND,
    };
    let asked = Asked {
        entity: "ticket",
        effect: Effect::Write,
    };
    assert_eq!(meaning(&classify(missing.into(), asked)), "invalid");
}
