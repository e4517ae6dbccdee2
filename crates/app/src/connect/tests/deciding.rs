use domain::System;
use serde_json::json;
use sqlx::PgPool;
use store::State;

use super::stage::{Stage, args};

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_list_that_was_signed_off_is_taken_in(pool: PgPool) {
    let stage = Stage::new(pool).await;
    stage.connect(args()).await.unwrap();
    let list = stage.list();
    let (autotask, jim2) = list.two_lonely_companies();
    let decisions = format!(
        "kind,autotask_id,name,jim2_candidates,why,decision,jim2_id\n\
         company,{},Same business,,,link,{jim2}\ncompany,{},Other,,,ignore,\n",
        autotask[0], autotask[1]
    );
    let mut signed = args();
    signed.decisions = Some(stage.write("signed.csv", &decisions));
    let told = stage.connect(signed).await.unwrap();
    assert!(
        told.contains("company: 1 linked (by your decision)"),
        "{told}"
    );
    assert_eq!(
        stage.state_of("company", &autotask[0]).await,
        Some(State::Paired)
    );
    assert_eq!(
        stage.state_of("company", &autotask[1]).await,
        Some(State::Ignored)
    );
    stage.connect(args()).await.unwrap();
    let again = stage.list();
    for id in &autotask[..2] {
        assert!(!again.has("company", id), "{id} is decided");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_creation_that_was_signed_off_is_kept_for_the_workers(pool: PgPool) {
    let stage = Stage::new(pool).await;
    stage.connect(args()).await.unwrap();
    let company = stage.list().company_without_candidates();
    let mut signed = args();
    let decision = format!(
        "kind,autotask_id,name,jim2_candidates,why,decision,jim2_id\ncompany,{company},x,,,create,\n"
    );
    signed.decisions = Some(stage.write("signed.csv", &decision));
    stage.connect(signed).await.unwrap();
    stage.connect(args()).await.unwrap();
    let kept: Option<Vec<String>> = store::setting::get(&stage.kit.db, sync::SIGNED_OFF)
        .await
        .unwrap();
    assert_eq!(kept, Some(vec![format!("company {company} in Autotask")]));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_ticket_that_two_jobs_may_belong_to_is_kept_out_until_one_is_left(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let (ticket, number) = stage.ticket_with_a_job().await;
    let twin = stage.job_for(&number).await;
    let told = stage.connect(args()).await.unwrap();
    assert!(stage.list().has("ticket", &ticket), "{told}");
    assert_eq!(
        stage.state_of("ticket", &ticket).await,
        Some(State::Ignored)
    );
    stage.rename_job(twin).await;
    stage.connect(args()).await.unwrap();
    assert_eq!(stage.state_of("ticket", &ticket).await, Some(State::Paired));
    assert!(!stage.list().has("ticket", &ticket));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_company_that_two_cards_may_be_is_kept_apart_until_one_is_left(pool: PgPool) {
    let stage = Stage::new(pool).await;
    stage.connect(args()).await.unwrap();
    let company = stage.list().company_without_candidates();
    assert_eq!(
        stage.state_of("company", &company).await,
        None,
        "one that no card fits is made where that is switched on"
    );
    let (card, twin) = (
        stage.card_like(&company).await,
        stage.card_like(&company).await,
    );
    let told = stage.connect(args()).await.unwrap();
    assert!(stage.list().has("company", &company), "{told}");
    let ignored = Some(State::Ignored);
    assert_eq!(stage.state_of("company", &company).await, ignored);
    assert_eq!(stage.state_in_jim2("company", card).await, ignored);
    assert_eq!(stage.state_in_jim2("company", twin).await, ignored);

    let body = json!({"entity": "CardFile", "id": twin.to_string(), "by": "SYS", "set": {"name": "Something Else"}});
    stage.hand(System::Jim2, "edit", body).await;
    stage.connect(args()).await.unwrap();
    let paired = Some(State::Paired);
    assert_eq!(stage.state_of("company", &company).await, paired);
    assert_eq!(stage.state_in_jim2("company", card).await, paired);
    assert_eq!(
        stage.state_in_jim2("company", twin).await,
        Some(State::New),
        "it is in doubt no more"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_decision_to_ignore_outlives_the_doubt(pool: PgPool) {
    let stage = Stage::new(pool).await;
    stage.connect(args()).await.unwrap();
    let company = stage.list().company_without_candidates();
    let cards = [
        stage.card_like(&company).await,
        stage.card_like(&company).await,
    ];
    stage.connect(args()).await.unwrap();
    let mut signed = args();
    let decision = format!(
        "kind,autotask_id,name,jim2_candidates,why,decision,jim2_id\ncompany,{company},x,{} {},,ignore,\n",
        cards[0], cards[1]
    );
    signed.decisions = Some(stage.write("signed.csv", &decision));
    stage.connect(signed).await.unwrap();
    stage.connect(args()).await.unwrap();
    assert_eq!(
        stage.state_of("company", &company).await,
        Some(State::Ignored)
    );
    assert!(!stage.list().has("company", &company));
    let released = stage.state_in_jim2("company", cards[0]).await;
    assert_eq!(released, Some(State::New));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_list_that_is_being_filled_in_is_not_lost_by_connecting_again(pool: PgPool) {
    let stage = Stage::new(pool).await;
    stage.connect(args()).await.unwrap();
    let lonely = stage.list().company_without_candidates();
    stage.write(
        "unmatched.csv",
        &stage.list().with_decision(&lonely, "create"),
    );
    let told = stage.connect(args()).await.unwrap();
    assert!(told.contains("1 decisions in"), "{told}");
    let row = |list: &str| {
        let head = format!("company,{lonely},");
        let line = list.lines().find(|line| line.starts_with(&head));
        line.unwrap_or_default().to_owned()
    };
    assert!(row(stage.list().text()).ends_with(",create,"), "{told}");

    let mut signed = args();
    signed.decisions = Some(stage.write("unmatched.csv", stage.list().text()));
    let told = stage.connect(signed).await.unwrap();
    assert!(!told.contains("decisions in"), "{told}");
    let signed_off = stage.stored().await.settings[sync::SIGNED_OFF].clone();
    assert_eq!(signed_off, json!([format!("company {lonely} in Autotask")]));

    stage.write("unmatched.csv", "invoices,of,last,year\n1,2,3,4\n");
    let error = stage.connect(args()).await.unwrap_err();
    assert!(error.contains("--unmatched"), "{error}");
    assert!(
        stage.list().text().starts_with("invoices"),
        "it is left alone"
    );
}
