//! The switches of the Autotask stand-in.

use std::time::Duration;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use sandbox::autotask::{Inventory, Options};
use sandbox::fault::setting::duration;

/// How this Autotask behaves where real tenants differ; the README tells the assumption behind each.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Autotask")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line, and none goes with another"
)]
pub(crate) struct AutotaskSwitches {
    /// Requests that all integrations together may make in a rolling hour.
    #[arg(long, value_name = "COUNT")]
    hourly_threshold: Option<usize>,
    /// Requests of one integration that one endpoint serves at once.
    #[arg(long, value_name = "COUNT")]
    threads: Option<usize>,
    /// How long every answer takes at least (250ms, 2s).
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    autotask_answer_delay: Option<Duration>,
    /// How long after its answer a request still holds its thread.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    thread_release_lag: Option<Duration>,
    /// Leave out the user-defined fields that Crossbill keeps things in, as in a tenant that never saw it.
    #[arg(long)]
    no_crossbill_udfs: bool,
    /// Save tickets without a queue or a resource.
    #[arg(long)]
    no_queue_required: bool,
    /// Save time of tickets and tasks without a work type.
    #[arg(long)]
    no_work_type_required: bool,
    /// How long after a change its webhooks are called.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    webhook_latency: Option<Duration>,
    /// How long after a failed call it is made again.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    webhook_retry_delay: Option<Duration>,
    /// How often a call is made before its event is dropped.
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    webhook_tries: Option<u32>,
    /// How long a receiver may take to answer.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    webhook_timeout: Option<Duration>,
    /// How many webhooks of one entity can be active.
    #[arg(long, value_name = "COUNT")]
    webhook_cap: Option<usize>,
    /// Move the activity of a ticket with its new notes only, not with those edited or deleted.
    #[arg(long)]
    note_edits_leave_tickets: bool,
    /// What the tenant counts its inventory with.
    #[arg(long, value_name = "EDITION", value_parser = inventory())]
    inventory: Option<Inventory>,
    /// Count reserved and picked pieces apart from those on hand.
    #[arg(long)]
    inventory_reserved_apart: bool,
    /// Refuse movements of pieces that do not say why.
    #[arg(long)]
    inventory_reasons: bool,
    /// Refuse webhooks for addresses that are not https.
    #[arg(long)]
    webhook_https_only: bool,
}

/// The words for what a tenant counts its inventory with.
const EDITIONS: [(&str, Inventory); 4] = [
    ("items", Inventory::Items),
    ("products", Inventory::Products),
    ("products-alone", Inventory::ProductsAlone),
    ("both", Inventory::Both),
];

fn inventory() -> impl TypedValueParser<Value = Inventory> {
    let words = PossibleValuesParser::new(EDITIONS.map(|(word, _)| word));
    words.try_map(|word| {
        let named = EDITIONS.iter().find(|(known, _)| *known == word);
        named.map(|(_, edition)| *edition).ok_or("no such edition")
    })
}

impl AutotaskSwitches {
    /// The default options with what the command line changes.
    pub(crate) fn options(self) -> Options {
        let usual = Options::default();
        Options {
            hourly_threshold: self.hourly_threshold.unwrap_or(usual.hourly_threshold),
            threads: self.threads.unwrap_or(usual.threads),
            answer_delay: self.autotask_answer_delay.unwrap_or(usual.answer_delay),
            thread_release_lag: self.thread_release_lag.unwrap_or(usual.thread_release_lag),
            crossbill_udfs: !self.no_crossbill_udfs,
            queue_required: !self.no_queue_required,
            work_type_required: !self.no_work_type_required,
            webhook_latency: self.webhook_latency.unwrap_or(usual.webhook_latency),
            webhook_retry_delay: self
                .webhook_retry_delay
                .unwrap_or(usual.webhook_retry_delay),
            webhook_tries: self.webhook_tries.unwrap_or(usual.webhook_tries),
            webhook_timeout: self.webhook_timeout.unwrap_or(usual.webhook_timeout),
            webhook_cap: self.webhook_cap.unwrap_or(usual.webhook_cap),
            note_edits_move_tickets: !self.note_edits_leave_tickets,
            inventory: self.inventory.unwrap_or(usual.inventory),
            inventory_reserved_apart: self.inventory_reserved_apart,
            inventory_reasons: self.inventory_reasons,
            webhook_https_only: self.webhook_https_only,
            ..usual
        }
    }
}
