//! What a webhook is to be like.

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

/// A webhook to be made. It calls on creation, change and deletion.
#[derive(Debug, Clone)]
pub struct WebhookDraft {
    /// Its name, at most 50 characters.
    pub name: String,
    /// Where it calls: https on port 443, at most 500 characters.
    pub webhook_url: String,
    /// Where it calls when it is switched off.
    pub deactivation_url: String,
    /// What it signs with, at most 64 characters.
    pub secret: SecretString,
    /// Who gets a mail when it fails or falls behind; empty for nobody but its owner.
    pub notification_email: String,
}

/// How a webhook treats a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subscription {
    /// A change of it makes the webhook call.
    Watched,
    /// It is in every payload, and its change makes no call.
    AlwaysSent,
    /// Both.
    WatchedAndAlwaysSent,
}

impl WebhookDraft {
    /// The body of the request: with the id for an update, without for a create.
    pub(super) fn body(&self, id: Option<i64>) -> Vec<u8> {
        let mut body = json!({
            "name": self.name,
            "webhookUrl": self.webhook_url,
            "deactivationUrl": self.deactivation_url,
            "secretKey": self.secret.expose_secret(),
            "isActive": true,
            "isSubscribedToCreateEvents": true,
            "isSubscribedToUpdateEvents": true,
            "isSubscribedToDeleteEvents": true,
            // Refused where there is nobody to send it to.
            "sendThresholdExceededNotification": !self.notification_email.is_empty(),
        });
        if !self.notification_email.is_empty() {
            body["notificationEmailAddress"] = json!(self.notification_email);
        }
        if let Some(id) = id {
            body["id"] = json!(id);
        }
        body.to_string().into_bytes()
    }
}

impl Subscription {
    pub(super) fn body(self, webhook: i64, field_name: &str, field: i64) -> Vec<u8> {
        let (watched, always_sent) = match self {
            Self::Watched => (true, false),
            Self::AlwaysSent => (false, true),
            Self::WatchedAndAlwaysSent => (true, true),
        };
        let body = json!({
            "webhookID": webhook,
            field_name: field,
            "isSubscribedField": watched,
            "isDisplayAlwaysField": always_sent,
        });
        body.to_string().into_bytes()
    }
}
