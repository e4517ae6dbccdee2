//! Which of Autotask's zones the tenant lives in. Tenants are moved: a zone they have left answers 401, or with nothing
//! (two clients of others met the one and the other), so the zone is asked for again now and then, too.

use std::time::Duration;

use reqwest::Method;
use rest::Broken;
use serde::Deserialize;
use tokio::{sync::Mutex, time::Instant};
use tracing::{info, warn};
use url::Url;

use crate::{
    Client, Error,
    error::{Asked, Effect, classify},
};

/// How long to wait for the zone: a call waits behind it.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is known of the zone.
#[derive(Debug)]
pub(crate) struct Zone {
    fixed: Option<Url>,
    known: Mutex<Option<Known>>,
}

/// A zone, and when it was last asked for.
#[derive(Debug)]
struct Known {
    found: Found,
    asked_at: Instant,
}

/// What a tenant's zone was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    /// The base of its API.
    api: Url,
    /// Where people look at their records, where it was told.
    web: Option<Url>,
}

impl Zone {
    /// The zone is `fixed`, or discovered at the first call.
    pub(crate) fn new(fixed: Option<Url>) -> Self {
        Self {
            fixed: fixed.map(with_slash),
            known: Mutex::default(),
        }
    }
}

impl Known {
    fn now(found: Found) -> Self {
        Self {
            found,
            asked_at: Instant::now(),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ZoneInformation {
    url: Url,
    #[serde(default)]
    web_url: Option<String>,
}

impl Client {
    /// The base of the zone, with a slash at its end.
    pub(crate) async fn zone(&self) -> Result<Url, Error> {
        let zone = &self.shared.zone;
        if let Some(fixed) = &zone.fixed {
            return Ok(fixed.clone());
        }
        Ok(self.found().await?.api)
    }

    /// Where people look at the tenant's records, with a slash at its end. A zone that is fixed, or does not say, tells none.
    pub async fn web(&self) -> Result<Option<Url>, Error> {
        if self.shared.zone.fixed.is_some() {
            return Ok(None);
        }
        Ok(self.found().await?.web)
    }

    /// The base of the zone's API as it is known, with a slash at its end. `None`: it is fixed, or nothing was called yet.
    pub async fn known_zone(&self) -> Option<Url> {
        let known = self.shared.zone.known.lock().await;
        known.as_ref().map(|known| known.found.api.clone())
    }

    /// What is known of the zone, or found out now.
    async fn found(&self) -> Result<Found, Error> {
        let zone = &self.shared.zone;
        // Held while asking for the first time, so that a burst of first calls asks once.
        let mut known = zone.known.lock().await;
        let Some(old) = &mut *known else {
            let found = self.discover().await?;
            *known = Some(Known::now(found.clone()));
            return Ok(found);
        };
        let old_found = old.found.clone();
        if old.asked_at.elapsed() < self.shared.settings.zone_for {
            return Ok(old_found);
        }
        // One call asks again; the others go on with the old one, and so does it where that fails.
        old.asked_at = Instant::now();
        drop(known);
        match self.discover().await {
            Ok(found) => {
                zone.known.lock().await.replace(Known::now(found.clone()));
                if found.api != old_found.api {
                    tell(&found);
                }
                Ok(found)
            }
            Err(error) => {
                warn!(%error, "Autotask does not say whether the tenant has moved to another zone");
                Ok(old_found)
            }
        }
    }

    /// The zone to use after `old` answered 401, or `None` where it is still the right one.
    pub(crate) async fn zone_after(&self, old: &Url) -> Result<Option<Url>, Error> {
        let zone = &self.shared.zone;
        if zone.fixed.is_some() {
            return Ok(None);
        }
        let mut known = zone.known.lock().await;
        if let Some(known) = &*known
            && known.found.api != *old
        {
            return Ok(Some(known.found.api.clone()));
        }
        let found = self.discover().await?;
        let moved = Some(found.api.clone()).filter(|api| api != old);
        if moved.is_some() {
            tell(&found);
        }
        *known = Some(Known::now(found));
        Ok(moved)
    }

    /// Asks where the tenant lives, by the user name alone: neither secret nor integration code is sent, and no
    /// limit counts it.
    async fn discover(&self) -> Result<Found, Error> {
        let settings = &self.shared.settings;
        let base = with_slash(settings.discovery_url.clone());
        let request = self
            .shared
            .http
            .request(Method::GET, format!("{base}V1.0/zoneInformation"))
            .timeout(settings.deadline.min(PATIENCE))
            .query(&[("user", &settings.credentials.username)]);
        let asked = Asked {
            entity: "zone",
            effect: Effect::Read,
        };
        let answer = self.shared.http.send("autotask.zone", request).await;
        let information: ZoneInformation = answer
            .and_then(|answer| answer.json())
            .map_err(|error| no_zone(error, asked))?;
        let found = with_slash(information.url);
        // The credentials are about to go there.
        if base.scheme() == "https" && found.scheme() != "https" {
            let says = "the zone's address is not https".to_owned();
            return Err(Error::NoZone { says });
        }
        let web = information.web_url.and_then(|web| web.parse().ok());
        Ok(Found {
            api: found,
            web: web.map(with_slash),
        })
    }
}

/// What a failure to tell the zone means. A user name that no tenant knows is refused with a 500 and a text; an
/// address that is not Autotask's answers with a page, or with something else.
fn no_zone(error: rest::Error, asked: Asked<'_>) -> Error {
    if let rest::Error::Broken(page @ Broken::Html { .. }) = &error {
        let says = page.to_string();
        return Error::NoZone { says };
    }
    match classify(error, asked) {
        Error::Invalid { messages, .. } => Error::Unauthorized {
            reason: format!("no zone knows the user name ({})", messages.join("; ")),
        },
        Error::Forbidden { .. } => Error::Unauthorized {
            reason: "no zone knows the user name".to_owned(),
        },
        Error::NoSuchCall { says, .. } | Error::Unreadable { says } => Error::NoZone { says },
        other @ (Error::Unauthorized { .. }
        | Error::Busy { .. }
        | Error::TooManyAtOnce { .. }
        | Error::SlowDown { .. }
        | Error::Away(_)
        | Error::MaybeDone(_)
        | Error::Budget(_)
        | Error::Gone { .. }
        | Error::NoZone { .. }) => other,
    }
}

fn tell(found: &Found) {
    info!(autotask.zone = %found.api, "the tenant has moved to another zone");
}

/// One slash at the end, which the answer has or has not, so that paths can be appended.
fn with_slash(mut url: Url) -> Url {
    let path = format!("{}/", url.path().trim_end_matches('/'));
    url.set_path(&path);
    url
}
