//! Other people's Autotask clients: installed once, again when they are asked for otherwise, and only as pinned.

use super::shell::Shell;

const UP: &str = r#". "$LIB/strangers.sh"; strangers_configure "$SHELL_FOLDER"; strangers_up"#;
const WANTED: &str = "tests/it/strangers/requirements.txt";

/// A Python whose environments have a pip that does as it is told, and says how it was called.
fn python(pip: &str) -> Shell {
    let shell = Shell::create();
    shell.write(WANTED, "client==1 --hash=sha256:00\n");
    shell.write(
        "python-of-it",
        &format!("#!/bin/bash\nif [ \"$1\" != -m ]; then exit; fi\necho \"$*\" >>\"$SHELL_FOLDER/calls\"\n{pip}\n"),
    );
    shell.program(
        "python3",
        r#"if [ "$1" = -m ]; then mkdir -p "$3/bin" && install -m 755 "$SHELL_FOLDER/python-of-it" "$3/bin/python"; fi"#,
    );
    shell
}

fn installations(shell: &Shell) -> usize {
    shell.read("calls").lines().count()
}

#[test]
fn clients_are_installed_once_and_only_with_their_hashes() {
    let shell = python("exit 0");
    shell.run(UP).answer();
    shell.run(UP).answer();
    assert_eq!(installations(&shell), 1);
    let call = shell.read("calls");
    assert!(call.contains("--require-hashes"), "{call}");
    assert!(call.contains("--only-binary=:all:"), "{call}");
    assert!(call.trim_end().ends_with(WANTED), "{call}");
}

#[test]
fn clients_are_installed_anew_when_the_list_has_changed_or_python_is_gone() {
    let shell = python("exit 0");
    shell.run(UP).answer();
    shell.write(WANTED, "client==2 --hash=sha256:01\n");
    shell.run(UP).answer();
    assert_eq!(installations(&shell), 2);
    shell.run(r#"rm "$RUN/strangers/bin/python""#).answer();
    shell.run(UP).answer();
    assert_eq!(installations(&shell), 3);
}

#[test]
fn an_installation_that_was_cut_short_does_not_count() {
    let shell = python(r#"[ -e "$SHELL_FOLDER/calm" ] || kill -9 $PPID"#);
    assert!(!shell.run(UP).succeeded);
    shell.write("calm", "");
    shell.run(UP).answer();
    assert_eq!(installations(&shell), 2);
}

#[test]
fn why_clients_cannot_be_installed_is_told_in_a_sentence() {
    for (pip, expected) in [
        (
            "echo 'WARNING: Retrying after NewConnectionError(...)'; exit 1",
            "the Python package index (PyPI, unless pip is set to another) cannot be reached, and the tests need other \
             people's Autotask clients from it: run this once where it can be, or name one with PIP_INDEX_URL.",
        ),
        (
            "echo 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.'; exit 1",
            "a package for the tests is not the one whose hash is in FOLDER/tests/it/strangers/requirements.txt, and \
             was not installed: FOLDER/.run/install-strangers.log names it.",
        ),
        (
            "echo 'No space left on device'; exit 1",
            "other people's Autotask clients, which the tests need, could not be installed: \
             FOLDER/.run/install-strangers.log tells why.",
        ),
    ] {
        let shell = python(pip);
        let folder = shell.path("").display().to_string();
        let refusal = shell.run(UP).refusal();
        let expected = expected.replace("FOLDER", folder.trim_end_matches('/'));
        assert_eq!(refusal, expected);
    }
}

#[test]
fn a_python_that_makes_no_environment_is_missing() {
    let shell = Shell::create();
    shell.program("python3", "exit 1");
    let asked = "packages_missing python3-venv; packages_names python3-venv";
    let answer = shell.run(asked).answer();
    assert_eq!(answer, "python3-venv\nPython 3.10 or later with venv");
    shell.program("python3", "exit 0");
    assert_eq!(shell.run("packages_missing python3-venv").answer(), "");
}
