use domain::{Kind, RecordId};
use serde_json::json;
use sqlx::PgPool;
use store::pair::Filter;
use sync::Mappings;

use crate::{
    kinds::{self, family},
    operate::{
        bench::Bench,
        mapping,
        pairs::{self, Wanted},
    },
};

const COMPANY: Kind = Kind::new("company");

async fn link(bench: &Bench, autotask: &str, jim2: &str) -> anyhow::Result<bool> {
    let wanted = Wanted {
        kind: &COMPANY,
        autotask,
        jim2,
    };
    pairs::link(bench.db(), &bench.parts.publish, &wanted, "jane").await
}

async fn queued(bench: &Bench) -> u32 {
    let queue = family(&COMPANY).queue(broker::Lane::Live);
    let depth = bench.parts.broker.depth(&queue).await.unwrap();
    depth.messages
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn two_records_are_linked_looked_at_and_taken_apart(pool: PgPool) {
    let bench = Bench::over(pool).await;
    broker::testing::eventually(async || bench.parts.publisher.is_up()).await;
    assert!(link(&bench, "174", "20").await.unwrap());
    assert_eq!(queued(&bench).await, 1);
    assert!(
        !link(&bench, "174", "20").await.unwrap(),
        "they are a pair already"
    );
    let refused = link(&bench, "174", "21").await.unwrap_err().to_string();
    assert!(refused.contains("unlink that first"), "{refused}");

    let listed = pairs::list(bench.db(), &Filter::default(), 10)
        .await
        .unwrap();
    assert_eq!(listed[0].jim2_id, Some(RecordId::from("20")));
    let row = pairs::complete(bench.db(), &COMPANY, "174").await.unwrap();
    pairs::unlink(bench.db(), &row, "jane").await.unwrap();
    let gone = pairs::complete(bench.db(), &COMPANY, "174")
        .await
        .unwrap_err();
    assert!(gone.to_string().contains("is in no pair"), "{gone}");
    let acts = store::audit::latest(bench.db(), 10).await.unwrap();
    assert_eq!(acts[0].act, "pairs unlink");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_unknown_name_is_refused(pool: PgPool) {
    let bench = Bench::over(pool).await;
    let error = link(&bench, "O'Brien", "20").await.unwrap_err().to_string();
    assert!(error.contains("give its Autotask id"), "{error}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn only_pairs_that_may_differ_are_settled(pool: PgPool) {
    let raw = pool.clone();
    let bench = Bench::over(pool).await;
    broker::testing::eventually(async || bench.parts.publisher.is_up()).await;
    for (autotask, jim2) in [("174", "20"), ("175", "21"), ("176", "22")] {
        link(&bench, autotask, jim2).await.unwrap();
    }
    // The first was never looked at, the second has no agreement, the third differs under the mapping of today.
    for (id, autotask, jim2) in [
        ("175", json!({}), json!({})),
        ("176", json!({"name": "A"}), json!({"name": "B"})),
    ] {
        let shadow = json!({"v": 1, "autotask": autotask, "jim2": jim2});
        sqlx::query("update pair set shadow = $1 where autotask_id = $2")
            .bind(shadow)
            .bind(id)
            .execute(&raw)
            .await
            .unwrap();
    }
    let mappings = Mappings::load(bench.db(), bench.parts.config.time_zone)
        .await
        .unwrap();
    let facts = mappings.facts(bench.parts.clock.now());
    let works = kinds::all(&bench.clients().await, &facts);
    let drifting = mapping::drifting(bench.db(), works[0].as_ref(), &facts)
        .await
        .unwrap();
    let mut ids: Vec<_> = drifting
        .iter()
        .filter_map(|row| row.autotask_id.clone())
        .collect();
    ids.sort();
    assert_eq!(ids, [RecordId::from("175"), RecordId::from("176")]);
    let before = queued(&bench).await;
    let sent = mapping::apply(bench.db(), &bench.parts.publish, &drifting, "jane").await;
    assert_eq!(sent.unwrap(), 2);
    assert_eq!(queued(&bench).await, before + 2);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_list_of_kinds_is_the_list_of_what_works(pool: PgPool) {
    let bench = Bench::over(pool).await;
    let mappings = Mappings::load(bench.db(), bench.parts.config.time_zone)
        .await
        .unwrap();
    let facts = mappings.facts(bench.parts.clock.now());
    let works = kinds::all(&bench.clients().await, &facts);
    let kinds: Vec<_> = works.iter().map(|work| work.kind()).collect();
    assert_eq!(kinds, kinds::KINDS);
}
