//! What is sent, and what a refused, lost or broken answer to a write means.

use super::*;

#[tokio::test]
async fn only_the_given_attributes_are_sent_and_the_due_date_in_the_servers_time() {
    let site = Site::with_tokens().await;
    site.answer("PATCH", "api/v1/jobs/10", status(200)).await;
    let changes = JobChanges {
        cust_ref: Told::Empty,
        priority: Told::Is("High".to_owned()),
        date_due: Told::Is("2026-11-23T22:00:00Z".parse().unwrap()),
        ..JobChanges::default()
    };
    site.client.update_job(10, &changes).await.unwrap();
    assert_eq!(
        site.last_body().await,
        json!({"data": {"type": "Job", "id": "10", "attributes": {
            "CustRef": "", "Priority": "High", "DateDue": "2026-11-24T09:00:00"
        }}})
    );
}

#[tokio::test]
async fn a_job_is_made_at_once_or_through_the_queue_with_its_reference() {
    let site = Site::with_tokens().await;
    let queued = status(202).set_body_json(json!({"requestNo": 7}));
    Mock::given(path("/live/api/v1/jobcreate"))
        .and(query_param("Queue", "true"))
        .and(query_param("SubmitRefId", "CB-1"))
        .and(body_string_contains(r#""submitRefId":"CB-1""#))
        .respond_with(queued)
        .mount(&site.server)
        .await;
    let made = status(201).set_body_json(json!({"jobNo": 5001}));
    site.answer("POST", "api/v1/jobcreate", made).await;
    let job = JobCreate {
        cust_no: 1001,
        item_code: Some("SERVICE".to_owned()),
        our_ref: Some("T20261123.0001".to_owned()),
        date_due: Some("2026-11-23T22:00:00Z".parse().unwrap()),
        ..JobCreate::default()
    };
    let created = site.client.create_job(&job, "CB-1", true).await.unwrap();
    assert_eq!(
        created,
        Created::Queued {
            request: "7".to_owned()
        }
    );
    let created = site.client.create_job(&job, "CB-1", false).await.unwrap();
    assert_eq!(created, Created::Job { job_no: 5001 });
    assert_eq!(
        site.last_body().await,
        json!({
            "customer": {"cardNo": 1001}, "item": {"code": "SERVICE"},
            "ourRef": "T20261123.0001", "dateDue": "2026-11-24"
        })
    );
}

#[tokio::test]
async fn a_write_whose_answer_cannot_be_used_may_have_been_done() {
    for response in [
        status(201).set_body_string(r#"{"jobNo":"#),
        status(201).set_body_json(json!({"other": 1})),
        status(201).set_body_string("<html>"),
        status(502),
        status(504),
        status(500).set_body_string("Access violation"),
    ] {
        let site = Site::with_tokens().await;
        site.answer("POST", "api/v1/jobcreate", response).await;
        let job = JobCreate::default();
        let error = site
            .client
            .create_job(&job, "CB-1", false)
            .await
            .unwrap_err();
        assert!(matches!(error, Error::MaybeDone(_)), "{error:?}");
        assert_eq!(
            site.bearers("api/v1/jobcreate").await.len(),
            1,
            "it is not repeated"
        );
    }
}

#[tokio::test]
async fn a_write_that_nobody_took_is_surely_not_done() {
    let site = Site::with_tokens().await;
    site.answer("POST", "api/v1/jobcreate", status(503)).await;
    let job = JobCreate::default();
    let error = site
        .client
        .create_job(&job, "CB-1", false)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Away(_)), "{error:?}");
}

#[tokio::test]
async fn a_write_without_an_answer_in_time_may_have_been_done() {
    let site = Site::impatient().await;
    let late = status(201).set_delay(Duration::from_mins(1));
    site.answer("POST", "api/v1/jobcreate", late).await;
    let job = JobCreate::default();
    let error = site
        .client
        .create_job(&job, "CB-1", false)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::MaybeDone(_)), "{error:?}");
}

#[tokio::test]
async fn a_jim2_that_cannot_be_reached_is_away() {
    let nowhere = "http://127.0.0.1:1/live/".parse().unwrap();
    let site = Site::with(|settings| settings.base_url = nowhere).await;
    let error = site.client.set_job_status(10, "Proceed").await.unwrap_err();
    assert!(matches!(error, Error::Away(_)), "{error:?}");
}

#[tokio::test]
async fn a_refused_status_step_names_the_status_asked_for() {
    let site = Site::with_tokens().await;
    let said = "API has status level 1 and may not put job 10 on FINISH, which needs level 5.";
    let refusal = json!({"errors": [{"status": "403", "code": "status-level", "detail": said}]});
    site.answer(
        "PATCH",
        "api/v1/jobs/10",
        status(403).set_body_json(refusal),
    )
    .await;
    let error = site.client.set_job_status(10, "FINISH").await.unwrap_err();
    assert!(
        matches!(&error, Error::Workflow { to, .. } if to == "FINISH"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_refused_status_step_goes_to_the_status_asked_for_whatever_the_sentence_says() {
    let said = "The job cannot go from Burn In to it: the workflow leads to Parts, FINISH.";
    for response in [
        status(422).set_body_json(json!({"message": said})),
        status(422).set_body_string(said),
    ] {
        let site = Site::with_tokens().await;
        site.answer("PATCH", "api/v1/jobs/10", response).await;
        let changes = JobChanges {
            status: Told::Is("Wait Parts".to_owned()),
            cust_ref: Told::Is("PO 7".to_owned()),
            ..JobChanges::default()
        };
        let error = site.client.update_job(10, &changes).await.unwrap_err();
        assert!(
            matches!(&error, Error::Workflow { from, to, .. } if from == "Burn In" && to == "Wait Parts"),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn whether_comments_can_be_written_is_probed_on_a_job_that_cannot_be() {
    let not_found = |what: &str| {
        let errors = json!({"errors": [{"detail": format!("{what} does not exist.")}]});
        status(404).set_body_json(errors)
    };
    for (comments, nonsense, writable) in [
        (status(405), status(404), false),
        (status(404), status(404), false),
        (
            not_found("jobs/0/comments"),
            not_found("jobs/0/crossbill-probe"),
            false,
        ),
        (
            not_found("Job 0"),
            not_found("jobs/0/crossbill-probe"),
            true,
        ),
    ] {
        let site = Site::with_tokens().await;
        site.answer("PATCH", "api/v1/jobs/0/comments/0-0", comments)
            .await;
        site.answer("PATCH", "api/v1/jobs/0/crossbill-probe/0-0", nonsense)
            .await;
        assert_eq!(site.client.job_comments_writable().await.unwrap(), writable);
    }
}

#[tokio::test]
async fn a_build_that_takes_no_comments_says_so_of_the_attribute() {
    for response in [
        status(405),
        status(405).set_body_string("Comments of a job are read-only in this build of the API."),
    ] {
        let site = Site::with_tokens().await;
        site.answer("POST", "api/v1/jobs/10/comments", response)
            .await;
        let error = site
            .client
            .add_job_comment(10, "x", false)
            .await
            .unwrap_err();
        assert!(
            matches!(&error, Error::NotWritable { attribute } if attribute == "comments"),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn comments_and_contacts_answer_the_number_of_the_new_line() {
    let site = Site::with_tokens().await;
    let line = |kind: &str, id: &str| {
        status(201).set_body_json(json!({"data": {"type": kind, "id": id, "attributes": {}}}))
    };
    site.answer(
        "POST",
        "api/v1/jobs/10/comments",
        line("JobComment", "10-2"),
    )
    .await;
    site.answer(
        "POST",
        "api/v1/cardfiles/12/contacts",
        line("CardFileContact", "3"),
    )
    .await;
    assert_eq!(
        site.client.add_job_comment(10, "Hi", false).await.unwrap(),
        2
    );
    let contact = ContactChanges {
        first_name: Told::Is("Ann".to_owned()),
        ..ContactChanges::default()
    };
    assert_eq!(site.client.create_contact(12, &contact).await.unwrap(), 3);
    assert_eq!(
        site.last_body().await,
        json!({"data": {"type": "CardFileContact", "attributes": {"firstName": "Ann"}}})
    );
}
