//! `crossbill` as processes: commands that end, and roles that run until they are stopped or killed.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use axum::http::StatusCode;
use tokio::task::spawn_blocking;

use super::{
    binary,
    eventually::{LATER, SOON, eventually, only_if},
    http,
};

/// The environment of a process.
pub(crate) type Environment = BTreeMap<&'static str, String>;

/// What a command came to.
#[derive(Debug, Clone)]
pub(crate) struct Done {
    /// The exit code; none where a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs a command of the program to its end.
pub(crate) async fn command(folder: &Path, environment: &Environment, arguments: &[&str]) -> Done {
    let mut command = program("crossbill", folder, environment);
    command.args(arguments);
    let output = spawn_blocking(move || command.stdin(Stdio::null()).output());
    let output = output.await.unwrap().unwrap();
    Done {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A running process of the program; killed when it is dropped.
#[derive(Debug)]
pub(crate) struct Process {
    name: String,
    child: Child,
    log: PathBuf,
    admin: String,
}

impl Process {
    /// Starts it; what it says goes to a file named like it, behind what an earlier one said.
    pub(crate) fn start(
        folder: &Path,
        environment: &Environment,
        arguments: &[&str],
        name: &str,
    ) -> Self {
        let log = folder.join(format!("{name}.log"));
        let file = OpenOptions::new().create(true).append(true).open(&log);
        let file: File = file.unwrap();
        let child = program("crossbill", folder, environment)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(file.try_clone().unwrap())
            .stderr(file)
            .spawn()
            .unwrap();
        Self {
            name: name.to_owned(),
            child,
            log,
            admin: environment["ADMIN_LISTEN"].clone(),
        }
    }

    /// Waits until it says that it is ready.
    pub(crate) async fn ready(&mut self) {
        let url = format!("http://{}/health/ready", self.admin());
        let what = format!("{} is ready", self.name);
        eventually(LATER, &what, async || {
            let code = self.child.try_wait().unwrap();
            assert!(
                code.is_none(),
                "{} ended with {code:?}\n{}",
                self.name,
                self.said()
            );
            match http::get(&url).await {
                Ok((StatusCode::OK, _)) => Ok(()),
                Ok((status, text)) => Err(format!("{status} {text}")),
                Err(error) => Err(error.to_string()),
            }
        })
        .await;
    }

    /// Whether it still runs.
    pub(crate) fn lives(&mut self) -> Result<(), String> {
        let ended = self.child.try_wait().unwrap();
        only_if(
            ended.is_none(),
            format!("{} ended with {ended:?}", self.name),
        )
    }

    /// Its metrics; nothing where it does not answer.
    pub(crate) async fn metrics(&self) -> Option<String> {
        let url = format!("http://{}/metrics", self.admin());
        let (status, text) = http::get(&url).await.ok()?;
        status.is_success().then_some(text)
    }

    /// Its number among the machine's processes.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Host and port of its health and metrics.
    pub(crate) fn admin(&self) -> &str {
        &self.admin
    }

    /// Ends it without any warning, as a power cut would.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end by SIGTERM; its exit code.
    pub(crate) async fn terminate(mut self) -> Option<i32> {
        let id = self.id().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(
            told.success(),
            "{} was gone before it was asked to end",
            self.name
        );
        let what = format!("{} ends after SIGTERM", self.name);
        eventually(SOON, &what, async || match self.child.try_wait().unwrap() {
            Some(status) => Ok(status.code()),
            None => only_if(false, "it runs").map(|()| None),
        })
        .await
    }

    /// Waits until it has ended by itself; its exit code.
    pub(crate) async fn ended(mut self, within: Duration) -> Option<i32> {
        let what = format!("{} ends by itself", self.name);
        eventually(within, &what, async || {
            match self.child.try_wait().unwrap() {
                Some(status) => Ok(status.code()),
                None => only_if(false, "it runs").map(|()| None),
            }
        })
        .await
    }

    /// Everything that was said under its name.
    pub(crate) fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Fails for a process that has ended already, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program of the workspace in a site's folder, with its configuration and nothing else.
pub(crate) fn program(name: &str, folder: &Path, environment: &Environment) -> Command {
    let mut command = Command::new(binary::program(name));
    command.current_dir(folder).env_clear().envs(environment);
    command
}

/// Memory of a process in MB by the name of a line of its status: `VmRSS`, `VmHWM`. One that has ended has none.
pub(crate) fn memory(process: &Process, line: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let told = status.lines().find_map(|it| it.strip_prefix(line))?;
    let kb = told.trim_matches([':', ' ', '\t', 'k', 'B']).parse::<f64>();
    Some(kb.unwrap() / 1_024.0)
}
