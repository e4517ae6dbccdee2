//! `crossbill status` for people.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::table::{shortened, table};
use crate::operate::{
    budget::at_this_rate,
    held::holding_up,
    status::{Status, standing},
};

/// How much of a gap's reason is shown.
const REASON: usize = 80;

/// How things stand.
pub(crate) fn status(status: &Status, zone: Tz) -> String {
    let mut text = String::new();
    for sentence in &status.plain {
        let _infallible = writeln!(text, "• {sentence}");
    }
    text.push('\n');
    for state in &status.systems {
        let _infallible = writeln!(text, "{:<9} {}", state.system.to_string(), standing(state));
    }
    let _infallible = writeln!(
        text,
        "{:<9} {} % of {} calls in {} min used; {}",
        "Budget",
        status.budget_percent,
        status.budget.allowance,
        status.budget.window_minutes,
        at_this_rate(&status.budget_forecast, zone)
    );
    if let Some(inventory) = &status.inventory {
        let _infallible = writeln!(
            text,
            "{:<9} Autotask counts with inventory {inventory} (stock.inventory)",
            "Stock"
        );
    }
    let counts = &status.counts;
    let _infallible = writeln!(
        text,
        "{:<9} {} held{}, {} in Postgres for RabbitMQ, {} being worked on, {} writes not finished, {} gaps",
        "Waiting",
        counts.held,
        holding_up(counts.held_net),
        counts.spilled,
        counts.claims,
        counts.open_intents,
        counts.open_gaps
    );
    section(&mut text, pairs(status));
    section(&mut text, queues(status));
    section(&mut text, gaps(status));
    section(&mut text, sweeps(status, zone));
    section(&mut text, sources(status));
    section(&mut text, today(status));
    text.trim_end().to_owned()
}

fn section(text: &mut String, table: Option<String>) {
    if let Some(table) = table {
        let _infallible = write!(text, "\n{table}\n");
    }
}

fn pairs(status: &Status) -> Option<String> {
    let rows: Vec<_> = status
        .counts
        .pairs
        .iter()
        .map(|pairs| {
            [
                pairs.kind.clone(),
                pairs.state.clone(),
                pairs.pairs.to_string(),
            ]
        })
        .collect();
    (!rows.is_empty()).then(|| table(["PAIRS", "STATE", "COUNT"], &rows))
}

fn queues(status: &Status) -> Option<String> {
    let rows: Vec<_> = status
        .queues
        .iter()
        .map(|queue| {
            [
                queue.name.clone(),
                queue.messages.to_string(),
                queue.consumers.to_string(),
            ]
        })
        .collect();
    (!rows.is_empty()).then(|| table(["QUEUE", "WAITING", "CONSUMERS"], &rows))
}

fn gaps(status: &Status) -> Option<String> {
    const MINUTE: &str = "%Y-%m-%d %H:%M UTC";
    let rows: Vec<_> = status
        .gaps
        .iter()
        .map(|gap| {
            let until = gap.until.map(|until| until.format(MINUTE).to_string());
            [
                gap.system.to_string(),
                gap.kind
                    .as_ref()
                    .map_or_else(|| "all".to_owned(), ToString::to_string),
                gap.since.format(MINUTE).to_string(),
                until.unwrap_or_else(|| "now".to_owned()),
                shortened(&gap.reason, REASON),
            ]
        })
        .collect();
    (!rows.is_empty()).then(|| table(["GAP", "KIND", "SINCE", "UNTIL", "WHY"], &rows))
}

/// Times of the site, as a sweep tells people up to when they can rely on it.
fn sweeps(status: &Status, zone: Tz) -> Option<String> {
    let local = |at: DateTime<Utc>| at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string();
    let rows: Vec<_> = status
        .sweeps
        .iter()
        .map(|sweep| {
            let next = match (sweep.is_on, sweep.next_at) {
                (false, _) => "off".to_owned(),
                (true, None) => "once a reconciler runs".to_owned(),
                (true, Some(at)) => local(at.max(status.at)),
            };
            [
                sweep.what.clone(),
                sweep
                    .complete_to
                    .map_or_else(|| "not yet".to_owned(), local),
                next,
                sweep.found.to_string(),
            ]
        })
        .collect();
    let head = ["SWEEP", "COMPLETE UP TO", "NEXT", "LOOKED AT AGAIN"];
    (!rows.is_empty()).then(|| table(head, &rows))
}

fn sources(status: &Status) -> Option<String> {
    let cursors = status.counts.cursors.iter().map(|cursor| {
        [
            cursor.name.clone(),
            format!("read {:.0} s ago", cursor.seconds),
        ]
    });
    let webhooks = status.webhooks.iter().map(|webhook| {
        let is_on = webhook.is_active && webhook.is_ready;
        [
            format!("webhook {}", webhook.name),
            if is_on { "on" } else { "off" }.to_owned(),
        ]
    });
    let rows: Vec<_> = cursors.chain(webhooks).collect();
    (!rows.is_empty()).then(|| table(["SOURCE", "STATE"], &rows))
}

fn today(status: &Status) -> Option<String> {
    let rows: Vec<_> = status
        .counts
        .today
        .iter()
        .map(|done| {
            [
                done.kind.clone(),
                done.what.clone(),
                done.entries.to_string(),
                done.calls.to_string(),
            ]
        })
        .collect();
    (!rows.is_empty()).then(|| table(["TODAY (UTC)", "WHAT", "COUNT", "CALLS"], &rows))
}
