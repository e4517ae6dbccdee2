//! Every role as a process of its own, ended and started again, and what their counters came to.

use std::collections::BTreeMap;

use crate::system::{Process, System};

/// Names and arguments of the processes.
const ROLES: [(&str, &[&str]); 6] = [
    ("ingress", &["ingress"]),
    ("worker-ticket-1", &["worker", "ticket"]),
    ("worker-ticket-2", &["worker", "ticket"]),
    ("worker-company", &["worker", "company"]),
    ("worker-contact", &["worker", "contact"]),
    ("reconciler", &["reconciler"]),
];

/// The processes by name; one that is ended and not yet started again is not there.
pub(super) struct Roles<'a> {
    system: &'a System,
    running: BTreeMap<&'static str, Process>,
    last: BTreeMap<(&'static str, String), f64>,
    counts: BTreeMap<String, f64>,
    /// How often one ended that nobody had killed.
    ended: usize,
}

impl<'a> Roles<'a> {
    pub(super) fn start(system: &'a System) -> Self {
        let mut roles = Self {
            system,
            running: BTreeMap::new(),
            last: BTreeMap::new(),
            counts: BTreeMap::new(),
            ended: 0,
        };
        roles.start_missing();
        roles
    }

    pub(super) const fn names() -> [(&'static str, &'static [&'static str]); 6] {
        ROLES
    }

    /// Starts each that does not run; nobody waits for it.
    pub(super) fn start_missing(&mut self) {
        for (name, role) in ROLES {
            self.running
                .entry(name)
                .or_insert_with(|| self.system.launch_role(role, name));
        }
    }

    /// Waits until all of them are ready.
    pub(super) async fn ready(&mut self) {
        self.start_missing();
        for process in self.running.values_mut() {
            process.ready().await;
        }
    }

    /// Ends one without any warning. What it counted is read just before.
    pub(super) async fn kill(&mut self, name: &'static str) {
        self.read(name).await;
        self.last.retain(|(of, _), _| *of != name);
        if let Some(process) = self.running.remove(name) {
            process.kill();
        }
    }

    /// As a platform would: what ended by itself is started again.
    pub(super) async fn restart_ended(&mut self) {
        for (name, role) in ROLES {
            if let Some(process) = self.running.get_mut(name)
                && process.lives().is_err()
            {
                self.ended += 1;
                self.last.retain(|(of, _), _| *of != name);
                self.running
                    .insert(name, self.system.launch_role(role, name));
            }
            self.read(name).await;
        }
    }

    /// What all processes have counted in all their lives, without the labels that nobody here asks for.
    pub(super) async fn counts(&mut self) -> BTreeMap<String, u64> {
        for (name, _) in ROLES {
            self.read(name).await;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "counts, told as floats"
        )]
        let whole = |(series, count): (&String, &f64)| (series.clone(), count.round() as u64);
        self.counts.iter().map(whole).collect()
    }

    /// How often one ended that nobody had killed.
    pub(super) const fn ended(&self) -> usize {
        self.ended
    }

    /// Adds what a process has counted since it was last asked. One that does not answer is asked later.
    async fn read(&mut self, name: &'static str) {
        let Some(process) = self.running.get(name) else {
            return;
        };
        let Some(text) = process.metrics().await else {
            return;
        };
        for (series, value) in text.lines().filter_map(counter) {
            let last = self.last.insert((name, series.to_owned()), value);
            *self.counts.entry(series.to_owned()).or_default() += value - last.unwrap_or_default();
        }
    }
}

/// `crossbill_broker_settled_total{how="retry"} 3`
fn counter(line: &str) -> Option<(&str, f64)> {
    let (series, value) = line.rsplit_once(' ')?;
    let is_counter = series.split('{').next()?.ends_with("_total");
    Some((series, value.parse().ok()?)).filter(|_| is_counter)
}
