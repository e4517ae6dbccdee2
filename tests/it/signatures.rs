//! Calls that do not come from Autotask, or not whole.

use axum::{body::Bytes, http::StatusCode};

use crate::system::{Call, SOON, Site, System, Ticket, eventually, only_if};

const JUNK_BYTES: usize = 2 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_autotask_did_not_sign_changes_nothing() {
    let system = System::start(Site::default()).await;
    let (ticket, call) = held_back(&system).await;
    let with = |signature: &str, body: Bytes| Call {
        signature: signature.to_owned(),
        body,
        ..call.clone()
    };
    let body = call.body.clone();
    let other = String::from_utf8(body.to_vec())
        .unwrap()
        .replace("crossbill", "crosshill");
    let mut other: Bytes = other.into();
    if other == body {
        other = [body.as_ref(), b" "].concat().into();
    }
    for (what, call, expected) in [
        (
            "no signature",
            with("", body.clone()),
            StatusCode::UNAUTHORIZED,
        ),
        (
            "a wrong signature",
            with("sha1=7/zfauXrL6LSdBbV8YTfnCWafHk=", body.clone()),
            StatusCode::UNAUTHORIZED,
        ),
        (
            "no signature at all but words",
            with("trust me", body.clone()),
            StatusCode::UNAUTHORIZED,
        ),
        (
            "another body",
            with(&call.signature, other),
            StatusCode::UNAUTHORIZED,
        ),
        (
            "half the body",
            with(&call.signature, body.slice(..body.len() / 2)),
            StatusCode::UNAUTHORIZED,
        ),
        (
            "2 MiB of junk",
            with(&call.signature, vec![b'x'; JUNK_BYTES].into()),
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
        (
            "an unknown webhook",
            Call {
                path: "/autotask/webhooks/stranger".to_owned(),
                ..call.clone()
            },
            StatusCode::NOT_FOUND,
        ),
    ] {
        assert_eq!(system.deliver(&call).await, expected, "{what}");
    }
    system.quiet().await;
    assert!(system.hands.jobs_of(&ticket).await.is_empty());

    assert_eq!(
        system.deliver(&call).await,
        StatusCode::ACCEPTED,
        "and the true one"
    );
    system.hands.job_of(&ticket, SOON).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_signed_with_a_secret_of_two_rotations_ago_changes_nothing() {
    let system = System::start(Site::default()).await;
    let (ticket, call) = held_back(&system).await;
    rotate(&system).await;
    rotate(&system).await;

    assert_eq!(system.deliver(&call).await, StatusCode::UNAUTHORIZED);
    system.quiet().await;
    assert!(system.hands.jobs_of(&ticket).await.is_empty());
}

/// A ticket and the call that tells of it, which has not come in yet.
async fn held_back(system: &System) -> (Ticket, Call) {
    system.doorway.calls();
    system.doorway.hold();
    let ticket = system.hands.raise("Read my mail for me").await;
    let mut calls = Vec::new();
    eventually(SOON, "the webhook has come", async || {
        calls.extend(system.doorway.calls());
        only_if(calls.len() == 1, calls.len())
    })
    .await;
    (ticket, calls.remove(0))
}

async fn rotate(system: &System) {
    system
        .database
        .execute("update webhook set secret_version = secret_version + 1, rotated_at = now()")
        .await;
}
