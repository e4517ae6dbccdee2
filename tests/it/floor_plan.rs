//! ARCHITECTURE.md's floor plan, as a test.

use std::{collections::BTreeMap, process::Command};

use serde_json::Value;

/// Which of our crates each of our crates may import. Higher floors come later; imports go down only.
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
        &["autotask", "broker", "domain", "jim2", "store", "sync"],
    ),
    ("worker-company", WORKER),
    ("worker-contact", WORKER),
    ("worker-ticket", WORKER),
    ("app", ALL),
    ("sandbox", &[]),
    ("tests", &[]),
];

/// A worker knows the engine and the two systems, and neither the broker nor the database.
const WORKER: &[&str] = &["autotask", "domain", "jim2", "sync"];

const ALL: &[&str] = &[
    "autotask",
    "broker",
    "domain",
    "ingress",
    "jim2",
    "reconciler",
    "rest",
    "store",
    "sync",
    "worker-company",
    "worker-contact",
    "worker-ticket",
];

/// The only crate that may import a library whose types must not spread.
const ONLY_IN: &[(&str, &str)] = &[("lapin", "broker"), ("sqlx", "store"), ("anyhow", "app")];

#[test]
fn every_import_is_on_the_floor_plan() {
    let imports = imports();
    let ours: Vec<&str> = MAY_IMPORT.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        imports.len(),
        ours.len(),
        "a crate is missing from the plan: {:?}",
        imports.keys()
    );
    for (name, allowed) in MAY_IMPORT {
        for import in &imports[*name] {
            let foreign = !ours.contains(&import.as_str());
            assert!(
                foreign || allowed.contains(&import.as_str()),
                "{name} must not import {import}"
            );
            let owner = ONLY_IN.iter().find(|(library, _)| library == import);
            assert!(
                owner.is_none_or(|(_, owner)| owner == name),
                "{name} must not import {import}"
            );
        }
    }
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
