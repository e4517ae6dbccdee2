//! What the process says about itself: log lines on stderr, and the recorder of metrics.

use std::io::{IsTerminal as _, stderr};

use anyhow::Context as _;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Bounds of histograms, in seconds: from a confirm to the slowest answer we wait for.
const SECONDS: &[f64] = &[
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0,
];

/// Starts logging. `usual` is the level where none is configured.
///
/// What lapin reports is told by ourselves, with what it means, unless a site asks for it by name.
pub(crate) fn start(log: &Log, usual: &str) -> anyhow::Result<()> {
    let level = log.level.as_deref().unwrap_or(usual);
    let level = if level.contains("lapin") {
        level.to_owned()
    } else {
        format!("{level},lapin=off")
    };
    let filter = EnvFilter::try_new(level).context("the log level was checked before")?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(stderr().is_terminal())
        .with_writer(stderr);
    let started = match log.format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("logging cannot start: {error}"))
}

/// Starts recording metrics, to be rendered by the admin listener.
pub(crate) fn record() -> anyhow::Result<PrometheusHandle> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)
        .and_then(PrometheusBuilder::install_recorder)
        .context("metrics cannot be recorded")
}
