//! Headers as AMQP tells them. Missing or foreign ones are read as their defaults, never refused.

use chrono::{DateTime, SecondsFormat, Utc};
use lapin::{
    BasicProperties,
    types::{AMQPValue, FieldTable},
};
use uuid::Uuid;

use super::{Headers, Outgoing};

const ATTEMPT: &str = "crossbill-attempt";
const FIRST_SEEN: &str = "crossbill-first-seen";
const WEBHOOK: &str = "crossbill-webhook";
const SEQUENCE: &str = "crossbill-sequence";
const GUID: &str = "crossbill-guid";
const ALONE: &str = "crossbill-alone";
const REASON: &str = "crossbill-reason";
const BURIED_FROM: &str = "crossbill-buried-from";

/// Characters of a header that are kept; all headers together must fit into one frame.
const LONGEST: usize = 1_000;
const PERSISTENT: u8 = 2;

/// The properties of `outgoing`. `number` tells apart the messages in flight on one channel.
pub(crate) fn properties(outgoing: &Outgoing, number: u64) -> BasicProperties {
    BasicProperties::default()
        .with_delivery_mode(PERSISTENT)
        .with_content_type("application/json".into())
        .with_message_id(outgoing.id.to_string().into())
        .with_correlation_id(number.to_string().into())
        .with_headers(table(&outgoing.headers))
}

fn table(headers: &Headers) -> FieldTable {
    let mut table = FieldTable::default();
    let mut put = |name: &str, value| {
        table.insert(name.into(), value);
    };
    put(ATTEMPT, AMQPValue::LongLongInt(headers.attempt.into()));
    let first_seen = headers
        .first_seen
        .to_rfc3339_opts(SecondsFormat::Micros, true);
    put(FIRST_SEEN, text(&first_seen));
    if let Some(sequence) = headers.sequence {
        put(SEQUENCE, AMQPValue::LongLongInt(sequence));
    }
    if headers.alone {
        put(ALONE, AMQPValue::Boolean(true));
    }
    for (name, value) in [
        (WEBHOOK, &headers.webhook),
        (GUID, &headers.guid),
        (REASON, &headers.reason),
        (BURIED_FROM, &headers.buried_from),
    ] {
        if let Some(value) = value {
            put(name, text(value));
        }
    }
    table
}

fn text(value: &str) -> AMQPValue {
    let kept: String = value.chars().take(LONGEST).collect();
    AMQPValue::LongString(kept.into())
}

/// What `properties` say; `now` stands in for a missing time.
pub(crate) fn headers(properties: &BasicProperties, now: DateTime<Utc>) -> Headers {
    let read = Reader(properties.headers().as_ref());
    Headers {
        attempt: read
            .number(ATTEMPT)
            .and_then(|attempt| attempt.try_into().ok())
            .unwrap_or(0),
        first_seen: read.time(FIRST_SEEN).unwrap_or(now),
        webhook: read.text(WEBHOOK),
        sequence: read.number(SEQUENCE),
        guid: read.text(GUID),
        alone: matches!(read.get(ALONE), Some(AMQPValue::Boolean(true))),
        reason: read.text(REASON),
        buried_from: read.text(BURIED_FROM),
    }
}

/// The message's identifier; a new one where a stranger gave none.
pub(crate) fn id(properties: &BasicProperties) -> Uuid {
    properties
        .message_id()
        .as_ref()
        .and_then(|id| id.as_str().parse().ok())
        .unwrap_or_else(Uuid::now_v7)
}

/// Reason and queue of the latest dead-lettering by the broker itself.
pub(crate) fn death(properties: &BasicProperties) -> Option<(String, String)> {
    let deaths = Reader(properties.headers().as_ref()).get("x-death")?;
    let AMQPValue::FieldTable(latest) = deaths.as_array()?.as_slice().first()? else {
        return None;
    };
    let latest = Reader(Some(latest));
    Some((latest.text("reason")?, latest.text("queue")?))
}

struct Reader<'a>(Option<&'a FieldTable>);

impl<'a> Reader<'a> {
    fn get(&self, name: &str) -> Option<&'a AMQPValue> {
        self.0?.inner().get(name)
    }

    fn number(&self, name: &str) -> Option<i64> {
        self.get(name)?.as_long_long_int()
    }

    fn text(&self, name: &str) -> Option<String> {
        let value = self.get(name)?.as_long_string()?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    }

    fn time(&self, name: &str) -> Option<DateTime<Utc>> {
        let time = DateTime::parse_from_rfc3339(&self.text(name)?).ok()?;
        Some(time.with_timezone(&Utc))
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn noon() -> DateTime<Utc> {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn headers_survive_the_wire() {
        let sent = Headers {
            attempt: 3,
            webhook: Some("tickets".into()),
            sequence: Some(i64::MAX),
            guid: Some("g".into()),
            alone: true,
            reason: Some("Jim2 did not answer".into()),
            buried_from: Some("crossbill.ticket.v1".into()),
            ..Headers::new(noon())
        };
        let outgoing = Outgoing {
            id: Uuid::now_v7(),
            body: Bytes::new(),
            headers: sent.clone(),
        };
        let properties = properties(&outgoing, 7);
        assert_eq!(headers(&properties, DateTime::UNIX_EPOCH), sent);
        assert_eq!(id(&properties), outgoing.id);
    }

    #[test]
    fn a_strangers_message_has_the_headers_of_a_first_attempt() {
        let mut table = FieldTable::default();
        table.insert(ATTEMPT.into(), AMQPValue::LongLongInt(-1));
        table.insert(FIRST_SEEN.into(), text("yesterday"));
        table.insert(SEQUENCE.into(), text("7"));
        let properties = BasicProperties::default().with_headers(table);
        assert_eq!(headers(&properties, noon()), Headers::new(noon()));
        assert_eq!(death(&properties), None);
    }

    #[test]
    fn a_reason_without_end_is_cut() {
        let mut headers = Headers::new(noon());
        headers.reason = Some("é".repeat(100_000));
        let table = table(&headers);
        let AMQPValue::LongString(kept) = &table.inner()[REASON] else {
            panic!("a reason is text");
        };
        assert_eq!(kept.len(), 2 * LONGEST);
    }
}
