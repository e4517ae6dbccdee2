//! A caller of the stand-in, as its seeds know us.

use std::sync::Arc;

use crate::{Client, Credentials, LocalGate, Settings};

/// A client of the stand-in at `base`, such as `http://127.0.0.1:4100`.
///
/// # Panics
///
/// Where `base` is no URL.
#[must_use]
pub fn client(http: &rest::Client, base: &str) -> Client {
    let credentials = Credentials {
        username: "crossbill@provider.example".to_owned(),
        secret: "sandbox-secret".into(),
        integration_code: "SANDBOX".into(),
    };
    let zone = format!("{base}/ATServicesRest/");
    let settings = Settings {
        zone_url: Some(zone.parse().expect("a stand-in has a URL")),
        ..Settings::new(credentials)
    };
    let gate = Arc::new(LocalGate::default());
    Client::new(http.clone(), settings, gate).expect("the settings of a stand-in are complete")
}
