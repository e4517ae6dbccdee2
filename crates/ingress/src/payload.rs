//! The body of a webhook call, read with care: the names of its keys differ between tenants, most of it may be
//! missing, and nothing of it is ever applied.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, NaiveDateTime, Utc};
use domain::{Kind, Value, keepable};
use serde_json::value::RawValue;

use crate::kind::{ASSET, COMPANY, CONTACT, TICKET};

/// Bytes of a webhook's identifier; a longer one would keep a whole batch's numbers from being noted.
const LONGEST_GUID: usize = 100;

/// What a call tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    /// The webhook itself was switched off or deleted.
    Deactivated,
    /// A record was made, changed or deleted.
    Changed(Box<Change>),
}

/// One change of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// What kind of record.
    pub(crate) entity: Entity,
    /// Which one.
    pub(crate) id: i64,
    /// The ticket of a note, where it was told.
    pub(crate) ticket: Option<i64>,
    /// When.
    pub(crate) at: Option<DateTime<Utc>>,
    /// The resource that did it.
    pub(crate) by: Option<String>,
    /// The values told, by Autotask's own names.
    pub(crate) fields: BTreeMap<String, Value>,
    /// The webhook's own identifier.
    pub(crate) guid: Option<String>,
    /// The number of the call among those of its webhook.
    pub(crate) sequence: Option<i64>,
}

/// The records that webhooks tell of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entity {
    /// A company, called `Account` in payloads.
    Company,
    /// A contact.
    Contact,
    /// A ticket.
    Ticket,
    /// A note of a ticket.
    TicketNote,
    /// A configuration item, called `InstalledProduct` in payloads.
    ConfigurationItem,
}

impl Entity {
    /// The entity of a name, old or new, singular or plural.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "account" | "accounts" | "company" | "companies" => Some(Self::Company),
            "contact" | "contacts" => Some(Self::Contact),
            "ticket" | "tickets" => Some(Self::Ticket),
            "ticketnote" | "ticketnotes" => Some(Self::TicketNote),
            "installedproduct" | "installedproducts" | "configurationitem"
            | "configurationitems" => Some(Self::ConfigurationItem),
            _ => None,
        }
    }

    /// The kind that its changes are about.
    pub(crate) const fn kind(self) -> Kind {
        match self {
            Self::Company => COMPANY,
            Self::Contact => CONTACT,
            Self::Ticket | Self::TicketNote => TICKET,
            Self::ConfigurationItem => ASSET,
        }
    }
}

/// Why a signed body is not an event.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    /// Not a JSON object.
    #[error("the body is not a JSON object")]
    Json(#[from] serde_json::Error),
    /// A key without which there is no event.
    #[error("the body has no usable `{0}`")]
    Missing(&'static str),
    /// A record that we have no webhook for.
    #[error("`{0}` is no entity that Crossbill has a webhook for")]
    Foreign(String),
}

/// Reads the body of a call.
pub(crate) fn read(body: &[u8]) -> Result<Told, Unreadable> {
    let members = Members::read(body)?;
    let action = members
        .text("action")
        .ok_or(Unreadable::Missing("Action"))?;
    // It may come without an entity: it is about the webhook.
    if action.eq_ignore_ascii_case("deactivated") {
        return Ok(Told::Deactivated);
    }
    let entity = members
        .text("entitytype")
        .ok_or(Unreadable::Missing("EntityType"))?;
    let entity = Entity::named(&entity).ok_or_else(|| Unreadable::Foreign(shortened(&entity)))?;
    let id = members.number("id").filter(|id| *id >= 0);
    let fields = members.fields();
    Ok(Told::Changed(Box::new(Change {
        entity,
        id: id.ok_or(Unreadable::Missing("Id"))?,
        ticket: ticket(&fields),
        at: members.text("eventtime").as_deref().and_then(time),
        by: members.text("personid"),
        fields,
        guid: members
            .text("guid")
            .filter(|guid| guid.len() <= LONGEST_GUID),
        sequence: members.number("sequencenumber"),
    })))
}

/// The members of an object by their names in lower case.
struct Members(BTreeMap<String, Box<RawValue>>);

impl Members {
    fn read(body: &[u8]) -> Result<Self, serde_json::Error> {
        let members: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(body)?;
        let lower = |(name, raw): (String, _)| (name.to_ascii_lowercase(), raw);
        Ok(Self(members.into_iter().map(lower).collect()))
    }

    fn text(&self, name: &str) -> Option<String> {
        letters(self.0.get(name)?)
    }

    fn number(&self, name: &str) -> Option<i64> {
        self.text(name)?.trim().parse().ok()
    }

    /// The values of `Fields` with their names as told. What is nested is left out: nobody compares it.
    fn fields(&self) -> BTreeMap<String, Value> {
        let fields = self.0.get("fields").map(|raw| raw.get());
        let told: BTreeMap<String, Box<RawValue>> = fields
            .and_then(|json| serde_json::from_str(json).ok())
            .unwrap_or_default();
        told.into_iter()
            .filter_map(|(name, raw)| Some((keepable(name), value(&raw)?)))
            .collect()
    }
}

/// Text, or a number by its letters; `None` for what is empty, null or nested.
fn letters(raw: &RawValue) -> Option<String> {
    let json = raw.get();
    match json.as_bytes().first()? {
        b'"' => serde_json::from_str(json)
            .ok()
            .map(keepable)
            .filter(|text| !text.is_empty()),
        b'{' | b'[' | b'n' => None,
        _ => Some(json.to_owned()),
    }
}

/// A raw value; numbers that are not whole keep their letters and are never floats.
fn value(raw: &RawValue) -> Option<Value> {
    let json = raw.get();
    match json.as_bytes().first()? {
        b'"' => serde_json::from_str(json)
            .ok()
            .map(|text: String| Value::text(text)),
        b'{' | b'[' => None,
        b'n' => Some(Value::Empty),
        b't' => Some(Value::Flag(true)),
        b'f' => Some(Value::Flag(false)),
        _ => Some(
            json.parse()
                .map_or_else(|_| Value::text(json), Value::Number),
        ),
    }
}

fn ticket(fields: &BTreeMap<String, Value>) -> Option<i64> {
    let (_, value) = fields
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("ticketid"))?;
    value
        .as_number()
        .or_else(|| value.as_text()?.trim().parse().ok())
}

/// With or without zone; without one it is UTC. A year that no calendar of a business has is no time.
fn time(text: &str) -> Option<DateTime<Utc>> {
    let at = DateTime::parse_from_rfc3339(text).map_or_else(
        |_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").map(|wall| wall.and_utc()),
        |at| Ok(at.to_utc()),
    );
    at.ok().filter(|at| (1970..10_000).contains(&at.year()))
}

fn shortened(text: &str) -> String {
    text.chars().take(50).collect()
}

#[cfg(test)]
mod tests;
