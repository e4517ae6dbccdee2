use domain::System;
use sqlx::PgPool;
use store::{Db, lookup::Entry};

use crate::operate::lookups::{self, Wanted};

pub(super) fn entry(value: &str, label: &str) -> Entry {
    Entry {
        value: value.to_owned(),
        label: label.to_owned(),
        active: true,
        is_default: false,
        extra: None,
    }
}

pub(super) async fn with_statuses(pool: PgPool) -> Db {
    let db = Db::from(pool);
    let autotask = [
        entry("1", "New"),
        entry("8", "In Progress"),
        entry("12", "Call"),
    ];
    let jim2 = [
        entry("Booked", "Booked"),
        entry("Proceed", "Proceed"),
        entry("Call", "Call"),
    ];
    store::lookup::replace_list(&db, "status", System::Autotask, &autotask)
        .await
        .unwrap();
    store::lookup::replace_list(&db, "status", System::Jim2, &jim2)
        .await
        .unwrap();
    db
}

pub(super) fn wanted<'a>(value: &'a str, to: Option<&'a str>) -> Wanted<'a> {
    Wanted {
        list: "status",
        system: System::Autotask,
        value,
        to,
        path: None,
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn values_are_told_by_name_and_stored_by_id(pool: PgPool) {
    let db = with_statuses(pool).await;
    let decided = lookups::set(&db, &wanted("in progress", Some("proceed")), "jane")
        .await
        .unwrap();
    let row = decided.row;
    assert_eq!(decided.unchecked, Vec::<String>::new());
    assert_eq!(
        (row.value.as_str(), row.to_value.as_deref()),
        ("8", Some("Proceed"))
    );
    let left = lookups::set(&db, &wanted("1", None), "jane").await.unwrap();
    assert_eq!(left.row.to_value, None);
    let blank = lookups::set(&db, &wanted("", Some("Booked")), "jane")
        .await
        .unwrap();
    assert_eq!(blank.row.value, "");
    let lines = lookups::list(&db, Some("status")).await.unwrap();
    let decided: Vec<_> = lines
        .iter()
        .filter(|line| line.decision.is_some())
        .map(|line| line.label.as_str())
        .collect();
    assert_eq!(decided, ["(blank)", "In Progress", "New"]);
    assert!(
        lookups::forget(&db, &wanted("8", None), "jane")
            .await
            .unwrap()
    );
    assert!(
        !lookups::forget(&db, &wanted("8", None), "jane")
            .await
            .unwrap()
    );
    assert_eq!(store::audit::latest(&db, 10).await.unwrap().len(), 5);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_unknown_value_or_list_is_refused_with_where_to_look(pool: PgPool) {
    let db = with_statuses(pool).await;
    for (wanted, says) in [
        (wanted("Frozen", Some("Booked")), "has no value \"Frozen\""),
        (
            wanted("New", Some("Frozen")),
            "list status of Jim2 has no value \"Frozen\"",
        ),
        (wanted("New", Some("Bookd")), "did you mean Booked?"),
        (
            wanted("Frozen", Some("Booked")),
            "crossbill lookups refresh reads the lists again",
        ),
        (
            Wanted {
                list: "statuses",
                ..wanted("New", Some("Booked"))
            },
            "there is no list statuses; did you mean status?",
        ),
        (
            Wanted {
                path: Some("Proceed>Lunch"),
                ..wanted("New", Some("Booked"))
            },
            "list status of Jim2 has no value \"Lunch\"",
        ),
        (
            Wanted {
                system: System::Jim2,
                path: Some("Proceed"),
                ..wanted("Booked", Some("New"))
            },
            "a path belongs to a status of Autotask",
        ),
    ] {
        let error = lookups::set(&db, &wanted, "jane")
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains(says), "{error}");
    }
    let error = lookups::list(&db, Some("colour"))
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("there are status"), "{error}");
    assert!(store::lookup::maps(&db).await.unwrap().rows.is_empty());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_exported_is_imported_with_only_what_changed(pool: PgPool) {
    let db = with_statuses(pool).await;
    let matched = lookups::match_names(&db, None, "jane").await.unwrap();
    assert_eq!((matched[0].0.as_str(), matched[0].1.matched), ("status", 2));
    let sheet = lookups::write(&lookups::list(&db, None).await.unwrap()).unwrap();
    let same = lookups::changes(&db, lookups::read(&sheet, "jane").unwrap())
        .await
        .unwrap();
    assert!(same.is_empty(), "{same:?}");
    let edited = sheet.replace("status,autotask,1,New,,", "status,autotask,1,New,Booked,");
    let changes = lookups::changes(&db, lookups::read(&edited, "jane").unwrap())
        .await
        .unwrap();
    assert_eq!(changes.len(), 1, "{sheet}");
    assert_eq!(lookups::import(&db, &changes, "jane").await.unwrap(), 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_sheet_with_wrong_rows_is_refused_as_a_whole_with_their_numbers(pool: PgPool) {
    let db = with_statuses(pool).await;
    let sheet = "list,system,value,label,to,to_label,path\n\
        status,autotask,1,,Booked,,\n\
        status,autotask,New,,Proceed,,\n\
        colour,autotask,1,,Red,,\n\
        status,autotask,99,,Booked,,\n\
        status,autotask,8,,Nowhere,,\n\
        status,autotask,12,,Call,,Lunch>Call\n";
    let error = lookups::changes(&db, lookups::read(sheet, "jane").unwrap())
        .await
        .unwrap_err()
        .to_string();
    for says in [
        "row 3: row 2 decides on the same value",
        "row 4: there is no list colour",
        "row 5: list status of Autotask has no value \"99\"",
        "row 6: list status of Jim2 has no value \"Nowhere\"",
        "row 7: list status of Jim2 has no value \"Lunch\"",
    ] {
        assert!(error.contains(says), "{says}: {error}");
    }
    assert!(!error.contains("row 2:"), "{error}");
    assert!(store::lookup::maps(&db).await.unwrap().rows.is_empty());
}
