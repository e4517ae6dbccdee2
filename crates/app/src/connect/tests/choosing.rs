use domain::System;
use serde_json::json;
use sqlx::PgPool;
use store::lookup::MapRow;

use super::stage::{Stage, args};
use crate::connect::args::Create;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_a_person_decided_stays(pool: PgPool) {
    let stage = Stage::new(pool).await;
    stage.connect(args()).await.unwrap();
    let decided = MapRow {
        list: "status".to_owned(),
        system: System::Autotask,
        value: "8".to_owned(),
        to_value: Some("Call".to_owned()),
        path: None,
        decided_by: "mia".to_owned(),
    };
    store::lookup::set_map(&stage.kit.db, &decided)
        .await
        .unwrap();
    store::setting::set(&stage.kit.db, "default.phone", &"0255501234")
        .await
        .unwrap();
    store::setting::set(&stage.kit.db, "starts_from", &"2026-11-01T00:00:00Z")
        .await
        .unwrap();
    stage.connect(args()).await.unwrap();
    let stored = stage.stored().await;
    assert_eq!(
        stored.maps[&("status".to_owned(), System::Autotask, "8".to_owned())],
        Some("Call".to_owned())
    );
    assert_eq!(stored.settings["default.phone"], json!("0255501234"));
    assert_eq!(
        stored.settings["starts_from"],
        json!("2026-11-01T00:00:00Z")
    );
    assert!(
        stored
            .switches
            .contains(&"ticket autotask-to-jim2 true".to_owned()),
        "{:?}",
        stored.switches
    );
    assert!(
        stored
            .switches
            .contains(&"company autotask-to-jim2 false".to_owned())
    );

    let mut more = args();
    more.create = vec![Create::Company];
    more.default_item = Some("network".to_owned());
    more.resume = true;
    let told = stage.connect(more).await.unwrap();
    assert!(told.contains("connected and running"), "{told}");
    let told = stage.connect(args()).await.unwrap();
    assert!(
        told.contains("connected and running"),
        "a running site is not paused: {told}"
    );
    let blank = ("issueType".to_owned(), System::Autotask, String::new());
    assert_eq!(
        stage.stored().await.maps[&blank],
        Some("NETWORK".to_owned())
    );
    let switches = stage.stored().await.switches;
    assert!(
        switches.contains(&"company jim2-to-autotask true".to_owned()),
        "{switches:?}"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn tickets_come_from_the_jobs_that_an_argument_names(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let from = |text: &str| {
        let mut args = args();
        args.create = vec![Create::TicketFromJob];
        args.tickets_from = text
            .split_whitespace()
            .map(|one| one.parse().unwrap())
            .collect();
        args
    };
    let error = stage.connect(from("")).await.unwrap_err();
    assert!(error.contains("--tickets-from job-type="), "{error}");
    assert!(
        stage.stored().await.settings.is_empty(),
        "it is refused before anything is stored"
    );
    for (wrong, says) in [
        ("job-type=Gossip", "no value \"Gossip\""),
        ("item=NOTHING", "no value \"NOTHING\""),
        ("customer=999999", "no customer"),
        ("customer=NOBODY.1", "no customer"),
    ] {
        let error = stage.connect(from(wrong)).await.unwrap_err();
        assert!(error.contains(says), "{wrong}: {error}");
    }

    let told = stage
        .connect(from("job-type=problem,Incident item=SERVER"))
        .await
        .unwrap();
    assert!(told.contains("tickets come from jobs of"), "{told}");
    let filters = store::mapping::load(&stage.kit.db).await.unwrap().filters;
    let filter = |name: &str| {
        let found = filters.iter().find(|filter| filter.name == name);
        found.map(|filter| filter.setting.clone())
    };
    assert_eq!(filter("job_types"), Some(json!(["Problem", "Incident"])));
    assert_eq!(filter("job_items"), Some(json!(["SERVER"])));
    assert_eq!(filter("job_customers"), None);
    let switches = stage.stored().await.switches;
    assert!(
        switches.contains(&"ticket jim2-to-autotask true".to_owned()),
        "{switches:?}"
    );
    stage.connect(from("")).await.unwrap();
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn products_come_from_the_groups_that_are_named_and_what_is_there_already_is_linked(
    pool: PgPool,
) {
    let stage = Stage::new(pool).await;
    let told = stage.connect(args()).await.unwrap();
    assert!(told.contains("stock: 0 linked"), "off at first: {told}");
    let mut wrong = args();
    wrong.create = vec![Create::Stock];
    wrong.price_level = Some("9-Friends".to_owned());
    let refused = stage.connect(wrong).await.unwrap_err();
    assert!(refused.contains("it has 1-Retail, 2-Trade"), "{refused}");

    let mut bare = args();
    bare.create = vec![Create::Stock];
    let told = stage.connect(bare).await.unwrap();
    assert!(told.contains("stock: 2 linked (by stock code)"), "{told}");
    for part in ["of which groups of stock", "nobody chose a price level"] {
        assert!(told.contains(part), "{part}: {told}");
    }

    let mut whole = args();
    whole.stock_groups = vec!["hardware".to_owned(), "Labour".to_owned()];
    whole.price_level = Some("1-Retail".to_owned());
    whole.stock_locations = Some("1=Sydney, 3=Van".to_owned());
    let told = stage.connect(whole).await.unwrap();
    assert!(!told.contains("nobody chose a price level"), "{told}");
    let stored = stage.stored().await.settings;
    assert_eq!(stored["stock.price_level"], json!("1-Retail"));
    assert_eq!(stored["stock.locations"], json!("1=Sydney, 3=Van"));
    assert_eq!(stored["udf.availability"], json!("Jim2 availability"));
    assert!(stored["default.product_billing_code"].is_number());
    let filters = store::mapping::load(&stage.kit.db).await.unwrap().filters;
    let groups = filters.iter().find(|one| one.kind.as_str() == "stock");
    assert_eq!(groups.unwrap().setting, json!(["Hardware", "Labour"]));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_items_of_quotes_are_sold_as_is_asked_for_once_quotes_are_made(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let asked = [
        "lookups set billingCodeStock autotask",
        "lookups set roleStock autotask \"29683387\"",
        "lookups set quoteItemTypeStock autotask \"6\" \"<Jim2 value>\"   # Shipping",
    ];
    let told = stage.connect(args()).await.unwrap();
    for asked in asked {
        assert!(!told.contains(asked), "{told}");
    }
    let mut quotes = args();
    quotes.create = vec![Create::Of("quote")];
    for args in [quotes, args()] {
        let told = stage.connect(args).await.unwrap();
        for asked in asked {
            assert!(told.contains(asked), "{told}");
        }
        let nearer = "quoteItemTypeStock autotask \"3\"";
        assert!(!told.contains(nearer), "labour goes by its role: {told}");
    }
}
