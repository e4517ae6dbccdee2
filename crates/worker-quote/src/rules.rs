//! How quotes of the two systems stand to each other. Pure: no I/O, no clock.

use std::time::Duration;

use autotask::{Presence, Trail as Columns};
use domain::{Fixer, Kind, Value};
use sync::{
    Asks, Choices, Facts, Field, Filter, Half, LINES, LinedRules, List, QUOTE_TYPE_STOCK, Setting,
    Trail, Transform, Way,
};

use crate::KIND;

/// One row a field. Only lines and status can be changed once a quote is made, and no page shows even that.
pub const FIELDS: &[Field] = &[
    Field {
        label: "Lines of quotes",
        ..LINES
    },
    STATUS,
    at_first("probability", "Probability", Transform::Same),
    at_first("cust_ref", "Customer's reference", Transform::Text),
    at_first("valid", "Valid until", Transform::Same),
    at_first("required", "Date required", Transform::Same),
];

/// What became of the opportunity. It follows where the site wants it.
const STATUS: Field = Field {
    way: Way::Off,
    forward: Transform::Lookup(STATUSES),
    back: Transform::None,
    ..Field::text("status", "Status of quotes")
};

/// What an id of an opportunity, among those of quotes, begins with.
pub(crate) const OPPORTUNITY: &str = "opportunity:";

/// Statuses of opportunities, and of the quotes that follow them.
const STATUSES: &str = "quoteStatus";

/// The setting that lets drafts go too.
const DRAFTS: &str = "quote.drafts";

/// Autotask tells no change of an item, nor whether a quote's times move with it (autotask.md §7.1): new items are known by
/// their ids, and every quote is looked at now and then until nothing has happened to it for a month. Jim2 tells no change
/// of quotes: what people do to them there is seen whenever the quote is looked at.
const TRAILS: &[Trail] = &[
    Trail::in_autotask("", 15, QUOTES),
    Trail::in_autotask(
        "items",
        15,
        Columns {
            about: "quoteID",
            new_by_id: true,
            ..Columns::stamped("QuoteItems", "quote item", &[])
        },
    ),
    Trail {
        prefix: OPPORTUNITY,
        ..Trail::in_autotask("opportunities", 15, OPPORTUNITIES)
    },
    Trail::in_autotask(
        "recent",
        4 * 60,
        Columns {
            lingers: Duration::from_hours(24 * 30),
            ..QUOTES
        },
    ),
    Trail::absent(
        "quotes",
        1,
        Asks::Autotask(Presence::by_id("Quotes", "quote")),
    ),
    Trail::absent_items(
        "quotes with all their items",
        Asks::Autotask(Presence::by_id("QuoteItems", "quote item")),
    ),
    Trail::absent("quotes", 1, Asks::Jim2(jim2::Presence::Quotes)),
];

const QUOTES: Columns = Columns::stamped("Quotes", "quote", &["lastActivityDate", "createDate"]);
const OPPORTUNITIES: Columns = Columns::stamped(
    "Opportunities",
    "opportunity",
    &["lastActivity", "createDate"],
);

const fn at_first(name: &'static str, label: &'static str, forward: Transform) -> Field {
    Field {
        way: Way::CreateOnly,
        forward,
        back: Transform::None,
        ..Field::text(name, label)
    }
}

/// The thinking about quotes.
#[derive(Debug, Clone, Copy, Default)]
pub struct QuoteRules;

impl LinedRules for QuoteRules {
    const KIND: Kind = KIND;
    const FIELDS: &'static [Field] = FIELDS;
    const TRAILS: &'static [Trail] = TRAILS;
    const CHOICES: Choices = Choices {
        kind: "quote",
        makes: "Quotes for published quotes",
        filters: &[
            Filter::passing(
                "statuses",
                "statuses of opportunities whose quotes get quotes",
                STATUSES,
            ),
            Filter::passing(
                "approvals",
                "approval statuses (numbers) of quotes that get quotes",
                "",
            ),
        ],
        lists: &[
            List {
                name: STATUSES,
                autotask: ("Opportunities", "status"),
                jim2: "QuoteStatus",
            },
            List {
                name: QUOTE_TYPE_STOCK,
                autotask: ("QuoteItems", "quoteItemType"),
                jim2: "",
            },
        ],
        settings: &[Setting::switch(
            DRAFTS,
            "whether quotes go to Jim2 before they are published",
        )],
        learnt: &["jim2.refused.quote.create", "jim2.refused.quote.update"],
    };
    const WHO: Fixer = Fixer::Desk;
    /// No page names statuses in which a quote is closed. These are our guess; where Jim2 refuses a line of another, the
    /// quote is held with what it said.
    const CLOSED: &'static [&'static str] = &["won", "lost", "finish", "cancel"];
    const ENDED: &'static str = "withdrawn";

    fn against(&self, half: &Half, facts: &Facts) -> Option<&'static str> {
        let passes = |filter: &str, fact: &str| {
            let value = half.fact(fact).and_then(Value::as_number);
            let value = value.map(serde_json::Value::from);
            facts.lets_pass(&KIND, filter, value.as_ref())
        };
        let is_early = half.is("draft") && !facts.is_on(DRAFTS);
        let (status, approval) = (
            passes("statuses", "status"),
            passes("approvals", "approval"),
        );
        let all = [
            (half.is("second"), "it is not the primary quote"),
            (half.is("over"), "its opportunity is won or lost already"),
            (is_early, "it was not published yet"),
            (!status, "its opportunity's status is filtered out"),
            (!approval, "its approval is filtered out"),
        ];
        let mut against = all.iter().filter(|(holds, _)| *holds);
        against.next().map(|(_, why)| *why)
    }
}

#[cfg(test)]
mod tests;
