use domain::System;
use sandbox::autotask::Denial;
use serde_json::json;
use sqlx::PgPool;

use super::stage::{Stage, args};

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn wrong_credentials_are_one_sentence_that_names_the_setting(pool: PgPool) {
    let mut stage = Stage::new(pool).await;
    let right = stage.kit.autotask.clone();
    stage.kit.autotask = stage.autotask_client("wrong");
    let error = stage.connect(args()).await.unwrap_err();
    assert!(error.contains("AUTOTASK_SECRET"), "{error}");

    stage.kit.autotask = right;
    stage.kit.jim2 = stage.jim2_client("wrong");
    let error = stage.connect(args()).await.unwrap_err();
    assert!(error.contains("JIM2_SECRET"), "{error}");
    assert!(!error.contains("wrong"), "{error}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn no_free_licence_stops_with_its_remedy(pool: PgPool) {
    let stage = Stage::with(pool, |_| (), |jim2| jim2.licences = 0).await;
    let error = stage.connect(args()).await.unwrap_err();
    assert!(error.contains("no free licence"), "{error}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_only_licence_is_given_back(pool: PgPool) {
    let mut stage = Stage::with(pool, |_| (), |jim2| jim2.licences = 1).await;
    stage.connect(args()).await.unwrap();
    stage.kit.jim2 = stage.jim2_client("sandbox-secret");
    stage.connect(args()).await.unwrap();
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_the_api_user_may_not_see_is_told_before_anything_is_stored(pool: PgPool) {
    for denial in [Denial::Forbidden, Denial::Text] {
        let denied = |options: &mut sandbox::autotask::Options| {
            options.denied.insert("Tickets".to_owned(), denial);
        };
        let stage = Stage::with(pool.clone(), denied, |_| ()).await;
        let error = stage.connect(args()).await.unwrap_err();
        assert!(
            error.contains("ticket") && error.contains("security level"),
            "{denial:?}: {error}"
        );
        assert!(stage.stored().await.settings.is_empty());
    }
    let hidden = |options: &mut sandbox::autotask::Options| {
        options.denied.insert("Tickets".to_owned(), Denial::Silence);
    };
    let told = Stage::with(pool, hidden, |_| ())
        .await
        .connect(args())
        .await
        .unwrap();
    assert!(told.contains("Autotask shows us no tickets"), "{told}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_user_of_jim2_that_a_person_works_as_is_warned_of(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let told = stage.connect(args()).await.unwrap();
    assert!(!told.contains("looks like our own doing"), "{told}");

    let mut persons = args();
    persons.jim2_initials = Some(stage.initials_of_a_person().await);
    let told = stage.connect(persons).await.unwrap();
    assert!(told.contains("our initials in Jim2 are those of"), "{told}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn another_database_is_refused(pool: PgPool) {
    let stage = Stage::new(pool).await;
    stage.connect(args()).await.unwrap();
    stage
        .hand(
            System::Jim2,
            "database",
            json!({"databaseId": "restored", "epoch": 2}),
        )
        .await;
    let error = stage.connect(args()).await.unwrap_err();
    assert!(
        error.contains("not the database") && error.contains("crossbill adopt-restore"),
        "{error}"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_training_copy_is_refused_until_it_is_meant_and_the_real_one_from_then_on(pool: PgPool) {
    let stage = Stage::with(pool, |_| (), |jim2| jim2.training = true).await;
    let error = stage.connect(args()).await.unwrap_err();
    assert!(
        error.contains("is a training copy (it says so itself)") && error.contains("--training"),
        "{error}"
    );
    let mut meant = args();
    meant.training = true;
    stage.connect(meant).await.unwrap();
    stage.connect(args()).await.unwrap();
    let is_training = async || {
        let known = store::database::known(&stage.kit.db, System::Jim2).await;
        known.unwrap().is_training
    };
    assert!(is_training().await);
    stage
        .hand(System::Jim2, "database", json!({"training": false}))
        .await;
    let mut meant = args();
    meant.training = true;
    let error = stage.connect(meant).await.unwrap_err();
    assert!(error.contains("is no training copy"), "{error}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_database_that_does_not_say_what_it_is_is_judged_by_its_address(pool: PgPool) {
    let stage = Stage::with(
        pool,
        |_| (),
        |jim2| {
            jim2.first_queries = true;
            jim2.app = "Jim_Test".to_owned();
        },
    )
    .await;
    let error = stage.connect(args()).await.unwrap_err();
    assert!(error.contains("it is called Jim_Test"), "{error}");
}
