//! Plays the scripted day.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use chrono_tz::Tz;
use clap::Args;
use reqwest::Url;
use sandbox::day::{self, Script, Settings};
use sandbox::fault::setting::duration;

use super::error::Error;
use super::{check, output};

/// What `sandbox day` takes.
#[derive(Args, Debug)]
pub(crate) struct DayArgs {
    /// The address of the Autotask stand-in.
    #[arg(long)]
    autotask: Url,
    /// The address of the Jim2 stand-in.
    #[arg(long)]
    jim2: Url,
    /// Crossbill's program; it reads its configuration from the environment.
    #[arg(long, value_name = "PATH")]
    crossbill: PathBuf,
    /// Crossbill's metrics (`http://127.0.0.1:9090/metrics`).
    #[arg(long)]
    metrics: Url,
    /// Where to write all that was seen as JSON.
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
    /// How many tickets are raised at once at the end.
    #[arg(long, default_value_t = 100)]
    tickets_burst: usize,
    /// Steps of your own instead of those that come with the program.
    #[arg(long, value_name = "PATH")]
    script: Option<PathBuf>,
    /// What a shell does between two steps; `STEP` and `STEP_NAME` say which one is over.
    #[arg(long, value_name = "COMMAND")]
    between_steps: Option<String>,
    /// What a shell does in every step, after people have acted and before anybody looks.
    #[arg(long, value_name = "COMMAND")]
    amid_steps: Option<String>,
    /// How long to look for what has to come (60s).
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = duration)]
    patience: Duration,
    /// The zone of the times that Jim2 tells.
    #[arg(long, value_name = "ZONE", default_value_t = Tz::Australia__Sydney)]
    time_zone: Tz,
}

/// Plays it, tells it, and fails unless everything was seen and both sides agree.
pub(crate) async fn run(args: DayArgs) -> Result<(), Error> {
    let script = script(args.script)?;
    let settings = Settings {
        autotask: args.autotask.to_string(),
        jim2: args.jim2.to_string(),
        crossbill: args.crossbill,
        metrics: args.metrics.to_string(),
        tickets_burst: args.tickets_burst,
        zone: args.time_zone,
        between_steps: args.between_steps,
        amid_steps: args.amid_steps,
        patience: args.patience,
        still: day::STILL,
    };
    let report = Box::pin(day::play(&script, &settings, &mut |line| output::say(line))).await?;
    output::say(&format!("\n{}\n", report.totals.lines()));
    output::say(&check::told(&report.agreement));
    if let Some(path) = args.json {
        let json = serde_json::to_string_pretty(&report).map_err(io::Error::from);
        json.and_then(|json| fs::write(&path, json + "\n"))
            .map_err(|source| Error::Json { path, source })?;
    }
    if report.ok {
        return Ok(());
    }
    Err(Error::BadDay(report.reasons.join("; ")))
}

fn script(path: Option<PathBuf>) -> Result<Script, Error> {
    let Some(path) = path else {
        return Ok(Script::standard().map_err(day::Error::from)?);
    };
    let text = fs::read_to_string(&path).map_err(|source| Error::ScriptFile { path, source })?;
    Ok(Script::read(&text).map_err(day::Error::from)?)
}
