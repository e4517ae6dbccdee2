//! Pages of a query, the way forward and the way back.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::bench::{Bench, answer};

/// A stand-in with more than 500 notes on one ticket.
async fn with_notes(count: usize) -> (Bench, i64) {
    let bench = Bench::start().await;
    let ticket = bench.ticket("Many notes").await;
    for number in 0..count {
        let note = json!({"entity": "TicketNotes", "set": {"ticketID": ticket, "description": format!("note {number}")}});
        bench.hands("create", note).await;
    }
    (bench, ticket)
}

fn ids(page: &Value) -> Vec<i64> {
    page["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|row| row["id"].as_i64())
        .collect()
}

#[tokio::test]
async fn posting_the_same_body_to_the_next_page_reads_every_row_once() {
    let (bench, ticket) = with_notes(520).await;
    let body = json!({"filter": [{"op": "eq", "field": "ticketID", "value": ticket}]});
    let (_, first) = bench.post("TicketNotes/query", body.clone()).await;
    assert_eq!(
        (
            &first["pageDetails"]["count"],
            &first["pageDetails"]["requestCount"]
        ),
        (&json!(500), &json!(500))
    );
    assert_eq!(first["pageDetails"]["prevPageUrl"], Value::Null);
    let next = first["pageDetails"]["nextPageUrl"]
        .as_str()
        .expect("there is more")
        .to_owned();
    assert!(next.contains("/TicketNotes/query/next?paging="), "{next}");
    let (_, second) = bench.post(&next, body.clone()).await;
    assert_eq!(second["pageDetails"]["nextPageUrl"], Value::Null);
    let all = [ids(&first), ids(&second)].concat();
    assert_eq!(all.len(), 520);
    assert!(all.is_sorted(), "ascending ids");
    let previous = second["pageDetails"]["prevPageUrl"]
        .as_str()
        .expect("there is less")
        .to_owned();
    let (_, back) = bench.post(&previous, body).await;
    assert_eq!(
        ids(&back),
        all[..500][..],
        "the page before the second is the first"
    );
}

#[tokio::test]
async fn a_get_on_the_next_page_of_a_post_is_405() {
    let bench = Bench::start().await;
    let body = json!({"maxRecords": 2, "filter": [{"op": "gte", "field": "id", "value": 0}]});
    let (_, page) = bench.post("Tickets/query", body).await;
    let next = page["pageDetails"]["nextPageUrl"]
        .as_str()
        .expect("there is more")
        .to_owned();
    assert_eq!(bench.get(&next).await.0, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn another_page_without_saying_which_is_refused() {
    let bench = Bench::start().await;
    let body = json!({"filter": [{"op": "gte", "field": "id", "value": 0}]});
    for path in ["Tickets/query/next", "Tickets/query/previous"] {
        let told = bench.errors(Method::POST, path, body.clone()).await;
        assert_eq!(told, "The paging information is missing.");
    }
}

#[tokio::test]
async fn addresses_in_answers_are_those_of_the_proxy_in_front() {
    let bench = Bench::start().await;
    let body = json!({"maxRecords": 2, "filter": [{"op": "gte", "field": "id", "value": 0}]});
    let request = |path: &str| {
        let request = bench.request(Method::POST, path).json(&body);
        request
            .header("X-Forwarded-Proto", "https")
            .header("Host", "psa.example")
    };
    let (_, page) = answer(request("Tickets/query")).await;
    let next = page["pageDetails"]["nextPageUrl"].as_str();
    let is_right = |next: &str| next.starts_with("https://psa.example/ATServicesRest/V1.0/");
    assert!(next.is_some_and(is_right), "{next:?}");
    let zone = bench.request(
        Method::GET,
        "zoneInformation?user=crossbill%40provider.example",
    );
    let (_, zone) = answer(zone.header("X-Forwarded-Proto", "https")).await;
    assert!(
        zone["url"]
            .as_str()
            .is_some_and(|url| url.starts_with("https://")),
        "{zone}"
    );
}

#[tokio::test]
async fn the_pages_of_a_get_are_got() {
    let bench = Bench::start().await;
    let search =
        json!({"MaxRecords": 7, "filter": [{"op": "gte", "field": "id", "value": 0}]}).to_string();
    let (_, mut page) = answer(
        bench
            .request(Method::GET, "Tickets/query")
            .query(&[("search", search)]),
    )
    .await;
    let mut all = ids(&page);
    while let Some(next) = page["pageDetails"]["nextPageUrl"].as_str() {
        page = bench.get(next).await.1;
        all.extend(ids(&page));
    }
    let (_, counted) = bench
        .post(
            "Tickets/query/count",
            json!({"filter": [{"op": "gte", "field": "id", "value": 0}]}),
        )
        .await;
    assert_eq!(counted["queryCount"], all.len());
    assert!(all.is_sorted_by(|one, next| one < next));
}

#[tokio::test]
async fn a_page_has_one_to_five_hundred_rows() {
    let bench = Bench::start().await;
    for size in [json!(0), json!(501), json!(-1), json!("many")] {
        let body = json!({"maxRecords": size, "filter": [{"op": "exist", "field": "id"}]});
        assert_eq!(
            bench.errors(Method::POST, "Tickets/query", body).await,
            "maxCountOfRecordsToReturn must be between 1 and 500"
        );
    }
}

#[tokio::test]
async fn more_than_one_page_without_the_id_is_refused() {
    let bench = Bench::start().await;
    let body = json!({"maxRecords": 2, "includeFields": ["title"], "filter": [{"op": "exist", "field": "id"}]});
    assert!(
        bench
            .errors(Method::POST, "Tickets/query", body)
            .await
            .contains("must contain id")
    );
}
