use domain::{Kind, System};
use serde_json::json;
use sqlx::PgPool;
use store::{Db, lookup::Entry};
use sync::Way;

use crate::operate::{field_rules, filters, settings};

async fn site(pool: PgPool) -> Db {
    let db = Db::from(pool);
    let queues = [("5", "Level One"), ("8", "Monitoring")].map(|(value, label)| Entry {
        value: value.to_owned(),
        label: label.to_owned(),
        active: true,
        is_default: false,
        extra: None,
    });
    store::lookup::replace_list(&db, "queue", System::Autotask, &queues)
        .await
        .unwrap();
    db
}

async fn refused(db: &Db, name: &str, value: &str) -> String {
    settings::set(db, name, value, "jane")
        .await
        .unwrap_err()
        .to_string()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_setting_is_stored_as_the_workers_read_it(pool: PgPool) {
    let db = site(pool).await;
    for (name, typed, stored) in [
        ("notes.internal_to_jim2", "on", json!(true)),
        ("notes.labour_prefix", "LAB:", json!("LAB:")),
        ("note.publish.customer", "1, 4", json!([1, 4])),
        ("default.queue", "level one", json!(5)),
        ("default.work_type", "29682804", json!(29_682_804)),
        (
            "jim2.sales_items",
            "SALE,PROJECT",
            json!(["SALE", "PROJECT"]),
        ),
        (
            "starts_from",
            "2026-11-23T09:00:00+11:00",
            json!("2026-11-22T22:00:00Z"),
        ),
    ] {
        settings::set(&db, name, typed, "jane").await.unwrap();
        let all = store::setting::all(&db).await.unwrap();
        assert_eq!(all[name], stored, "{name}");
    }
    assert!(
        settings::unset(&db, "notes.labour_prefix", "jane")
            .await
            .unwrap()
    );
    let lines = settings::list(&db).await.unwrap();
    let prefix = lines
        .iter()
        .find(|line| line.name == "notes.labour_prefix")
        .unwrap();
    assert_eq!((prefix.value.as_ref(), prefix.default), (None, "none"));
    let act = store::audit::latest(&db, 1).await.unwrap().remove(0);
    assert_eq!(
        (act.who.as_str(), act.act.as_str()),
        ("jane", "settings unset")
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_setting_that_cannot_be_is_refused_and_nothing_is_stored(pool: PgPool) {
    let db = site(pool).await;
    for (name, value, says) in [
        (
            "notes.internal_to_jim",
            "on",
            "did you mean notes.internal_to_jim2?",
        ),
        (
            "zzz",
            "on",
            "there is no setting zzz; crossbill settings list",
        ),
        ("notes.internal_to_jim2", "maybe", "is on or off"),
        ("default.queue", "Level Nine", "has no value \"Level Nine\""),
        ("default.work_type", "remote", "is a number"),
        ("jim2.first_status", " ", "is a text"),
        ("starts_from", "yesterday", "is a time with its zone"),
        ("jim2.named_queries", "on", "found out by connect"),
    ] {
        let error = refused(&db, name, value).await;
        assert!(error.contains(says), "{name}: {error}");
    }
    assert!(store::setting::all(&db).await.unwrap().is_empty());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_filter_takes_ids_and_names_and_what_does_not_pass(pool: PgPool) {
    let db = site(pool).await;
    let ticket = Kind::new("ticket");
    for (name, typed, stored) in [
        ("queues", "Level One, 8", json!([5, 8])),
        (
            "queues",
            r#"{"except": ["Monitoring"]}"#,
            json!({"except": [8]}),
        ),
        ("categories", "[3, 4]", json!([3, 4])),
        ("job_customers", "1002", json!(["1002"])),
        ("job_types", "Incident", json!(["Incident"])),
        ("alert_types", "none", json!([])),
        ("contracts", "29683000", json!([29_683_000])),
    ] {
        let set = filters::set(&db, &ticket, name, typed, "jane")
            .await
            .unwrap();
        assert_eq!(set, stored, "{name} {typed}");
    }
    for (name, typed, says) in [
        ("queue", "5", "did you mean queues?"),
        ("queues", "Nowhere", "has no value"),
        ("queues", "", "crossbill filters unset ticket queues"),
        (
            "queues",
            "{\"only\": [5]}",
            "crossbill filters unset ticket queues",
        ),
        ("categories", "Printers", "is no number"),
        ("queues", "none", "has no value"),
        (
            "company_types",
            r#"{"except": [1]}"#,
            "cannot say \"except\"",
        ),
    ] {
        let error = filters::set(&db, &ticket, name, typed, "jane")
            .await
            .unwrap_err();
        assert!(error.to_string().contains(says), "{name} {typed}: {error}");
    }
    filters::unset(&db, &ticket, "queues", "jane")
        .await
        .unwrap();
    let lines = filters::list(&db).await.unwrap();
    let queues = lines.iter().find(|line| line.name == "queues").unwrap();
    assert_eq!(queues.chosen, None);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_field_goes_another_way_until_it_is_brought_back(pool: PgPool) {
    let db = site(pool).await;
    let ticket = Kind::new("ticket");
    let way = |way, owner| field_rules::set(&db, (&ticket, "cust_ref"), (way, owner), "jane");
    let line = way(Some(Way::ToJim2), None).await.unwrap();
    assert_eq!(
        (line.way, line.owner, line.changed),
        (Way::ToJim2, System::Autotask, true)
    );
    let line = way(None, Some(System::Jim2)).await.unwrap();
    assert_eq!(
        (line.way, line.owner),
        (Way::ToJim2, System::Jim2),
        "the way stays"
    );
    let (line, had) = field_rules::reset(&db, &ticket, "cust_ref", "jane")
        .await
        .unwrap();
    assert_eq!((line.way, line.changed, had), (Way::Both, false, true));

    let both = (Some(Way::Both), None);
    let error = field_rules::set(&db, (&ticket, "fault"), both, "jane")
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("cannot go to Autotask"),
        "{error}"
    );
    for way in [Way::Both, Way::ToJim2] {
        let way = (Some(way), None);
        let error = field_rules::set(&db, (&ticket, "invoice"), way, "jane").await;
        let error = error.unwrap_err().to_string();
        assert!(error.contains("cannot go to Jim2"), "{error}");
    }
    let error = field_rules::set(&db, (&ticket, "statuss"), both, "jane")
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("did you mean status?"),
        "{error}"
    );
    assert!(
        store::mapping::load(&db)
            .await
            .unwrap()
            .field_rules
            .is_empty()
    );
    let all = field_rules::list(&db, None).await.unwrap();
    assert!(all.iter().any(|line| line.kind.as_str() == "company"));
}
