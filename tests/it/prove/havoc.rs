//! What goes wrong, and for how long: until the next thing does.

use std::{collections::BTreeMap, time::Duration};

use rand::{Rng as _, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;
use sandbox::fault::switch::Switch;

use super::roles::Roles;
use crate::system::{Proxy, System};

/// A burst of it is long enough to be met, and short enough for a call's deadline.
const SLOW: Duration = Duration::from_millis(100);

/// What Autotask does wrong.
const AUTOTASK: [Fault; 19] = [
    ("unavailable", 0.3, None),
    ("html-answer", 0.2, None),
    ("error-500", 0.2, None),
    ("deadlock", 0.2, None),
    ("lost-answer", 0.2, None),
    ("cut-answer", 0.2, None),
    ("short-answer", 0.2, None),
    ("slow-answer", 0.3, Some("300ms")),
    ("hard-stop", 0.05, None),
    ("thread-refusal", 1.0, None),
    ("missing-id-404", 1.0, None),
    ("naive-dates", 1.0, None),
    ("odd-udfs", 1.0, None),
    ("replica-lag", 0.5, Some("1s")),
    ("lower-person-id", 1.0, None),
    ("repeated-webhook", 0.3, None),
    ("late-copy", 0.3, Some("3s")),
    ("delayed-webhook", 0.1, Some("2s")),
    ("reordered-webhook", 0.3, Some("1s")),
];

/// What Jim2 does wrong.
const JIM2: [Fault; 11] = [
    ("unavailable", 0.3, None),
    ("html-page", 0.2, None),
    ("error-500", 0.2, None),
    ("slow", 0.3, Some("300ms")),
    ("lost-answer", 0.2, None),
    ("no-licence", 0.5, None),
    ("lost-token", 0.3, None),
    ("token-expires", 0.2, None),
    ("logged-off", 0.1, None),
    ("locked", 0.1, Some("1s")),
    ("late-commit", 0.3, Some("1s")),
];

/// What is wrong now, and what has been.
#[derive(Default)]
pub(super) struct Havoc {
    now: Option<Wrong>,
    counts: BTreeMap<String, usize>,
}

#[derive(Debug, Clone, Copy)]
enum Wrong {
    Killed,
    BrokerRestarted,
    PostgresKilled,
    Cut(Service),
    Slowed(Service),
    DiskAlarm,
    Autotask(Fault),
    Jim2(Fault),
}

/// A stand-in's fault: its name, the share of the cases it strikes, what it is set to.
type Fault = (&'static str, f64, Option<&'static str>);

#[derive(Debug, Clone, Copy)]
enum Service {
    Postgres,
    RabbitMq,
    Jim2,
}

impl Havoc {
    /// Ends what was wrong, and lets the next thing go wrong.
    pub(super) async fn go_on(
        &mut self,
        system: &System,
        roles: &mut Roles<'_>,
        random: &mut ChaCha8Rng,
    ) {
        self.end(system, roles).await;
        let wrong = choose(random);
        match wrong {
            Wrong::Killed => {
                for (name, _) in Roles::names() {
                    if random.random_bool(0.35) {
                        roles.kill(name).await;
                        self.count(&format!(
                            "kill -9 {}",
                            name.trim_end_matches(['-', '1', '2'])
                        ));
                    }
                }
            }
            Wrong::BrokerRestarted => {
                system.rabbit.own().restart();
                self.count("restart of RabbitMQ");
            }
            Wrong::PostgresKilled => {
                system.server.as_ref().unwrap().crash();
                self.count("kill -9 of PostgreSQL");
            }
            Wrong::Cut(service) => {
                proxy(system, service).cut();
                self.count(&format!("{service:?} cut"));
            }
            Wrong::Slowed(service) => {
                proxy(system, service).slow(SLOW);
                self.count(&format!("{service:?} slowed"));
            }
            Wrong::DiskAlarm => {
                system.rabbit.own().alarm(true);
                self.count("disk alarm");
            }
            Wrong::Autotask(fault) => {
                system.hands.autotask.switch(&on(fault)).await.unwrap();
                self.count(&format!("Autotask {}", fault.0));
            }
            Wrong::Jim2(fault) => {
                system.hands.jim2.switch(&on(fault)).await.unwrap();
                self.count(&format!("Jim2 {}", fault.0));
            }
        }
        self.now = Some(wrong);
    }

    /// Ends what is wrong.
    pub(super) async fn end(&mut self, system: &System, roles: &mut Roles<'_>) {
        match self.now.take() {
            None | Some(Wrong::BrokerRestarted | Wrong::PostgresKilled) => {}
            Some(Wrong::Killed) => roles.start_missing(),
            Some(Wrong::Cut(service) | Wrong::Slowed(service)) => proxy(system, service).restore(),
            Some(Wrong::DiskAlarm) => system.rabbit.own().alarm(false),
            Some(Wrong::Autotask((fault, ..))) => {
                system
                    .hands
                    .autotask
                    .switch(&Switch::off(fault))
                    .await
                    .unwrap();
            }
            Some(Wrong::Jim2((fault, ..))) => {
                system.hands.jim2.switch(&Switch::off(fault)).await.unwrap();
            }
        }
    }

    /// What went wrong how often.
    pub(super) fn told(&self) -> BTreeMap<String, usize> {
        self.counts.clone()
    }

    fn count(&mut self, what: &str) {
        *self.counts.entry(what.to_owned()).or_default() += 1;
    }
}

/// What goes wrong next; the rarer, the longer it takes.
fn choose(random: &mut ChaCha8Rng) -> Wrong {
    match random.random_range(0..100) {
        0..40 => Wrong::Killed,
        40..44 => Wrong::BrokerRestarted,
        44..48 => Wrong::PostgresKilled,
        48..57 => Wrong::Cut(service(random)),
        57..63 => Wrong::Slowed(service(random)),
        63..67 => Wrong::DiskAlarm,
        67..84 => Wrong::Autotask(*AUTOTASK.choose(random).unwrap()),
        _ => Wrong::Jim2(*JIM2.choose(random).unwrap()),
    }
}

fn service(random: &mut ChaCha8Rng) -> Service {
    *[Service::Postgres, Service::RabbitMq, Service::Jim2]
        .choose(random)
        .unwrap()
}

const fn proxy(system: &System, service: Service) -> &Proxy {
    match service {
        Service::Postgres => &system.postgres,
        Service::RabbitMq => &system.rabbitmq,
        Service::Jim2 => &system.jim2,
    }
}

fn on((name, rate, value): Fault) -> Switch {
    Switch {
        rate: Some(rate),
        value: value.map(str::to_owned),
        ..Switch::on(name)
    }
}
