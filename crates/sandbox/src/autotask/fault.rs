//! What can go wrong with Autotask on demand.

use std::time::Duration;

use super::schema;
use crate::fault::setting::Takes;
use crate::fault::{About, Kind};

/// Something that can go wrong; the table says what each does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Unavailable,
    HtmlAnswer,
    Error500,
    Deadlock,
    LostAnswer,
    CutAnswer,
    ShortAnswer,
    SlowAnswer,
    Threshold,
    Timeframe,
    UsageLatency,
    HardStop,
    ThreadRefusal,
    ZoneMoved,
    Forbidden,
    NoPermission,
    Hidden,
    MissingId404,
    NaiveDates,
    OddUdfs,
    ReplicaLag,
    LowerPersonId,
    RepeatedWebhook,
    LateCopy,
    LostWebhook,
    DelayedWebhook,
    ReorderedWebhook,
    SequenceGap,
    WebhookThreshold,
    OddDeactivation,
}

/// The faults of this tenant.
pub(super) type Faults = crate::fault::Faults<Fault>;

const fn number(usual: u64, least: u64, most: u64) -> Takes {
    Takes::Number { usual, least, most }
}

const fn seconds(usual: u64) -> Takes {
    Takes::Duration(Duration::from_secs(usual))
}

const ENTITIES: Takes = Takes::Names("Tickets+Contacts");

impl Kind for Fault {
    #[rustfmt::skip]
    const TABLE: &'static [(Self, About)] = &[
        (Self::Unavailable, About::new("unavailable", "answers 503 with a page to everything")),
        (Self::HtmlAnswer, About::new("html-answer", "answers a page with this status and does nothing")
            .taking(Takes::Word(&["200", "404", "503"]))),
        (Self::Error500, About::new("error-500", "answers 500 with a sentence and does nothing")),
        (Self::Deadlock, About::new("deadlock", "answers 500 with the database's sentence on a deadlock and does nothing")),
        (Self::LostAnswer, About::new("lost-answer", "does the write, then cuts the connection without an answer")),
        (Self::CutAnswer, About::new("cut-answer", "does it, then cuts the connection amid the answer")),
        (Self::ShortAnswer, About::new("short-answer", "does it, and answers JSON that ends halfway")),
        (Self::SlowAnswer, About::new("slow-answer", "answers that much later").taking(seconds(2))),
        (Self::Threshold, About::new("threshold", "allows the tenant so many requests")
            .taking(number(10_000, 1, 10_000_000)).lasting()),
        (Self::Timeframe, About::new("timeframe", "counts requests over so many minutes instead of an hour")
            .taking(number(1, 1, 60)).lasting()),
        (Self::UsageLatency, About::new("usage-latency", "answers 0.5 s later from half of the threshold, 1 s from three quarters")
            .lasting()),
        (Self::HardStop, About::new("hard-stop", "refuses requests as if the threshold were exceeded")),
        (Self::ThreadRefusal, About::new("thread-refusal", "refuses a request too many at once with this status instead of 429")
            .taking(Takes::Word(&["500", "503"]))),
        (Self::ZoneMoved, About::new("zone-moved", "has the tenant in a second zone; the first one answers 401").lasting()),
        (Self::Forbidden, About::new("forbidden", "answers 403 to everything about these entities").taking(ENTITIES)),
        (Self::NoPermission, About::new("no-permission", "answers 500 with the sentence on permissions to everything about these entities")
            .taking(ENTITIES)),
        (Self::Hidden, About::new("hidden", "finds no record of these entities, and refuses to write them").taking(ENTITIES)),
        (Self::MissingId404, About::new("missing-id-404", "answers 404 for a missing id instead of a null item")),
        (Self::NaiveDates, About::new("naive-dates", "tells the dates of an answer without the closing Z")),
        (Self::OddUdfs, About::new("odd-udfs", "tells userDefinedFields so where no row of an answer has a value in one")
            .taking(Takes::Word(&["missing", "empty", "null"]))),
        (Self::ReplicaLag, About::new("replica-lag", "reads what was there so long ago by the sandbox's clock").taking(seconds(2))),
        (Self::LowerPersonId, About::new("lower-person-id", "writes PersonId in a webhook instead of PersonID")),
        (Self::RepeatedWebhook, About::new("repeated-webhook", "sends a webhook so many times, all the same to the letter")
            .taking(number(5, 2, 100))),
        (Self::LateCopy, About::new("late-copy", "sends a webhook again so long after it was taken").taking(seconds(60))),
        (Self::LostWebhook, About::new("lost-webhook", "never sends a webhook, and tells nobody")),
        (Self::DelayedWebhook, About::new("delayed-webhook", "sends a webhook so much later, and those behind it after it")
            .taking(seconds(60))),
        (Self::ReorderedWebhook, About::new("reordered-webhook", "sends a webhook so much later, while those behind it overtake it")
            .taking(seconds(2))),
        (Self::SequenceGap, About::new("sequence-gap", "leaves out so many sequence numbers before a webhook").taking(number(1, 1, 1000))),
        (Self::WebhookThreshold, About::new("webhook-threshold", "sends so many webhooks of an entity in an hour, and the others when there is room")
            .taking(number(1500, 1, 1_000_000)).lasting()),
        (Self::OddDeactivation, About::new("odd-deactivation", "calls the deactivation address unsigned, with all keys or with the barest")
            .taking(Takes::Word(&["bare", "unsigned"]))),
    ];

    /// Faults name entities, in any letter case.
    fn knows(name: &str) -> bool {
        schema::entity(name).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_in_the_table_once() {
        for (index, (fault, about)) in Fault::TABLE.iter().enumerate() {
            let before = &Fault::TABLE[..index];
            let same = before.iter().filter(|(other, _)| other == fault).count();
            assert_eq!(same, 0, "{about:?}");
        }
    }
}
