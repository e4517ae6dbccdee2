//! Compares both stand-ins, record by record.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use clap::Args;
use reqwest::Url;
use sandbox::check::{self, Agreement, Settings};
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
    /// Notes and comments from then on must have a copy; those of jobs that Crossbill made always must.
    #[arg(long, value_name = "TIME")]
    since: Option<DateTime<Utc>>,
    /// The zone of the times that Jim2 tells.
    #[arg(long, value_name = "ZONE", default_value_t = Tz::Australia__Sydney)]
    time_zone: Tz,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Compares, tells, and fails unless both agree.
pub(crate) async fn run(args: CheckArgs) -> Result<(), Error> {
    let autotask = Screen::at(args.autotask.as_str()).everything().await?;
    let jim2 = Screen::at(args.jim2.as_str()).everything().await?;
    let settings = Settings {
        zone: args.time_zone,
        notes_since: args.since,
    };
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
