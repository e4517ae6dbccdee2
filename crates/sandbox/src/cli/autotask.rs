//! The switches of the Autotask stand-in.

use std::time::Duration;

use clap::{Args, ValueEnum};
use sandbox::autotask::{Denial, Options, PersonIdCasing};
use sandbox::fault::setting::duration;

use super::parse;

/// How this Autotask behaves where real tenants differ; the README tells the assumption behind each.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Autotask")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own on the command line"
)]
pub(crate) struct AutotaskSwitches {
    /// Requests that all integrations together may make in a rolling hour.
    #[arg(long, value_name = "COUNT")]
    hourly_threshold: Option<usize>,
    /// Requests of one integration that one endpoint serves at once.
    #[arg(long, value_name = "COUNT")]
    threads: Option<usize>,
    /// Slow down from half of the hourly threshold on.
    #[arg(long)]
    usage_latency: bool,
    /// How long every answer takes at least (250ms, 2s).
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    autotask_answer_delay: Option<Duration>,
    /// How long after its answer a request still holds its thread.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    thread_release_lag: Option<Duration>,
    /// Answer 404 for a missing id instead of 200 with a null item.
    #[arg(long)]
    missing_id_404: bool,
    /// Tell dates without the closing Z.
    #[arg(long)]
    naive_dates: bool,
    /// Write `PersonId` in webhooks instead of `PersonID`.
    #[arg(long)]
    lower_person_id: bool,
    /// Leave `userDefinedFields` out where no row has a value in one.
    #[arg(long)]
    omit_empty_udfs: bool,
    /// Save tickets without a queue or a resource.
    #[arg(long)]
    no_queue_required: bool,
    /// How long after a change its webhooks are called.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    webhook_latency: Option<Duration>,
    /// How long after a failed call it is made again.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    webhook_retry_delay: Option<Duration>,
    /// How often a call is made before its event is dropped.
    #[arg(long, value_name = "COUNT")]
    webhook_tries: Option<u32>,
    /// How long a receiver may take to answer.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    webhook_timeout: Option<Duration>,
    /// Refuse webhooks for addresses that are not https.
    #[arg(long)]
    webhook_https_only: bool,
    /// Deny an entity to the API's users (Companies=forbidden); may be given several times.
    #[arg(long, value_name = "ENTITY=forbidden|text|silence", value_parser = denial)]
    deny: Vec<(String, Denial)>,
}

/// How a denial is spelt.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Denied {
    Forbidden,
    Text,
    Silence,
}

fn denial(text: &str) -> Result<(String, Denial), String> {
    let (entity, how) = parse::pair(text)?;
    let denial = match Denied::from_str(&how, true)? {
        Denied::Forbidden => Denial::Forbidden,
        Denied::Text => Denial::Text,
        Denied::Silence => Denial::Silence,
    };
    Ok((entity, denial))
}

impl AutotaskSwitches {
    /// The default options with what the command line changes.
    pub(crate) fn options(self) -> Options {
        let usual = Options::default();
        Options {
            hourly_threshold: self.hourly_threshold.unwrap_or(usual.hourly_threshold),
            threads: self.threads.unwrap_or(usual.threads),
            usage_latency: self.usage_latency,
            answer_delay: self.autotask_answer_delay.unwrap_or(usual.answer_delay),
            thread_release_lag: self.thread_release_lag.unwrap_or(usual.thread_release_lag),
            missing_id_404: self.missing_id_404,
            naive_dates: self.naive_dates,
            person_id_casing: if self.lower_person_id {
                PersonIdCasing::Lower
            } else {
                usual.person_id_casing
            },
            omit_empty_udfs: self.omit_empty_udfs,
            queue_required: !self.no_queue_required,
            webhook_latency: self.webhook_latency.unwrap_or(usual.webhook_latency),
            webhook_retry_delay: self
                .webhook_retry_delay
                .unwrap_or(usual.webhook_retry_delay),
            webhook_tries: self.webhook_tries.unwrap_or(usual.webhook_tries),
            webhook_timeout: self.webhook_timeout.unwrap_or(usual.webhook_timeout),
            webhook_https_only: self.webhook_https_only,
            denied: self.deny.into_iter().collect(),
            users: usual.users,
            faults: usual.faults,
            fault_seed: usual.fault_seed,
        }
    }
}
