//! Zones, logins, metadata, records and queries.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::super::{Denial, Options};
use super::bench::{Bench, answer};

#[tokio::test]
async fn a_zone_is_told_without_a_login_and_an_unknown_user_is_500() {
    let bench = Bench::start().await;
    let zone = format!(
        "{}/atservicesrest/v1.0/zoneinformation?user=",
        bench.autotask.base_url()
    );
    let (status, told) = answer(
        bench
            .http
            .get(format!("{zone}crossbill%40provider.example")),
    )
    .await;
    assert_eq!(
        (status, &told["url"]),
        (
            StatusCode::OK,
            &json!(format!("{}/ATServicesRest/", bench.autotask.base_url()))
        )
    );
    for user in ["nobody%40provider.example", ""] {
        let (status, told) = answer(bench.http.get(format!("{zone}{user}"))).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{user}: {told}");
        assert!(told["errors"][0].is_string(), "{told}");
    }
}

#[tokio::test]
async fn a_call_needs_all_three_headers() {
    let bench = Bench::start().await;
    let url = format!(
        "{}/ATServicesRest/V1.0/Tickets/7001",
        bench.autotask.base_url()
    );
    let right = [
        ("username", "crossbill@provider.example"),
        ("SECRET", "sandbox-secret"),
        ("ApiIntegrationcode", "SANDBOX"),
    ];
    for wrong in 0..=right.len() {
        let request = right.iter().enumerate().fold(
            bench.http.get(&url),
            |request, (index, (name, value))| {
                request.header(*name, if index == wrong { "wrong" } else { *value })
            },
        );
        let expected = if wrong == right.len() {
            StatusCode::OK
        } else {
            StatusCode::UNAUTHORIZED
        };
        assert_eq!(answer(request).await.0, expected, "header {wrong} wrong");
    }
}

#[tokio::test]
async fn the_versions_are_told() {
    let bench = Bench::start().await;
    let (status, _) = answer(bench.http.get(format!(
        "{}/ATServicesRest/VersionInformation",
        bench.autotask.base_url()
    )))
    .await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn metadata_tells_rights_fields_and_user_defined_fields() {
    let bench = Bench::start().await;
    let (_, info) = bench.get("Tickets/entityInformation").await;
    assert_eq!(info["info"]["name"], "Ticket");
    assert_eq!(info["info"]["canDelete"], false);
    assert_eq!(info["info"]["supportsWebhookCallouts"], true);
    let (_, fields) = bench.get("Tickets/entityInformation/fields").await;
    let priority = fields["fields"]
        .as_array()
        .and_then(|all| all.iter().find(|field| field["name"] == "priority"))
        .expect("it is there");
    assert_eq!(
        (
            &priority["dataType"],
            &priority["isRequired"],
            &priority["isPickList"]
        ),
        (&json!("integer"), &json!(true), &json!(true))
    );
    assert_eq!(
        priority["picklistValues"][0]["value"], "4",
        "values are text"
    );
    let (_, udfs) = bench
        .get("Tickets/entityInformation/userDefinedFields")
        .await;
    assert_eq!(
        (&udfs["fields"][0]["name"], &udfs["fields"][0]["type"]),
        (&json!("Jim2 Job#"), &json!("string"))
    );
    assert_eq!(
        bench
            .get("Roles/entityInformation/userDefinedFields")
            .await
            .0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_record_has_every_field_and_a_missing_one_is_a_null_item() {
    let bench = Bench::start().await;
    let company = bench.item("Companies/0").await;
    assert_eq!(company["id"], 0);
    assert_eq!(company["fax"], Value::Null);
    assert!(
        company["lastActivityDate"]
            .as_str()
            .is_some_and(|date| date.ends_with('Z')),
        "{company}"
    );
    assert_eq!(
        company["userDefinedFields"][0],
        json!({"name": "Jim2 CardNo", "value": null})
    );
    assert_eq!(
        bench.get("Companies/99999").await,
        (StatusCode::OK, json!({"item": null}))
    );
    let strict = Bench::start_with(Options {
        missing_id_404: true,
        naive_dates: true,
        omit_empty_udfs: true,
        ..Options::default()
    })
    .await;
    assert_eq!(strict.get("Companies/99999").await.0, StatusCode::NOT_FOUND);
    let company = strict.item("Companies/0").await;
    assert!(
        company["lastActivityDate"]
            .as_str()
            .is_some_and(|date| !date.ends_with('Z')),
        "{company}"
    );
    assert_eq!(company.get("userDefinedFields"), None);
}

#[tokio::test]
async fn a_query_tells_only_the_fields_asked_for() {
    let bench = Bench::start().await;
    let asked = json!({"maxrecords": 3, "INCLUDEFIELDS": ["id", "TicketNumber", "Jim2 Job#"], "Filter": [{"op": "gte", "field": "Id", "value": 0}]});
    let (status, answer) = bench.post("Tickets/query", asked).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let first = answer["items"][0].as_object().expect("an object");
    assert_eq!(
        first.keys().collect::<Vec<_>>(),
        ["id", "ticketNumber", "userDefinedFields"]
    );
    assert_eq!(
        first["userDefinedFields"],
        json!([{"name": "Jim2 Job#", "value": null}])
    );
    assert_eq!(answer["pageDetails"]["count"], 3);
    let refused = bench
        .errors(
            Method::POST,
            "Tickets/query",
            json!({"IncludeFields": ["colour"], "filter": [{"op": "exist", "field": "id"}]}),
        )
        .await;
    assert!(
        refused.contains("Unable to find colour in the Ticket Entity"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_query_by_get_and_by_post_say_the_same_and_count_counts() {
    let bench = Bench::start().await;
    let search = json!({"filter": [{"op": "eq", "field": "companyID", "value": 174}]});
    let by_post = bench.post("Contacts/query", search.clone()).await;
    let by_get = super::bench::answer(
        bench
            .request(Method::GET, "Contacts/query")
            .query(&[("search", search.to_string())]),
    )
    .await;
    assert_eq!(by_post.1["items"], by_get.1["items"]);
    let count = by_post.1["items"].as_array().map(Vec::len);
    assert!(count > Some(0));
    let (_, counted) = bench.post("Contacts/query/count", search).await;
    assert_eq!(counted, json!({"queryCount": count}));
    let (_, listed) = bench.get("Companies/174/Contacts").await;
    assert_eq!(listed["items"], by_post.1["items"]);
}

#[tokio::test]
async fn a_count_by_get_says_the_same_as_by_post() {
    let bench = Bench::start().await;
    let search = json!({"filter": [{"op": "eq", "field": "companyID", "value": 174}]});
    let request = bench.request(Method::GET, "Contacts/query/count");
    let by_get = answer(request.query(&[("search", search.to_string())])).await;
    assert!(by_get.1["queryCount"].as_u64() > Some(0), "{by_get:?}");
    assert_eq!(by_get, bench.post("Contacts/query/count", search).await);
}

#[tokio::test]
async fn a_user_defined_field_that_does_not_exist_cannot_be_queried() {
    let bench = Bench::start().await;
    let filter = json!([{"op": "eq", "field": "Colour", "udf": true, "value": "red"}]);
    let told = bench
        .errors(Method::POST, "Tickets/query", json!({"filter": filter}))
        .await;
    assert_eq!(told, "Unable to find Colour in the Ticket Entity.");
}

#[tokio::test]
async fn a_body_may_be_packed_but_must_not_only_say_so() {
    let bench = Bench::start().await;
    let body = json!({"filter": [{"op": "eq", "field": "id", "value": 7001}]}).to_string();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(body.as_bytes()).expect("memory takes it");
    let packed = gzip.finish().expect("memory takes it");
    let request = |body: Vec<u8>| {
        let request = bench.request(Method::POST, "Tickets/query").body(body);
        request
            .header("Content-Type", "application/json")
            .header("Content-Encoding", "gzip")
    };
    let (status, told) = answer(request(packed)).await;
    assert_eq!(
        (status, &told["items"][0]["id"]),
        (StatusCode::OK, &json!(7001))
    );
    let (status, told) = answer(request(body.into_bytes())).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{told}");
}

#[tokio::test]
async fn an_address_longer_than_the_web_server_takes_is_its_own_404() {
    let bench = Bench::start().await;
    let search = json!({"filter": [{"op": "eq", "field": "title", "value": "x".repeat(2100)}]});
    let (status, page) = answer(
        bench
            .request(Method::GET, "Tickets/query")
            .query(&[("search", search.to_string())]),
    )
    .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(
        page.as_str().is_some_and(|page| page.contains("<html>")),
        "{page}"
    );
}

#[tokio::test]
async fn a_body_must_be_json_and_say_so() {
    let bench = Bench::start().await;
    let plain = bench.request(Method::POST, "Tickets/query").body("{}");
    assert_eq!(answer(plain).await.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let broken = bench
        .request(Method::POST, "Tickets/query")
        .header("Content-Type", "application/json")
        .body("{");
    assert_eq!(answer(broken).await.0, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        bench
            .errors(Method::POST, "Tickets/query", json!({}))
            .await
            .contains("must have a filter")
    );
}

#[tokio::test]
async fn a_missing_permission_shows_in_one_of_three_ways() {
    let denied = [
        ("Tickets", Denial::Forbidden),
        ("Contacts", Denial::Text),
        ("Companies", Denial::Silence),
    ];
    let denied = denied
        .into_iter()
        .map(|(entity, denial)| (entity.to_owned(), denial))
        .collect();
    let bench = Bench::start_with(Options {
        denied,
        ..Options::default()
    })
    .await;
    assert_eq!(bench.get("Tickets/7001").await.0, StatusCode::FORBIDDEN);
    assert!(
        bench
            .errors(Method::GET, "Contacts/30683001", Value::Null)
            .await
            .contains("does not have the adequate permissions")
    );
    assert_eq!(bench.item("Companies/174").await, Value::Null);
    assert_eq!(
        bench
            .rows("Companies", json!([{"op": "exist", "field": "id"}]))
            .await,
        Vec::<Value>::new()
    );
    let refused = bench
        .errors(Method::PATCH, "Companies", json!({"id": 174, "fax": "1"}))
        .await;
    assert!(
        refused.contains("does not have the adequate permissions"),
        "{refused}"
    );
    for (entity, can, access) in [
        ("Tickets", false, "None"),
        ("Contacts", false, "None"),
        ("Companies", true, "Restricted"),
        ("Roles", true, "All"),
    ] {
        let (_, told) = bench.get(&format!("{entity}/entityInformation")).await;
        assert_eq!(
            (
                &told["info"]["canQuery"],
                &told["info"]["canUpdate"],
                &told["info"]["userAccessForQuery"],
                &told["info"]["userAccessForUpdate"]
            ),
            (&json!(can), &json!(can), &json!(access), &json!(access)),
            "{entity}"
        );
    }
    let odd = json!({"name": "missing-id-404"});
    bench.hands("fault", odd).await;
    assert_eq!(
        bench.get("Companies/174").await.0,
        StatusCode::NOT_FOUND,
        "hidden as if it were missing"
    );
}
