//! What a refusal of Jim2 means.
//!
//! No public page words Jim2's errors, so a refusal is recognised by its code, its sentence or its
//! status, whichever tells; what none of them tells stays [`Error::Refused`] with all that was said.

use serde::Deserialize;
use serde_json::Value;

use crate::{ApiError, Error};

/// What may come after a status in a sentence.
const WORDS_AFTER_A_STATUS: [&str; 6] = [" to ", " from ", " is ", " as ", " because ", " while "];

/// The error that an answer with `status` and this body stands for.
pub(crate) fn read(status: u16, body: &str) -> Error {
    let errors = errors_of(body);
    errors
        .iter()
        .find_map(|error| recognise(status, error))
        .unwrap_or_else(|| by_status(status, errors))
}

/// Whether a refused sign-in is about licences rather than about credentials.
pub(crate) fn is_about_licences(body: &str) -> bool {
    let said = body.to_lowercase();
    said.contains("licence") || said.contains("license")
}

fn recognise(status: u16, error: &ApiError) -> Option<Error> {
    let code = error.code.as_deref().unwrap_or_default().to_lowercase();
    let detail = [&error.title, &error.detail]
        .into_iter()
        .flatten()
        .fold(String::new(), |all, words| all + words + " ");
    let said = detail.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if code.contains("invoiced") || says(&["is invoiced", "on invoice ", "been invoiced"]) {
        return Some(Error::JobInvoiced {
            invoice: number_after(&said, "invoice "),
        });
    }
    if code.contains("ready") && !code.contains("already") || says(&["is ready", "set to ready"]) {
        return Some(Error::JobReady);
    }
    if code.contains("locked") || says(&["locked by", "being edited by"]) {
        return Some(Error::Locked {
            by: name_after(&detail, " by ", &[" "]),
        });
    }
    if is_about_a_missing_query(&code, &said) {
        return Some(Error::NoSuchQuery(String::new()));
    }
    if code.contains("workflow")
        || matches!(code.as_str(), "status-not-linked" | "status-level")
        || says(&["workflow", "status level"])
    {
        let status = |word| name_after(&detail, word, &WORDS_AFTER_A_STATUS).unwrap_or_default();
        return Some(Error::Workflow {
            from: status(" from "),
            to: status(" to "),
            detail: error.detail.clone().unwrap_or_else(|| error.to_string()),
        });
    }
    if code.contains("no-licence") || status != 401 && says(&["no free licence", "no licence"]) {
        return Some(Error::NoLicence);
    }
    let unwritable = [
        "read-only",
        "readonly",
        "not-writable",
        "attribute-",
        "unknown-field",
    ];
    let says_unwritable = says(&[
        "read-only",
        "not writable",
        "has no attribute ",
        "takes the attribute ",
    ]);
    if unwritable.iter().any(|word| code.contains(word)) || says_unwritable {
        return Some(Error::NotWritable {
            attribute: attribute_of(error),
        });
    }
    None
}

fn by_status(status: u16, errors: Vec<ApiError>) -> Error {
    match status {
        403 => Error::Forbidden {
            detail: errors
                .first()
                .map_or_else(|| "no reason given".to_owned(), ToString::to_string),
        },
        404 => Error::NotFound,
        423 => Error::Locked { by: None },
        _ => Error::Refused { status, errors },
    }
}

/// Whether the named query that was asked for is not installed. Anything else that speaks of queries is not that.
fn is_about_a_missing_query(code: &str, said: &str) -> bool {
    let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
    code == "unknown-query"
        || says(&["no query named ", "no such query", "unknown query"])
        || said.contains("crossbill_") && says(&["not found", "not exist", "not installed"])
}

/// The last part of the pointer; else the attribute that the sentence names; else all that was said.
fn attribute_of(error: &ApiError) -> String {
    let pointer = error.pointer.as_deref();
    let last = pointer.and_then(|pointer| pointer.rsplit('/').next());
    let last = last.filter(|last| !last.is_empty());
    let named = || name_after(error.detail.as_deref()?, " attribute ", &[" "]);
    last.map(str::to_owned)
        .or_else(named)
        .unwrap_or_else(|| error.to_string())
}

/// The name that follows a word: up to its closing quote where it is quoted, else up to one of `ends` or to a mark
/// that ends a part of a sentence. Names may hold blanks and points, as `Burn In` and `RAI.NR` do.
fn name_after(text: &str, word: &str, ends: &[&str]) -> Option<String> {
    let (_, rest) = text.split_once(word)?;
    let quotes = [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('‘', '’')];
    let inside = quotes.iter().find_map(|(open, close)| {
        let (name, _) = rest.strip_prefix(*open)?.split_once(*close)?;
        Some(name)
    });
    let end = || {
        let marks = [":", ";", ",", "(", ". ", "\n"];
        let found = ends.iter().chain(&marks).filter_map(|end| rest.find(end));
        let name = &rest[..found.min().unwrap_or(rest.len())];
        name.trim().trim_end_matches('.')
    };
    let name = inside.unwrap_or_else(end);
    (!name.is_empty()).then(|| name.to_owned())
}

fn number_after(text: &str, marker: &str) -> Option<i64> {
    text.split(marker).skip(1).find_map(|rest| {
        let digits: String = rest
            .trim_start_matches('#')
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        digits.parse().ok()
    })
}

/// All errors of a JSON:API document; for any other body one error with its text.
fn errors_of(body: &str) -> Vec<ApiError> {
    #[derive(Deserialize)]
    struct Document {
        errors: Vec<Value>,
    }
    if let Ok(document) = serde_json::from_str::<Document>(body) {
        return document.errors.iter().map(error_of).collect();
    }
    let detail = match serde_json::from_str::<Value>(body) {
        Ok(Value::String(sentence)) => Some(sentence),
        Ok(value) => ["error_description", "message", "Message", "error", "detail"]
            .into_iter()
            .find_map(|name| word(&value, name)),
        Err(_) => Some(body.trim().chars().take(300).collect()),
    };
    detail
        .filter(|words: &String| !words.is_empty())
        .map(|words| ApiError {
            detail: Some(words),
            ..ApiError::default()
        })
        .into_iter()
        .collect()
}

fn error_of(value: &Value) -> ApiError {
    let source = value.get("source");
    ApiError {
        code: word(value, "code"),
        title: word(value, "title"),
        detail: word(value, "detail"),
        pointer: source
            .and_then(|source| word(source, "pointer").or_else(|| word(source, "parameter"))),
    }
}

fn word(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json_api(code: &str, detail: &str, pointer: &str) -> String {
        serde_json::json!({"errors": [
            {"code": code, "detail": detail, "source": {"pointer": pointer}}
        ]})
        .to_string()
    }

    /// One sentence in each of the bodies that a build may give its refusals.
    fn bodies(sentence: &str) -> [String; 5] {
        [
            json_api("", sentence, ""),
            serde_json::json!({ "message": sentence }).to_string(),
            serde_json::json!({ "Message": sentence }).to_string(),
            serde_json::json!(sentence).to_string(),
            sentence.to_owned(),
        ]
    }

    #[test]
    fn a_sentence_means_the_same_in_every_body() {
        for (status, sentence, expected) in [
            (
                423,
                "Job 10 is being edited by JC; try again later.",
                "the record is locked by JC",
            ),
            (
                409,
                "Job 10 is on invoice 3001 and cannot be changed.",
                "the job is invoiced and cannot be edited",
            ),
            (
                409,
                "Job 10 is Ready to invoice; a user must un-ready it.",
                "the job is Ready and cannot be edited",
            ),
            (
                403,
                "API has status level 1 and may not put job 10 on FINISH.",
                "Jim2 refuses the status step: API has status level 1 and may not put job 10 on FINISH",
            ),
            (
                403,
                "The attribute dateIn of Job is read-only.",
                "Jim2 does not let `dateIn` be written",
            ),
            (
                403,
                "Job has no attribute Name.",
                "Jim2 does not let `Name` be written",
            ),
            (
                403,
                "There is no free licence.",
                "Jim2 has no free licence for a writing session",
            ),
            (
                409,
                "Card code ACME is that of cardfile 7; choose another.",
                "Jim2 refused with 409: Card code ACME is that of cardfile 7; choose another",
            ),
            (403, "No.", "Jim2 forbids it: No"),
        ] {
            for body in bodies(sentence) {
                assert_eq!(read(status, &body).to_string(), expected, "{body}");
            }
        }
    }

    #[test]
    fn a_status_of_two_words_is_named_whole() {
        for (said, ends) in [
            (
                "Job 10 cannot go from Burn In to Wait Parts: from there the workflow leads on.",
                ("Burn In", "Wait Parts"),
            ),
            (
                r#"The workflow has no link from "Burn In" to "On Hold"."#,
                ("Burn In", "On Hold"),
            ),
            ("The workflow has no step to Burn In.", ("", "Burn In")),
            (
                "Going to RAI.NR from Burn In is not in the workflow.",
                ("Burn In", "RAI.NR"),
            ),
        ] {
            let Error::Workflow { from, to, .. } = read(422, said) else {
                panic!("{said}");
            };
            assert_eq!((from.as_str(), to.as_str()), ends, "{said}");
        }
    }

    #[test]
    fn a_locked_record_names_the_user_by_code_or_by_sentence() {
        for body in [
            json_api("job-locked", "Job 10 is being edited by JC; try again.", ""),
            json_api("", "The object is locked by \"JC\".", ""),
        ] {
            let error = read(423, &body);
            assert!(
                matches!(&error, Error::Locked { by: Some(by) } if by == "JC"),
                "{error:?}"
            );
        }
        assert!(matches!(read(423, ""), Error::Locked { by: None }));
    }

    #[test]
    fn an_invoiced_job_names_its_invoice() {
        let said = "Job 10 is on invoice 3001 and cannot be changed; open a new job.";
        let error = read(409, &json_api("job-invoiced", said, ""));
        assert!(
            matches!(
                error,
                Error::JobInvoiced {
                    invoice: Some(3001)
                }
            ),
            "{error:?}"
        );
    }

    #[test]
    fn a_ready_job_is_not_a_plain_refusal() {
        let said = "Job 10 is Ready to invoice; a user must un-ready it.";
        assert!(matches!(
            read(409, &json_api("", said, "")),
            Error::JobReady
        ));
        assert!(matches!(
            read(
                409,
                &json_api("already-there", "The code is already used.", "")
            ),
            Error::Refused { status: 409, .. }
        ));
    }

    #[test]
    fn a_refused_status_step_names_both_ends() {
        let said =
            "Job 10 cannot go from Booked to RAI.NR: from there the workflow leads to Proceed.";
        let error = read(422, &json_api("status-not-linked", said, ""));
        let Error::Workflow { from, to, detail } = error else {
            panic!("{error:?}");
        };
        assert_eq!((from.as_str(), to.as_str()), ("Booked", "RAI.NR"));
        assert_eq!(detail, said);
    }

    #[test]
    fn a_read_only_attribute_is_named() {
        let body = json_api(
            "read-only",
            "dateIn is read-only.",
            "/data/attributes/dateIn",
        );
        let error = read(422, &body);
        assert!(
            matches!(&error, Error::NotWritable { attribute } if attribute == "dateIn"),
            "{error:?}"
        );
    }

    #[test]
    fn anything_else_keeps_all_that_was_said() {
        let body =
            r#"{"errors":[{"detail":"Too long.","source":{"pointer":"/x"}},{"title":"Bad"}]}"#;
        let error = read(422, body);
        assert_eq!(
            error.to_string(),
            "Jim2 refused with 422: Too long (at /x); Bad"
        );
        let error = read(500, "Access violation at 0x0");
        assert!(error.to_string().contains("Access violation"), "{error}");
    }
}
