//! Webhooks and what they watch, as Autotask has them.

use domain::Told;
use serde::Deserialize;

use crate::wire::told;

/// A webhook as Autotask has it, without its secret: whether or not Autotask tells it, it is not read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// Its identifier.
    pub id: i64,
    /// Its name.
    #[serde(default, deserialize_with = "told")]
    pub name: Told<String>,
    /// Where it calls.
    #[serde(default, deserialize_with = "told")]
    pub webhook_url: Told<String>,
    /// Where it calls when it is switched off.
    #[serde(default, deserialize_with = "told")]
    pub deactivation_url: Told<String>,
    /// What its payloads carry as `Guid`.
    #[serde(default, rename = "webhookGUID", deserialize_with = "told")]
    pub guid: Told<String>,
    /// Whether it is switched on; Autotask switches it off after 25 failures.
    #[serde(default, deserialize_with = "told")]
    pub is_active: Told<bool>,
    /// Whether it has what it needs to call: at least one watched field.
    #[serde(default, deserialize_with = "told")]
    pub is_ready: Told<bool>,
    /// Whether it calls on creation.
    #[serde(default, deserialize_with = "told")]
    pub is_subscribed_to_create_events: Told<bool>,
    /// Whether it calls on change.
    #[serde(default, deserialize_with = "told")]
    pub is_subscribed_to_update_events: Told<bool>,
    /// Whether it calls on deletion.
    #[serde(default, deserialize_with = "told")]
    pub is_subscribed_to_delete_events: Told<bool>,
    /// The resource that owns it; without that resource it stops.
    #[serde(default, rename = "ownerResourceID", deserialize_with = "told")]
    pub owner_resource_id: Told<i64>,
}

impl Webhook {
    /// Whether it will call.
    pub fn calls(&self) -> bool {
        self.is_active == Told::Is(true) && self.is_ready == Told::Is(true)
    }
}

/// A field that a webhook watches or always sends, or a resource that it leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Subscribed {
    /// Its identifier.
    pub id: i64,
    /// The field, by Autotask's number of it.
    #[serde(default, rename = "fieldID", deserialize_with = "told")]
    pub field_id: Told<i64>,
    /// The user-defined field, by the id of its definition.
    #[serde(default, rename = "udfFieldID", deserialize_with = "told")]
    pub udf_field_id: Told<i64>,
    /// The resource.
    #[serde(default, rename = "resourceID", deserialize_with = "told")]
    pub resource_id: Told<i64>,
}
