//! A folder for what the processes of a test say: removed when the test passes, told when it fails.

use std::{
    fs,
    path::{Path, PathBuf},
};

use uuid::Uuid;

/// How many of the last lines of each file are told.
const LINES: usize = 150;

/// The folder.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn create() -> Self {
        let name = format!("it-{}", Uuid::now_v7().simple());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Name and text of every log.
    pub(crate) fn logs(&self) -> Vec<(String, String)> {
        let files = fs::read_dir(&self.0)
            .unwrap()
            .map(|file| file.unwrap().path());
        let is_log = |path: &PathBuf| path.extension().is_some_and(|end| end == "log");
        let mut logs: Vec<_> = files
            .filter(is_log)
            .map(|path| {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                (name, fs::read_to_string(&path).unwrap_or_default())
            })
            .collect();
        logs.sort();
        logs
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if std::thread::panicking() {
            for (name, text) in self.logs() {
                tell(&name, &text);
            }
        }
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[expect(clippy::print_stderr, reason = "what a failed test is looked at for")]
fn tell(name: &str, text: &str) {
    let lines: Vec<&str> = text.lines().collect();
    let skipped = lines.len().saturating_sub(LINES);
    eprintln!("== {name}, without its first {skipped} lines");
    eprintln!("{}", lines[skipped..].join("\n"));
}
