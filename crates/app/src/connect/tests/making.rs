//! User-defined fields that a new tenant does not have: offered, made, refused.

use domain::System;
use sandbox::autotask::{Autotask, Denial, Options};
use serde_json::{Value, json};
use sqlx::PgPool;

use super::stage::{Stage, args};
use crate::connect::Args;

const DEFINITIONS: &str = "UserDefinedFieldDefinitions";
const OURS: [&str; 7] = [
    "Jim2 Job#",
    "Jim2 earlier jobs",
    "Jim2 invoice#",
    "Jim2 CardNo",
    "Jim2 credit hold",
    "Jim2 opt-out",
    "Jim2 availability",
];

async fn fresh(pool: PgPool, more: impl FnOnce(&mut Options)) -> Stage {
    let of_autotask = |options: &mut Options| {
        options.crossbill_udfs = false;
        more(options);
    };
    Stage::with(pool, of_autotask, |_| ()).await
}

fn making() -> Args {
    Args {
        create_udfs: true,
        ..args()
    }
}

/// The names of the fields that are ours, as Autotask has them.
async fn made(stage: &Stage) -> Vec<String> {
    let everything = stage.state(System::Autotask).await;
    let definitions = everything[DEFINITIONS].as_array().unwrap().iter();
    let names = definitions.map(|one| one["name"].as_str().unwrap().to_owned());
    names.filter(|name| name.starts_with("Jim2")).collect()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn missing_fields_are_made_where_that_is_asked_for_and_never_again(pool: PgPool) {
    let stage = fresh(pool, |_| ()).await;
    let told = stage.connect(args()).await.unwrap();
    assert!(
        told.contains("tickets have no field \"Jim2 Job#\", \"Jim2 earlier jobs\"")
            && told.contains("crossbill connect --create-udfs"),
        "{told}"
    );
    assert_eq!(made(&stage).await, Vec::<String>::new(), "--yes makes none");
    assert_eq!(stage.stored().await.settings["udf.job_no"], json!(""));

    let told = stage.connect(making()).await.unwrap();
    assert!(
        told.contains(
            "made 7 user-defined fields: \"Jim2 Job#\", \"Jim2 earlier jobs\", \"Jim2 invoice#\" of tickets, \
             \"Jim2 CardNo\", \"Jim2 credit hold\", \"Jim2 opt-out\" of companies, \"Jim2 availability\" of products"
        ),
        "{told}"
    );
    assert!(!told.contains("have no field"), "{told}");
    assert_eq!(made(&stage).await, OURS);
    let settings = stage.stored().await.settings;
    assert_eq!(settings["udf.job_no"], json!("Jim2 Job#"));
    assert_eq!(settings["connect.missing_udfs"], json!([]));
    let acts = store::audit::latest(&stage.kit.db, 20).await.unwrap();
    let acts: Vec<_> = acts
        .iter()
        .filter(|act| act.act == "connect create-udf")
        .map(|act| (act.who.as_str(), &act.detail["name"]))
        .collect();
    assert_eq!(acts.len(), 7);
    assert!(
        acts.contains(&("tester", &json!("Jim2 CardNo"))),
        "{acts:?}"
    );

    let told = stage.connect(making()).await.unwrap();
    assert!(!told.contains("user-defined field"), "{told}");
    assert_eq!(made(&stage).await, OURS);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn without_the_right_to_make_them_a_person_is_told_who_makes_what_and_the_site_is_connected(
    pool: PgPool,
) {
    for denial in [Denial::Forbidden, Denial::Silence] {
        let stage = fresh(pool.clone(), |options| {
            options.denied.insert(DEFINITIONS.to_owned(), denial);
        })
        .await;
        let told = stage.connect(making()).await.unwrap();
        let said: Vec<&str> = told
            .lines()
            .filter(|line| line.contains("note: ") && line.contains("could not be made"))
            .collect();
        let [said] = said[..] else {
            panic!("not one sentence: {told}")
        };
        for part in [
            "\"Jim2 Job#\"",
            "of tickets",
            "\"Jim2 CardNo\"",
            "of companies",
            "does not let our API user",
            "administrator",
            "Text (single line)",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert!(told.contains("connected and paused"), "{told}");
        assert!(!told.contains("made 7"), "{told}");
        assert_eq!(stage.stored().await.settings["udf.card_no"], json!(""));
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_field_whose_answer_was_lost_is_made_once(pool: PgPool) {
    let stage = fresh(pool, |options| {
        options.faults = vec![Autotask::fault("lost-answer:count=1").unwrap()];
    })
    .await;
    let told = stage.connect(making()).await.unwrap();
    assert!(told.contains("made 7 user-defined fields"), "{told}");
    assert_eq!(made(&stage).await, OURS);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_field_that_is_switched_off_is_told_and_the_others_are_made(pool: PgPool) {
    let stage = fresh(pool, |_| ()).await;
    let set = json!({"name": "Jim2 Job#", "udfType": 9, "dataType": 1, "isActive": false});
    let body: Value = json!({"entity": DEFINITIONS, "set": set});
    stage.hand(System::Autotask, "create", body).await;
    let told = stage.connect(making()).await.unwrap();
    assert!(
        told.contains("\"Jim2 Job#\" of tickets could not be made (it is there and switched off"),
        "{told}"
    );
    assert!(told.contains("made 6 user-defined fields"), "{told}");
    let settings = stage.stored().await.settings;
    assert_eq!(settings["udf.job_no"], json!(""));
    assert_eq!(settings["udf.card_no"], json!("Jim2 CardNo"));
}
