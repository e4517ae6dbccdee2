//! Zones, logins, metadata, records and rights.

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
