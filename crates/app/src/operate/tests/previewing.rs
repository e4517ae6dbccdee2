use axum::http::Method;
use domain::{Kind, System};
use sandbox::provider::ticket_number;
use sqlx::PgPool;
use store::mapping::Direction;
use sync::Mappings;

use crate::{
    cli::preview_of,
    operate::{
        bench::Bench,
        preview::{self, Desk, Preview},
    },
};

async fn preview(bench: &Bench, of: &str, id: &str) -> anyhow::Result<Preview> {
    let mappings = Mappings::load(bench.db(), bench.parts.config.time_zone).await?;
    let desk = Desk {
        db: bench.db(),
        clients: &bench.clients().await,
        mappings: &mappings,
        now: bench.parts.clock.now(),
    };
    Box::pin(preview::preview(&desk, preview_of(of).unwrap(), id)).await
}

async fn writes(bench: &Bench) -> i64 {
    let http = rest::Client::new(&rest::Settings::default()).unwrap();
    let url = format!("{}/sandbox/stats", bench.autotask.base_url());
    let answer = http
        .send("stats", http.request(Method::GET, url))
        .await
        .unwrap();
    let stats: serde_json::Value = answer.json().unwrap();
    stats["calls"]["writes"].as_i64().unwrap()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_ticket_is_previewed_by_its_number_and_nothing_is_written(pool: PgPool) {
    let bench = Bench::over(pool).await;
    let number = ticket_number(&bench.provider, 0);
    let previewed = preview(&bench, "ticket", &number).await.unwrap();
    assert_eq!(previewed.kind, "ticket");
    let side = previewed.autotask.clone().unwrap();
    assert!(side.label.starts_with(&number), "{}", side.label);
    assert!(
        previewed
            .remarks
            .iter()
            .any(|remark| remark.contains("Jim2 is paused")),
        "{previewed:#?}"
    );
    let by_id = preview(&bench, "ticket", side.id.as_str()).await.unwrap();
    assert_eq!(by_id, previewed);
    assert_eq!(writes(&bench).await, 0);
    let pairs = store::pair::counts(bench.db()).await.unwrap();
    assert!(pairs.is_empty(), "a look leaves no row");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_company_that_would_be_made_shows_its_fields(pool: PgPool) {
    let bench = Bench::over(pool).await;
    let kind = Kind::new("company");
    store::mapping::set_switch(
        bench.db(),
        &kind,
        Direction::into_system(System::Jim2),
        true,
    )
    .await
    .unwrap();
    let previewed = preview(&bench, "company", "174").await.unwrap();
    let made = previewed
        .writes
        .iter()
        .filter(|write| write.system == System::Jim2)
        .count();
    assert!(made > 1 || !previewed.problems.is_empty(), "{previewed:#?}");
    assert_eq!(previewed.jim2, None);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_the_other_side_has_already_and_the_code_of_a_new_card_are_shown(pool: PgPool) {
    let bench = Bench::over(pool).await;
    let kind = Kind::new("company");
    let into = Direction::into_system(System::Jim2);
    store::mapping::set_switch(bench.db(), &kind, into, true)
        .await
        .unwrap();
    let there = preview(&bench, "company", "174").await.unwrap();
    let codes: Vec<&str> = there.problems.iter().map(|it| it.code.as_str()).collect();
    assert_eq!(
        codes,
        ["made-before"],
        "the two stand-ins have the same customers"
    );
    assert_eq!(there.writes, []);

    let key = domain::Key::new(kind, System::Autotask, 174);
    store::setting::set(bench.db(), sync::SIGNED_OFF, &[key.to_string()])
        .await
        .unwrap();
    let decided = preview(&bench, "company", "174").await.unwrap();
    let code = decided
        .writes
        .iter()
        .find(|write| write.field.as_deref() == Some("card_code"));
    assert!(code.is_some(), "{decided:#?}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_linked_pair_is_read_on_both_sides(pool: PgPool) {
    let bench = Bench::over(pool).await;
    let card = bench
        .clients()
        .await
        .jim2
        .cardfiles_after(0, 1)
        .await
        .unwrap();
    let (kind, jim2) = (
        Kind::new("company"),
        card[0].card_no.to_string().as_str().into(),
    );
    let link = store::pair::Link {
        kind: &kind,
        autotask_id: &"174".into(),
        jim2_id: &jim2,
        label: "x",
        generation: 1,
        who: "jane",
    };
    store::pair::link(bench.db(), &link).await.unwrap();
    for id in ["174".to_owned(), format!("jim2:{jim2}")] {
        let previewed = preview(&bench, "company", &id).await.unwrap();
        assert!(
            previewed.autotask.is_some() && previewed.jim2.is_some(),
            "{previewed:#?}"
        );
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_record_that_is_not_there_is_told(pool: PgPool) {
    let bench = Bench::over(pool).await;
    for (of, id, says) in [
        (
            "ticket",
            "T20200101.9999",
            "no ticket called T20200101.9999",
        ),
        ("ticket", "999999999", "no ticket 999999999 in Autotask"),
        ("job", "999999999", "no ticket 999999999 in Jim2"),
    ] {
        let error = preview(&bench, of, id).await.unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
}
