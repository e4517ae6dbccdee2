//! Crossbill's metrics, read as any monitoring would, kept right across restarts.

use std::collections::BTreeMap;

use reqwest::Client;

/// The counters whose growth is told at the end.
const COUNTERS: [&str; 5] = [
    "crossbill_broker_taken_total",
    "crossbill_applied_total",
    "crossbill_noops_total",
    "crossbill_held_total",
    "crossbill_writes_total",
];

/// What has been read so far.
#[derive(Debug)]
pub(super) struct Meter {
    url: String,
    http: Client,
    last: BTreeMap<String, f64>,
    grown: BTreeMap<&'static str, f64>,
    pub(super) restarts: usize,
}

impl Meter {
    pub(super) fn at(url: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            url: url.to_owned(),
            http: Client::new(),
            last: BTreeMap::new(),
            grown: BTreeMap::new(),
            restarts: 0,
        }
    }

    /// Reads, and adds what the counters have grown by. Away is no news: it is read again later.
    pub(super) async fn read(&mut self) -> Option<Samples> {
        let samples = Samples::parse(&self.fetch().await.ok()?);
        let mut restarted = false;
        for counter in COUNTERS {
            for (series, value) in samples.of(counter) {
                let before = self.last.insert(series.to_owned(), value);
                let is_reset = before.is_some_and(|before| value < before);
                restarted |= is_reset;
                let from = if is_reset { 0.0 } else { before.unwrap_or(0.0) };
                *self.grown.entry(counter).or_default() += value - from;
            }
        }
        self.restarts += usize::from(restarted);
        Some(samples)
    }

    /// Forgets the growth so far.
    pub(super) fn reset(&mut self) {
        self.grown.clear();
        self.restarts = 0;
    }

    /// What a counter has grown by since then.
    pub(super) fn grown(&self, counter: &str) -> u64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a count, told as a float"
        )]
        let count = |grown: &f64| grown.round().max(0.0) as u64;
        self.grown.get(counter).map_or(0, count)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the sandbox shares nothing with our clients, `rest` included"
    )]
    async fn fetch(&self) -> Result<String, reqwest::Error> {
        let answer = self.http.get(&self.url).send().await?;
        answer.error_for_status()?.text().await
    }
}

/// One reading: series with their labels, and values.
#[derive(Debug, Default)]
pub(super) struct Samples(Vec<(String, f64)>);

impl Samples {
    fn parse(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let read = |line: &str| {
            let (series, value) = line.rsplit_once(' ')?;
            Some((series.to_owned(), value.parse().ok()?))
        };
        Self(lines.filter_map(read).collect())
    }

    /// The series of a metric.
    pub(super) fn of(&self, metric: &str) -> impl Iterator<Item = (&str, f64)> {
        self.0
            .iter()
            .filter(move |(series, _)| series.split('{').next() == Some(metric))
            .map(|(series, value)| (series.as_str(), *value))
    }
}

#[cfg(test)]
mod tests {
    use super::Samples;

    #[test]
    fn a_metric_is_all_its_series_and_no_other_metric() {
        let text = "# TYPE crossbill_applied_total counter\n\
            crossbill_applied_total{kind=\"ticket\"} 4\ncrossbill_applied_total{kind=\"company\"} 3\n\
            crossbill_applied_total_other 9\n";
        let samples = Samples::parse(text);
        let values: Vec<f64> = samples
            .of("crossbill_applied_total")
            .map(|(_, value)| value)
            .collect();
        assert_eq!(values, [4.0, 3.0]);
    }
}
