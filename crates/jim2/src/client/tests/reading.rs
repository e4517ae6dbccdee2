//! Reading named queries and JSON:API resources.

use super::*;
use crate::{ContactIds, Query};

#[tokio::test]
async fn a_row_is_read_by_its_column_names_and_what_is_not_told_stays_so() {
    let site = Site::with_tokens().await;
    site.query(
        "crossbill_jobs",
        json!([{
            "columns": [
                {"Name": "JOBNO", "Type": "int"}, {"Name": "Status", "Type": "varchar"},
                {"Name": "DateIn", "Type": "datetime"}, {"Name": "Ready", "Type": "bit"},
                {"Name": "InvNo", "Type": "int"}, {"Name": "CustNo", "Type": "int"}
            ],
            "rows": [[10, "Booked", "/Date(1763856000000)/", "F", null, "1001"]]
        }]),
    )
    .await;
    let jobs = site.client.jobs(&[10]).await.unwrap();
    assert_eq!(jobs.len(), 1);
    let job = &jobs[0];
    assert_eq!((job.job_no, &job.cust_no), (10, &Told::Is(1001)));
    assert_eq!(job.ready, Told::Is(false));
    assert_eq!(job.inv_no, Told::Empty);
    assert_eq!(job.our_ref, Told::Not, "there is no such column");
    assert_eq!(
        job.date_in,
        Told::Is("2025-11-23T00:00:00Z".parse().unwrap())
    );
}

#[tokio::test]
async fn dates_can_be_the_servers_wall_clock() {
    let site = Site::with(|settings| settings.date_reading = DateReading::WallClock).await;
    site.grant_tokens().await;
    site.query(
        "crossbill_jobs",
        json!([{
            "columns": [{"Name": "JobNo"}, {"Name": "DateIn"}],
            "rows": [[10, "/Date(1763895600000)/"]]
        }]),
    )
    .await;
    let jobs = site.client.jobs(&[10]).await.unwrap();
    assert_eq!(
        jobs[0].date_in,
        Told::Is("2025-11-23T00:00:00Z".parse().unwrap())
    );
}

#[tokio::test]
async fn many_jobs_are_read_two_hundred_a_call() {
    let site = Site::with_tokens().await;
    site.query(
        "crossbill_jobs",
        json!([{"columns": [{"Name": "JobNo"}], "rows": [[1]]}]),
    )
    .await;
    let numbers: Vec<_> = (1..=450).collect();
    assert_eq!(site.client.jobs(&numbers).await.unwrap().len(), 3);
    assert_eq!(site.client.jobs(&[]).await.unwrap(), []);
}

#[tokio::test]
async fn a_query_that_is_not_installed_is_told_by_name() {
    let sentence = r#"There is no query named "crossbill_jobs"."#;
    for response in [
        status(404),
        status(404).set_body_string("<html>404 - File or directory not found.</html>"),
        status(404).set_body_string("The query crossbill_jobs does not exist."),
        status(400).set_body_json(json!({"errors": [
            {"code": "unknown-query", "detail": "It is not here."}
        ]})),
        status(400).set_body_json(json!({"errors": [{"detail": sentence}]})),
        status(400).set_body_json(json!({"message": sentence})),
        status(400).set_body_string(sentence),
    ] {
        let site = Site::with_tokens().await;
        site.answer("GET", "api/v1/custom/getdata", response).await;
        no_jobs(&site).await;
        let error = site.client.jobs(&[1]).await.unwrap_err();
        assert!(
            matches!(&error, Error::NoSuchQuery(name) if name == "crossbill_jobs"),
            "{error:?}"
        );
    }
}

/// The rest of the API is where it should be.
async fn no_jobs(site: &Site) {
    let none = status(200).set_body_json(json!({"data": []}));
    site.answer("GET", "api/v1/jobs", none).await;
}

#[tokio::test]
async fn a_base_url_without_the_api_is_no_missing_query() {
    for response in [status(404), status(404).set_body_string("<html>404</html>")] {
        let site = Site::with_tokens().await;
        Mock::given(method("GET"))
            .respond_with(response)
            .mount(&site.server)
            .await;
        for error in [
            site.client.jobs(&[1]).await.unwrap_err(),
            site.client.probe_named_queries().await.unwrap_err(),
        ] {
            assert!(
                matches!(&error, Error::Unauthorized { setting } if setting.contains("base URL")),
                "{error:?}"
            );
        }
    }
}

#[tokio::test]
async fn what_only_speaks_of_a_query_is_no_missing_query() {
    let said = |code: u16, sentence: &str| {
        let errors = json!({"errors": [{"code": "query-parameter", "detail": sentence}]});
        status(code).set_body_json(errors)
    };
    for response in [
        said(400, "qp1 of the query crossbill_jobs must be numbers."),
        said(400, "The query ran into a deadlock."),
        said(403, "Your user may not run queries."),
        said(422, "The query string has no value."),
    ] {
        let site = Site::with_tokens().await;
        site.answer("GET", "api/v1/custom/getdata", response).await;
        no_jobs(&site).await;
        let error = site.client.jobs(&[1]).await.unwrap_err();
        assert!(
            matches!(error, Error::Refused { .. } | Error::Forbidden { .. }),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn an_answer_without_a_result_set_or_its_keys_is_never_no_rows() {
    for (sets, place) in [
        (json!([]), "crossbill_jobs"),
        (
            json!([{"columns": [], "rows": []}]),
            "crossbill_jobs[0].JobNo",
        ),
        (
            json!([{"columns": [{"Name": "Error"}], "rows": []}]),
            "crossbill_jobs[0].JobNo",
        ),
    ] {
        let site = Site::with_tokens().await;
        site.query("crossbill_jobs", sets).await;
        let error = site.client.jobs(&[1]).await.unwrap_err();
        assert!(
            matches!(&error, Error::Unreadable { path, .. } if path == place),
            "{error:?}"
        );
    }
    let site = Site::with_tokens().await;
    let none = json!([{"columns": [{"Name": "jobno"}], "rows": []}]);
    site.query("crossbill_jobs", none).await;
    assert_eq!(site.client.jobs(&[1]).await.unwrap(), []);
}

#[tokio::test]
async fn an_answer_of_another_shape_says_where() {
    for (sets, place) in [
        (
            json!([{"columns": [{"Name": "JobNo"}], "rows": [[1, 2]]}]),
            "crossbill_jobs[0].rows[0]",
        ),
        (
            json!([{"columns": [{"Name": "JobNo"}], "rows": [["ten"]]}]),
            "crossbill_jobs[0].rows[0].JobNo",
        ),
        (
            json!([{"columns": [{"Name": "No"}], "rows": [[1]]}]),
            "crossbill_jobs[0].JobNo",
        ),
    ] {
        let site = Site::with_tokens().await;
        site.query("crossbill_jobs", sets).await;
        let error = site.client.jobs(&[1]).await.unwrap_err();
        assert!(
            matches!(&error, Error::Unreadable { path, .. } if path == place),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn cut_json_is_an_error_and_never_no_rows() {
    let site = Site::with_tokens().await;
    let cut = status(200).set_body_string(r#"{"resultSets":[{"columns":[],"rows":["#);
    site.answer("GET", "api/v1/custom/getdata", cut).await;
    let error = site.client.jobs(&[1]).await.unwrap_err();
    assert!(matches!(error, Error::Unreadable { .. }), "{error:?}");
}

#[tokio::test]
async fn probing_tells_missing_queries_and_missing_columns() {
    let site = Site::with_tokens().await;
    site.query(
        "crossbill_jobs",
        json!([{"columns": [{"Name": "JobNo"}], "rows": []}]),
    )
    .await;
    site.query(
        "crossbill_lists",
        json!([{"columns": [
            {"Name": "list"}, {"Name": "code"}, {"Name": "label"}, {"Name": "active"}, {"Name": "extra"}
        ], "rows": []}]),
    )
    .await;
    site.answer("GET", "api/v1/custom/getdata", status(404))
        .await;
    no_jobs(&site).await;
    let capabilities = site.client.probe_named_queries().await.unwrap();
    assert!(!capabilities.named_queries());
    let state = |query| {
        &capabilities
            .queries
            .iter()
            .find(|(one, _)| *one == query)
            .unwrap()
            .1
    };
    assert_eq!(*state(Query::Lists), QueryState::Ready);
    assert_eq!(*state(Query::System), QueryState::Missing);
    assert!(
        matches!(state(Query::Jobs), QueryState::Lacks(columns) if columns.contains(&"OurRef".to_owned()))
    );
}

async fn feed(rows: Value) -> Result<crate::Changes, Error> {
    let site = Site::with_tokens().await;
    site.query(
        "crossbill_changes",
        json!([
            {"columns": [{"Name": "SafeMark"}, {"Name": "DatabaseId"}, {"Name": "Epoch"}],
             "rows": [[12, "db", 1]]},
            {"columns": [{"Name": "Position"}, {"Name": "Object"}, {"Name": "ObjectKey"},
                         {"Name": "Operation"}, {"Name": "ChangedAt"}, {"Name": "ChangedBy"}],
             "rows": rows}
        ]),
    )
    .await;
    site.client.changes(9, 100).await
}

#[tokio::test]
async fn the_change_feed_keeps_its_order_and_objects_it_does_not_know() {
    let changes = feed(json!([
        [10, "Job", "5001", "U", "/Date(1763856000000)/", "JC"],
        [12, "Quote", "7", "I", null, null]
    ]))
    .await
    .unwrap();
    assert_eq!((changes.safe_mark, changes.identity.epoch), (12, 1));
    assert_eq!(changes.rows[0].object, Object::Job);
    assert_eq!(changes.rows[0].operation, Operation::Update);
    assert_eq!(changes.rows[1].object, Object::Other("Quote".to_owned()));
}

#[tokio::test]
async fn a_feed_that_breaks_its_order_is_refused_whole() {
    let row = |position: i64| json!([position, "Job", "1", "U", null, null]);
    for rows in [
        json!([row(11), row(10)]),
        json!([row(9)]),
        json!([row(10), row(10)]),
        json!([row(13)]),
    ] {
        assert!(matches!(feed(rows).await, Err(Error::Unreadable { .. })));
    }
}

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
async fn the_servers_clock_tells_how_its_dates_count() {
    // Midnight in UTC on 23 November 2026 is 11:00 on the wall in Sydney.
    let [instant, wall_clock] = ["/Date(1795392000000)/", "/Date(1795431600000)/"];
    for (told, expected) in [
        (instant, Some(DateReading::Instant)),
        (wall_clock, Some(DateReading::WallClock)),
        ("2026-11-23T11:00:00", Some(DateReading::Instant)),
        ("/Date(1795395600000)/", None),
    ] {
        let site = Site::with_tokens().await;
        site.query(
            "crossbill_system",
            json!([{"columns": [{"Name": "DatabaseId"}, {"Name": "Epoch"}, {"Name": "ServerTime"}],
                    "rows": [["live", 1, told]]}]),
        )
        .await;
        let system = site.client.system().await.unwrap();
        let Told::Is(time) = system.server_time else {
            panic!("{system:?}");
        };
        let now = site.clock.now();
        let reading = time.reading(now, TimeDelta::minutes(2));
        assert_eq!(reading, expected, "{told}");
        if let Some(reading) = reading {
            assert_eq!(time.read_as(reading), now);
        }
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
