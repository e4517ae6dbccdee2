//! The whole day, from a quiet morning to an evening on which both sides agree.

use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, SecondsFormat, SubsecRound as _, Utc};
use serde_json::json;

use super::stage::Stage;
use super::totals::Baseline;
use super::{Error, Report, Script, Settings, StepReport, burst, crossbill, quiet};
use crate::check;

/// What the demonstration's site has made that is off at first.
const MADE: [&str; 7] = [
    "contract",
    "asset",
    "stock",
    "purchase",
    "quote",
    "card-note",
    "attachment",
];
/// How long the morning may take: everything that was linked is read once.
const MORNING: Duration = Duration::from_mins(3);

/// Plays the script, and tells each line as it happens.
pub async fn play(
    script: &Script,
    settings: &Settings,
    tell: &mut (dyn FnMut(&str) + Send),
) -> Result<Report, Error> {
    let began: DateTime<Utc> = SystemTime::now().into();
    // As the script and the commands tell it.
    let began = began.trunc_subsecs(0);
    let mut report = Report::default();
    let mut stage = Stage::set(settings).await?;
    // Two days on the same records must not mistake each other's for their own.
    let mark = format!("{:05}", began.timestamp().rem_euclid(100_000));
    let today = json!({"mark": mark, "began": began.to_rfc3339_opts(SecondsFormat::Secs, true)});
    stage.names.bind("today", today);
    let morning = morning(&mut stage).await?;
    tell(&morning.line());
    let mut goes_on = morning.missing.is_none();
    report.steps.push(morning);
    let baseline = Baseline::take(&mut stage).await?;
    for (index, step) in script.steps.iter().enumerate() {
        // What comes later is about what was to be seen before.
        if !goes_on {
            break;
        }
        let number = index + 1;
        let played = stage.play(number, step, settings).await?;
        tell(&played.line());
        stage.meter.read().await;
        goes_on = played.missing.is_none();
        report.steps.push(played);
        if let Some(line) = settings.between_steps.as_ref().filter(|_| goes_on) {
            crossbill::shell(line, number, &step.name).await?;
        }
    }
    if goes_on && settings.tickets_burst > 0 {
        let raised = burst::raise(&stage, script.steps.len() + 1, settings).await?;
        tell(&raised.line());
        report.burst = Some(raised);
    }
    let moving = quiet::wait(&mut stage, settings.patience).await?;
    report.totals = baseline.totals(&mut stage, report.burst.as_ref()).await?;
    let rules = check::Settings {
        zone: settings.zone,
        since: Some(began),
        tables: check::Tables::default(),
        made: MADE.map(str::to_owned).into(),
    };
    let (autotask, jim2) = (
        stage.autotask.everything().await?,
        stage.jim2.everything().await?,
    );
    report.agreement = check::compare(&autotask, &jim2, &rules);
    report.reasons = reasons(&report, moving);
    report.reasons.extend(left_over(&mut stage).await?);
    report.ok = report.reasons.is_empty();
    Ok(report)
}

/// Waits for the first load, and settles what was different from before.
async fn morning(stage: &mut Stage) -> Result<StepReport, Error> {
    let began = Instant::now();
    let mut missing = quiet::wait(stage, MORNING).await?;
    if missing.is_none() {
        stage.crossbill.run(&["mapping", "apply", "--yes"]).await?;
        missing = quiet::wait(stage, MORNING).await?;
    }
    Ok(StepReport {
        number: 0,
        name: "What was linked is read once, and what differed from before is settled by its owner"
            .to_owned(),
        seconds: began.elapsed().as_secs_f64(),
        seen: "nothing moves any more".to_owned(),
        missing,
    })
}

/// What waits for somebody in the evening: nothing that people did may have ended there.
async fn left_over(stage: &mut Stage) -> Result<Vec<String>, Error> {
    let held = stage.crossbill.held_items().await?;
    let held = held
        .into_iter()
        .map(|item| format!("held in the evening: {item}"));
    let dead = quiet::dead_letters(stage).await;
    Ok(held.chain(dead).collect())
}

fn reasons(report: &Report, moving: Option<String>) -> Vec<String> {
    let mut reasons: Vec<String> = Vec::new();
    for step in &report.steps {
        if let Some(missing) = &step.missing {
            reasons.push(format!(
                "step {} ({}) was not seen: {missing}",
                step.number, step.name
            ));
        }
    }
    if let Some(burst) = report
        .burst
        .as_ref()
        .filter(|burst| !burst.without_job.is_empty())
    {
        let numbers = burst.without_job.join(", ");
        reasons.push(format!(
            "{} tickets have no job: {numbers}",
            burst.without_job.len()
        ));
    }
    reasons.extend(moving.map(|moving| format!("it did not get quiet: {moving}")));
    let findings = report.agreement.findings.iter();
    reasons.extend(findings.map(|finding| format!("{}: {}", finding.record, finding.says)));
    reasons
}
