//! Whatever may be posted to a webhook's address: read without a panic, and never taken unless it was signed.
//!
//! The tests spoil calls of Autotask's; `ops/fuzz` lets a fuzzer look for worse.

use secrecy::SecretString;
use sync::webhook_secret;

use crate::{
    event::of_webhook,
    payload::{self, Told},
    registry::Known,
    secret::signature,
};

const NAME: &str = "crossbill-ticket";
/// Its secret of today, with the one before still taken.
const VERSION: i32 = 3;
/// What comes before the base64 text of a signature, in letters of any size, or does not.
const PREFIX: &str = "sha1=";

/// The body of a signed call. What is taken for an event means the same wherever it is read again, and can be kept.
pub fn webhook(body: &[u8]) {
    let Ok(Told::Changed(change)) = payload::read(body) else {
        return;
    };
    assert!(change.id >= 0);
    let again = serde_json::json!({
        "Action": "Update",
        "EntityType": format!("{:?}", change.entity),
        "Id": change.id,
        "Fields": change.fields,
        "EventTime": change.at,
        "PersonID": change.by,
        "Guid": change.guid,
        "SequenceNumber": change.sequence,
    });
    let again = payload::read(again.to_string().as_bytes());
    assert_eq!(
        again.expect("it was read before"),
        Told::Changed(change.clone())
    );
    let event = of_webhook(*change, None);
    let sent = serde_json::to_string(&event).expect("an event is plain JSON");
    // Postgres, where it goes while the broker is away, refuses the letter NUL.
    assert!(!sent.contains("\\u0000"), "{sent}");
    let received: domain::Event = serde_json::from_str(&sent).expect("and can be read");
    assert_eq!(received, event);
}

/// A call, its signature before the first line break and its body after it. It is taken if, and only if, the signature
/// is the one text that today's secret, or the one before, makes of this body.
pub fn signed(call: &[u8]) {
    let end = call.iter().position(|byte| *byte == b'\n');
    let (header, body) = call.split_at(end.unwrap_or(call.len()));
    let (Ok(header), body) = (std::str::from_utf8(header), body.get(1..).unwrap_or(&[])) else {
        return;
    };
    let known = Known::only(&site_key(), NAME, VERSION);
    let soon = chrono::DateTime::UNIX_EPOCH;
    let told = header.trim();
    let told = match told.get(..PREFIX.len()) {
        Some(prefix) if prefix.eq_ignore_ascii_case(PREFIX) => &told[PREFIX.len()..],
        Some(_) | None => told,
    };
    let is_ours = [VERSION, VERSION - 1]
        .iter()
        .any(|version| seal(*version, body) == format!("{PREFIX}{told}"));
    assert_eq!(
        known.is_signed((NAME, header), body, soon),
        is_ours,
        "{header}"
    );
    assert!(!known.is_signed(("crossbill-contact", header), body, soon));
}

/// Calls as Autotask makes them, each signed with the secret of one version.
pub fn calls() -> Vec<Vec<u8>> {
    let call = |version: i32, body: &str| {
        let seal = seal(version, body.as_bytes());
        format!("{seal}\n{body}").into_bytes()
    };
    let versions = 1..=VERSION + 1;
    versions
        .flat_map(|version| BODIES.map(|body| call(version, body)))
        .collect()
}

fn seal(version: i32, body: &[u8]) -> String {
    signature(&webhook_secret(&site_key(), NAME, version), body)
}

fn site_key() -> SecretString {
    "a secret key of at least 32 letters".into()
}

/// As the stand-in and, the last one, a page of nango.dev tell.
pub const BODIES: [&str; 5] = [
    r#"{"Action":"Update","Guid":"23d7d5e7-9183-4d09-ada8-804b992ed2a7","EntityType":"Ticket","Id":7001,"Fields":{"Title":"O\u0027Brien \u0026 S\u00F8n","Status":5,"EstimatedHours":12.50,"Jim2 Job#":null,"IsActive":true},"EventTime":"2026-11-23T01:00:00Z","SequenceNumber":12,"PersonID":29682885}"#,
    r#"{"Action":"Create","Guid":"f0d7d5e7-9183-4d09-ada8-804b992ed2a7","EntityType":"TicketNote","Id":30777001,"Fields":{"TicketID":7001},"EventTime":"2026-11-23T01:00:00.5","SequenceNumber":13,"PersonID":null}"#,
    r#"{"Action":"Delete","Guid":"e0d7d5e7-9183-4d09-ada8-804b992ed2a7","EntityType":"Account","Id":"174","EventTime":"2026-11-23T01:00:00+11:00","SequenceNumber":14}"#,
    r#"{"Action":"Deactivated","Guid":"d0d7d5e7-9183-4d09-ada8-804b992ed2a7"}"#,
    r#"{"Action":"Create","Guid":"a1da62a4-2c49-40a8-8183-69994ce5b3eb","EntityType":"Ticket","Id":351181,"Fields":{"TicketNumber":"T20250915.0001"},"EventTime":"2025-09-15T14:57:50Z","SequenceNumber":1,"PersonId":30691780}"#,
];

#[cfg(test)]
mod tests {
    use domain::testing::spoil;

    use super::*;

    #[test]
    fn no_spoiled_body_makes_us_panic_or_means_two_things() {
        for body in BODIES {
            webhook(body.as_bytes());
        }
        spoil(1, 10_000, &BODIES, webhook);
    }

    #[test]
    fn no_spoiled_call_is_taken_unless_it_was_signed() {
        let calls = calls();
        for call in &calls {
            signed(call);
        }
        spoil(2, 10_000, &calls, signed);
    }

    /// Each is what somebody may take for the same signature.
    #[test]
    fn a_signature_has_one_form() {
        let body = BODIES[0];
        let seal = seal(VERSION, body.as_bytes());
        let bare = &seal[PREFIX.len()..];
        let of = |text: String| format!("{text}\n{body}").into_bytes();
        let forms = [
            seal.clone(),
            bare.to_owned(),
            format!("\t{seal} "),
            format!("SHA1={bare}"),
            format!("sha1= {bare}"),
            format!("sha1=sha1={bare}"),
            format!("sha256={bare}"),
            format!("sha1:{bare}"),
            format!("{seal},{seal}"),
            format!("{seal} {seal}"),
            format!("\"{seal}\""),
            bare.trim_end_matches('=').to_owned(),
            format!("{bare}="),
            bare.to_uppercase(),
            bare.to_lowercase(),
            bare.replace('+', "-").replace('/', "_"),
            bare.replace('=', "%3D"),
            format!("{bare}\u{0}"),
            "sha1=".to_owned(),
            String::new(),
        ];
        for form in forms {
            signed(&of(form));
        }
    }
}
