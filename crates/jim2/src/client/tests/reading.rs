//! Reading resources, page by page, and what a read that fails means.

use super::*;
use crate::ContactIds;

#[tokio::test]
async fn without_named_queries_jobs_are_read_one_by_one_and_missing_ones_left_out() {
    let site = Site::with(|settings| settings.named_queries = false).await;
    site.grant_tokens().await;
    let found = status(200).set_body_json(json!({"data": job_resource(10)}));
    site.answer("GET", "api/v1/jobs/10", found).await;
    site.answer("GET", "api/v1/jobs/11", status(404)).await;
    let jobs = site.client.jobs(&[10, 11]).await.unwrap();
    assert_eq!(jobs.len(), 1);
    let job = &jobs[0];
    assert_eq!(job.cust_no, Told::Is(1001));
    assert_eq!(job.from_no, Told::Empty);
    assert_eq!(job.ship_no, Told::Not);
    assert_eq!(job.cust_ref, Told::Empty);
    assert_eq!(job.attn, Told::Is("Ann".to_owned()));
    assert_eq!(
        job.date_in,
        Told::Is("2026-11-23T00:00:00Z".parse().unwrap())
    );
    assert_eq!(
        job.date_due,
        Told::Is("2026-11-23T22:00:00Z".parse().unwrap())
    );
}

#[tokio::test]
async fn pages_are_followed_to_their_end_whatever_host_the_link_names() {
    let site = Site::with_tokens().await;
    let next = "http://inner:80/api/v1/jobs?page%5Bnumber%5D=2";
    Mock::given(path("/live/api/v1/jobs"))
        .and(query_param("page[number]", "2"))
        .respond_with(status(200).set_body_json(json!({"data": [job_resource(2)]})))
        .mount(&site.server)
        .await;
    Mock::given(path("/live/api/v1/jobs"))
        .and(query_param(
            "filter[LastModified][-gte]",
            "2026-11-23T00:00:00+00:00",
        ))
        .respond_with(
            status(200).set_body_json(json!({"data": [job_resource(1)], "links": {"next": next}})),
        )
        .mount(&site.server)
        .await;
    let since = site.clock.now();
    let jobs = site.client.jobs_modified_since(since).await.unwrap();
    let numbers: Vec<_> = jobs.iter().map(|job| job.job_no).collect();
    assert_eq!(numbers, [1, 2]);
}

#[tokio::test]
async fn a_list_that_is_told_whole_is_read_whole() {
    let all: Vec<Value> = (1..=250).map(job_resource).collect();
    for links in [
        json!(null),
        json!({}),
        json!({"next": null}),
        json!({"next": ""}),
        json!({"self": "/live/api/v1/jobs?pageno=0&pagesize=250"}),
    ] {
        let site = Site::with_tokens().await;
        let mut body = json!({ "data": all });
        if !links.is_null() {
            body["links"] = links.clone();
        }
        site.answer("GET", "api/v1/jobs", status(200).set_body_json(body))
            .await;
        let jobs = site.client.jobs_modified_since(site.clock.now()).await;
        assert_eq!(jobs.unwrap().len(), 250, "{links}");
        assert_eq!(site.bearers("api/v1/jobs").await.len(), 1);
    }
}

#[tokio::test]
async fn what_is_no_resource_is_never_taken_for_a_job_that_is_gone() {
    for data in [json!([]), json!("none"), json!(5), json!(true)] {
        let site = Site::with(|settings| settings.named_queries = false).await;
        site.grant_tokens().await;
        let body = status(200).set_body_json(json!({ "data": data }));
        site.answer("GET", "api/v1/jobs/10", body).await;
        let error = site.client.jobs(&[10]).await.unwrap_err();
        assert!(
            matches!(error, Error::Unreadable { .. }),
            "{data}: {error:?}"
        );
    }
}

#[tokio::test]
async fn a_list_that_is_not_there_is_never_an_empty_one() {
    for data in [json!(null), job_resource(1), json!("none")] {
        let site = Site::with_tokens().await;
        let body = status(200).set_body_json(json!({ "data": data }));
        site.answer("GET", "api/v1/jobs", body).await;
        let error = site
            .client
            .jobs_modified_since(site.clock.now())
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Unreadable { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_build_is_known_by_the_ids_of_its_contacts() {
    for (id, expected) in [
        ("12-1", Some(ContactIds::CardAndContact)),
        ("1", Some(ContactIds::ContactOnly)),
    ] {
        let site = Site::with_tokens().await;
        let none = status(200).set_body_json(json!({"data": []}));
        site.answer("GET", "api/v1/cardfiles/10/contacts", none)
            .await;
        site.answer("GET", "api/v1/cardfiles/11/contacts", status(404))
            .await;
        assert_eq!(
            site.client.probe_contact_ids(&[10, 11]).await.unwrap(),
            None
        );
        let one = json!({"data": [{"type": "CardFileContact", "id": id}]});
        site.answer(
            "GET",
            "api/v1/cardfiles/12/contacts",
            status(200).set_body_json(one),
        )
        .await;
        let probed = site.client.probe_contact_ids(&[10, 11, 12]).await.unwrap();
        assert_eq!(probed, expected);
    }
}

#[tokio::test]
async fn paging_that_goes_in_circles_is_an_error() {
    let site = Site::with_tokens().await;
    let body = json!({"data": [], "links": {"next": "/live/api/v1/cardfiles?page=2"}});
    site.answer("GET", "api/v1/cardfiles", status(200).set_body_json(body))
        .await;
    let since = site.clock.now();
    let error = site
        .client
        .cardfiles_modified_since(since)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Unreadable { .. }), "{error:?}");
}

#[tokio::test]
async fn a_read_that_fails_is_away_a_refusal_or_a_plea_for_patience() {
    for (response, expected) in [
        (status(503), "Jim2 does not answer"),
        (
            status(502).set_body_string("<html>"),
            "Jim2 does not answer",
        ),
        (status(429), "Jim2 asks to slow down"),
        (status(500), "Jim2 refused with 500: no reason given"),
        (status(403), "Jim2 forbids it: no reason given"),
    ] {
        let site = Site::with_tokens().await;
        site.answer("GET", "api/v1/custom/getdata", response).await;
        let error = site.client.jobs(&[1]).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[tokio::test]
async fn a_read_that_takes_too_long_is_away() {
    let site = Site::impatient().await;
    let late = status(200).set_delay(Duration::from_mins(1));
    site.answer("GET", "api/v1/custom/getdata", late).await;
    let error = site.client.jobs(&[1]).await.unwrap_err();
    assert!(matches!(error, Error::Away(_)), "{error:?}");
}

#[tokio::test]
async fn contact_details_are_read_from_json_text_and_from_json() {
    let site = Site::with_tokens().await;
    site.query(
        "crossbill_contacts",
        json!([{
            "columns": [{"Name": "CardNo"}, {"Name": "ContNo"}, {"Name": "Details"}],
            "rows": [[12, 1, r#"[{"type":"EMail","value":"a@example.com","comments":null}]"#]]
        }]),
    )
    .await;
    let contacts = site.client.contacts(&[(12, 1)]).await.unwrap();
    let types = &site.client.settings().contact_types;
    assert_eq!(
        contacts[0].email(types),
        Told::Is("a@example.com".to_owned())
    );

    let site = Site::with(|settings| settings.named_queries = false).await;
    site.grant_tokens().await;
    let contact = |id: &str| {
        json!({"type": "CardFileContact", "id": id,
               "attributes": {"details": [{"type": "Mobile", "value": "0400"}]}})
    };
    let body = json!({"data": [contact("12-1"), contact("2")]});
    site.answer(
        "GET",
        "api/v1/cardfiles/12/contacts",
        status(200).set_body_json(body),
    )
    .await;
    let contacts = site.client.contacts(&[(12, 2)]).await.unwrap();
    assert_eq!(contacts.len(), 1);
    assert_eq!(contacts[0].cont_no, 2);
    assert_eq!(contacts[0].mobile(types), Told::Is("0400".to_owned()));
}
