use domain::Kind;
use serde_json::json;
use sqlx::PgPool;

use super::*;

const TICKET: Kind = Kind::new("ticket");
const TO_JIM2: Direction = Direction::AutotaskToJim2;

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_brake_is_on_after_25_until_a_person_has_looked(pool: PgPool) {
    let db = Db::from(pool);
    assert_eq!(
        count_create(&db, &TICKET, TO_JIM2).await.unwrap(),
        Brake::Off
    );
    set_switch(&db, &TICKET, TO_JIM2, true).await.unwrap();
    for _ in 0..25 {
        assert_eq!(
            count_create(&db, &TICKET, TO_JIM2).await.unwrap(),
            Brake::Go
        );
    }
    for _ in 0..2 {
        assert_eq!(
            count_create(&db, &TICKET, TO_JIM2).await.unwrap(),
            Brake::Braked { created: 25 }
        );
    }
    let before = version(&db).await.unwrap();
    assert!(release_brake(&db, &TICKET).await.unwrap());
    assert!(!release_brake(&db, &TICKET).await.unwrap());
    assert!(
        version(&db).await.unwrap() > before,
        "what is held looks again"
    );
    assert_eq!(
        count_create(&db, &TICKET, TO_JIM2).await.unwrap(),
        Brake::Go
    );
    set_switch(&db, &TICKET, TO_JIM2, false).await.unwrap();
    assert_eq!(
        count_create(&db, &TICKET, TO_JIM2).await.unwrap(),
        Brake::Off
    );
    let back = Direction::Jim2ToAutotask;
    assert_eq!(count_create(&db, &TICKET, back).await.unwrap(), Brake::Off);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn counting_is_no_new_version(pool: PgPool) {
    let db = Db::from(pool);
    set_switch(&db, &TICKET, TO_JIM2, true).await.unwrap();
    let before = version(&db).await.unwrap();
    count_create(&db, &TICKET, TO_JIM2).await.unwrap();
    assert_eq!(version(&db).await.unwrap(), before);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn every_change_of_the_mapping_is_a_new_version_and_is_loaded(pool: PgPool) {
    let db = Db::from(pool);
    let rule = FieldRule {
        kind: TICKET,
        field: "title".to_owned(),
        way: "to-jim2".to_owned(),
        owner: System::Autotask,
    };
    let filter = Filter {
        kind: TICKET,
        name: "queue".to_owned(),
        setting: json!([8]),
    };
    let mut versions = vec![version(&db).await.unwrap()];
    set_field_rule(&db, &rule).await.unwrap();
    versions.push(version(&db).await.unwrap());
    set_filter(&db, &filter).await.unwrap();
    versions.push(version(&db).await.unwrap());
    assert!(
        setting::set(&db, "timezone", &"Australia/Sydney")
            .await
            .unwrap()
    );
    versions.push(version(&db).await.unwrap());
    assert!(
        !setting::set(&db, "timezone", &"Australia/Sydney")
            .await
            .unwrap()
    );
    assert!(versions.is_sorted_by(|a, b| a < b), "{versions:?}");

    let loaded = load(&db).await.unwrap();
    assert_eq!(loaded.version, *versions.last().unwrap());
    assert_eq!(loaded.field_rules, [rule]);
    assert_eq!(loaded.filters, [filter]);
    assert_eq!(loaded.settings["timezone"], json!("Australia/Sydney"));
    assert_eq!(loaded.links().count(), 0);
    assert!(unset_field_rule(&db, &TICKET, "title").await.unwrap());
    assert!(!unset_field_rule(&db, &TICKET, "title").await.unwrap());
    let zone: Option<String> = setting::get(&db, "timezone").await.unwrap();
    assert_eq!(zone.as_deref(), Some("Australia/Sydney"));
    assert!(
        setting::get::<i64>(&db, "timezone").await.is_err(),
        "not a number"
    );
    assert!(setting::unset(&db, "timezone").await.unwrap());
}
