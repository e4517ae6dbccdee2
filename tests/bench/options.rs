//! What `ops/bench` was asked for.

use std::{path::PathBuf, time::Duration};

/// The options.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// Only these measurements; none means all.
    pub(crate) only: Vec<String>,
    /// How often everything is measured.
    pub(crate) rounds: usize,
    /// Where the figures go.
    pub(crate) json: Option<PathBuf>,
    /// An earlier run's figures.
    pub(crate) compare: Option<PathBuf>,
    /// How much of everything there is.
    pub(crate) scale: Scale,
    /// One of so many parts of a year is played instead of all that.
    pub(crate) year: Option<usize>,
    /// So many records are compared in full instead of all that.
    pub(crate) full_sweep: Option<usize>,
    /// The proof that the allowance is kept is played instead.
    pub(crate) governor: bool,
}

/// How much of everything there is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    /// How long a rate is measured.
    pub(crate) length: Duration,
    /// Calls at once, and messages on their way at once.
    pub(crate) at_once: usize,
    /// Tickets of a burst.
    pub(crate) tickets: usize,
    /// Events that ask for nothing.
    pub(crate) no_ops: usize,
    /// Tickets that are raised one by one, while nothing else happens.
    pub(crate) alone: usize,
    /// Pairs in the database: few, and many.
    pub(crate) pairs: [i64; 2],
}

impl Scale {
    const FULL: Self = Self {
        length: Duration::from_secs(3),
        at_once: 256,
        tickets: 2_000,
        no_ops: 10_000,
        alone: 30,
        pairs: [10_000, 100_000],
    };

    /// To see that the measurements themselves work.
    const QUICK: Self = Self {
        length: Duration::from_millis(500),
        at_once: 32,
        tickets: 60,
        no_ops: 600,
        alone: 3,
        pairs: [500, 2_000],
    };
}

impl Options {
    /// Reads them; what they cannot be is told in a sentence.
    pub(crate) fn read(arguments: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut options = Self {
            only: Vec::new(),
            rounds: 5,
            json: None,
            compare: None,
            scale: Scale::FULL,
            year: None,
            full_sweep: None,
            governor: false,
        };
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let mut value = || {
                let value = arguments.next();
                value.ok_or_else(|| format!("{argument} takes a value"))
            };
            match argument.as_str() {
                "--only" => options.only.push(value()?),
                "--rounds" => options.rounds = rounds(&value()?)?,
                "--json" => options.json = Some(value()?.into()),
                "--compare" => options.compare = Some(value()?.into()),
                "--year" => options.year = Some(part(&value()?)?),
                "--full-sweep" => options.full_sweep = Some(records(&value()?)?),
                "--governor" => options.governor = true,
                "--quick" => options.scale = Scale::QUICK,
                // Cargo's own.
                "--bench" => {}
                other => return Err(format!("there is no option {other}")),
            }
        }
        Ok(options)
    }

    /// Whether this measurement was asked for.
    pub(crate) fn wants(&self, measurement: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == measurement)
    }
}

fn rounds(text: &str) -> Result<usize, String> {
    let rounds = text.parse().ok().filter(|rounds| *rounds > 0);
    rounds.ok_or_else(|| format!("--rounds takes a whole number from 1 on, not {text}"))
}

fn records(text: &str) -> Result<usize, String> {
    let records = text.parse().ok().filter(|records| *records > 0);
    records.ok_or_else(|| format!("--records takes a whole number from 1 on, not {text}"))
}

fn part(text: &str) -> Result<usize, String> {
    let of = text.strip_prefix("1/").unwrap_or(text);
    let part = of.parse().ok().filter(|part| *part > 0);
    part.ok_or_else(|| {
        format!("--share takes a part of a year such as 1/100, or 1 for all of it, not {text}")
    })
}
