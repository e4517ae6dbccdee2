//! What Crossbill cannot work with is told in a sentence that names the setting and the remedy, and tells no secret.

use std::collections::BTreeMap;

use sandbox::{
    autotask::{self, Denial},
    jim2,
};

use crate::system::{Done, SECRETS, SOON, Site, System};

const WRONG_SETTINGS: i32 = 2;
const FAILED: i32 = 1;

#[tokio::test(flavor = "multi_thread")]
async fn wrong_settings_and_unknown_commands_are_told_before_anything_happens() {
    let system = System::installed(Site::default()).await;
    for (settings, expected) in [
        (
            &[("CROSSBILL_SECRET_KEY", "too short")][..],
            &["CROSSBILL_SECRET_KEY", "openssl rand"][..],
        ),
        (
            &[("DATABASE_URL", "mysql://here")],
            &["DATABASE_URL", "postgres://"],
        ),
        (&[("AMQP_URL", "nowhere")], &["AMQP_URL"]),
        (
            &[("SITE_TIME_ZONE", "Australia/Bunyip")],
            &["SITE_TIME_ZONE", "Australia/Bunyip"],
        ),
        (
            &[("ADMIN_LISTEN", "here")],
            &["ADMIN_LISTEN", "127.0.0.1:9090"],
        ),
        (
            &[("JIM2_SECRET_FILE", "/nonexistent/secret")],
            &["JIM2_SECRET", "JIM2_SECRET_FILE"],
        ),
        (
            &[("JIM2_URL", ""), ("AUTOTASK_USERNAME", "")],
            &["JIM2_URL", "AUTOTASK_USERNAME"],
        ),
    ] {
        let done = system.crossbill_with(settings, &["serve"]).await;
        is_refused(&done, WRONG_SETTINGS, expected);
    }
    for arguments in [
        &["servre"][..],
        &[],
        &["serve", "worker", "invoices"],
        &["held", "replay"],
    ] {
        let done = system.try_crossbill(arguments).await;
        is_refused(&done, WRONG_SETTINGS, &["--help"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_not_migrated_is_refused() {
    let system = System::installed(Site::default()).await;
    for arguments in [
        &["serve"][..],
        &["connect", "--yes"],
        &["status"],
        &["resume", "--yes"],
    ] {
        let done = system.try_crossbill(arguments).await;
        is_refused(&done, FAILED, &["crossbill migrate"]);
    }
    system.crossbill(&["migrate"]).await;
    system.crossbill(&["migrate"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_credentials_are_told_with_their_settings() {
    let system = System::installed(Site::default()).await;
    system.crossbill(&["migrate"]).await;
    for (setting, system_name) in [
        ("AUTOTASK_SECRET", "Autotask"),
        ("AUTOTASK_USERNAME", "Autotask"),
        ("AUTOTASK_INTEGRATION_CODE", "Autotask"),
        ("JIM2_SECRET", "Jim2"),
        ("JIM2_CLIENT_ID", "Jim2"),
    ] {
        let wrong = [(setting, "wrong@provider.example")];
        let done = system.crossbill_with(&wrong, &["connect", "--yes"]).await;
        is_refused(&done, FAILED, &[setting, system_name]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_permission_is_told_with_what_it_is_for() {
    let site = Site {
        autotask: autotask::Options {
            denied: BTreeMap::from([("Tickets".to_owned(), Denial::Forbidden)]),
            ..Site::default().autotask
        },
        ..Site::default()
    };
    let system = System::installed(site).await;
    system.crossbill(&["migrate"]).await;
    let done = system.try_crossbill(&["connect", "--yes"]).await;
    is_refused(&done, FAILED, &["icket", "security level"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jim2_without_a_free_licence_is_told() {
    let site = Site {
        jim2: jim2::Options {
            licences: 0,
            ..Site::default().jim2
        },
        ..Site::default()
    };
    let system = System::installed(site).await;
    system.crossbill(&["migrate"]).await;
    let done = system.try_crossbill(&["connect", "--yes"]).await;
    is_refused(&done, FAILED, &["licence", "connect again"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_ever_logged() {
    let system = System::installed(Site::default()).await;
    let loud = [("CROSSBILL_LOG", "debug")];
    let mut said = String::new();
    for arguments in [
        &["config"][..],
        &["migrate"],
        &["connect", "--yes", "--resume"],
        &["status", "--json"],
    ] {
        let done = system.crossbill_with(&loud, arguments).await;
        assert_eq!(done.code, Some(0), "{}", done.stderr);
        said += &done.stdout;
        said += &done.stderr;
    }
    system.serve_with(&loud).await;
    let ticket = system.hands.raise("Say nothing").await;
    system.hands.job_of(&ticket, SOON).await;
    system.terminate().await;
    said += &system.logged();
    assert!(
        said.contains("INFO") && said.len() > 1000,
        "there is a log to look at: {said}"
    );
    for secret in SECRETS {
        assert!(
            !said.contains(secret),
            "{secret:?} is told: {}",
            around(&said, secret)
        );
    }
}

/// The exit code, every word of the remedy, one sentence, and nothing that only we understand.
#[track_caller]
pub(crate) fn is_refused(done: &Done, code: i32, words: &[&str]) {
    let said = &done.stderr;
    assert_eq!(done.code, Some(code), "{said}{}", done.stdout);
    for word in words {
        assert!(said.contains(word), "{word:?} is not told: {said}");
    }
    for noise in ["panicked", "RUST_BACKTRACE", "Error {", "Caused by"] {
        assert!(
            !said.contains(noise),
            "{noise:?} is nothing for people: {said}"
        );
    }
    for secret in SECRETS {
        assert!(
            !said.contains(secret) && !done.stdout.contains(secret),
            "a secret is told: {said}"
        );
    }
}

/// The line that has the word.
fn around<'a>(text: &'a str, word: &str) -> &'a str {
    let line = text.lines().find(|line| line.contains(word));
    line.unwrap_or_default()
}
