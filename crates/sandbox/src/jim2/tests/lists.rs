//! Lists: filters, paging, inclusions.

use serde_json::json;

use super::site::{NOW, Site};
use crate::jim2::{ErrorBodies, Paging};

#[tokio::test]
async fn each_operator_picks_the_right_jobs() {
    let site = Site::new().await;
    let first = site
        .job(json!({ "OurRef": "A.1", "Priority": "High" }))
        .await;
    let second = site
        .job(json!({ "OurRef": "A.2", "Priority": "Low" }))
        .await;
    let third = site
        .job(json!({ "OurRef": "B.1", "Priority": "Low" }))
        .await;
    let range = format!("filter[JobNo][-gte]={first}");
    for (filter, expected) in [
        ("filter[OurRef]=a.1", vec![first]),
        ("filter[OurRef][-eq]=A.1", vec![first]),
        ("filter[OurRef][-eq]A.1", vec![first]),
        ("filter[OurRef][-ne]=A.1", vec![second, third]),
        ("filter[OurRef][-gt]=A.1", vec![second, third]),
        ("filter[OurRef][-lte]=A.2", vec![first, second]),
        ("filter[OurRef][-like]=A", vec![first, second]),
        ("filter[OurRef][-like]=%25.1", vec![first, third]),
        (
            "filter[Priority]=Low&filter[OurRef][-like]=A%25",
            vec![second],
        ),
        ("filter[Serv]=True", vec![first, second, third]),
        ("filter[Sale]=Y", vec![]),
        ("filter[Reserved][-eq]Y", vec![]),
        ("filter[Reserved][-eq]N", vec![first, second, third]),
        (
            "filter[HasUnreadEmail]=F&filter[OrderNo]=",
            vec![first, second, third],
        ),
        (
            "filter[Inved]=F&filter[JobStatus]=Booked",
            vec![first, second, third],
        ),
    ] {
        let reply = site.get(&format!("jobs?{range}&{filter}")).await;
        let expected: Vec<String> = expected.iter().map(i64::to_string).collect();
        assert_eq!(reply.ids(), expected, "{filter}");
    }
    site.stop().await;
}

#[tokio::test]
async fn strange_filters_operators_and_parameters_are_refused() {
    let site = Site::new().await;
    for query in [
        "filter[Colour]=red",
        "filter[OurRef][-in]=a",
        "filter[JobNo]=ten",
        "filter[JobNo][-like]=1",
        "filter[Ready]=perhaps",
        "filter[LastModified][-gt]=yesterday",
    ] {
        assert_eq!(
            site.get(&format!("jobs?{query}")).await.refusal(),
            (400, "filter"),
            "{query}"
        );
    }
    let reply = site.get("jobs?sort=JobNo").await;
    assert_eq!(reply.refusal(), (400, "unknown-parameter"));
    let reply = site.get("cardfiles?filter[Name][-ne]=x").await;
    assert_eq!(reply.refusal(), (400, "filter"), "no inverse");
    assert_eq!(
        site.get("jobs?include=invoice").await.refusal(),
        (400, "include")
    );
    site.stop().await;
}

#[tokio::test]
async fn last_modified_obeys_an_offset_and_otherwise_means_server_time() {
    let site = Site::new().await;
    let job = site.job(json!({ "OurRef": "just now" })).await;
    for (value, found) in [
        (NOW, true),
        ("2026-11-22T23%3A00%3A00%2B00%3A00", true),
        ("2026-11-23T10:00:00%2B11:00", true),
        ("2026-11-23T10:00:00", true),
        ("2026-11-22T23:00:01Z", false),
        ("2026-11-23T10:00:01", false),
    ] {
        let query = format!("jobs?filter[LastModified][-gte]={value}&filter[JobNo]={job}");
        assert_eq!(
            site.get(&query).await.ids().len(),
            usize::from(found),
            "{value}"
        );
    }
    site.stop().await;
}

#[tokio::test]
async fn pages_join_to_the_whole_list() {
    let site = Site::new().await;
    let all = site.get("cardfiles?page[size]=200").await;
    let all: Vec<String> = all.ids().into_iter().map(str::to_owned).collect();
    let mut seen = Vec::new();
    let mut next = Some("cardfiles?page[size]=4".to_owned());
    while let Some(path) = next {
        let page = site.get(&path).await;
        assert!(page.ids().len() <= 4);
        seen.extend(page.ids().into_iter().map(str::to_owned));
        let link = page.body["links"]["next"].as_str();
        next = link.map(|link| link.trim_start_matches("/jim2/api/v1/").to_owned());
    }
    assert!(all.len() > 8);
    assert_eq!(seen, all);
    for bad in [
        "page[size]=201",
        "page[size]=0",
        "page[number]=0",
        "page[number]=x",
    ] {
        assert_eq!(
            site.get(&format!("jobs?{bad}")).await.refusal(),
            (400, "page"),
            "{bad}"
        );
    }
    site.stop().await;
}

#[tokio::test]
async fn a_job_includes_what_is_asked_for_and_nothing_else() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    let set = json!({ "jobNo": job, "comment": "Rang twice", "include": true });
    let comment = json!({ "entity": "JobComment", "by": "JC", "set": set });
    site.hands("create", comment).await;
    let line = json!({ "stockCode": "TRAVEL" });
    site.add(&format!("jobs/{job}/stock"), "JobStock", line)
        .await;

    let told = site
        .get(&format!("jobs/{job}?include=comments,customer,contract"))
        .await;
    let relationships = told.body["data"]["relationships"].as_object().unwrap();
    assert!(relationships.contains_key("ship") && !relationships.contains_key("stock"));
    assert!(relationships["contract"]["data"].is_null());
    let ids = relationships["comments"]["data"].as_array().unwrap();
    assert_eq!(
        ids[0],
        json!({ "type": "JobComment", "id": format!("{job}-2") })
    );
    let included = told.body["included"].as_array().unwrap();
    let kinds: Vec<&str> = included
        .iter()
        .map(|one| one["type"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["JobComment", "JobComment", "CardFile"]);

    let list = format!("jobs?filter[JobNo]={job}&include=stock,labour,from,ship");
    let list = site.get(&list).await;
    let included = list.body["included"].as_array().unwrap();
    assert_eq!(
        included.len(),
        2,
        "one stock line, and one card for both ends"
    );
    site.stop().await;
}

#[tokio::test]
async fn a_site_may_page_by_pageno_or_not_at_all() {
    let site = Site::with(|options| options.paging = Paging::PageNoPageSize).await;
    let all = site.get("cardfiles").await;
    assert!(all.body["links"].as_object().unwrap().is_empty());
    let second = site.get("cardfiles?pageno=1&pagesize=3").await;
    assert_eq!(second.ids(), all.ids()[3..6]);
    for bad in [
        "pageno=1",
        "pagesize=3",
        "pageno=0&pagesize=201",
        "pageno=-1&pagesize=3",
    ] {
        let reply = site.get(&format!("cardfiles?{bad}")).await;
        assert_eq!(reply.refusal(), (400, "page"), "{bad}");
    }
    let other = site.get("cardfiles?page[size]=3").await;
    assert_eq!(other.refusal(), (400, "unknown-parameter"));
    site.stop().await;

    let site = Site::with(|options| {
        options.paging = Paging::None;
        options.page_size = 2;
    })
    .await;
    assert!(site.get("cardfiles").await.ids().len() > 2);
    for other in ["page[size]=3", "pageno=0&pagesize=3"] {
        let reply = site.get(&format!("cardfiles?{other}")).await;
        assert_eq!(reply.refusal(), (400, "unknown-parameter"), "{other}");
    }
    site.stop().await;
}

#[tokio::test]
async fn a_refusal_is_told_in_the_shape_of_the_site() {
    let sentence = "Job 1 does not exist.";
    for (bodies, kind, body) in [
        (
            ErrorBodies::Message,
            "application/json",
            json!({ "message": sentence }),
        ),
        (
            ErrorBodies::PlainText,
            "text/plain; charset=utf-8",
            json!(sentence),
        ),
    ] {
        let site = Site::with(|options| options.error_bodies = bodies).await;
        let reply = site.get("jobs/1").await;
        assert_eq!((reply.status, &reply.body), (404, &body));
        assert_eq!(reply.kind, kind);
        let nowhere = site.get("quotes").await;
        assert_eq!(nowhere.kind, kind, "{nowhere:?}");
        site.hands("fault", json!({ "name": "error-500", "count": 1 }))
            .await;
        let failed = site.get("jobs").await;
        assert_eq!((failed.status, failed.kind.as_str()), (500, kind));
        site.stop().await;
    }
}
