//! What an answer means. Autotask answers HTTP 500 to nearly everything it does not do, from a
//! missing field to a deadlock, so the words in `errors[]` decide.

use reqwest::StatusCode;
use rest::Broken;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::Error;

/// Whether a call changes something at the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It may be repeated at will.
    Read,
    /// A read of one record by its id, which alone may find that it is not there.
    Lookup,
    /// It may have been done although its answer was lost.
    Write,
}

/// What was asked, as far as the meaning of the answer depends on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) entity: &'a str,
    pub(crate) effect: Effect,
}

impl Effect {
    const fn is_write(self) -> bool {
        match self {
            Self::Write => true,
            Self::Read | Self::Lookup => false,
        }
    }
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    errors: Vec<Json>,
}

/// Texts of refusals that a little later would not be given, and after which surely nothing was done.
const PASSING: [&str; 3] = ["deadlock", "lock request", "try again"];

/// Texts of time running out inside Autotask, where a write may have been done.
const TIMED_OUT: [&str; 3] = ["timeout expired", "timed out", "execution timeout"];

/// Texts that only say that something broke.
const UNEXPLAINED: [&str; 2] = ["unexpected error", "an error has occurred"];

/// What a web server says where a path does not exist, which is not a missing record.
const NO_SUCH_ROUTE: &str = "no http resource was found";

/// The meaning of a call that failed.
pub(crate) fn classify(error: rest::Error, asked: Asked<'_>) -> Error {
    match error {
        rest::Error::SlowDown { after, body }
        | rest::Error::Broken(Broken::Gateway { after, body, .. })
            if is_thread_limit(&body) =>
        {
            Error::TooManyAtOnce { after }
        }
        rest::Error::SlowDown { after, .. } => Error::SlowDown { after },
        rest::Error::Refused { status, ref body } => {
            let texts = texts(body);
            refused(status, body, texts, asked).unwrap_or_else(|| lost(error, asked))
        }
        rest::Error::Broken(ref broken @ Broken::Html { status })
            if status == StatusCode::NOT_FOUND =>
        {
            Error::NoSuchCall {
                entity: asked.entity.to_owned(),
                says: broken.to_string(),
                passing: !asked.effect.is_write(),
            }
        }
        rest::Error::Broken(ref broken @ Broken::Unreadable { .. }) if !asked.effect.is_write() => {
            Error::Unreadable {
                says: broken.to_string(),
            }
        }
        rest::Error::NoAnswer { .. } | rest::Error::Broken(_) => lost(error, asked),
    }
}

/// Whether a text is about too many calls at once, which comes under several statuses.
pub(crate) fn is_thread_limit(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.contains("itgenatr005") || text.contains("thread threshold")
}

/// No usable answer: a write may have been done; a read can be repeated.
fn lost(error: rest::Error, asked: Asked<'_>) -> Error {
    let broke = matches!(error, rest::Error::Refused { .. });
    if asked.effect.is_write() {
        return if error.maybe_done() || broke {
            Error::MaybeDone(error)
        } else {
            Error::Away(error)
        };
    }
    if broke {
        // It answers, so it is not away: perhaps only this record makes it stumble.
        return Error::Busy {
            after: None,
            says: "it stumbled over the request and does not say why".to_owned(),
        };
    }
    Error::Away(error)
}

/// The meaning of a refusal, or `None` where it has no words and only says that something broke.
fn refused(status: StatusCode, body: &str, texts: Vec<String>, asked: Asked<'_>) -> Option<Error> {
    let entity = asked.entity.to_owned();
    let all = texts.join("; ");
    let lower = all.to_ascii_lowercase();
    if is_thread_limit(body) {
        return Some(Error::TooManyAtOnce { after: None });
    }
    if status == StatusCode::UNAUTHORIZED {
        let reason = "HTTP 401".to_owned();
        return Some(Error::Unauthorized { reason });
    }
    // Before the permission texts: this one names permissions, too, and means a missing row.
    if lower.contains("no matching records found") {
        return Some(Error::Gone { entity });
    }
    if status == StatusCode::FORBIDDEN || lower.contains("does not have the adequate permissions") {
        let says = if all.is_empty() {
            "HTTP 403".to_owned()
        } else {
            all
        };
        return Some(Error::Forbidden { entity, says });
    }
    let says_one_of = |texts: &[&str]| texts.iter().any(|text| lower.contains(text));
    if status == StatusCode::NOT_FOUND {
        let no_route = body.to_ascii_lowercase().contains(NO_SUCH_ROUTE);
        return Some(match asked.effect {
            Effect::Lookup | Effect::Write if !no_route => Error::Gone { entity },
            Effect::Read | Effect::Lookup | Effect::Write => no_such_call(asked, status),
        });
    }
    if says_one_of(&UNEXPLAINED) || (asked.effect.is_write() && says_one_of(&TIMED_OUT)) {
        return None;
    }
    if says_one_of(&PASSING) || says_one_of(&TIMED_OUT) {
        let says = all;
        return Some(Error::Busy { after: None, says });
    }
    if !texts.is_empty() {
        let messages = texts;
        return Some(Error::Invalid { entity, messages });
    }
    (!status.is_server_error()).then(|| no_such_call(asked, status))
}

/// The route or the verb does not exist here: repeating it will not help.
fn no_such_call(asked: Asked<'_>, status: StatusCode) -> Error {
    Error::NoSuchCall {
        entity: asked.entity.to_owned(),
        says: format!("HTTP {status}"),
        passing: false,
    }
}

/// The messages of a refusal: texts as a rule, objects with a `message` now and then.
fn texts(body: &str) -> Vec<String> {
    let Ok(refusal) = serde_json::from_str::<Refusal>(body) else {
        return Vec::new();
    };
    let text = |error: &Json| -> Option<String> {
        let text = error.as_str().or_else(|| error.get("message")?.as_str())?;
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    refusal.errors.iter().filter_map(text).collect()
}

#[cfg(test)]
mod tests;
