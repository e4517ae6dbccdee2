//! The figures of `ops/bench`: each a thing against its yardstick, measured in turn in the same run.
#![expect(
    clippy::unwrap_used,
    reason = "what cannot be measured is a failure, which is what a panic says"
)]

mod accept;
mod applied;
mod at_rest;
mod caller;
mod full;
mod governor;
#[path = "../it"]
#[expect(
    dead_code,
    unused_imports,
    reason = "measurements need less of a site than the tests do"
)]
mod it {
    pub(crate) mod figures;
    pub(crate) mod governor;
    pub(crate) mod system;
    pub(crate) mod year;
}
// What is shared with the tests names its neighbour as the tests do.
use it::system;
mod load;
mod machine;
mod memory;
mod no_ops;
mod options;
mod say;
mod spill;
mod stage;
mod start;
mod year;

use std::{fs, panic::AssertUnwindSafe, process::ExitCode};

use chrono::SecondsFormat;
use domain::{Clock as _, SystemClock};
use futures_util::{FutureExt as _, future::LocalBoxFuture};
use serde_json::{Value, json};
use tokio::time::Instant;

use self::{
    it::figures::{Earlier, Row, compare, table},
    options::Options,
    say::{note, tell},
    stage::Stage,
};

type Measure = for<'a> fn(&'a Stage, usize) -> LocalBoxFuture<'a, Vec<Row>>;

/// Every measurement by its name for `--only`, in the order in which they are made: the pairs come last but one.
const MEASUREMENTS: [(&str, Measure); 7] = [
    ("accept", |stage, rounds| {
        accept::measure(stage, rounds).boxed_local()
    }),
    ("spill", |stage, rounds| {
        spill::measure(stage, rounds).boxed_local()
    }),
    ("no-ops", |stage, rounds| {
        no_ops::measure(stage, rounds).boxed_local()
    }),
    ("applied", |stage, rounds| {
        applied::measure(stage, rounds).boxed_local()
    }),
    ("at-rest", |stage, rounds| {
        at_rest::measure(stage, rounds).boxed_local()
    }),
    ("memory", |stage, rounds| {
        memory::measure(stage, rounds).boxed_local()
    }),
    ("start", |stage, rounds| {
        start::measure(stage, rounds).boxed_local()
    }),
];

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(code) => code,
        Err(sentence) => {
            note(&sentence);
            ExitCode::FAILURE
        }
    }
}

/// Measures, tells and writes. An aim that is missed is no failure; what could not be measured is.
async fn run() -> Result<ExitCode, String> {
    let options = Options::read(std::env::args().skip(1))?;
    if let Some(part) = options.year {
        return Ok(year::run(part).await);
    }
    if let Some(records) = options.full_sweep {
        return Ok(full::run(records).await);
    }
    if options.governor {
        governor::run().await;
        return Ok(ExitCode::SUCCESS);
    }
    let names = MEASUREMENTS.map(|(name, _)| name);
    if let Some(unknown) = options
        .only
        .iter()
        .find(|only| !names.contains(&only.as_str()))
    {
        return Err(format!(
            "there is no measurement {unknown}: {}",
            names.join(", ")
        ));
    }
    let earlier = options.compare.as_ref().map(|path| {
        let text = fs::read_to_string(path).map_err(|error| error.to_string());
        let read = text.and_then(|text| Earlier::read(&text));
        read.map_err(|error| format!("{} cannot be read: {error}", path.display()))
    });
    let earlier = earlier.transpose()?;
    let machine = machine::machine();
    let stage = Stage::set(options.scale).await;
    let (rows, failed) = measure(&stage, &options).await;
    tell(&table(&rows));
    if let Some(earlier) = &earlier {
        tell(&format!("\n{}", compare(earlier, &rows)));
    }
    if let Some(path) = &options.json {
        let json = format!("{:#}\n", told(&rows, &options, &machine));
        fs::write(path, json).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    Err(format!("could not be measured: {}", failed.join(", ")))
}

/// The rows, and the measurements that came to nothing.
async fn measure(stage: &Stage, options: &Options) -> (Vec<Row>, Vec<&'static str>) {
    let (mut rows, mut failed) = (Vec::new(), Vec::new());
    for (name, measure) in MEASUREMENTS {
        if !options.wants(name) {
            continue;
        }
        let began = Instant::now();
        let measured = AssertUnwindSafe(measure(stage, options.rounds));
        match measured.catch_unwind().await {
            Ok(measured) => rows.extend(measured),
            Err(_) => failed.push(name),
        }
        note(&format!("{name}: {:.0} s", began.elapsed().as_secs_f64()));
    }
    (rows, failed)
}

fn told(rows: &[Row], options: &Options, machine: &Value) -> Value {
    json!({
        "at": SystemClock.now().to_rfc3339_opts(SecondsFormat::Secs, true),
        "machine": machine,
        "rounds": options.rounds,
        "rows": rows.iter().map(Row::to_json).collect::<Vec<_>>(),
    })
}
