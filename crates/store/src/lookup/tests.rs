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
    let news = replace_list(&db, "status", System::Autotask, &told)
        .await
        .unwrap();
    assert!(news.is_empty(), "nothing of it is mapped: {news:?}");
    assert_eq!(list(&db, "status", System::Autotask).await.unwrap(), told);
    assert_eq!(list(&db, "status", System::Jim2).await.unwrap(), []);
    assert_eq!(all(&db).await.unwrap().len(), 2);
    assert!(read_ago(&db).await.unwrap().is_some_and(|ago| ago < 60.0));
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

/// A list of Jim2's, as it is told.
async fn told(db: &Db, entries: &[Entry]) -> News {
    replace_list(db, "status", System::Jim2, entries)
        .await
        .unwrap()
}

async fn gone(db: &Db) -> Vec<String> {
    let rows = all(db).await.unwrap().into_iter();
    let gone = rows.filter(|row| row.gone_at.is_some());
    gone.map(|row| {
        assert!(!row.entry.active, "nobody can choose it");
        row.entry.value
    })
    .collect()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_mapped_value_that_is_not_told_any_more_stays_and_is_marked_until_it_is_back(
    pool: PgPool,
) {
    let db = Db::from(pool);
    let all_three = [entry("A", "A"), entry("B", "B"), entry("C", "C")];
    assert_eq!(told(&db, &all_three).await, News::default());
    set_map(&db, &decision("1", Some("B"))).await.unwrap();
    let back_from_c = MapRow {
        system: System::Jim2,
        ..decision("C", Some("1"))
    };
    set_map(&db, &back_from_c).await.unwrap();

    let before = mapping::version(&db).await.unwrap();
    let news = told(&db, &all_three[..1]).await;
    assert_eq!(news.gone, ["B", "C"], "mapped to, and mapped from");
    assert_eq!(gone(&db).await, ["B", "C"]);
    assert!(mapping::version(&db).await.unwrap() > before);
    let since = all(&db).await.unwrap()[1].gone_at;
    assert_eq!(
        maps(&db).await.unwrap().rows.len(),
        2,
        "what was decided stays"
    );

    let before = mapping::version(&db).await.unwrap();
    assert!(told(&db, &all_three[..1]).await.is_empty(), "told once");
    assert_eq!(all(&db).await.unwrap()[1].gone_at, since);
    assert_eq!(mapping::version(&db).await.unwrap(), before);

    let news = told(&db, &all_three).await;
    assert_eq!(
        (news.back.as_slice(), gone(&db).await.len()),
        (&["B".to_owned(), "C".to_owned()][..], 0)
    );
    assert!(mapping::version(&db).await.unwrap() > before);
    assert!(list(&db, "status", System::Jim2).await.unwrap()[1].active);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_value_with_another_name_is_the_same_and_keeps_its_mapping(pool: PgPool) {
    let db = Db::from(pool);
    for (name, renamed) in [("New", 0), ("Brand new", 1), ("Brand new", 0)] {
        let entries = [entry("1", name), entry("2", &format!("{name} too"))];
        let news = replace_list(&db, "status", System::Autotask, &entries);
        let news = news.await.unwrap();
        assert_eq!(news.renamed.len(), renamed, "{news:?}");
        assert!(news.gone.is_empty() && news.back.is_empty());
        set_map(&db, &decision("1", Some("Booked"))).await.unwrap();
    }
    assert_eq!(all(&db).await.unwrap()[0].entry.label, "Brand new");
    assert_eq!(
        maps(&db).await.unwrap().rows,
        [decision("1", Some("Booked"))]
    );
}
