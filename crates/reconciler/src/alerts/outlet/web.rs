//! A POST of JSON: as it is, or as a card for Teams.

use reqwest::Method;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use super::Trouble;
use crate::alerts::message::{Message, What};

/// Who answers.
const WHO: &str = "the webhook";
/// Where it is configured.
const SETTING: &str = "ALERTS_WEBHOOK_URL";
/// A card of Teams is no larger than 28 KB; its lines get so much of that.
const LINES_BYTES: usize = 24_000;

/// What a webhook is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The message as JSON, for any program.
    Json,
    /// An Adaptive Card, as the workflow "When a Teams webhook request is received" takes it.
    Teams,
}

/// A webhook.
#[derive(Debug, Clone)]
pub struct Web {
    /// Sends.
    pub http: rest::Client,
    /// Where to: whoever knows it can post there, so that it is a secret.
    pub url: SecretString,
    /// What.
    pub form: Form,
}

impl Web {
    pub(super) async fn send(&self, message: &Message) -> Result<(), Trouble> {
        let body = match self.form {
            Form::Json => plain(message),
            Form::Teams => card(message),
        };
        let request = self.http.request(Method::POST, self.url.expose_secret());
        let sent = self.http.send("alert", request.json(&body)).await;
        sent.map(drop).or_else(|error| match error {
            // What an answer of success says besides is nothing to us.
            rest::Error::Broken(rest::Broken::Html { status }) if status.is_success() => Ok(()),
            rest::Error::NoAnswer { .. } | rest::Error::Broken(rest::Broken::Gateway { .. }) => {
                Err(Trouble::Away(WHO, SETTING))
            }
            rest::Error::Refused { .. } | rest::Error::SlowDown { .. } | rest::Error::Broken(_) => {
                Err(Trouble::Refused(WHO, error.to_string(), SETTING))
            }
        })
    }
}

/// The message with its text as one, for those that show only that.
fn plain(message: &Message) -> Value {
    let mut body = json!(message);
    body["text"] = message.text().into();
    body
}

/// Runs of text are shown as they are: what customers named is no Markdown.
fn card(message: &Message) -> Value {
    let colour = match message.what {
        What::Raised | What::Reminded => "Attention",
        What::Resolved => "Good",
        What::Digest | What::Test => "Default",
    };
    let mut body = vec![paragraph(&json!({
        "type": "TextRun", "text": message.subject, "weight": "Bolder", "size": "Medium", "color": colour,
    }))];
    let mut left = LINES_BYTES;
    for line in &message.lines {
        // A run has to have something in it.
        let text = if line.is_empty() { " " } else { line };
        let part = paragraph(&json!({"type": "TextRun", "text": text}));
        let size = part.to_string().len();
        if size > left {
            let more = "… There is more: crossbill alerts, crossbill digest";
            body.push(paragraph(&json!({"type": "TextRun", "text": more})));
            break;
        }
        left -= size;
        body.push(part);
    }
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "msteams": {"width": "Full"},
                "body": body,
            },
        }],
    })
}

fn paragraph(run: &Value) -> Value {
    json!({"type": "RichTextBlock", "inlines": [run]})
}
