//! Compares both stand-ins, record by record.

use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use clap::Args;
use reqwest::Url;
use sandbox::check::{self, Agreement, Settings, Tables};
use sandbox::screen::Screen;

use super::error::Error;
use super::output;

/// How many findings are printed.
const MOST: usize = 40;

/// What `sandbox check` takes.
#[derive(Args, Debug)]
pub(crate) struct CheckArgs {
    /// The address of the Autotask stand-in.
    #[arg(long)]
    autotask: Url,
    /// The address of the Jim2 stand-in.
    #[arg(long)]
    jim2: Url,
    /// What was made from then on must have its other half, as far as the default mapping carries it; notes and comments
    /// on jobs that Crossbill made always must.
    #[arg(long, value_name = "TIME")]
    since: Option<DateTime<Utc>>,
    /// The zone of the times that Jim2 tells.
    #[arg(long, value_name = "ZONE", default_value_t = Tz::Australia__Sydney)]
    time_zone: Tz,
    /// What values stand for, as `crossbill lookups export` writes it; without it, the default mapping.
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// What the site has Crossbill make where that is off at first (kinds; the status of quotes; notes of cards; lists of
    /// attachments), so that what is new of it without its other half is missed.
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = check::MADE)]
    made: Vec<String>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Compares, tells, and fails unless both agree.
pub(crate) async fn run(args: CheckArgs) -> Result<(), Error> {
    let settings = Settings {
        zone: args.time_zone,
        since: args.since,
        tables: args.mapping.map_or_else(|| Ok(Tables::default()), tables)?,
        made: args.made.into_iter().collect(),
    };
    let autotask = Screen::at(args.autotask.as_str()).everything().await?;
    let jim2 = Screen::at(args.jim2.as_str()).everything().await?;
    let agreement = check::compare(&autotask, &jim2, &settings);
    if args.json {
        let json = serde_json::to_string_pretty(&agreement);
        output::say(&json.unwrap_or_default());
    } else {
        output::say(&told(&agreement));
    }
    match agreement.findings.len() {
        0 => Ok(()),
        findings => Err(Error::Disagreement(findings)),
    }
}

fn tables(path: PathBuf) -> Result<Tables, Error> {
    let text = fs::read_to_string(&path).map_err(|source| Error::Mapping {
        path: path.clone(),
        why: source.to_string(),
    })?;
    Tables::read(&text).map_err(|why| Error::Mapping { path, why })
}

/// Totals, and what does not agree.
pub(crate) fn told(agreement: &Agreement) -> String {
    let compared: Vec<String> = agreement
        .compared
        .iter()
        .map(|(kind, pairs)| format!("{pairs} {kind}"))
        .collect();
    let compared = format!(
        "compared {} ({} values)",
        compared.join(", "),
        agreement.values
    );
    let findings = &agreement.findings;
    if findings.is_empty() {
        return format!("✓ both sides agree on every record: {compared}");
    }
    let mut lines = vec![format!("✗ {} disagreements; {compared}", findings.len())];
    for finding in findings.iter().take(MOST) {
        let trouble = format!("{:?}", finding.trouble).to_lowercase();
        lines.push(format!(
            "  {trouble:<8} {}: {}",
            finding.record, finding.says
        ));
    }
    if findings.len() > MOST {
        lines.push(format!(
            "  and {} more (--json tells all)",
            findings.len() - MOST
        ));
    }
    lines.join("\n")
}
