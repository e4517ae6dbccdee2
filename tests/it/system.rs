//! Both stand-ins, a database and a virtual host of its own, and the real `crossbill` between them.

mod binary;
mod database;
mod doorway;
mod eventually;
mod hands;
mod http;
mod logs;
mod private;
mod process;
mod proxy;
mod quiet;
mod rabbit;
mod start;
mod tell;

use std::{collections::BTreeSet, process::Command, sync::Mutex};

use axum::http::StatusCode;
use broker::Broker;
use chrono::{DateTime, Utc};
use sandbox::{autotask::Autotask, check, jim2::Jim2};
use tokio::sync::SemaphorePermit;

pub(crate) use binary::{free_port, program, setting, variable};
pub(crate) use database::{Database, Server};
pub(crate) use doorway::{Call, Doorway};
pub(crate) use eventually::{LATER, SOON, eventually, eventually_every, meanwhile, only_if};
pub(crate) use hands::{Hands, Ticket, detail, text, udf};
pub(crate) use http::{get_as, pass_on};
pub(crate) use process::{Done, Environment, Process, memory};
pub(crate) use proxy::Proxy;
pub(crate) use rabbit::{Node, Rabbit};
pub(crate) use start::{SECRETS, Site};

/// Every kind there is. A new one is a word here, and `floor_plan` says when it is missing.
pub(crate) const KINDS: [&str; 13] = [
    "company", "location", "contact", "contract", "asset", "ticket", "order", "time", "billing",
    "invoice", "stock", "purchase", "quote",
];

/// A site: the two systems, what Crossbill stands on, and Crossbill.
pub(crate) struct System {
    // Declared first, so that they are ended before what they stand on.
    processes: Mutex<Vec<Process>>,
    /// What people do and see in both systems.
    pub(crate) hands: Hands,
    /// In front of ingress.
    pub(crate) doorway: Doorway,
    /// In front of Postgres, for Crossbill only.
    pub(crate) postgres: Proxy,
    /// In front of RabbitMQ, for Crossbill only.
    pub(crate) rabbitmq: Proxy,
    /// In front of Jim2, for Crossbill only.
    pub(crate) jim2: Proxy,
    /// The database itself.
    pub(crate) database: Database,
    /// The RabbitMQ itself.
    pub(crate) rabbit: Rabbit,
    /// The PostgreSQL itself, where it is nobody else's.
    pub(crate) server: Option<Server>,
    environment: Environment,
    broker: Broker,
    began: DateTime<Utc>,
    // Declared last, so that it is dropped last: the logs are told once everything has ended.
    folder: logs::Folder,
    /// The two systems themselves.
    pub(crate) stand_ins: (Autotask, Jim2),
    _turn: SemaphorePermit<'static>,
}

impl System {
    /// Runs a command of the program; what it said on standard output.
    pub(crate) async fn crossbill(&self, arguments: &[&str]) -> String {
        let done = self.try_crossbill(arguments).await;
        assert_eq!(
            done.code,
            Some(0),
            "crossbill {} failed: {}{}",
            arguments.join(" "),
            done.stdout,
            done.stderr
        );
        done.stdout
    }

    /// Runs a command of the program, whatever comes of it.
    pub(crate) async fn try_crossbill(&self, arguments: &[&str]) -> Done {
        process::command(self.folder.path(), &self.environment, arguments).await
    }

    /// Runs a command with other settings.
    pub(crate) async fn crossbill_with(
        &self,
        settings: &[(&'static str, &str)],
        arguments: &[&str],
    ) -> Done {
        let environment = self.environment_with(settings);
        process::command(self.folder.path(), &environment, arguments).await
    }

    /// Another program of the workspace, with this site's configuration and nothing else.
    pub(crate) fn program(&self, name: &str) -> Command {
        process::program(name, self.folder.path(), &self.environment)
    }

    /// A setting as this site has it.
    pub(crate) fn setting(&self, name: &str) -> &str {
        &self.environment[name]
    }

    fn environment_with(&self, settings: &[(&'static str, &str)]) -> Environment {
        let mut environment = self.environment.clone();
        for (name, value) in settings {
            environment.insert(name, (*value).to_owned());
        }
        environment
    }

    /// A number of the first process, as its metrics tell it; nothing where it does not.
    pub(crate) async fn metric(&self, name: &str) -> Option<f64> {
        let admin = self.processes.lock().unwrap()[0].admin().to_owned();
        let (_, text) = http::get(&format!("http://{admin}/metrics")).await.ok()?;
        let mut lines = text.lines().filter_map(|line| line.rsplit_once(' '));
        let found = lines.find(|(series, _)| *series == name);
        found?.1.parse().ok()
    }

    /// Starts `crossbill serve` with everything in one process, and waits until it is ready.
    pub(crate) async fn serve(&self) {
        self.serve_with(&[]).await;
    }

    /// The same, with other settings.
    pub(crate) async fn serve_with(&self, settings: &[(&'static str, &str)]) {
        let mut process = self.process(&["serve"], "serve", &self.environment_with(settings));
        process.ready().await;
        self.processes.lock().unwrap().push(process);
    }

    /// The same; nobody waits for it, as it may not live long enough to be ready.
    #[cfg(debug_assertions)]
    pub(crate) fn launch_with(&self, settings: &[(&'static str, &str)]) {
        let process = self.process(&["serve"], "serve", &self.environment_with(settings));
        self.processes.lock().unwrap().push(process);
    }

    /// Starts it so that it dies at a point, and waits until it has come to that.
    #[cfg(debug_assertions)]
    pub(crate) async fn dies_at(&self, point: sync::Point) {
        self.launch_with(&[("CROSSBILL_CRASH_AT", point.as_str())]);
        let what = format!("it comes to {}", point.as_str());
        eventually(LATER, &what, async || match self.lives() {
            Ok(()) => Err("it lives".to_owned()),
            Err(_) => Ok(()),
        })
        .await;
    }

    /// Starts one role as a process of its own; nobody waits for it.
    pub(crate) fn launch_role(&self, role: &[&str], name: &str) -> Process {
        self.launch_role_with(&[], role, name)
    }

    /// The same, with other settings.
    pub(crate) fn launch_role_with(
        &self,
        settings: &[(&'static str, &str)],
        role: &[&str],
        name: &str,
    ) -> Process {
        let mut environment = self.environment_with(settings);
        environment.insert("ADMIN_LISTEN", format!("127.0.0.1:{}", free_port()));
        let arguments = [&["serve"], role].concat();
        self.process(&arguments, name, &environment)
    }

    /// Starts one role as a process of its own, and waits until it is ready.
    pub(crate) async fn serve_role(&self, role: &[&str], name: &str) {
        let mut process = self.launch_role(role, name);
        process.ready().await;
        self.processes.lock().unwrap().push(process);
    }

    /// Starts the program with these arguments; nobody waits for it.
    pub(crate) fn launch(&self, arguments: &[&str], name: &str) -> Process {
        self.process(arguments, name, &self.environment)
    }

    /// Takes a process among those that are ended with the site.
    pub(crate) fn keep(&self, process: Process) {
        self.processes.lock().unwrap().push(process);
    }

    /// Looks at the first process that still runs.
    pub(crate) fn with_process<T>(&self, look: impl FnOnce(&Process) -> T) -> T {
        look(self.processes.lock().unwrap().first().unwrap())
    }

    fn process(&self, arguments: &[&str], name: &str, environment: &Environment) -> Process {
        Process::start(self.folder.path(), environment, arguments, name)
    }

    /// Ends every process without any warning.
    pub(crate) fn kill(&self) {
        for process in self.take_processes() {
            process.kill();
        }
    }

    /// Asks every process to end, and answers their exit codes.
    pub(crate) async fn terminate(&self) -> Vec<Option<i32>> {
        let mut codes = Vec::new();
        for process in self.take_processes() {
            codes.push(process.terminate().await);
        }
        codes
    }

    fn take_processes(&self) -> Vec<Process> {
        std::mem::take(&mut *self.processes.lock().unwrap())
    }

    /// Whether every process still runs.
    pub(crate) fn lives(&self) -> Result<(), String> {
        let mut processes = self.processes.lock().unwrap();
        processes.iter_mut().try_for_each(Process::lives)
    }

    /// Everything that the processes have logged.
    pub(crate) fn logged(&self) -> String {
        let logs = self.folder.logs().into_iter();
        logs.map(|(_, text)| text).collect()
    }

    /// Compares both systems as somebody would who knows nothing of Crossbill, and fails where they do not agree.
    pub(crate) async fn agrees(&self) -> check::Agreement {
        let agreement = self.agreement().await;
        assert!(
            agreement.is_whole(),
            "both sides differ: {:#?}",
            agreement.findings
        );
        agreement
    }

    /// The same, where also these kinds are made, which is off at first.
    pub(crate) async fn agrees_on(&self, made: &[&str]) -> check::Agreement {
        let agreement = self.agreement_on(made, self.began).await;
        let findings = &agreement.findings;
        assert!(agreement.is_whole(), "both sides differ: {findings:#?}");
        agreement
    }

    /// The same, whatever it finds.
    pub(crate) async fn agreement(&self) -> check::Agreement {
        self.agreement_since(self.began).await
    }

    /// The same, where what was made since another time must have its other half.
    pub(crate) async fn agreement_since(&self, since: DateTime<Utc>) -> check::Agreement {
        self.agreement_on(&[], since).await
    }

    /// The same, where also these kinds are made, which is off at first.
    pub(crate) async fn agreement_on(
        &self,
        made: &[&str],
        since: DateTime<Utc>,
    ) -> check::Agreement {
        let settings = check::Settings {
            zone: chrono_tz::Australia::Sydney,
            since: Some(since),
            tables: check::Tables::default(),
            made: made
                .iter()
                .map(|kind| (*kind).to_owned())
                .collect::<BTreeSet<_>>(),
        };
        let autotask = self.hands.autotask.everything().await.unwrap();
        let jim2 = self.hands.jim2.everything().await.unwrap();
        check::compare(&autotask, &jim2, &settings)
    }

    /// Sends a webhook to ingress by hand.
    pub(crate) async fn deliver(&self, call: &Call) -> StatusCode {
        self.doorway.deliver(call).await
    }
}
