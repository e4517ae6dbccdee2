//! `crossbill connect`: looks at both systems, matches what is there, registers webhooks.
//!
//! Eight steps, each told in one plain line. Safe to repeat: what a person decided is never changed, and what is
//! there already is not made again. It makes webhooks and, where a person wants that, user-defined fields, and writes to no
//! record of either system; the workers do that once resumed.

mod args;
mod autotask_side;
mod dedicated;
mod failure;
mod foundation;
mod jim2_request;
mod jim2_side;
mod lookups;
mod matching;
mod pairing;
mod report;
mod settings;
mod summary;
mod udfs;
mod webhooks;

use std::{io::Write, sync::Arc};

use broker::{Broker, Topology};
use chrono_tz::Tz;
use domain::Clock;
use secrecy::SecretString;
use serde_json::json;
use store::Db;
use sync::Publish;
use url::Url;

pub(crate) use args::Args;
pub(crate) use lookups::of_lists;
use report::Report;
pub(crate) use settings::names::MISSING_UDFS;
pub(crate) use webhooks::{of_webhooks, told};

/// What `connect` works with. The publisher's and the gate's tasks are running.
#[derive(Debug, Clone)]
pub(crate) struct Kit {
    /// The database, migrated or not.
    pub(crate) db: Db,
    /// RabbitMQ.
    pub(crate) broker: Broker,
    /// What is declared there.
    pub(crate) topology: Topology,
    /// Where first loads are put.
    pub(crate) publish: Publish,
    /// Autotask.
    pub(crate) autotask: autotask::Client,
    /// Jim2, with the shared writing session: which database it is, is judged here.
    pub(crate) jim2: jim2::Client,
    /// For trying our own public address.
    pub(crate) http: rest::Client,
    /// The time.
    pub(crate) clock: Arc<dyn Clock>,
    /// The zone of the kit.
    pub(crate) time_zone: Tz,
    /// What webhook secrets are derived from.
    pub(crate) secret_key: SecretString,
    /// The address by which Autotask reaches ingress.
    pub(crate) public_url: Option<Url>,
    /// Who runs the command.
    pub(crate) who: String,
}

/// Connects the site and tells what was found on `out`. An error is one sentence with its remedy.
pub(crate) async fn run(args: Args, kit: &Kit, out: &mut (dyn Write + Send)) -> anyhow::Result<()> {
    let mut report = Report::new(out);
    webhooks::check_address(&args, kit)?;
    foundation::check(kit, &mut report).await?;
    settings::check_tickets_from(&args, kit).await?;
    let autotask = autotask_side::look(&args, kit, &mut report).await?;
    let jim2 = jim2_side::look(&args, kit, &autotask, &mut report).await?;
    let items = lookups::fill(&args, kit, &autotask, &jim2, &mut report).await?;
    dedicated::check(kit, &autotask, &jim2, &mut report).await?;
    settings::keep(&args, kit, (&autotask, &jim2, &items), &mut report).await?;
    Box::pin(webhooks::register(&args, kit, &mut report)).await?;
    let sides = (&autotask, &jim2);
    let paired = Box::pin(pairing::pair(&args, kit, sides, &mut report)).await?;
    let is_running = summary::close(&args, kit, &mut report).await?;
    let detail = json!({
        "linked": paired.linked, "undecided": paired.undecided, "published": paired.published,
        "pollOnly": args.poll_only, "running": is_running,
        "ticketsFrom": args.tickets_from.iter().map(ToString::to_string).collect::<Vec<_>>(),
    });
    store::audit::write(&kit.db, &kit.who, "connect", &detail).await?;
    Ok(())
}

#[cfg(test)]
mod tests;
