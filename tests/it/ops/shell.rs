//! A checkout of a test's own for the libraries to work in, and programs that take the place of the system's.

use std::{
    fs::{self, File, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use uuid::Uuid;

/// The folder, which is removed with the services that were started in it.
#[derive(Debug)]
pub(crate) struct Shell(PathBuf);

/// What became of a script.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) succeeded: bool,
    /// On standard output, without the last newline.
    pub(crate) answer: String,
    /// On standard error.
    pub(crate) said: String,
}

/// A script that runs.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    name: PathBuf,
}

impl Shell {
    pub(crate) fn create() -> Self {
        let name = format!("ops-{}", Uuid::now_v7().simple());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(path.join("bin")).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The text of a file; nothing where there is none.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Puts a program in front of the system's of that name. It knows the folder as `$SHELL_FOLDER`.
    pub(crate) fn program(&self, name: &str, script: &str) {
        self.executable(&format!("bin/{name}"), &format!("#!/bin/bash\n{script}\n"));
    }

    pub(crate) fn executable(&self, name: &str, text: &str) {
        self.write(name, text);
        fs::set_permissions(self.path(name), Permissions::from_mode(0o755)).unwrap();
    }

    /// Runs commands with the libraries at hand and nothing of the caller's services.
    pub(crate) fn run(&self, commands: &str) -> Done {
        self.run_with(&[], commands)
    }

    pub(crate) fn run_with(&self, settings: &[(&str, &str)], commands: &str) -> Done {
        self.start(settings, commands).end()
    }

    /// Files take what is said: a service would keep a pipe open for ever.
    pub(crate) fn start(&self, settings: &[(&str, &str)], commands: &str) -> Running {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let script = format!(r#"set -euo pipefail; . "$1"; services_configure "$2"; {commands}"#);
        let name = self.path(&format!("script-{}", Uuid::now_v7().simple()));
        let path = format!("{}:{}", self.path("bin").display(), env_path());
        let mut command = Command::new("bash");
        command
            .args(["-c", &script, "ops"])
            .args([root.join("ops/lib/services.sh"), self.0.clone()])
            .env("PATH", path)
            .env("SHELL_FOLDER", &self.0);
        for unset in ["DATABASE_URL", "AMQP_URL", "AMQP_API_URL", "PGOPTIONS"] {
            command.env_remove(unset);
        }
        let child = command
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(File::create(name.with_extension("answer")).unwrap())
            .stderr(File::create(name.with_extension("said")).unwrap())
            .spawn()
            .unwrap();
        Running { child, name }
    }
}

impl Running {
    pub(crate) fn end(mut self) -> Done {
        let status = self.child.wait().unwrap();
        let text = |end| fs::read_to_string(self.name.with_extension(end)).unwrap();
        Done {
            succeeded: status.success(),
            answer: text("answer").trim_end().to_owned(),
            said: text("said"),
        }
    }
}

impl Done {
    /// The answer of a script that succeeded.
    pub(crate) fn answer(self) -> String {
        assert!(self.succeeded, "{self:?}");
        self.answer
    }

    /// The one sentence of a script that failed.
    pub(crate) fn refusal(self) -> String {
        assert!(!self.succeeded, "{self:?}");
        let last = self.said.lines().last().unwrap_or_default();
        last.strip_prefix("ops: ").unwrap_or(last).to_owned()
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        let elsewhere = self.read(".run/postgres.place");
        if self.path(".run").is_dir() {
            // Without ceremony: nothing of theirs is kept.
            let _ = self.run("kill -9 $(postgres_processes; rabbitmq_processes)");
        }
        if !elsewhere.is_empty() {
            let _ = fs::remove_dir_all(elsewhere.trim_end());
        }
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the scripts need the system's programs"
)]
fn env_path() -> String {
    std::env::var("PATH").unwrap()
}
