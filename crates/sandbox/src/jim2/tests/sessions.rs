//! Licences, tokens and passwords that others take, end and change.

use serde_json::json;

use super::site::Site;

#[tokio::test]
async fn a_licence_may_be_short_at_times_or_for_good() {
    let site = Site::with(|options| options.licences = 9).await;
    site.fault(json!({ "name": "no-licence", "count": 2 }))
        .await;
    assert_eq!(site.sign_in("view").await.status, 200, "needs none");
    for expected in [403, 403, 200] {
        assert_eq!(site.sign_in("all").await.status, expected);
    }
    site.fault(json!({ "name": "licences-taken", "value": 7 }))
        .await;
    assert_eq!(
        site.sign_in("all").await.status,
        403,
        "two of ours, seven of others"
    );
    site.fault(json!({ "name": "licences-taken", "value": 6 }))
        .await;
    assert_eq!(site.sign_in("all").await.status, 200);
    site.fault(json!({ "name": "licences-taken", "on": false }))
        .await;
    assert_eq!(site.sign_in("all").await.status, 200);
    site.stop().await;
}

#[tokio::test]
async fn a_lost_token_strands_its_licence_until_it_expires() {
    let site = Site::new().await;
    site.fault(json!({ "name": "lost-token", "count": 1 }))
        .await;
    assert!(site.try_sign_in("all").await.is_err());
    assert_eq!(
        site.sign_in("all").await.status,
        403,
        "nobody has that token"
    );
    site.hands("clock", json!({ "advanceSeconds": 1200 })).await;
    assert_eq!(site.sign_in("all").await.status, 200);
    site.stop().await;
}

#[tokio::test]
async fn a_token_may_expire_in_the_middle_of_a_burst_and_nothing_is_done() {
    let mut site = Site::with(|options| options.licences = 3).await;
    let job = site.job(json!({})).await;
    let other = site.sign_in("all").await;
    site.fault(json!({ "name": "token-expires", "count": 1 }))
        .await;
    let reply = site.patch_job(job, json!({ "CustRef": "x" })).await;
    assert_eq!(reply.refusal(), (401, "unauthorized"));
    assert_eq!(site.record("Job", &json!(job)).await["CustRef"], "");
    assert_eq!(site.get("jobs").await.status, 401, "it is over for good");
    site.use_token(&other.body["access_token"]);
    assert_eq!(site.get("jobs").await.status, 200, "the other one lives");
    site.fault(json!({ "name": "logged-off", "count": 1 }))
        .await;
    assert_eq!(site.get("jobs").await.status, 401, "now none does");
    site.stop().await;
}

#[tokio::test]
async fn somebody_may_end_the_sessions_of_a_scope() {
    let mut site = Site::new().await;
    let view = site.sign_in("view").await;
    let ended = site.hands("log-off", json!({ "scope": "all" })).await;
    assert_eq!(ended.body, json!({ "licencesTaken": 0 }));
    assert_eq!(site.get("jobs").await.status, 401);
    site.use_token(&view.body["access_token"]);
    assert_eq!(site.get("jobs").await.status, 200);
    site.hands("log-off", json!({})).await;
    assert_eq!(site.get("jobs").await.status, 401);
    assert_eq!(
        site.hands("log-off", json!({ "scope": "x" })).await.status,
        400
    );
    site.stop().await;
}

#[tokio::test]
async fn a_changed_password_refuses_the_old_one_and_sessions_live_on_or_end() {
    for (word, status) in [("sessions-live-on", 200), ("sessions-end", 401)] {
        let site = Site::new().await;
        let changed = json!({ "name": "password-changed", "value": word });
        site.fault(changed).await;
        let reply = site.sign_in("view").await;
        assert_eq!(reply.body["error"], "invalid_client");
        assert_eq!(site.get("jobs").await.status, status, "{word}");
        site.fault(json!({ "name": "password-changed", "on": false }))
            .await;
        assert_eq!(site.sign_in("view").await.status, 200);
        site.stop().await;
    }
    for (ends, status) in [(false, 200), (true, 401)] {
        let site = Site::new().await;
        let body = json!({ "secret": "fresh", "endSessions": ends });
        assert_eq!(site.hands("password", body).await.status, 200);
        assert_eq!(site.sign_in("view").await.status, 401, "the old one");
        let form = "grant_type=client_credentials&scope=view&client_id=crossbill";
        let fresh = site
            .anonymous_token(&format!("{form}&client_secret=fresh"))
            .await;
        assert_eq!(fresh.status, 200);
        assert_eq!(site.get("jobs").await.status, status, "{ends}");
        site.stop().await;
    }
}
