//! How things stand.

mod times;

use broker::{Broker, Lane, topology::DEAD_QUEUE};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::{Kind, System};
use reconciler::{Trailed, remedy};
use serde::Serialize;
use store::{
    Db,
    budget::{Forecast, Usage},
    contents::FullSweep,
    database::Departed,
    gap::Gap,
    held::Group,
    system::SystemState,
    webhook::Webhook,
};
use sync::{Facts, Hours, Mappings};
use worker_stock::{INVENTORY, KIND as STOCK};

use super::{
    budget::{foretold, percent, trouble},
    held::holding_up,
    mapping,
    sweeps::{self, Swept},
};
use crate::{
    kinds,
    site::{COMMENTS_WRITABLE, Site},
};

/// From this many messages on, a queue is said to be behind.
const BEHIND: u32 = 500;
/// A cursor that stood still for so many seconds is said to.
const STANDS_STILL: f64 = 120.0;

/// How things stand: plain sentences first, then all that they were made from.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Status {
    /// What an operator should know, most urgent first; never empty.
    pub(crate) plain: Vec<String>,
    /// When this was seen.
    pub(crate) at: DateTime<Utc>,
    /// Whether `connect` has run.
    pub(crate) connected: bool,
    /// Whether comments can be written on jobs; `None` before `connect` has looked.
    pub(crate) comments_writable: Option<bool>,
    /// What Autotask counts the pieces of products with, where the site has it count.
    pub(crate) inventory: Option<String>,
    /// Until when nothing is written, as these are quiet hours.
    pub(crate) quiet_until: Option<DateTime<Utc>>,
    /// Until when no line is billed, as the books are frozen.
    pub(crate) frozen_until: Option<DateTime<Utc>>,
    /// Values that mappings speak of and that their system does not have any more, as people call them.
    pub(crate) gone: Vec<String>,
    /// Both systems.
    pub(crate) systems: [SystemState; 2],
    /// By how many seconds our clock is ahead of that of each system that has told its time.
    pub(crate) clocks_ahead: Vec<(System, i64)>,
    /// The queues; empty while the broker is away.
    pub(crate) queues: Vec<Queue>,
    /// What is held, by problem.
    pub(crate) held: Vec<Group>,
    /// Spans in which events may have been missed.
    pub(crate) gaps: Vec<Gap>,
    /// How far each kind was swept on each side.
    pub(crate) sweeps: Vec<Swept>,
    /// The last full sweep of each kind and side.
    pub(crate) full_sweeps: Vec<FullSweep>,
    /// Autotask's webhooks.
    pub(crate) webhooks: Vec<Webhook>,
    /// Autotask's hourly allowance.
    pub(crate) budget: Usage,
    /// The share of it that is used, in percent.
    pub(crate) budget_percent: u32,
    /// Where it is going.
    pub(crate) budget_forecast: Forecast,
    /// What may be made.
    pub(crate) switches: Vec<store::mapping::Switch>,
    /// How many pairs of a kind were seen to differ and stay as they are, where there are such.
    pub(crate) differing: Vec<(Kind, usize)>,
    /// Pairs, spill, claims, cursors and what was done today.
    #[serde(flatten)]
    pub(crate) counts: store::status::Status,
}

/// One queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Queue {
    /// Its name.
    pub(crate) name: String,
    /// Messages that wait.
    pub(crate) messages: u32,
    /// Consumers that the broker sees.
    pub(crate) consumers: u32,
}

/// Looks at everything once.
pub(crate) async fn status(
    db: &Db,
    broker: &Broker,
    (now, zone): (DateTime<Utc>, Tz),
    swept: &[(String, Trailed)],
) -> anyhow::Result<Status> {
    let budget = store::budget::usage(db).await?;
    let planned = Box::pin(planned(db, now, zone)).await?;
    let mut status = Status {
        quiet_until: planned.quiet_until,
        frozen_until: planned.frozen_until,
        gone: planned.gone,
        plain: Vec::new(),
        at: now,
        connected: Site::load(db).await?.is_connected(),
        comments_writable: store::setting::get(db, COMMENTS_WRITABLE).await?,
        inventory: inventory(db).await?,
        systems: store::system::state(db).await?,
        clocks_ahead: clocks_ahead(db).await?,
        queues: queues(broker).await.unwrap_or_default(),
        held: store::held::groups(db).await?,
        gaps: store::gap::list(db).await?,
        sweeps: sweeps::standings(swept, &store::sweep::list(db).await?),
        full_sweeps: store::contents::last(db).await?,
        webhooks: store::webhook::list(db).await?,
        budget_percent: percent(budget.share()),
        budget_forecast: foretold(&budget, now, zone),
        budget,
        switches: Box::pin(store::mapping::load(db)).await?.switches,
        differing: planned.differing,
        counts: store::status::status(db).await?,
    };
    status.plain = plain(&status, zone);
    Ok(status)
}

async fn clocks_ahead(db: &Db) -> anyhow::Result<Vec<(System, i64)>> {
    let mut clocks = Vec::new();
    for system in System::BOTH {
        let look = store::clock::last(db, system).await?;
        clocks.extend(look.map(|look| (system, look.ahead.num_seconds())));
    }
    Ok(clocks)
}

/// The edition of Autotask's inventory, as `connect` found it or somebody chose it.
async fn inventory(db: &Db) -> anyhow::Result<Option<String>> {
    let rules = store::mapping::field_rules(db).await?;
    let mut rules = rules.iter();
    let counts =
        rules.any(|rule| rule.kind == STOCK && rule.field == INVENTORY && rule.way != "off");
    if !counts {
        return Ok(None);
    }
    let word: Option<String> = store::setting::get(db, worker_stock::EDITION).await?;
    Ok(Some(word.unwrap_or_else(|| "items".to_owned())))
}

/// What follows from how the site wants things mapped.
struct Planned {
    quiet_until: Option<DateTime<Utc>>,
    frozen_until: Option<DateTime<Utc>>,
    gone: Vec<String>,
    differing: Vec<(Kind, usize)>,
}

async fn planned(db: &Db, now: DateTime<Utc>, zone: Tz) -> anyhow::Result<Planned> {
    let facts = Mappings::load(db, zone).await?.facts(now);
    let quiet = Hours::quiet(&facts);
    Ok(Planned {
        quiet_until: quiet.and_then(|hours| hours.until(now, zone)),
        frozen_until: worker_billing::frozen_until(&facts),
        gone: gone(&facts),
        differing: differing(db, &facts).await?,
    })
}

async fn differing(db: &Db, facts: &Facts) -> anyhow::Result<Vec<(Kind, usize)>> {
    let mut differing = Vec::new();
    for rules in kinds::rules() {
        let pairs = mapping::differing(db, rules, facts).await?;
        if pairs > 0 {
            differing.push((rules.kind(), pairs));
        }
    }
    Ok(differing)
}

/// How a system stands, in a few words.
pub(crate) fn standing(state: &SystemState) -> String {
    if let Some(departed) = &state.departed {
        let remedy = remedy::of_stop(state.system, &departed.code);
        return format!("stopped: {} ({remedy})", departed.stop());
    }
    match (&state.stop, state.paused, &state.paused_by) {
        (_, true, Some(who)) => format!("paused by {who}"),
        (_, true, None) => "paused".to_owned(),
        (Some(stop), false, _) => format!(
            "stopped: {} ({})",
            stop.reason,
            remedy::of_stop(state.system, &stop.code)
        ),
        (None, false, _) => "running".to_owned(),
    }
}

async fn queues(broker: &Broker) -> Option<Vec<Queue>> {
    let mut names = Vec::new();
    for family in kinds::topology().families {
        names.extend([Lane::Live, Lane::Bulk].map(|lane| family.queue(lane)));
    }
    names.push(DEAD_QUEUE.to_owned());
    let mut queues = Vec::new();
    for name in names {
        let depth = broker.depth(&name).await.ok()?;
        queues.push(Queue {
            name,
            messages: depth.messages,
            consumers: depth.consumers,
        });
    }
    Some(queues)
}

/// What their system does not have any more, in the order of the lists.
fn gone(facts: &Facts) -> Vec<String> {
    let named = |(list, system, value): &(String, System, String)| {
        let label = facts.label(list, *system, value);
        format!("{list} \"{label}\" of {system}")
    };
    let mut gone: Vec<String> = facts.gone.keys().map(named).collect();
    gone.sort();
    gone
}

fn plain(status: &Status, zone: Tz) -> Vec<String> {
    let mut plain = Vec::new();
    if !status.connected {
        plain.push("This site is not connected yet. Next: crossbill connect".to_owned());
    }
    plain.extend(status.systems.iter().filter_map(about_system));
    times::about_times(status, zone, &mut plain);
    plain.extend(status.clocks_ahead.iter().filter_map(times::about_clock));
    about_messages(status, &mut plain);
    plain.extend(times::about_gone(&status.gone));
    plain.extend(status.held.iter().map(about_held));
    plain.extend(status.differing.iter().map(about_differing));
    about_sources(status, &mut plain);
    if plain.is_empty() {
        plain.push("All is well: both systems are running and nothing waits.".to_owned());
    }
    if status.comments_writable == Some(false) {
        plain.push(
            "This Jim2 takes no comments from its API: notes of tickets stay in Autotask, comments of jobs still \
             become notes. After an update of Jim2: crossbill connect"
                .to_owned(),
        );
    }
    plain
}

fn about_system(state: &SystemState) -> Option<String> {
    let system = state.system;
    if let Some(departed) = &state.departed {
        return Some(about_departed(system, departed));
    }
    match (&state.stop, state.paused) {
        (_, true) => Some(format!(
            "{system} is {}: nothing is written to it; events are collected. Next: crossbill resume",
            standing(state)
        )),
        (Some(stop), false) => Some(format!(
            "{system} is stopped: {}. Next: {}. It is tried again by itself at {}.",
            stop.reason,
            remedy::of_stop(system, &stop.code),
            stop.until.format("%H:%M:%S UTC")
        )),
        (None, false) => None,
    }
}

/// The one problem of a database that is not the one we know.
fn about_departed(system: System, departed: &Departed) -> String {
    let minute = |at: DateTime<Utc>| at.format("%d %b %H:%M UTC").to_string();
    let agreed = departed
        .agreed_at
        .map_or_else(|| "never".to_owned(), |at| format!("at {}", minute(at)));
    format!(
        "Nothing is written to {system} since {}: {}; it was last seen to be the one we know {agreed}. No job, line or card is \
         made or changed meanwhile, and nothing counts as failed; changes are still collected. For the integrator: {}.",
        minute(departed.since),
        departed.stop(),
        remedy::of_stop(system, &departed.code),
    )
}

fn about_messages(status: &Status, plain: &mut Vec<String>) {
    if status.queues.is_empty() {
        plain.push(
            "RabbitMQ does not answer or has no queues yet: events wait in Postgres. It continues by itself."
                .to_owned(),
        );
    }
    for queue in &status.queues {
        // In quiet hours nobody takes anything.
        let runs =
            status.systems.iter().all(SystemState::is_running) && status.quiet_until.is_none();
        if queue.name == DEAD_QUEUE {
            if queue.messages > 0 {
                plain.push(format!(
                    "{} messages could not be handled; the reconciler turns them into held items.",
                    queue.messages
                ));
            }
        } else if queue.consumers == 0 && runs {
            plain.push(format!(
                "Nobody works on {} ({} wait). Next: crossbill serve",
                queue.name, queue.messages
            ));
        } else if queue.messages >= BEHIND {
            plain.push(format!(
                "{} is behind: {} events wait. It continues by itself.",
                queue.name, queue.messages
            ));
        }
    }
    if status.counts.spilled > 0 {
        plain.push(format!(
            "{} events wait in Postgres for RabbitMQ. They continue by themselves while a reconciler runs.",
            status.counts.spilled
        ));
    }
}

fn about_held(group: &Group) -> String {
    let problem = &group.problem;
    let after = if problem.continues {
        "it continues by itself after that"
    } else {
        "then: crossbill held replay"
    };
    format!(
        "{}{} held since {} ({}): {}. For the {}: {}; {after}.",
        group.items,
        holding_up(group.net),
        group.since.format("%d %b %H:%M UTC"),
        group.labels.join("; "),
        problem.says.trim_end_matches('.'),
        problem.who,
        problem.step.trim_end_matches('.'),
    )
}

fn about_differing((kind, pairs): &(Kind, usize)) -> String {
    format!(
        "{pairs} {kind} pairs differ since before Crossbill, and stay so until one side changes. Next: crossbill preview \
         {kind} <id> shows one, crossbill mapping apply --kind {kind} settles all by each field's owner"
    )
}

fn about_sources(status: &Status, plain: &mut Vec<String>) {
    for gap in &status.gaps {
        plain.push(format!(
            "Events of {} may have been missed since {}: {}. What was changed meanwhile is looked at again by the next \
             sweep, by itself.",
            gap.system,
            gap.since.format("%d %b %H:%M UTC"),
            gap.reason.trim_end_matches('.')
        ));
    }
    let runs = status.systems.iter().all(SystemState::is_running);
    if status.connected && runs {
        let sweeps = status.sweeps.iter();
        plain.extend(sweeps.filter_map(|sweep| sweeps::plain(sweep, status.at)));
        let full = status.full_sweeps.iter();
        plain.extend(full.filter_map(|sweep| sweeps::plain_of_full(sweep, status.at)));
    }
    for webhook in &status.webhooks {
        if !(webhook.is_active && webhook.is_ready) {
            plain.push(format!(
                "Autotask's webhook {} is off. Next: crossbill connect",
                webhook.name
            ));
        }
    }
    // A feed that does not read another database for the right one is told of already.
    let departed = status.systems.iter().find(|it| it.departed.is_some());
    let is_told =
        |cursor: &str| departed.is_some_and(|state| cursor.starts_with(state.system.as_str()));
    for cursor in &status.counts.cursors {
        if status.connected && cursor.seconds > STANDS_STILL && !is_told(&cursor.name) {
            plain.push(format!(
                "{} was last read {:.0} min ago. Next: see whether crossbill serve ingress runs",
                cursor.name,
                cursor.seconds / 60.0
            ));
        }
    }
    plain.extend(trouble(&status.budget));
}
