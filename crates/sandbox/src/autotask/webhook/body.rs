//! The bytes of a webhook call and their signature.
//!
//! The body is minified and escaped as .NET's `System.Text.Json` does by default: plain ASCII, with `&`, `'`, `+`,
//! `<`, `>`, the back quote and the double quote as `\uXXXX`. Receivers that parse and serialise again before they
//! check the signature fail, as they do with the real system.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha1::Sha1;

/// What a call tells.
pub(super) struct Body<'a> {
    pub action: &'static str,
    pub guid: &'a str,
    pub entity_type: &'static str,
    pub id: i64,
    pub fields: &'a [(String, Value)],
    pub event_time: DateTime<Utc>,
    pub sequence: u64,
    pub person: i64,
    /// The last key: `PersonID`, or `PersonId`.
    pub person_key: &'static str,
}

impl Body<'_> {
    /// The least of it, as some saw it come from a webhook that was deactivated.
    pub(super) fn encode_barest(&self) -> String {
        let (action, guid) = (text(self.action), text(self.guid));
        format!(r#"{{"Action":{action},"Guid":{guid}}}"#)
    }

    /// The body as it is sent and signed.
    pub(super) fn encode(&self) -> String {
        let fields: Vec<_> = self
            .fields
            .iter()
            .map(|(name, value)| format!("{}:{}", text(name), encode(value)))
            .collect();
        format!(
            r#"{{"Action":{},"Guid":{},"EntityType":{},"Id":{},"Fields":{{{}}},"EventTime":{},"SequenceNumber":{},"{}":{}}}"#,
            text(self.action),
            text(self.guid),
            text(self.entity_type),
            self.id,
            fields.join(","),
            text(&self.event_time.to_rfc3339_opts(SecondsFormat::Secs, true)),
            self.sequence,
            self.person_key,
            self.person,
        )
    }
}

/// The header `X-Hook-Signature` for a body.
pub(super) fn signature(secret: &str, body: &str) -> String {
    let mut mac =
        Hmac::<Sha1>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(body.as_bytes());
    format!("sha1={}", STANDARD.encode(mac.finalize().into_bytes()))
}

fn encode(value: &Value) -> String {
    match value {
        Value::String(value) => text(value),
        Value::Array(values) => format!(
            "[{}]",
            values.iter().map(encode).collect::<Vec<_>>().join(",")
        ),
        Value::Object(object) => {
            let members: Vec<_> = object
                .iter()
                .map(|(name, value)| format!("{}:{}", text(name), encode(value)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

fn text(value: &str) -> String {
    let mut encoded = String::from("\"");
    for letter in value.chars() {
        match letter {
            '\\' => encoded.push_str("\\\\"),
            '\n' => encoded.push_str("\\n"),
            '\r' => encoded.push_str("\\r"),
            '\t' => encoded.push_str("\\t"),
            '\u{8}' => encoded.push_str("\\b"),
            '\u{c}' => encoded.push_str("\\f"),
            '"' | '&' | '\'' | '+' | '<' | '>' | '`' => escape(&mut encoded, letter),
            ' '..='~' => encoded.push(letter),
            _ => escape(&mut encoded, letter),
        }
    }
    encoded.push('"');
    encoded
}

fn escape(encoded: &mut String, letter: char) {
    for unit in letter.encode_utf16(&mut [0; 2]) {
        write!(encoded, "\\u{unit:04X}").expect("writing to a string cannot fail");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_is_escaped_as_the_default_encoder_does() {
        let cases = [
            ("O'Brien & Söhne", r#""O\u0027Brien \u0026 S\u00F6hne""#),
            (
                "<a> + \"b\" `c`",
                r#""\u003Ca\u003E \u002B \u0022b\u0022 \u0060c\u0060""#,
            ),
            ("a\\b\n\r\t\u{8}\u{c}", r#""a\\b\n\r\t\b\f""#),
            ("\u{1}\u{7f}😀/", r#""\u0001\u007F\uD83D\uDE00/""#),
        ];
        for (plain, escaped) in cases {
            assert_eq!(text(plain), escaped);
            assert_eq!(
                serde_json::from_str::<String>(escaped).expect("it is JSON"),
                plain
            );
        }
    }

    #[test]
    fn a_body_has_its_keys_in_the_order_of_the_real_one_and_no_spaces() {
        let fields = [
            ("TicketNumber".to_owned(), json!("T20250915.0001")),
            ("Status".to_owned(), json!(1)),
        ];
        let body = Body {
            action: "Create",
            guid: "a1da62a4-2c49-40a8-8183-69994ce5b3eb",
            entity_type: "Ticket",
            id: 351_181,
            fields: &fields,
            event_time: DateTime::UNIX_EPOCH,
            sequence: 1,
            person: 30_691_780,
            person_key: "PersonId",
        };
        assert_eq!(
            body.encode(),
            concat!(
                r#"{"Action":"Create","Guid":"a1da62a4-2c49-40a8-8183-69994ce5b3eb","EntityType":"Ticket","Id":351181,"#,
                r#""Fields":{"TicketNumber":"T20250915.0001","Status":1},"EventTime":"1970-01-01T00:00:00Z","SequenceNumber":1,"PersonId":30691780}"#
            )
        );
    }

    #[test]
    fn a_signature_is_base64_of_hmac_sha1() {
        // RFC 2202, test case 2.
        assert_eq!(
            signature("Jefe", "what do ya want for nothing?"),
            "sha1=7/zfauXrL6LSdBbV8YTfnCWafHk="
        );
    }
}
