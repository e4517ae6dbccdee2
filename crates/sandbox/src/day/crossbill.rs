//! Crossbill's program, as an operator types it, and the shell for what the caller wants done between steps.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;
use tokio::process::Command;

use super::Error;
use crate::plain::plain;

/// How much of what a failed command said is told.
const SAID: usize = 600;

/// How everything that is held is asked for.
const HELD: [&str; 6] = ["held", "list", "--items", "--limit", "1000", "--json"];

/// The program.
#[derive(Clone, Debug)]
pub(super) struct Crossbill(PathBuf);

impl Crossbill {
    pub(super) fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Runs a command; what it told on standard output.
    pub(super) async fn run(&self, arguments: &[&str]) -> Result<String, Error> {
        let mut command = Command::new(&self.0);
        command.args(arguments);
        let told = format!("{} {}", self.0.display(), arguments.join(" "));
        run(command, told).await
    }

    /// Everything that is held, as text.
    pub(super) async fn held(&self) -> Result<String, Error> {
        self.run(&HELD).await
    }

    /// Each item that is held, in a few words.
    pub(super) async fn held_items(&self) -> Result<Vec<String>, Error> {
        let told = self.run(&HELD).await?;
        let Ok(Value::Array(items)) = serde_json::from_str(&told) else {
            return Err(Error::Command {
                command: HELD.join(" "),
                said: format!("no list of held items: {}", told.trim()),
            });
        };
        let words =
            |item: &Value| format!("{} ({})", plain(&item["label"]), plain(&item["reason"]));
        Ok(items.iter().map(words).collect())
    }
}

/// Lets a shell run a line, with the step's number and name as `STEP` and `STEP_NAME`.
pub(super) async fn shell(line: &str, step: usize, name: &str) -> Result<(), Error> {
    let mut command = Command::new("sh");
    command
        .args(["-c", line])
        .env("STEP", step.to_string())
        .env("STEP_NAME", name);
    run(command, line.to_owned()).await.map(drop)
}

async fn run(mut command: Command, told: String) -> Result<String, Error> {
    let ran = command.stdin(Stdio::null()).output().await;
    let output = ran.map_err(|source| Error::NotRun {
        command: told.clone(),
        source,
    })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let skipped = said.chars().count().saturating_sub(SAID);
    Err(Error::Command {
        command: told,
        said: said
            .chars()
            .skip(skipped)
            .collect::<String>()
            .trim()
            .to_owned(),
    })
}
