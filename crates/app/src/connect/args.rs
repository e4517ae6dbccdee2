//! The arguments of `crossbill connect`.

use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use clap::{
    ValueEnum,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};

use super::settings::TicketsFrom;
use crate::kinds;

/// Look at both systems, match what is there, register webhooks. Safe to repeat; starts paused.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(
    long_about = "Looks at both systems, fills the lists, registers webhooks and links what surely belongs \
        together. Nothing is written to a record of either system before `crossbill resume` (or --resume).\n\n\
        Safe to repeat: what you decided stays, what is there is not made again. What it is not sure of goes to a \
        CSV file: fill in its column `decision` (link, create or ignore; for link the column jim2_id too) and give \
        it back with --decisions.",
    after_long_help = "Examples:\n  crossbill connect\n  crossbill connect --poll-only\n  \
        crossbill connect --create-udfs\n  \
        crossbill connect --from 2026-11-23 --create ticket --resume --yes\n  \
        crossbill connect --create ticket-from-job --tickets-from job-type=Incident,Problem\n  \
        crossbill connect --create stock --stock-groups Hardware --price-level 1-Retail\n  \
        crossbill connect --decisions crossbill-unmatched.csv"
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line, free of the others"
)]
pub(crate) struct Args {
    /// Do not ask.
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Tickets made before this get no job: a day (2026-11-23) or a time (2026-11-23T09:00:00+11:00). Today at first.
    #[arg(long, value_name = "TIME", value_parser = start)]
    pub(crate) from: Option<Start>,
    /// Register no webhooks: ask Autotask for changes instead, where nothing can come in from outside.
    #[arg(long)]
    pub(crate) poll_only: bool,
    /// Records to be made where they are missing. At first only jobs for tickets.
    #[arg(long, value_name = "WHAT", value_parser = creations(), value_delimiter = ',')]
    pub(crate) create: Vec<Create>,
    /// Make the user-defined fields that Autotask does not have yet. Without it you are asked, unless nobody is there or
    /// --yes says not to ask: then they are not made.
    #[arg(long)]
    pub(crate) create_udfs: bool,
    /// Which jobs become tickets, with --create ticket-from-job: job-type=…, item=… (names or codes) or customer=…
    /// (Card# or card codes), several with commas. Say it once for each; a job has to be of all of them.
    #[arg(long, value_name = "WHICH=VALUES")]
    pub(crate) tickets_from: Vec<TicketsFrom>,
    /// Let both systems be written to at the end.
    #[arg(long)]
    pub(crate) resume: bool,
    /// Where to list what could not be matched.
    #[arg(long, value_name = "PATH", default_value = "crossbill-unmatched.csv")]
    pub(crate) unmatched: PathBuf,
    /// A list from an earlier run with the column `decision` filled in.
    #[arg(long, value_name = "PATH")]
    pub(crate) decisions: Option<PathBuf>,
    /// This site is for trying things out, on a training copy of Jim2: it is never let near the real database then.
    #[arg(long)]
    pub(crate) training: bool,
    /// The initials that Jim2 stamps on what our API user does, where they are not found by its e-mail address.
    #[arg(long, value_name = "INITIALS")]
    pub(crate) jim2_initials: Option<String>,
    /// The Item# of jobs for tickets without an issue type.
    #[arg(long, value_name = "ITEM")]
    pub(crate) default_item: Option<String>,
    /// The queue (Autotask's number) of tickets made from jobs.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) default_queue: Option<i64>,
    /// The owner (Autotask's number of a resource) of companies made from cards whose account manager is nobody.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) default_owner: Option<i64>,
    /// The phone of companies made from cards without one; Autotask asks for one.
    #[arg(long, value_name = "PHONE")]
    pub(crate) default_phone: Option<String>,
    /// The groups of stock of which products are made, with --create stock.
    #[arg(long, value_name = "GROUPS", value_delimiter = ',')]
    pub(crate) stock_groups: Vec<String>,
    /// The price level of Jim2 whose price without GST products get.
    #[arg(long, value_name = "LEVEL")]
    pub(crate) price_level: Option<String>,
    /// The letter of the tax code whose price is meant, where a level has prices of several.
    #[arg(long, value_name = "LETTER")]
    pub(crate) stock_tax_code: Option<String>,
    /// The locations of Jim2 whose stock products tell, with their names: "1=Sydney,2=Melbourne". All as one number at first.
    #[arg(long, value_name = "LOCATIONS")]
    pub(crate) stock_locations: Option<String>,
    /// The material billing code (Autotask's number) of products made of stock. The first one at first.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) product_billing_code: Option<i64>,
}

/// What may be made where it is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Create {
    /// Jobs for new tickets.
    Ticket,
    /// Cards for companies, and companies for cards.
    Company,
    /// Contacts, both ways.
    Contact,
    /// Projects for contracts.
    Contract,
    /// Assets for configuration items.
    Asset,
    /// Configuration items for assets; the setting `default.product` says of which product.
    ItemFromAsset,
    /// Labour on jobs for time entries.
    Time,
    /// Jobs for projects, Autotask invoices and other payers.
    Order,
    /// Lines on jobs for what was posted.
    Billing,
    /// Products for stock, of the groups that are chosen for it.
    Stock,
    /// Tickets for jobs, of the job types, Items or customers that are chosen for it.
    TicketFromJob,
    /// What a kind says of itself that is made in Jim2, by its word.
    #[value(skip)]
    Of(&'static str),
}

/// The words for what may be made, with what each is for.
fn creations() -> impl TypedValueParser<Value = Create> {
    let own = Create::value_variants().iter();
    let own = own.filter_map(|create| Some((create.to_possible_value()?, *create)));
    let said = kinds::choices().filter(|choices| !choices.makes.is_empty());
    let said = said.map(|choices| {
        let value = PossibleValue::new(choices.kind).help(choices.makes);
        (value, Create::Of(choices.kind))
    });
    let all: Vec<(PossibleValue, Create)> = own.chain(said).collect();
    let values: Vec<PossibleValue> = all.iter().map(|(value, _)| value.clone()).collect();
    PossibleValuesParser::new(values).try_map(move |word| {
        let named = all.iter().find(|(value, _)| value.matches(&word, true));
        named
            .map(|(_, create)| *create)
            .ok_or("nothing is made of that name")
    })
}

/// From when on tickets get jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// From a moment on.
    At(DateTime<Utc>),
    /// From the beginning of a day at the kit.
    Day(NaiveDate),
}

impl Start {
    /// The moment, for a site in `zone`.
    pub(crate) fn moment(self, zone: Tz) -> DateTime<Utc> {
        match self {
            Self::At(at) => at,
            Self::Day(day) => {
                let midnight = day.and_time(NaiveTime::MIN);
                let local = midnight.and_local_timezone(zone).earliest();
                // Where a day begins in the hour that the clocks skip, that is its first moment.
                local.map_or_else(|| midnight.and_utc(), |local| local.to_utc())
            }
        }
    }
}

fn start(text: &str) -> Result<Start, String> {
    if let Ok(day) = text.parse() {
        return Ok(Start::Day(day));
    }
    DateTime::parse_from_rfc3339(text)
        .map(|at| Start::At(at.to_utc()))
        .map_err(|_| "write a day as 2026-11-23, or a time as 2026-11-23T09:00:00+11:00".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_of_the_site() {
        let zone = chrono_tz::Australia::Sydney;
        for (text, expected) in [
            ("2026-11-23", "2026-11-22T13:00:00Z"),
            ("2026-06-23", "2026-06-22T14:00:00Z"),
            ("2026-11-23T09:00:00+11:00", "2026-11-22T22:00:00Z"),
        ] {
            let expected: DateTime<Utc> = expected.parse().unwrap();
            assert_eq!(start(text).unwrap().moment(zone), expected, "{text}");
        }
        assert!(start("yesterday").is_err());
    }
}
