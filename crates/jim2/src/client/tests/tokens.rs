//! Which token goes with which call, and when it is renewed.

use super::*;

async fn jobs_answer(site: &Site) {
    site.query(
        "crossbill_jobs",
        json!([{"columns": [{"Name": "JobNo"}], "rows": []}]),
    )
    .await;
}

#[tokio::test]
async fn reads_use_one_view_token_and_take_no_licence() {
    let site = Site::with_tokens().await;
    jobs_answer(&site).await;
    site.client.jobs(&[1]).await.unwrap();
    site.client.jobs(&[2]).await.unwrap();
    let bearers = site.bearers("api/v1/custom/getdata").await;
    assert_eq!(bearers, ["view-1", "view-1"]);
}

#[tokio::test]
async fn a_token_is_renewed_before_its_twenty_minutes_end() {
    let site = Site::with_tokens().await;
    jobs_answer(&site).await;
    site.client.jobs(&[1]).await.unwrap();
    site.clock.advance(19);
    site.client.jobs(&[1]).await.unwrap();
    let bearers = site.bearers("api/v1/custom/getdata").await;
    assert_eq!(bearers, ["view-1", "view-2"]);
}

#[tokio::test]
async fn writes_share_one_licensed_session_until_it_is_closed() {
    let site = Site::with_tokens().await;
    site.answer("PATCH", "api/v1/jobs/10", status(200)).await;
    site.client.set_job_status(10, "Proceed").await.unwrap();
    site.client.set_job_status(10, "Checked").await.unwrap();
    site.client.close_writing_session().await.unwrap();
    site.client.close_writing_session().await.unwrap();
    site.client.set_job_status(10, "FINISH").await.unwrap();
    assert_eq!(
        site.bearers("api/v1/jobs/10").await,
        ["all-1", "all-1", "all-2"]
    );
    assert_eq!(
        site.bearers("logoff").await,
        ["all-1"],
        "only what is open is closed"
    );
}

#[tokio::test]
async fn an_unused_writing_session_gives_its_licence_back() {
    let site = Site::with_tokens().await;
    site.answer("PATCH", "api/v1/jobs/10", status(200)).await;
    assert!(!site.client.close_idle_writing_session().await.unwrap());
    site.client.set_job_status(10, "Proceed").await.unwrap();
    site.clock.advance(4);
    site.client.set_job_status(10, "Checked").await.unwrap();
    site.clock.advance(4);
    assert!(
        !site.client.close_idle_writing_session().await.unwrap(),
        "used 4 minutes ago"
    );
    site.clock.advance(1);
    assert!(site.client.close_idle_writing_session().await.unwrap());
    assert_eq!(site.bearers("logoff").await, ["all-1"]);
}

#[tokio::test]
async fn a_writing_session_about_to_end_is_replaced_without_taking_two_licences() {
    let site = Site::with_tokens().await;
    site.answer("PATCH", "api/v1/jobs/10", status(200)).await;
    site.client.set_job_status(10, "Proceed").await.unwrap();
    site.clock.advance(19);
    site.client.set_job_status(10, "Checked").await.unwrap();
    assert_eq!(site.bearers("api/v1/jobs/10").await, ["all-1", "all-2"]);
    assert_eq!(site.bearers("logoff").await, ["all-1"]);
}

/// Grants one writing session that can be extended, before all others.
async fn extendable(site: &Site, extended: ResponseTemplate) {
    let grant = |token: &str| json!({"access_token": token, "refresh_token": "extend-me", "expires_in": "1200"});
    Mock::given(path("/live/token"))
        .and(body_string_contains("scope=all"))
        .respond_with(status(200).set_body_json(grant("first")))
        .up_to_n_times(1)
        .mount(&site.server)
        .await;
    Mock::given(path("/live/token"))
        .and(body_string_contains("refresh_token=extend-me"))
        .respond_with(extended)
        .mount(&site.server)
        .await;
    site.grant_tokens().await;
    site.answer("PATCH", "api/v1/jobs/10", status(200)).await;
}

#[tokio::test]
async fn a_writing_session_is_extended_where_the_build_can() {
    let site = Site::new().await;
    let more = json!({"access_token": "second", "expires_in": 1200});
    extendable(&site, status(200).set_body_json(more)).await;
    site.client.set_job_status(10, "Proceed").await.unwrap();
    site.clock.advance(19);
    site.client.set_job_status(10, "Checked").await.unwrap();
    assert_eq!(site.bearers("api/v1/jobs/10").await, ["first", "second"]);
    assert!(site.bearers("logoff").await.is_empty());
}

#[tokio::test]
async fn a_build_that_only_knows_client_credentials_gets_a_fresh_session_and_no_write_fails() {
    let oauth = json!({"error": "unsupported_grant_type"});
    for refusal in [
        status(400).set_body_json(oauth),
        status(401).set_body_json(json!({"error": "invalid_grant"})),
        status(500).set_body_string("Access violation"),
        status(200).set_body_json(json!({"token": "of another shape"})),
    ] {
        let site = Site::new().await;
        extendable(&site, refusal).await;
        site.client.set_job_status(10, "Proceed").await.unwrap();
        site.clock.advance(19);
        site.client.set_job_status(10, "Checked").await.unwrap();
        assert_eq!(site.bearers("api/v1/jobs/10").await, ["first", "all-1"]);
        assert_eq!(
            site.bearers("logoff").await,
            ["first"],
            "one licence at a time"
        );
    }
}

/// The database `live` with this epoch, its change table read up to 12.
fn known(epoch: i64) -> crate::Known {
    crate::Known {
        identity: Some(crate::Identity {
            database_id: "live".to_owned(),
            epoch,
        }),
        mark: Some(12),
        ..crate::Known::default()
    }
}

/// What `live` tells where its change table ends there.
fn changes(mark: i64, epoch: i64) -> Value {
    json!([
        {"columns": [{"Name": "SafeMark"}, {"Name": "DatabaseId"}, {"Name": "Epoch"}],
         "rows": [[mark, "live", epoch]]},
        {"columns": [{"Name": "Position"}], "rows": []}
    ])
}

#[tokio::test]
async fn a_session_is_not_extended_on_another_database() {
    let site = Site::new().await;
    site.session.know(known(1));
    let more = json!({"access_token": "second", "expires_in": 1200});
    extendable(&site, status(200).set_body_json(more)).await;
    let answer = |epoch| status(200).set_body_json(json!({"resultSets": changes(12, epoch)}));
    Mock::given(path("/live/api/v1/custom/getdata"))
        .respond_with(answer(1))
        .up_to_n_times(2)
        .mount(&site.server)
        .await;
    site.answer("GET", "api/v1/custom/getdata", answer(2)).await;
    site.client.set_job_status(10, "Proceed").await.unwrap();
    site.clock.advance(19);
    let error = site.client.set_job_status(10, "Checked").await.unwrap_err();
    assert!(matches!(error, Error::OtherDatabase(_)), "{error:?}");
    assert_eq!(site.bearers("api/v1/jobs/10").await, ["first"]);
}

#[tokio::test]
async fn an_answer_that_grants_nothing_readable_is_told_and_shows_no_token() {
    for (body, expected) in [
        (r#"{"access_token":{"hunter2":1}}"#, "unreadable"),
        (r#"{"token":"hunter2"}"#, "unreadable"),
        (r#"{"access_token":"hunter2"#, "away"),
    ] {
        let site = Site::new().await;
        site.answer("POST", "token", status(200).set_body_string(body))
            .await;
        let error = site.client.jobs(&[1]).await.unwrap_err();
        let is_expected = match expected {
            "away" => matches!(error, Error::Away(_)),
            _ => matches!(&error, Error::Unreadable { path, .. } if path == "token"),
        };
        assert!(is_expected, "{body}: {error:?}");
        assert!(!format!("{error:?} {error}").contains("hunter2"));
    }
}

#[tokio::test]
async fn a_token_refused_in_mid_burst_is_renewed_once_and_the_write_repeated() {
    let site = Site::with_tokens().await;
    Mock::given(method("PATCH"))
        .and(header("authorization", "Bearer all-1"))
        .respond_with(status(401))
        .mount(&site.server)
        .await;
    site.answer("PATCH", "api/v1/jobs/10", status(200)).await;
    site.client.set_job_status(10, "Proceed").await.unwrap();
    assert_eq!(site.bearers("api/v1/jobs/10").await, ["all-1", "all-2"]);
}

#[tokio::test]
async fn a_token_refused_twice_is_a_matter_for_the_integrator() {
    let site = Site::with_tokens().await;
    site.answer("PATCH", "api/v1/jobs/10", status(401)).await;
    site.answer("GET", "api/v1/custom/getdata", status(401))
        .await;
    let write = site.client.set_job_status(10, "Proceed").await.unwrap_err();
    let read = site.client.jobs(&[10]).await.unwrap_err();
    for error in [write, read] {
        assert!(matches!(error, Error::Unauthorized { .. }), "{error:?}");
    }
    assert_eq!(site.bearers("api/v1/jobs/10").await, ["all-1", "all-2"]);
}

#[tokio::test]
async fn sign_in_tells_credentials_licences_and_absence_apart() {
    for (response, expected) in [
        (
            status(401).set_body_json(json!({"error": "invalid_client"})),
            "Jim2 does not accept the client id or its secret (the Jim2 password of the API's user)",
        ),
        (
            status(403)
                .set_body_json(json!({"error_description": "There are no available licences."})),
            "Jim2 has no free licence for a writing session",
        ),
        (
            status(404),
            "Jim2 does not accept the base URL (it has no token address there)",
        ),
        (status(503), "Jim2 does not answer"),
    ] {
        let site = Site::new().await;
        site.answer("POST", "token", response).await;
        let error = site.client.set_job_status(10, "Proceed").await.unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[tokio::test]
async fn neither_reading_nor_writing_begins_on_another_database_or_an_earlier_state_of_it() {
    for (mark, epoch, begins) in [(12, 1, true), (99, 1, true), (12, 2, false), (11, 1, false)] {
        let site = Site::with_tokens().await;
        site.session.know(known(1));
        site.query("crossbill_changes", changes(mark, epoch)).await;
        site.query(
            "crossbill_jobs",
            json!([{"columns": [{"Name": "JobNo"}], "rows": []}]),
        )
        .await;
        site.answer("PATCH", "api/v1/jobs/10", status(200)).await;
        let read = site.client.jobs(&[10]).await;
        let written = site.client.set_job_status(10, "Proceed").await;
        for failed in [read.err(), written.err()] {
            let is_refused = matches!(failed, Some(Error::OtherDatabase(_)));
            assert_eq!(is_refused, !begins, "{mark} {epoch}: {failed:?}");
        }
        let sent = site.bearers("api/v1/jobs/10").await.len();
        assert_eq!(sent, usize::from(begins), "{mark} {epoch}");
    }
}

#[tokio::test]
async fn nothing_is_written_once_anybody_has_seen_another_database_though_a_session_is_open() {
    let site = Site::with_tokens().await;
    site.session.know(known(1));
    site.query("crossbill_changes", changes(12, 1)).await;
    site.answer("PATCH", "api/v1/jobs/10", status(200)).await;
    site.client.set_job_status(10, "Proceed").await.unwrap();
    let restored = domain::StopReason::Restored("it went back".to_owned());
    site.session.know(crate::Known {
        departed: Some(restored),
        ..known(1)
    });
    let error = site.client.set_job_status(10, "Checked").await.unwrap_err();
    assert!(matches!(error, Error::OtherDatabase(_)), "{error:?}");
    assert_eq!(site.bearers("api/v1/jobs/10").await.len(), 1);
}

#[tokio::test]
async fn without_named_queries_a_session_opens_only_where_the_highest_job_is_still_there() {
    for (jobs, opens) in [
        (
            json!([{"type": "Job", "id": "5010", "attributes": {}}]),
            true,
        ),
        (
            json!([{"type": "Job", "id": "5012", "attributes": {}}]),
            true,
        ),
        (json!([]), false),
    ] {
        let site = Site::with(|settings| settings.named_queries = false).await;
        site.grant_tokens().await;
        site.session.know(crate::Known {
            job: Some(crate::TopJob {
                no: 5010,
                made_at: None,
            }),
            ..crate::Known::default()
        });
        Mock::given(method("GET"))
            .and(path("/live/api/v1/jobs"))
            .and(query_param("filter[JobNo][-gte]", "5010"))
            .respond_with(status(200).set_body_json(json!({"data": jobs})))
            .mount(&site.server)
            .await;
        site.answer("PATCH", "api/v1/jobs/10", status(200)).await;
        let written = site.client.set_job_status(10, "Proceed").await;
        assert_eq!(written.is_ok(), opens, "{jobs}: {written:?}");
    }
}

#[tokio::test]
async fn neither_the_secret_nor_a_token_is_ever_shown() {
    let site = Site::with_tokens().await;
    site.answer("PATCH", "api/v1/jobs/10", status(200)).await;
    site.client.set_job_status(10, "Proceed").await.unwrap();
    let shown = format!("{:?}", site.client);
    for secret in ["hunter2", "all-1"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn no_more_than_two_calls_run_at_once() {
    let site = Site::with_tokens().await;
    let delay = Duration::from_millis(150);
    let empty = json!({"resultSets": [{"columns": [{"Name": "JobNo"}], "rows": []}]});
    let response = status(200).set_body_json(empty).set_delay(delay);
    site.answer("GET", "api/v1/custom/getdata", response).await;
    site.client.jobs(&[1]).await.unwrap();
    let begun = std::time::Instant::now();
    let (a, b, c) = tokio::join!(
        site.client.jobs(&[1]),
        site.client.jobs(&[2]),
        site.client.jobs(&[3])
    );
    for jobs in [a, b, c] {
        jobs.unwrap();
    }
    assert!(
        begun.elapsed() >= 2 * delay,
        "the third waited for one of the others"
    );
}
