//! A caller of the stand-in, as its seeds know us.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::FixedClock;

use crate::{Client, Credentials, LocalSession, Settings};

/// A client of the stand-in at `base`, such as `http://127.0.0.1:4200`, of a site in Sydney where it is `now`.
///
/// # Panics
///
/// Where `base` is no URL.
#[must_use]
pub fn client(http: &rest::Client, base: &str, now: DateTime<Utc>) -> Client {
    let credentials = Credentials {
        client_id: "crossbill".to_owned(),
        secret: "sandbox-secret".to_owned().into(),
    };
    let base = format!("{base}/jim2/");
    let base = base.parse().expect("a stand-in has a URL");
    let settings = Settings::new(base, credentials, chrono_tz::Australia::Sydney);
    let session = Arc::new(LocalSession::default());
    let clock = Arc::new(FixedClock(now));
    Client::new(http.clone(), settings, clock, session)
}
