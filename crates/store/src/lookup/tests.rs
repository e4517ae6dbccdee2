use sqlx::PgPool;

use super::*;
use crate::mapping;

fn entry(value: &str, label: &str) -> Entry {
    Entry {
        value: value.to_owned(),
        label: label.to_owned(),
        active: true,
        is_default: false,
        extra: None,
    }
}

fn decision(value: &str, to: Option<&str>) -> MapRow {
    MapRow {
        list: "status".to_owned(),
        system: System::Autotask,
        value: value.to_owned(),
        to_value: to.map(str::to_owned),
        path: None,
        decided_by: "mia".to_owned(),
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_list_becomes_what_its_system_says(pool: PgPool) {
    let db = Db::from(pool);
    let told = [entry("1", "New"), entry("5", "Complete")];
    replace_list(&db, "status", System::Autotask, &told)
        .await
        .unwrap();
    let told = [entry("5", "Completed"), entry("8", "Waiting")];
    let replaced = replace_list(&db, "status", System::Autotask, &told)
        .await
        .unwrap();
    assert_eq!((replaced.kept, replaced.removed), (2, 1));
    assert_eq!(list(&db, "status", System::Autotask).await.unwrap(), told);
    assert_eq!(list(&db, "status", System::Jim2).await.unwrap(), []);
    assert_eq!(all(&db).await.unwrap().len(), 2);
    assert!(
        seen_at(&db, "status", System::Autotask)
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(seen_at(&db, "status", System::Jim2).await.unwrap(), None);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn each_decision_makes_a_new_version(pool: PgPool) {
    let db = Db::from(pool);
    let before = maps(&db).await.unwrap();
    assert!(before.rows.is_empty());
    set_map(&db, &decision("5", Some("Finished")))
        .await
        .unwrap();
    set_map(&db, &decision("5", None)).await.unwrap();
    let after = maps(&db).await.unwrap();
    assert_eq!(after.rows, [decision("5", None)]);
    assert_eq!(after.version, before.version + 2);
    assert!(unset(&db, "status", System::Autotask, "5").await.unwrap());
    assert!(!unset(&db, "status", System::Autotask, "5").await.unwrap());
    assert!(mapping::version(&db).await.unwrap() > after.version);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_export_can_be_imported_again(pool: PgPool) {
    let db = Db::from(pool);
    let rows = [decision("1", Some("Booked")), decision("5", None)];
    assert_eq!(import(&db, &rows).await.unwrap(), 2);
    let exported = maps(&db).await.unwrap().rows;
    assert_eq!(exported, rows);
    let before = mapping::version(&db).await.unwrap();
    assert_eq!(import(&db, &exported).await.unwrap(), 0, "nothing is new");
    assert_eq!(mapping::version(&db).await.unwrap(), before);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn same_names_match_and_doubtful_ones_do_not(pool: PgPool) {
    let db = Db::from(pool);
    let autotask = [
        entry("1", "Waiting"),
        entry("2", " complete "),
        entry("3", "Twin"),
        entry("4", "Twin"),
        entry("6", "Decided"),
        Entry {
            active: false,
            ..entry("7", "Old")
        },
    ];
    let jim2 = [
        entry("WAIT", "waiting"),
        entry("FIN", "Complete"),
        entry("TWIN", "Twin"),
        entry("DEC", "Decided"),
        entry("OLD", "Old"),
    ];
    replace_list(&db, "status", System::Autotask, &autotask)
        .await
        .unwrap();
    replace_list(&db, "status", System::Jim2, &jim2)
        .await
        .unwrap();
    set_map(&db, &decision("6", None)).await.unwrap();
    let matched = match_same_names(&db, "status", "connect").await.unwrap();
    assert_eq!(matched.matched, 5, "two both ways, and DEC's way back");
    assert_eq!(matched.unmatched, 4, "three twins and OLD");
    let rows = maps(&db).await.unwrap().rows;
    assert!(rows.contains(&decision("6", None)), "a decision stays");
    let again = match_same_names(&db, "status", "connect").await.unwrap();
    assert_eq!(again.matched, 0);
}
