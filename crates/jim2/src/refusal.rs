//! What a refusal of Jim2 means.
//!
//! No public page words Jim2's errors, so a refusal is recognised by its code, its sentence or its
//! status, whichever tells; what none of them tells stays [`Error::Refused`] with all that was said.

use serde::Deserialize;
use serde_json::Value;

use crate::{ApiError, Error};

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
            by: word_after(&detail, " by "),
        });
    }
    if code.contains("workflow")
        || matches!(code.as_str(), "status-not-linked" | "status-level")
        || says(&["workflow", "status level"])
    {
        return Some(Error::Workflow {
            from: word_after(&detail, " from ").unwrap_or_default(),
            to: word_after(&detail, " to ").unwrap_or_default(),
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
    if unwritable.iter().any(|word| code.contains(word)) || says(&["read-only", "not writable"]) {
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

/// The last part of the pointer; without one, all that was said.
fn attribute_of(error: &ApiError) -> String {
    error
        .pointer
        .as_deref()
        .and_then(|pointer| pointer.rsplit('/').next())
        .map_or_else(|| error.to_string(), str::to_owned)
}

fn word_after(text: &str, marker: &str) -> Option<String> {
    let (_, rest) = text.split_once(marker)?;
    let word: String = rest
        .trim_start_matches(['"', '\'', '`', '“', '‘'])
        .chars()
        .take_while(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_'))
        .collect();
    let word = word.trim_end_matches('.');
    (!word.is_empty()).then(|| word.to_owned())
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
        Ok(value) => ["error_description", "message", "error", "detail"]
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
