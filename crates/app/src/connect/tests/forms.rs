//! In which forms this build of Jim2 tells things, found out by `connect`.

use sandbox::{
    autotask::Inventory,
    jim2::{ContactIds, Options},
};
use serde_json::{Value, json};
use sqlx::PgPool;

use super::stage::{Stage, args};

/// Dates, ids of contacts, and the three types of details, as stored.
async fn forms(stage: &Stage) -> [Option<Value>; 5] {
    let stored = stage.stored().await.settings;
    [
        "jim2.date_reading",
        "jim2.contact_ids",
        "jim2.contact_type.email",
        "jim2.contact_type.phone",
        "jim2.contact_type.mobile",
    ]
    .map(|name| stored.get(name).cloned())
}

fn told(words: [&str; 5]) -> [Option<Value>; 5] {
    words.map(|word| (!word.is_empty()).then(|| json!(word)))
}

fn old_build(jim2: &mut Options) {
    jim2.getdata_local_dates = true;
    jim2.contact_ids = ContactIds::ContactOnly;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn each_build_is_known_by_what_it_tells(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let said = stage.connect(args()).await.unwrap();
    let usual = told(["instant", "cardno-contno", "EMail", "Phone", "Mobile"]);
    assert_eq!(forms(&stage).await, usual, "{said}");
    assert!(!said.contains("wall clock"), "{said}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_older_build_is_known_by_what_it_tells(pool: PgPool) {
    let stage = Stage::with(pool, |_| (), old_build).await;
    let said = stage.connect(args()).await.unwrap();
    let older = told(["wall-clock", "contno", "EMail", "Phone", "Mobile"]);
    assert_eq!(forms(&stage).await, older, "{said}");
    assert!(said.contains("server's wall clock"), "{said}");
    assert!(!said.contains("clock says"), "its clock is right: {said}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn without_named_queries_only_the_ids_of_contacts_show(pool: PgPool) {
    let older = |jim2: &mut Options| {
        old_build(jim2);
        jim2.named_queries = false;
    };
    let stage = Stage::with(pool, |_| (), older).await;
    let said = stage.connect(args()).await.unwrap();
    assert_eq!(
        forms(&stage).await,
        told(["", "contno", "", "", ""]),
        "{said}"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_clock_that_is_wrong_tells_no_reading_and_what_was_chosen_stays(pool: PgPool) {
    let late = "2026-01-01T00:00:00Z".parse().unwrap();
    let stage = Stage::with(pool, |_| (), |jim2| jim2.now = Some(late)).await;
    for (name, value) in [
        ("jim2.date_reading", "wall-clock"),
        ("jim2.contact_type.email", "Web"),
    ] {
        store::setting::set(&stage.kit.db, name, &value)
            .await
            .unwrap();
    }
    let said = stage.connect(args()).await.unwrap();
    assert!(
        said.contains("clock says") && said.contains("jim2.date_reading"),
        "{said}"
    );
    let kept = told(["wall-clock", "cardno-contno", "Web", "Phone", "Mobile"]);
    assert_eq!(forms(&stage).await, kept, "{said}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_jim2_was_found_not_to_take_is_found_out_anew(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let name = crate::site::REFUSED_FIELDS[0];
    store::setting::set(&stage.kit.db, name, &["priority"])
        .await
        .unwrap();
    stage.connect(args()).await.unwrap();
    assert_eq!(stage.stored().await.settings[name], json!([]));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_edition_of_autotasks_inventory_is_found_and_a_person_chooses_between_two(
    pool: PgPool,
) {
    for (inventory, expected) in [
        (Inventory::Items, json!("items")),
        (Inventory::ProductsAlone, json!("products")),
        (Inventory::Products, json!("products")),
    ] {
        let stage = Stage::with(
            pool.clone(),
            |autotask| autotask.inventory = inventory,
            |_| (),
        );
        let stage = stage.await;
        let said = stage.connect(args()).await.unwrap();
        let found = stage.stored().await.settings["stock.inventory"].clone();
        assert_eq!(found, expected, "{said}");
        let told = format!("counts with inventory {}", expected.as_str().unwrap());
        assert!(said.contains(&told), "{said}");
    }
    let both = Stage::with(
        pool,
        |autotask| autotask.inventory = Inventory::Both,
        |_| (),
    )
    .await;
    store::setting::set(&both.kit.db, "stock.inventory", &"items")
        .await
        .unwrap();
    let said = both.connect(args()).await.unwrap();
    let kept = both.stored().await.settings["stock.inventory"].clone();
    assert_eq!(kept, json!("items"), "{said}");
    assert!(said.contains("settings set stock.inventory"), "{said}");
}
