//! Where the tenant is: in the zone at the address itself, or in a second one below a prefix of it.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::super::answer::{Answer, Refusal};
use super::super::fault::Fault;
use super::super::options::ApiUser;
use super::super::world::World;

/// Of the addresses in the second zone.
const PREFIX: &str = "/zone2";

/// One of the vendor's data centres.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    First,
    Second,
}

impl Zone {
    /// The zone that is called, and the path within it.
    pub(super) fn of(path: &str) -> (Self, &str) {
        match path.strip_prefix(PREFIX) {
            Some(rest) if rest.starts_with('/') => (Self::Second, rest),
            Some(_) | None => (Self::First, path),
        }
    }

    /// The zone that the tenant is in now.
    pub(super) fn home(world: &World) -> Self {
        if world.faults.setting(Fault::ZoneMoved).is_some() {
            Self::Second
        } else {
            Self::First
        }
    }

    /// What comes between the server and the path.
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Self::First => "",
            Self::Second => PREFIX,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::First => "Sandbox",
            Self::Second => "Sandbox 2",
        }
    }
}

/// The answer to the question where a user's tenant is.
pub(super) fn tell(world: &World, parameters: &HashMap<String, String>, server: &str) -> Answer {
    let user = parameters.get("user").map_or("", String::as_str);
    let is_asked_for = |known: &ApiUser| known.user_name.eq_ignore_ascii_case(user);
    if !world.options.users.iter().any(is_asked_for) {
        return Err(Refusal::invalid(
            "Zone information could not be determined for the user.",
        ));
    }
    Ok(told(Zone::home(world), server))
}

fn told(home: Zone, server: &str) -> Value {
    let base = format!("{server}{}", home.prefix());
    json!({
        "zoneName": home.name(),
        "url": format!("{base}/ATServicesRest/"),
        "webUrl": format!("{base}/"),
        "ci": 1_234_567,
    })
}
