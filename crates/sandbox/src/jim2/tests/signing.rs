//! Tokens, scopes and licences.

use serde_json::json;

use super::site::Site;

#[tokio::test]
async fn credentials_may_come_in_the_body() {
    let site = Site::new().await;
    let form = "grant_type=client_credentials&scope=view";
    let right = format!("{form}&client_id=crossbill&client_secret=sandbox-secret");
    let reply = site.token(&right).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body["expires_in"], 1200);
    assert_eq!(reply.body["scope"], "view");
    site.stop().await;
}

#[tokio::test]
async fn wrong_passwords_grants_and_scopes_are_refused() {
    let site = Site::with(|options| options.client_secret = "another".into()).await;
    let reply = site.sign_in("view").await;
    assert_eq!(
        (reply.status, &reply.body["error"]),
        (401, &json!("invalid_client"))
    );
    site.stop().await;

    let site = Site::new().await;
    for (form, error) in [
        ("grant_type=password", "unsupported_grant_type"),
        ("scope=view", "invalid_request"),
        ("grant_type=client_credentials&scope=write", "invalid_scope"),
        (
            "grant_type=refresh_token&refresh_token=x",
            "unsupported_grant_type",
        ),
    ] {
        let reply = site.token(form).await;
        assert_eq!((reply.status, &reply.body["error"]), (400, &json!(error)));
    }
    site.stop().await;
}

#[tokio::test]
async fn a_view_token_takes_no_licence_and_changes_nothing() {
    let mut site = Site::with(|options| options.licences = 0).await;
    assert_eq!(site.sign_in("all").await.status, 403);
    let token = site.sign_in("view").await;
    site.use_token(&token.body["access_token"]);
    assert_eq!(site.get("jobs").await.status, 200);
    let reply = site.patch_job(5001, json!({})).await;
    assert_eq!(reply.refusal(), (403, "view-only"));
    site.stop().await;
}

#[tokio::test]
async fn licences_run_out_and_come_back_with_logoff_or_time() {
    let mut site = Site::new().await;
    let second = site.sign_in("all").await;
    assert_eq!(second.status, 200);
    let third = site.sign_in("").await;
    assert_eq!(
        (third.status, &third.body["error"]),
        (403, &json!("access_denied"))
    );

    site.use_token(&second.body["access_token"]);
    let off = site.call(reqwest::Method::POST, "../../logoff", None).await;
    assert_eq!(off.unwrap().status, 200);
    assert_eq!(site.get("jobs").await.refusal(), (401, "unauthorized"));
    assert_eq!(site.sign_in("all").await.status, 200);
    assert_eq!(site.sign_in("all").await.status, 403);

    site.hands("clock", json!({ "advanceSeconds": 1200 })).await;
    assert_eq!(site.sign_in("all").await.status, 200);
    site.stop().await;
}

#[tokio::test]
async fn a_token_dies_after_twenty_minutes_unless_refreshed() {
    let mut site = Site::with(|options| options.refresh_grant = true).await;
    let first = site.sign_in("all").await.body;
    site.hands("clock", json!({ "advanceSeconds": 1199 })).await;
    let refresh = first["refresh_token"].as_str().unwrap();
    let form = format!("grant_type=refresh_token&refresh_token={refresh}");
    let second = site.token(&form).await.body;
    site.hands("clock", json!({ "advanceSeconds": 1199 })).await;
    site.use_token(&first["access_token"]);
    assert_eq!(site.get("jobs").await.status, 401);
    site.use_token(&second["access_token"]);
    assert_eq!(site.get("jobs").await.status, 200);
    site.hands("clock", json!({ "advanceSeconds": 1 })).await;
    assert_eq!(site.get("jobs").await.status, 401);
    site.stop().await;
}

#[tokio::test]
async fn client_credentials_are_the_only_grant_unless_refreshing_is_switched_on() {
    for (is_on, expected) in [(false, "unsupported_grant_type"), (true, "invalid_grant")] {
        let site = Site::with(|options| options.refresh_grant = is_on).await;
        let reply = site.token("grant_type=refresh_token&refresh_token=x").await;
        assert_eq!(reply.body["error"], expected);
        site.stop().await;
    }
}

#[tokio::test]
async fn each_status_of_a_sign_in_without_a_licence_is_as_switched() {
    for status in [400, 403, 429, 503] {
        let site = Site::with(|options| {
            options.licences = 0;
            options.no_licence_status = status;
        })
        .await;
        let reply = site.sign_in("all").await;
        assert_eq!(
            (reply.status, &reply.body["error"]),
            (status, &json!("access_denied"))
        );
        site.stop().await;
    }
}

#[tokio::test]
async fn another_database_knows_nobody_who_was_signed_in() {
    let mut site = Site::new().await;
    let second = site.sign_in("all").await;
    site.use_token(&second.body["access_token"]);
    site.hands("database", json!({ "epoch": 2 })).await;
    assert_eq!(site.get("jobs").await.refusal(), (401, "unauthorized"));
    assert_eq!(
        site.sign_in("all").await.status,
        200,
        "the licences are free"
    );
    site.stop().await;
}
