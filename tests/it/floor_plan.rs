//! ARCHITECTURE.md's floor plan, as a test.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use serde_json::Value;

use crate::system;

/// Which of our crates each of our crates may import, but for workers and `app`, which imports all floors. Higher floors
/// come later; imports go down only.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("rest", &["domain"]),
    ("autotask", &["domain", "rest"]),
    ("jim2", &["domain", "rest"]),
    ("broker", &["domain"]),
    ("store", &["domain"]),
    ("sync", &["autotask", "broker", "domain", "jim2", "store"]),
    (
        "ingress",
        &["autotask", "broker", "domain", "jim2", "store", "sync"],
    ),
    (
        "reconciler",
        &[
            "autotask", "broker", "domain", "jim2", "rest", "store", "sync",
        ],
    ),
    ("sandbox", &[]),
    ("tests", &[]),
];

/// A worker knows the engine and the two systems, and neither the broker nor the database: `worker-` and its name. Only
/// `app` knows workers.
const WORKER: &[&str] = &["autotask", "domain", "jim2", "sync"];

/// What `app` does not import: stand-ins and tests are no part of the program.
const OUTSIDE: &[&str] = &["sandbox", "tests"];

/// The only crate that may import a library whose types must not spread.
const ONLY_IN: &[(&str, &str)] = &[
    ("anyhow", "app"),
    ("lapin", "broker"),
    ("lettre", "reconciler"),
    ("sqlx", "store"),
];

/// The top level, but for Markdown, dotfiles and what git ignores.
const TOP_LEVEL: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "crates",
    "docker-compose.yml",
    "migrations",
    "ops",
    "tests",
];

#[test]
fn every_import_is_on_the_floor_plan() {
    assert_eq!(faults(&imports()), [""; 0]);
}

#[test]
fn an_edge_that_is_not_on_the_floor_plan_is_refused() {
    for (importer, import, fault) in [
        ("domain", "store", "domain must not import store"),
        (
            "worker-ticket",
            "broker",
            "worker-ticket must not import broker",
        ),
        (
            "worker-ticket",
            "worker-company",
            "worker-ticket must not import worker-company",
        ),
        ("sandbox", "jim2", "sandbox must not import jim2"),
        ("app", "sandbox", "app must not import sandbox"),
        ("sync", "sqlx", "sync must not import sqlx"),
    ] {
        let mut imports = imports();
        imports.get_mut(importer).unwrap().push(import.to_owned());
        assert_eq!(faults(&imports), [fault]);
    }
    let mut imports = imports();
    imports.insert("wombat".to_owned(), Vec::new());
    imports.insert("worker-wombat".to_owned(), vec!["sync".to_owned()]);
    imports.remove("ingress");
    assert_eq!(
        faults(&imports),
        ["ingress is not there", "wombat is missing from the plan"]
    );
}

#[test]
fn the_tests_know_every_kind() {
    let refused = Command::new(system::program("crossbill"))
        .args(["resume", "--release", "wombat"])
        .output()
        .unwrap();
    let says = String::from_utf8(refused.stderr).unwrap();
    let (_, there_are) = says.split_once("there are ").expect(&says);
    let kinds = there_are.lines().next().unwrap();
    assert_eq!(kinds, system::KINDS.join(", "));
}

#[test]
fn the_top_level_holds_what_makes_up_the_system_and_nothing_else() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let ignored = fs::read_to_string(root.join(".gitignore")).unwrap();
    let is_ignored = |name: &str| ignored.lines().any(|line| line.trim_matches('/') == name);
    let is_told = |name: &String| {
        let is_markdown = Path::new(name).extension().is_some_and(|end| end == "md");
        !name.starts_with('.') && !is_markdown && !is_ignored(name)
    };
    let entries = fs::read_dir(root).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(is_told).collect();
    names.sort();
    assert_eq!(names, TOP_LEVEL);
}

/// What is not as the plan says, a sentence each.
fn faults(imports: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let plan: BTreeMap<&str, &[&str]> = MAY_IMPORT.iter().copied().collect();
    let mut faults = Vec::new();
    for name in plan.keys() {
        if !imports.contains_key(*name) {
            faults.push(format!("{name} is not there"));
        }
    }
    for (name, imported) in imports {
        let allowed = match name.as_str() {
            "app" => None,
            name if name.starts_with("worker-") => Some(WORKER),
            name if plan.contains_key(name) => Some(plan[name]),
            name => {
                faults.push(format!("{name} is missing from the plan"));
                continue;
            }
        };
        for import in imported {
            let is_foreign = !imports.contains_key(import);
            let may = allowed.map_or_else(
                || !OUTSIDE.contains(&import.as_str()),
                |allowed| allowed.contains(&import.as_str()),
            );
            let owner = ONLY_IN.iter().find(|(library, _)| library == import);
            if !(is_foreign || may) || owner.is_some_and(|(_, owner)| owner != name) {
                faults.push(format!("{name} must not import {import}"));
            }
        }
    }
    faults
}

/// Each member's ordinary (not test-only) dependencies.
fn imports() -> BTreeMap<String, Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version=1"])
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| {
            let ordinary = package["dependencies"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|it| it["kind"].is_null());
            (
                text(&package["name"]),
                ordinary.map(|it| text(&it["name"])).collect(),
            )
        })
        .collect()
}
