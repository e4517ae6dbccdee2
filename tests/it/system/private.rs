//! Services of a test's own, under a folder, by the same scripts as everybody's.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::binary;

/// A folder in which the scripts keep a service: its ports, its data and its processes are nobody else's.
#[derive(Debug)]
pub(super) struct Private {
    home: PathBuf,
    install: &'static str,
}

impl Private {
    /// `install` finds the service's programs before each script.
    pub(super) fn under(home: &Path, install: &'static str) -> Self {
        fs::create_dir_all(home).unwrap();
        Self {
            home: home.to_owned(),
            install,
        }
    }

    /// Runs functions of the library; what they answered.
    pub(super) fn script(&self, commands: &str) -> String {
        let (is_done, said) = self.run(commands);
        assert!(is_done, "a private service: {said}");
        said
    }

    /// What is left running is told by the next one that finds it in its way.
    pub(super) fn end(&self, commands: &str) {
        let _ = self.run(commands);
    }

    /// Files take what is said: the service would keep a pipe open for ever. Answers whether the functions succeeded,
    /// and their answer, or what they said instead.
    fn run(&self, commands: &str) -> (bool, String) {
        let library = binary::root().join("ops/lib/services.sh");
        let script = format!(
            r#"set -euo pipefail; . "$1"; services_configure "$2"; services_lock; {}; {commands}"#,
            self.install
        );
        let file = |name: &str| self.home.join(name);
        let status = Command::new("bash")
            .args(["-c", &script, "private-service"])
            .args([&library, &self.home])
            .env_remove("AMQP_URL")
            .env_remove("AMQP_API_URL")
            .env_remove("DATABASE_URL")
            .stdin(Stdio::null())
            .stdout(File::create(file("answer")).unwrap())
            .stderr(File::create(file("said")).unwrap())
            .status()
            .unwrap();
        let name = if status.success() { "answer" } else { "said" };
        let text = fs::read_to_string(file(name)).unwrap();
        (status.success(), text.trim().to_owned())
    }
}
