//! Lets libFuzzer look for what the readers of foreign documents do not bear: the same checks that the tests of their
//! crates make with spoiled documents. `ops/fuzz` builds and runs it.
//!
//! `FUZZ_TARGET` names what is read; with `FUZZ_SEEDS` it only writes documents to begin with to that folder.

#![no_main]

use std::{env, fs, path::Path, process, sync::LazyLock};

use libfuzzer_sys::fuzz_target;

/// What is read: its name, its reader, and documents to begin with.
struct Target(&'static str, fn(&[u8]), fn() -> Vec<Vec<u8>>);

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = env::var("FUZZ_TARGET").unwrap_or_default();
    let found = targets().into_iter().find(|target| target.0 == name);
    found.unwrap_or_else(|| {
        let known: Vec<&str> = targets().iter().map(|target| target.0).collect();
        println!("{}", known.join("\n"));
        process::exit(2)
    })
});

fn targets() -> [Target; 11] {
    use autotask::fuzz as autotask;
    use ingress::fuzz as ingress;
    use jim2::fuzz as jim2;
    [
        Target("webhook", ingress::webhook, || all(&ingress::BODIES)),
        Target("signature", ingress::signed, ingress::calls),
        Target("autotask-answer", autotask::answer, || {
            all(&autotask::ANSWERS)
        }),
        Target("autotask-refusal", autotask::refusal, || {
            all(&autotask::REFUSALS)
        }),
        Target("autotask-time", autotask::time, || all(&autotask::TIMES)),
        Target("jim2-changes", jim2::changes, || all(&jim2::CHANGES)),
        Target("jim2-rows", jim2::rows, || all(&jim2::ROWS)),
        Target("jim2-document", jim2::document, || all(&jim2::DOCUMENTS)),
        Target("jim2-refusal", jim2::refusal, || all(&jim2::REFUSALS)),
        Target("jim2-token", jim2::token, || all(&jim2::TOKENS)),
        Target("jim2-time", jim2::time, || all(&jim2::TIMES)),
    ]
}

fn all(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn begin() {
    let Target(_, _, seeds) = &*TARGET;
    let Some(folder) = env::var_os("FUZZ_SEEDS") else {
        return;
    };
    for (index, seed) in seeds().iter().enumerate() {
        let file = Path::new(&folder).join(format!("seed-{index}"));
        fs::write(file, seed).expect("the folder can be written");
    }
    process::exit(0)
}

fuzz_target!(init: begin(), |document: &[u8]| {
    let Target(_, read, _) = &*TARGET;
    read(document);
});
