//! Why a call to Jim2 did not do what was asked.

use std::{fmt, time::Duration};

use domain::{Source, StopReason};

/// Why Jim2 did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The credentials do not hold.
    #[error("Jim2 does not accept {setting}")]
    Unauthorized {
        /// The setting to correct.
        setting: &'static str,
    },
    /// A writing session needs a licence and none is free.
    #[error("Jim2 has no free licence for a writing session")]
    NoLicence,
    /// This is not the database we know, so nothing is written to it.
    #[error("Jim2 is not to be written to: {0}")]
    OtherDatabase(StopReason),
    /// The API's user may not do this.
    #[error("Jim2 forbids it: {detail}")]
    Forbidden {
        /// Jim2's words.
        detail: String,
    },
    /// The record is not there.
    #[error("Jim2 has no such record")]
    NotFound,
    /// Jim2 understood and declined.
    #[error("Jim2 refused with {status}: {}", told(errors))]
    Refused {
        /// The HTTP status.
        status: u16,
        /// All that Jim2 said.
        errors: Vec<ApiError>,
    },
    /// A user has the record open.
    #[error("the record is locked by {}", by.as_deref().unwrap_or("a user"))]
    Locked {
        /// The user's initials, where Jim2 told them.
        by: Option<String>,
    },
    /// The job is Ready: it cannot be edited until it is un-readied or invoiced.
    #[error("the job is Ready and cannot be edited")]
    JobReady,
    /// The job is invoiced: it can never be edited again.
    #[error("the job is invoiced and cannot be edited")]
    JobInvoiced {
        /// The invoice, where Jim2 told it.
        invoice: Option<i64>,
    },
    /// This build cannot change the attribute.
    #[error("Jim2 does not let `{attribute}` be written")]
    NotWritable {
        /// Its name.
        attribute: String,
    },
    /// The strict workflow has no such step, or our user's level is too low for it.
    #[error("Jim2 refuses the status step{}: {}", step(from, to), detail.trim_end_matches('.'))]
    Workflow {
        /// The status the job stands on; empty where Jim2 did not tell.
        from: String,
        /// The status asked for; empty where Jim2 did not tell.
        to: String,
        /// Jim2's words.
        detail: String,
    },
    /// Happen has not installed the named query at this site.
    #[error("Jim2 has no query named `{0}`")]
    NoSuchQuery(String),
    /// Jim2 does not answer; nothing was done.
    #[error("Jim2 does not answer")]
    Away(#[source] Source),
    /// The answer to a write was lost: look before writing again.
    #[error("the answer was lost; the write may have been done")]
    MaybeDone(#[source] Source),
    /// Something in front of Jim2 asks for patience.
    #[error("Jim2 asks to slow down")]
    SlowDown {
        /// For how long, where it said.
        after: Option<Duration>,
    },
    /// The answer has a shape we do not know.
    #[error("Jim2's answer cannot be read at {path}")]
    Unreadable {
        /// Where.
        path: String,
        /// Why.
        #[source]
        source: Source,
    },
    /// The shared writing session could not be read or kept.
    #[error("the shared writing session cannot be reached")]
    Session(#[source] Source),
}

impl Error {
    pub(crate) fn unreadable(path: &str, source: impl Into<Source>) -> Self {
        Self::Unreadable {
            path: path.to_owned(),
            source: source.into(),
        }
    }

    /// Whether Jim2 refused nothing but `value` for `attribute`: it points at the attribute or, where the build points
    /// at nothing, names the value.
    pub fn is_only_about(&self, attribute: &str, value: &str) -> bool {
        let Self::Refused { errors, .. } = self else {
            return false;
        };
        let place = format!("/{}", attribute.to_lowercase());
        let about = |error: &ApiError| match &error.pointer {
            Some(pointer) => pointer.to_lowercase().ends_with(&place),
            None => error
                .to_string()
                .split(|letter: char| !letter.is_alphanumeric() && letter != '.')
                .any(|word| word == value || word.trim_end_matches('.') == value),
        };
        !errors.is_empty() && errors.iter().all(about)
    }
}

/// One entry of a JSON:API `errors` list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApiError {
    /// Jim2's own word for it.
    pub code: Option<String>,
    /// A short heading.
    pub title: Option<String>,
    /// The sentence about this occurrence.
    pub detail: Option<String>,
    /// The part of what we sent that it is about.
    pub pointer: Option<String>,
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = [&self.detail, &self.title, &self.code];
        f.write_str(
            words
                .into_iter()
                .find_map(Option::as_deref)
                .unwrap_or("no reason given")
                .trim_end_matches('.'),
        )?;
        match &self.pointer {
            Some(pointer) => write!(f, " (at {pointer})"),
            None => Ok(()),
        }
    }
}

/// As much of the step as Jim2 told.
fn step(from: &str, to: &str) -> String {
    let part = |word: &str, status: &str| {
        if status.is_empty() {
            String::new()
        } else {
            format!(" {word} {status}")
        }
    };
    part("from", from) + &part("to", to)
}

fn told(errors: &[ApiError]) -> String {
    if errors.is_empty() {
        return "no reason given".to_owned();
    }
    let sentences: Vec<_> = errors.iter().map(ToString::to_string).collect();
    sentences.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_about_the_initials_where_it_points_at_them_or_names_them() {
        let refused = |pointer: Option<&str>, detail: &str| Error::Refused {
            status: 422,
            errors: vec![ApiError {
                detail: Some(detail.to_owned()),
                pointer: pointer.map(str::to_owned),
                ..ApiError::default()
            }],
        };
        for (attribute, pointer, detail, expected) in [
            ("name", Some("/name"), "Nobody.", true),
            (
                "name",
                Some("/item"),
                "J.C is not ticked on Item SERVICE.",
                false,
            ),
            (
                "name",
                None,
                "There is no active user with the initials J.C.",
                true,
            ),
            ("name", None, "J.C is not ticked on Item SERVICE.", true),
            ("name", None, "There is no Item SERVICE.", false),
            ("name", None, "AJ.C and J.CB are unknown.", false),
            (
                "labourInit",
                Some("/data/attributes/labourInit"),
                "Nobody.",
                true,
            ),
            (
                "labourInit",
                Some("/data/attributes/labourType"),
                "J.C",
                false,
            ),
            (
                "labourInit",
                None,
                "There is no active user with the initials \"J.C\"",
                true,
            ),
            ("labourInit", None, "labourType has no value Chat", false),
        ] {
            let error = refused(pointer, detail);
            assert_eq!(error.is_only_about(attribute, "J.C"), expected, "{detail}");
        }
    }
}
