//! The Python in which those clients are installed, as `ops/strangers` leaves it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::Value;
use tokio::{io::AsyncWriteExt as _, process::Command};

/// Runs an act of a script; what it tells on standard output.
pub(super) async fn run(script: &Path, act: &str, asked: &Value) -> Value {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/strangers");
    let mut child = Command::new(python(&scripts))
        // Nothing of the caller's: no other packages, no proxy before the stand-in.
        .env_clear()
        .args(["-I", "-W", "ignore"])
        .arg(scripts.join(script))
        .arg(act)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(asked.to_string().as_bytes()).await.unwrap();
    drop(input);
    let output = child.wait_with_output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{act}: {said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The interpreter, if the packages beside it are those that are asked for.
fn python(scripts: &Path) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.run/strangers");
    let wanted = fs::read(scripts.join("requirements.txt")).unwrap();
    let there = fs::read(folder.join("requirements.txt")).unwrap_or_default();
    assert!(
        there == wanted,
        "the Autotask clients of other people are not installed as tests/it/strangers/requirements.txt says: run \
         `ops/strangers` once"
    );
    folder.join("bin/python")
}
