//! How quotes of the two systems stand to each other. Pure: no I/O, no clock.

use std::time::Duration;

use autotask::Trail as Columns;
use domain::{Fixer, Key, Kind, Problem, RecordId, System, Value};
use sync::{
    Creation, Facts, Field, Fields, Half, LINES, LinedRules, Rules, Shows, Standing, Trail,
    Transform, Way, doubled_lines, needs_of_lines, one_by_one,
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
    Field {
        jim2_max: Some(50),
        ..at_first("cust_ref", "Customer's reference", Transform::Text)
    },
    at_first("valid", "Valid until", Transform::Same),
    at_first("required", "Date required", Transform::Same),
];

/// What became of the opportunity. It follows where the site wants it.
pub(crate) const STATUS: Field = Field {
    way: Way::Off,
    forward: Transform::Lookup("quoteStatus"),
    back: Transform::None,
    ..Field::text("status", "Status of quotes")
};

/// What an id of an opportunity, among those of quotes, begins with.
pub(crate) const OPPORTUNITY: &str = "opportunity:";

/// The setting that lets drafts go too.
const DRAFTS: &str = "quote.drafts";

/// Quotes are the desk's. No page names statuses in which a quote is closed: these are our guess, and where Jim2 refuses a
/// line for another it is held as refused.
const LINED: LinedRules = LinedRules {
    kind: KIND,
    who: Fixer::Desk,
    closed: &["won", "lost", "finish", "cancel"],
};

/// Autotask tells no change of an item, nor whether a quote's times move with it (autotask.md §7.1): new items are known by
/// their ids, and every quote is looked at now and then until nothing has happened to it for a month. Jim2 tells no change
/// of quotes: what people do to them there is seen whenever the quote is looked at.
const TRAILS: &[Trail] = &[
    trail("", "", 15, QUOTES),
    trail(
        "items",
        "",
        15,
        Columns {
            about: "quoteID",
            new_by_id: true,
            ..Columns::stamped("QuoteItems", "quote item", &[])
        },
    ),
    trail(
        "opportunities",
        OPPORTUNITY,
        15,
        Columns::stamped(
            "Opportunities",
            "opportunity",
            &["lastActivity", "createDate"],
        ),
    ),
    trail(
        "recent",
        "",
        4 * 60,
        Columns {
            lingers: Duration::from_hours(24 * 30),
            ..QUOTES
        },
    ),
];

const QUOTES: Columns = Columns::stamped("Quotes", "quote", &["lastActivityDate", "createDate"]);

const fn trail(name: &'static str, prefix: &'static str, mins: u64, columns: Columns) -> Trail {
    Trail {
        name,
        prefix,
        every: Duration::from_mins(mins),
        shows: Shows::Autotask(columns),
    }
}

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

impl Rules for QuoteRules {
    fn kind(&self) -> Kind {
        KIND
    }

    fn fields(&self) -> &'static [Field] {
        FIELDS
    }

    fn trails(&self) -> &'static [Trail] {
        TRAILS
    }

    fn needs(&self, on: System, half: &Half) -> Vec<Key> {
        if on == System::Jim2 {
            return Vec::new();
        }
        needs_of_lines(half).chain([LINED.company(half)]).collect()
    }

    fn create(&self, to: System, half: &Half, generation: i32, facts: &Facts) -> Creation {
        let passes = |filter: &str, fact: &str| {
            let value = half.fact(fact).and_then(Value::as_number);
            let value = value.map(serde_json::Value::from);
            facts.lets_pass(&KIND, filter, value.as_ref())
        };
        let against = [
            (
                to == System::Autotask,
                "quotes that people make in Jim2 are theirs",
            ),
            (!facts.may_create(&KIND, to), "making quotes in Jim2 is off"),
            (!half.is("active"), "it is not active"),
            (
                !half.is("primary"),
                "it is not its opportunity's primary quote",
            ),
            (half.is("over"), "its opportunity is won or lost already"),
            (
                half.is("draft") && !facts.is_on(DRAFTS),
                "it was not published yet",
            ),
            (
                !passes("statuses", "status"),
                "its opportunity's status is filtered out",
            ),
            (
                !passes("approvals", "approval"),
                "its approval is filtered out",
            ),
            (half.fact("number").is_none(), "it has no number"),
        ];
        if let Some((_, why)) = against.iter().find(|(holds, _)| *holds) {
            return Creation::No((*why).to_owned());
        }
        match LINED.draft(half, generation, facts) {
            Ok(draft) => Creation::Yes(draft),
            Err(problem) => Creation::Held(vec![*problem]),
        }
    }

    fn identity(&self, autotask: &Half, jim2: &Half, _: &Facts) -> Result<(), Box<Problem>> {
        LINED.identity(autotask, jim2)
    }

    fn customer(&self, jim2: &Half) -> Option<Value> {
        jim2.fact("card").cloned()
    }

    fn company(&self, autotask: &Half) -> Option<Value> {
        autotask.fact("company").cloned()
    }

    /// A quote that another took the place of is still an offer in Jim2, where no API withdraws it.
    fn problems(&self, autotask: &Half, jim2: &Half, _: &Facts) -> Vec<Problem> {
        let withdrawn = (!autotask.is("active") && LINED.closed(jim2).is_none()).then(|| {
            let says = format!(
                "{} is not active any more, and {} is",
                autotask.label, jim2.label
            );
            let who = (Fixer::Desk, format!("cancel {} in Jim2", jim2.label));
            jim2.problem(&KIND, System::Jim2, "withdrawn", says, who)
        });
        let withdrawn = withdrawn.into_iter();
        withdrawn.chain(doubled_lines(&KIND, jim2)).collect()
    }

    /// A quote's external number is Jim2's, unless somebody has put another there. Our Ref can be given to a quote only when
    /// it is made.
    fn owes_reference(&self, on: System, half: &Half, _: &RecordId, _: i32) -> bool {
        on == System::Autotask && half.is("no_reference")
    }

    fn standing(&self, on: System, half: &Half, field: &str, _: &Facts) -> Standing {
        if field == LINES.name {
            LINED.standing(on, half, field)
        } else {
            Standing::Open
        }
    }

    /// Lines first: a quote that is won takes none any more.
    fn steps(
        &self,
        _: System,
        half: &Half,
        mut fields: Fields,
        _: &Facts,
    ) -> Result<Vec<Fields>, Box<Problem>> {
        let status = fields.remove_entry(STATUS.name);
        let mut steps = one_by_one(half, LINES.name, fields);
        steps.retain(|step| !step.is_empty());
        steps.extend(status.map(|status| Fields::from([status])));
        Ok(steps)
    }
}

#[cfg(test)]
mod tests;
