//! Crossbill's metrics, read as any monitoring would, kept right across restarts.

use std::collections::BTreeMap;

use reqwest::Client;

use crate::screen;

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
        Self {
            url: url.to_owned(),
            http: screen::client(),
            last: BTreeMap::new(),
            grown: BTreeMap::new(),
            restarts: 0,
        }
    }

    /// Reads, and adds what the counters have grown by. Away is no news: it is read again later.
    pub(super) async fn read(&mut self) -> Option<Samples> {
        let samples = Samples::parse(&self.fetch().await.ok()?);
        self.take(&samples);
        Some(samples)
    }

    /// A counter that is lower than before, or gone, says that all of them began again.
    fn take(&mut self, samples: &Samples) {
        let now: BTreeMap<String, f64> = COUNTERS
            .iter()
            .flat_map(|counter| samples.of(counter))
            .map(|(series, value)| (series.to_owned(), value))
            .collect();
        let fell =
            |(series, before): (&String, &f64)| now.get(series).is_none_or(|value| value < before);
        if self.last.iter().any(fell) {
            self.restarts += 1;
            self.last.clear();
        }
        for counter in COUNTERS {
            let series = samples.of(counter);
            let grown = series.map(|(series, value)| value - self.last.get(series).unwrap_or(&0.0));
            *self.grown.entry(counter).or_default() += grown.sum::<f64>();
        }
        self.last = now;
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
    pub(super) fn of(&self, metric: &str) -> impl Iterator<Item = (&str, f64)> + Clone {
        self.0
            .iter()
            .filter(move |(series, _)| series.split('{').next() == Some(metric))
            .map(|(series, value)| (series.as_str(), *value))
    }
}

#[cfg(test)]
mod tests {
    use super::{Meter, Samples};

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

    #[test]
    fn growth_goes_on_across_a_restart_that_is_counted_once() {
        let mut meter = Meter::at("http://127.0.0.1:1/metrics");
        for text in [
            "crossbill_applied_total{kind=\"ticket\"} 4\ncrossbill_noops_total 7\n",
            "crossbill_applied_total{kind=\"ticket\"} 6\ncrossbill_noops_total 7\n",
            "crossbill_applied_total{kind=\"ticket\"} 1\n",
            "crossbill_applied_total{kind=\"ticket\"} 2\ncrossbill_noops_total 3\n",
        ] {
            meter.take(&Samples::parse(text));
        }
        assert_eq!(meter.grown("crossbill_applied_total"), 8);
        assert_eq!(meter.grown("crossbill_noops_total"), 10);
        assert_eq!(meter.restarts, 1);
    }
}
