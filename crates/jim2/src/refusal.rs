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
        "attribute-create-only",
        "attribute-unknown",
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
        // An empty pointer is the whole of what was sent.
        pointer: source
            .and_then(|source| word(source, "pointer").or_else(|| word(source, "parameter")))
            .filter(|pointer| !pointer.is_empty()),
    }
}

fn word(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests;
