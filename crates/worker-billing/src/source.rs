//! What a line is known by: its source, not the billing item, which has another id each time it is posted. Pure.

use autotask::{BillingItem, Entity as _};
use domain::{RecordId, Value};

/// Where an item belongs in Jim2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The current job of its ticket.
    Ticket,
    /// A job of its project and payer.
    Project,
    /// A job of its Autotask invoice.
    Invoice,
}

/// A kind of source.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SourceKind {
    /// The word in identities: `ticket-charge`.
    pub(crate) word: &'static str,
    /// As people call it.
    pub(crate) label: &'static str,
    /// The column of a billing item that names it.
    pub(crate) column: &'static str,
    /// The letter before its id in the mark of a line.
    pub(crate) letter: &'static str,
    /// Where it belongs, where it hangs on neither a ticket nor a project.
    pub(crate) place: Place,
}

const fn kind(
    word: &'static str,
    label: &'static str,
    column: &'static str,
    letter: &'static str,
    place: Place,
) -> SourceKind {
    SourceKind {
        word,
        label,
        column,
        letter,
        place,
    }
}

/// Every kind. An item that names several is of the first: an adjustment also names what it adjusts.
pub(crate) const KINDS: [SourceKind; 11] = [
    kind(
        "time-entry",
        "time entry",
        "timeEntryID",
        "T",
        Place::Ticket,
    ),
    kind(
        "ticket-charge",
        "ticket charge",
        "ticketChargeID",
        "C",
        Place::Ticket,
    ),
    kind(
        "project-charge",
        "project charge",
        "projectChargeID",
        "P",
        Place::Project,
    ),
    kind(
        "contract-charge",
        "contract charge",
        "contractChargeID",
        "K",
        Place::Invoice,
    ),
    kind(
        "expense",
        "expense item",
        "expenseItemID",
        "E",
        Place::Ticket,
    ),
    kind("milestone", "milestone", "milestoneID", "M", Place::Invoice),
    kind(
        "block",
        "block purchase",
        "contractBlockID",
        "B",
        Place::Invoice,
    ),
    kind(
        "service-adjustment",
        "service adjustment",
        "contractServiceAdjustmentID",
        "A",
        Place::Invoice,
    ),
    kind(
        "service-period",
        "period of a service",
        "contractServicePeriodID",
        "S",
        Place::Invoice,
    ),
    kind(
        "bundle-adjustment",
        "bundle adjustment",
        "contractServiceBundleAdjustmentID",
        "X",
        Place::Invoice,
    ),
    kind(
        "bundle-period",
        "period of a bundle",
        "contractServiceBundlePeriodID",
        "Y",
        Place::Invoice,
    ),
];

/// A line's identity: the kind and id of its source, and the sub-type, by which an adjustment is another line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) kind: &'static SourceKind,
    pub(crate) id: i64,
    pub(crate) sub_type: Option<i64>,
}

impl Source {
    /// The source that an item names in its columns, which `column` tells by name.
    pub(crate) fn named(
        column: impl Fn(&str) -> Option<i64>,
        sub_type: Option<i64>,
    ) -> Option<Self> {
        KINDS.iter().find_map(|kind| {
            Some(Self {
                kind,
                id: column(kind.column)?,
                sub_type,
            })
        })
    }

    /// Reads `ticket-charge:123` or `ticket-charge:123:2`.
    pub(crate) fn read(id: &RecordId) -> Option<Self> {
        let mut parts = id.as_str().split(':');
        let word = parts.next()?;
        let kind = KINDS.iter().find(|kind| kind.word == word)?;
        let number = parts.next()?.parse().ok()?;
        let sub_type = parts.next().map(str::parse).transpose().ok()?;
        parts.next().is_none().then_some(Self {
            kind,
            id: number,
            sub_type,
        })
    }

    /// The identity as text.
    pub(crate) fn record_id(self) -> RecordId {
        let (word, id) = (self.kind.word, self.id);
        RecordId::from(match self.sub_type {
            Some(sub_type) => format!("{word}:{id}:{sub_type}"),
            None => format!("{word}:{id}"),
        })
    }

    /// The source that a line's mark names.
    pub(crate) fn marked(mark: &str) -> Option<Self> {
        let inner = mark.strip_prefix("[AT ")?.strip_suffix(']')?;
        let kind = KINDS.iter().find(|kind| inner.starts_with(kind.letter))?;
        let mut numbers = inner.get(1..)?.split('.');
        let source = Self {
            kind,
            id: numbers.next()?.parse().ok()?,
            sub_type: numbers.next().map(str::parse).transpose().ok()?,
        };
        (source.mark() == mark).then_some(source)
    }

    /// The last words of the line that it becomes: two charges of the same name and price are two lines, and a line whose
    /// answer was lost is found again.
    pub(crate) fn mark(self) -> String {
        let (letter, id) = (self.kind.letter, self.id);
        match self.sub_type {
            Some(sub_type) => format!("[AT {letter}{id}.{sub_type}]"),
            None => format!("[AT {letter}{id}]"),
        }
    }
}

/// The source that an item names.
pub(crate) fn source_of(item: &BillingItem) -> Option<Source> {
    let column = |name: &str| item.value(name).as_ref().and_then(Value::as_number);
    Source::named(column, item.sub_type.get().copied())
}

/// The mark that ends a line's description.
pub(crate) fn mark_of(description: &str) -> Option<&str> {
    let text = description.trim_end();
    let start = text.rfind("[AT ")?;
    let inner = text[start..].strip_prefix("[AT ")?.strip_suffix(']')?;
    let letter = inner.get(..1)?;
    let is_ours = KINDS.iter().any(|kind| kind.letter == letter)
        && inner[1..].starts_with(|one: char| one.is_ascii_digit())
        && inner[1..]
            .chars()
            .all(|one| one.is_ascii_digit() || one == '.');
    is_ours.then_some(&text[start..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charge(sub_type: Option<i64>) -> Source {
        Source {
            kind: &KINDS[1],
            id: 123,
            sub_type,
        }
    }

    #[test]
    fn an_item_posted_again_under_a_new_id_is_the_same_line() {
        let names = |name: &str| (name == "ticketChargeID").then_some(123);
        let first = Source::named(names, Some(1)).unwrap();
        let again = Source::named(names, Some(1)).unwrap();
        assert_eq!(first, again);
        assert_eq!(first.record_id().as_str(), "ticket-charge:123:1");
        let adjusted = Source::named(names, Some(2)).unwrap();
        assert_ne!(first, adjusted, "an adjustment is a line of its own");
        assert_eq!(
            Source::named(|_| None, Some(1)),
            None,
            "a retainer names nothing"
        );
    }

    #[test]
    fn an_identity_is_read_as_it_was_written() {
        for source in [charge(None), charge(Some(2))] {
            assert_eq!(Source::read(&source.record_id()), Some(source));
            assert_eq!(Source::marked(&source.mark()), Some(source));
        }
        for odd in [
            "30795001",
            "ticket-charge",
            "ticket-charge:x",
            "ticket-charge:1:2:3",
            "wombat:1",
        ] {
            assert_eq!(Source::read(&odd.into()), None, "{odd}");
        }
    }

    #[test]
    fn a_mark_ends_the_line_and_brackets_of_people_are_none() {
        let line = format!("Toner [black] {}", charge(Some(1)).mark());
        assert_eq!(mark_of(&line), Some("[AT C123.1]"));
        assert_eq!(Source::marked("[AT C1.2.3]"), None);
        for text in [
            "Toner [black]",
            "Toner",
            "[AT C]",
            "[AT Cable]",
            "[AT C123] more",
            "[AT é]",
            "Paper [A4]",
        ] {
            assert_eq!(mark_of(text), None, "{text}");
        }
    }

    #[test]
    fn each_kind_has_its_own_word_column_and_letter() {
        for (index, kind) in KINDS.iter().enumerate() {
            let same = KINDS.iter().skip(index + 1).find(|other| {
                other.word == kind.word
                    || other.column == kind.column
                    || other.letter == kind.letter
            });
            assert_eq!(same, None, "{}", kind.word);
        }
    }
}
