//! Reading named queries.

use super::*;
use crate::Query;

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

/// Jobs that come so are an error that says where.
async fn cannot_be_read(sets: Value, place: &str) {
    let site = Site::with_tokens().await;
    site.query("crossbill_jobs", sets).await;
    let error = site.client.jobs(&[1]).await.unwrap_err();
    assert!(
        matches!(&error, Error::Unreadable { path, .. } if path == place),
        "{error:?}"
    );
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
        cannot_be_read(sets, place).await;
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
        cannot_be_read(sets, place).await;
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
    assert_eq!(*state(Query::LISTS), QueryState::Ready);
    assert_eq!(*state(Query::SYSTEM), QueryState::Missing);
    assert!(
        matches!(state(Query::JOBS), QueryState::Lacks(columns) if columns.contains(&"OurRef".to_owned()))
    );
}

async fn feed(rows: Value) -> Result<crate::Changes, Error> {
    let site = Site::with_tokens().await;
    site.query(
        "crossbill_changes",
        json!([
            {"columns": [{"Name": "SafeMark"}, {"Name": "DatabaseId"}, {"Name": "Epoch"},
                         {"Name": "OldestPosition"}, {"Name": "Training"}],
             "rows": [[12, "db", 1, 10, true]]},
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
    assert_eq!(
        (changes.oldest, changes.training),
        (Told::Is(10), Some(true))
    );
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
