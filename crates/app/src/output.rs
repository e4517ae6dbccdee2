//! The only place that prints: answers on stdout, failures on stderr.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this module is the binary's output"
)]

mod alerts;
mod budget;
mod choices;
mod gaps;
mod held;
mod lookups;
mod pairs;
mod pause;
mod preview;
mod status;
mod table;
mod tieout;

use std::{
    io::{IsTerminal as _, Write as _, stderr, stdin, stdout},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::config::Wrong;

pub(crate) use alerts::{alerts, message, tested};
pub(crate) use budget::budget;
pub(crate) use choices::{filters, rules, settings};
pub(crate) use gaps::gaps;
pub(crate) use held::{groups, items, shown};
pub(crate) use lookups::{changes, lines, matched};
pub(crate) use pairs::{date_out_moved, pairs};
pub(crate) use pause::waiting;
pub(crate) use preview::preview;
pub(crate) use status::status;
pub(crate) use tieout::tieout;

/// Wrong usage or configuration.
const REFUSED: u8 = 2;

/// Says `text`.
pub(crate) fn say(text: impl std::fmt::Display) {
    println!("{text}");
}

/// Says `text`, which ends its own last line.
pub(crate) fn raw(text: impl std::fmt::Display) {
    print!("{text}");
}

/// Says `answer` as JSON.
pub(crate) fn json<T: Serialize>(answer: &T) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string_pretty(answer)?);
    Ok(())
}

/// Says beside the answer that it is not all.
pub(crate) fn cut(is_cut: bool, limit: i64) {
    if is_cut {
        eprintln!("Only the first {limit} are shown; there are more: say --limit");
    }
}

/// A bar for long work; nothing where nobody looks.
pub(crate) fn progress(what: &'static str, total: usize) -> ProgressBar {
    if !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{prefix} [{bar:30}] {pos}/{len}")
        .expect("the template is a constant");
    ProgressBar::new(total as u64)
        .with_style(style)
        .with_prefix(what)
}

/// Asks, and takes only a clear yes for one. Where nobody can answer, the remedy is named.
pub(crate) fn agreed(question: &str, is_agreed: bool) -> anyhow::Result<bool> {
    if is_agreed {
        return Ok(true);
    }
    if !stdin().is_terminal() {
        bail!("{question} Nobody can answer here: say --yes");
    }
    print!("{question} [y/N] ");
    stdout().flush()?;
    let mut answer = String::new();
    stdin().read_line(&mut answer).context("no answer")?;
    let is_yes = matches!(answer.trim().to_lowercase().as_str(), "y" | "yes");
    if !is_yes {
        println!("Nothing was changed.");
    }
    Ok(is_yes)
}

/// The configuration is wrong.
pub(crate) fn refuse(wrong: &Wrong) -> ExitCode {
    eprintln!("crossbill: {wrong}");
    ExitCode::from(REFUSED)
}

/// It did not work: one sentence, with what led to it.
pub(crate) fn fail(error: &anyhow::Error) -> ExitCode {
    eprintln!("crossbill: {error:#}");
    ExitCode::FAILURE
}
