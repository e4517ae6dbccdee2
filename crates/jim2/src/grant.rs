//! A token that Jim2 granted, and reading the answer that granted it.

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::value::RawValue;

/// A token is renewed this long before it ends, so that it outlives the call it is sent with.
const MARGIN: TimeDelta = TimeDelta::seconds(90);
/// How long a token lives where the answer does not say.
const LIFE_SECONDS: i64 = 20 * 60;

/// A token with what is needed to use, extend and end it.
#[derive(Debug, Clone)]
pub struct Grant {
    /// What goes with each call.
    pub access_token: SecretString,
    /// What extends the session, where the build gives one.
    pub refresh_token: Option<SecretString>,
    /// When the token ends.
    pub expires_at: DateTime<Utc>,
    /// When a call last used it, to within a minute.
    pub used_at: DateTime<Utc>,
}

impl Grant {
    /// Whether both are the same token.
    pub fn is(&self, other: &Self) -> bool {
        self.access_token.expose_secret() == other.access_token.expose_secret()
    }

    /// Whether it holds long enough for a call that starts `now`.
    pub fn holds(&self, now: DateTime<Utc>) -> bool {
        self.expires_at - MARGIN > now
    }
}

/// The answer of the token endpoint.
#[derive(Deserialize)]
pub(crate) struct TokenAnswer {
    access_token: SecretString,
    #[serde(default)]
    refresh_token: Option<SecretString>,
    /// A number, or the text of one.
    #[serde(default)]
    expires_in: Option<Box<RawValue>>,
}

impl TokenAnswer {
    /// The grant, made `now`.
    pub(crate) fn into_grant(self, now: DateTime<Utc>) -> Grant {
        let seconds = self
            .expires_in
            .and_then(|raw| raw.get().trim_matches('"').trim().parse().ok())
            .filter(|seconds| (1..=86_400).contains(seconds))
            .unwrap_or(LIFE_SECONDS);
        Grant {
            access_token: self.access_token,
            refresh_token: self.refresh_token,
            expires_at: now + TimeDelta::seconds(seconds),
            used_at: now,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_life_of_a_token_is_a_number_or_its_text_and_twenty_minutes_where_it_is_neither() {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        for (told, seconds) in [
            (r#","expires_in":600"#, 600),
            (r#","expires_in":"600""#, 600),
            (r#","expires_in":" 600 ""#, 600),
            (r#","expires_in":null"#, LIFE_SECONDS),
            (r#","expires_in":"soon""#, LIFE_SECONDS),
            (r#","expires_in":0"#, LIFE_SECONDS),
            (r#","expires_in":{"seconds":600}"#, LIFE_SECONDS),
            ("", LIFE_SECONDS),
        ] {
            let json = format!(r#"{{"access_token":"t"{told}}}"#);
            let answer: TokenAnswer = serde_json::from_str(&json).unwrap();
            let life = answer.into_grant(now).expires_at - now;
            assert_eq!(life.num_seconds(), seconds, "{told}");
        }
    }
}
