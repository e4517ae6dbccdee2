//! Quotes of both systems: a quote's reference in Jim2 is `Q` and the number of the one in Autotask, which names it back.

mod item;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::lined::{self, Meant, Pair};
use super::tables::Decision;
use super::world::{World, text};
use super::{Agreement, Settings, Trouble, same};

/// Statuses of quotes of which no line is changed any more.
const CLOSED: [&str; 4] = ["won", "lost", "finish", "cancel"];
/// The list of statuses.
const STATUSES: &str = "quoteStatus";
/// The most characters of a customer's reference.
const REFERENCE: usize = 50;

/// Compares all pairs, and misses quotes of what was newly published where the site has them made.
pub(super) fn check(
    world: &World<'_>,
    cards: &BTreeMap<String, String>,
    settings: &Settings,
    agreement: &mut Agreement,
) {
    let numbers = world.quotes.iter();
    let numbers = numbers.map(|(id, quote)| (format!("Q{}", text(quote, "quoteNumber")), id));
    let offers = ("quote", &world.offers);
    let pairs = lined::pairs(world, offers, &numbers.collect(), agreement);
    for pair in &pairs {
        agreement.compared("quotes");
        compare(world, pair, cards, settings, agreement);
    }
    let paired: BTreeSet<&String> = pairs.iter().map(|pair| pair.id).collect();
    let alone = world.quotes.iter().filter(|(id, _)| !paired.contains(id));
    for (id, quote) in alone.filter(|_| settings.makes("quote")) {
        if is_wanted(world, (id, quote), cards, settings) {
            let number = text(quote, "quoteNumber");
            let label = format!("quote {number} ({})", text(quote, "name"));
            agreement.find(Trouble::Missing, &label, "it has no quote in Jim2");
        }
    }
}

/// Whether a quote has to have its other half: it is the primary one of an opportunity that is neither won nor lost, and it
/// can be told of each of its items which stock that is.
fn is_wanted(
    world: &World<'_>,
    (id, quote): (&String, &Value),
    cards: &BTreeMap<String, String>,
    settings: &Settings,
) -> bool {
    let opportunity = world.opportunities.get(&text(quote, "opportunityID"));
    let is_over = |one: &&Value| {
        let ends = ["closedDate", "lostDate"];
        ends.iter().any(|end| !text(one, end).is_empty())
    };
    cards.contains_key(&customer(world, quote))
        && text(quote, "primaryQuote") != "false"
        && text(quote, "isActive") != "false"
        && !opportunity.copied().as_ref().is_some_and(is_over)
        && settings.is_new(&same::zoned(&text(quote, "lastPublishedDateTime")))
        && meant(world, id, settings)
            .values()
            .all(|line| line.code.as_ref().is_some_and(|code| !code.is_empty()))
}

/// For whom it is.
fn customer(world: &World<'_>, quote: &Value) -> String {
    let opportunity = world.opportunities.get(&text(quote, "opportunityID"));
    opportunity.map_or_else(|| text(quote, "companyID"), |one| text(one, "companyID"))
}

/// The lines that it should have.
fn meant(world: &World<'_>, id: &String, settings: &Settings) -> BTreeMap<String, Meant> {
    let items = world.offered.iter();
    let own = items.filter(|(_, item)| text(item, "quoteID") == *id);
    own.filter_map(|(item, offered)| item::line(world, (item, offered), &settings.tables))
        .collect()
}

fn compare(
    world: &World<'_>,
    pair: &Pair<'_>,
    cards: &BTreeMap<String, String>,
    settings: &Settings,
    agreement: &mut Agreement,
) {
    let quote = world.quotes[pair.id];
    // One that is on no card that is there has been told already.
    if let Some(card) = cards.get(&customer(world, quote)) {
        let here = text(pair.there, "card");
        agreement.value(*card == here, &pair.label, "customer's card", card, &here);
    }
    // What somebody else has put there stays.
    let (there, here) = (text(quote, "externalQuoteNumber"), text(pair.there, "id"));
    let is_told = !there.is_empty();
    agreement.value(is_told, &pair.label, "external quote number", &there, &here);
    let opportunity = world.opportunities.get(&text(quote, "opportunityID"));
    if let Some(opportunity) = opportunity {
        if is_as_made(world, pair.there, quote, opportunity) {
            header(pair, quote, opportunity, settings, agreement);
        }
        status(pair, opportunity, settings, agreement);
    }
    let meant = meant(world, pair.id, settings);
    lined::lines(pair, &meant, &CLOSED, agreement);
}

/// Whether nobody has changed quote, opportunity or the other half since that was made: its header is not written again.
fn is_as_made(world: &World<'_>, there: &Value, quote: &Value, opportunity: &Value) -> bool {
    let made = same::utc(&text(there, "madeAt"));
    let is_before =
        |at: &str| matches!((same::utc(at), made), (Some(at), Some(made)) if at <= made);
    let last = text(quote, "lastModifiedBy");
    world.is_made_by_us(there)
        && world.api_initials.contains(&text(there, "ModifiedBy"))
        && is_before(&text(opportunity, "lastActivity"))
        && (world.api_resources.contains(&last) || is_before(&text(quote, "lastActivityDate")))
}

/// What a quote is made with.
fn header(
    pair: &Pair<'_>,
    quote: &Value,
    opportunity: &Value,
    settings: &Settings,
    agreement: &mut Agreement,
) {
    let label = &pair.label;
    let (there, here) = (
        text(quote, "purchaseOrderNumber"),
        text(pair.there, "theirRef"),
    );
    let is_same = same::text(&there, &here, REFERENCE);
    agreement.value(is_same, label, "customer's reference", &there, &here);
    let (there, here) = (
        text(opportunity, "probability"),
        text(pair.there, "probability"),
    );
    agreement.value(there == here, label, "probability", &there, &here);
    for (field, record, there, here) in [
        ("last valid day", quote, "expirationDate", "dateValid"),
        (
            "day required",
            opportunity,
            "promisedFulfillmentDate",
            "dateRequired",
        ),
    ] {
        let (there, here) = (text(record, there), text(pair.there, here));
        let is_same = same::wall_day(&there, &here, settings.zone);
        agreement.value(is_same, label, field, &there, &here);
    }
}

/// What became of the opportunity, where the site has that follow.
fn status(pair: &Pair<'_>, opportunity: &Value, settings: &Settings, agreement: &mut Agreement) {
    let there = text(opportunity, "status");
    let decided = settings.tables.of_ticket(STATUSES, &there);
    if let Decision::Becomes(to) = decided
        && settings.makes("quote-status")
    {
        let here = text(pair.there, "status");
        let is_same = same::case_free(to, &here);
        agreement.value(is_same, &pair.label, "status", &there, &here);
    }
}
