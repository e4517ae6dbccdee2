use domain::{Kind, RecordId};
use serde_json::json;
use sqlx::PgPool;
use store::pair::Filter;
use sync::{Facts, Mappings};

use crate::{
    kinds::{self, family},
    operate::{
        bench::Bench,
        mapping,
        pairs::{self, Wanted},
        status,
    },
};

const COMPANY: Kind = Kind::new("company");

/// What planning may know now.
async fn facts(bench: &Bench) -> Facts {
    let zone = bench.parts.config.time_zone;
    let mappings = Mappings::load(bench.db(), zone).await.unwrap();
    mappings.facts(bench.parts.clock.now())
}

/// What a pair is remembered to agree on.
async fn agree(pool: &PgPool, autotask: &str, shadow: serde_json::Value) {
    sqlx::query("update pair set shadow = $1 where autotask_id = $2")
        .bind(shadow)
        .bind(autotask)
        .execute(pool)
        .await
        .unwrap();
}

async fn link(bench: &Bench, autotask: &str, jim2: &str) -> anyhow::Result<bool> {
    let wanted = Wanted {
        kind: &COMPANY,
        autotask,
        jim2,
    };
    let facts = facts(bench).await;
    let works = kinds::all(&bench.clients().await, &facts);
    let on = (bench.db(), &works[0]);
    pairs::link(on, &bench.parts.publish, &wanted, "jane").await
}

/// Three cards that are there.
async fn cards(bench: &Bench) -> [String; 4] {
    let cards = bench.clients().await.jim2.cardfiles_after(0, 4).await;
    let cards: Vec<String> = cards
        .unwrap()
        .iter()
        .map(|card| card.card_no.to_string())
        .collect();
    cards.try_into().unwrap()
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
    let [card, other, ..] = cards(&bench).await;
    assert!(link(&bench, "174", &card).await.unwrap());
    assert_eq!(queued(&bench).await, 1);
    assert!(
        !link(&bench, "174", &format!(" 0{card}")).await.unwrap(),
        "they are a pair already"
    );
    let refused = link(&bench, "174", &other).await.unwrap_err().to_string();
    assert!(refused.contains("unlink that first"), "{refused}");

    let listed = pairs::list(bench.db(), &Filter::default(), 10)
        .await
        .unwrap();
    assert_eq!(listed[0].jim2_id, Some(RecordId::from(card.as_str())));
    assert_ne!(listed[0].label, "174", "it has the name people know");
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
async fn what_is_not_there_is_not_linked(pool: PgPool) {
    let bench = Bench::over(pool).await;
    let [card, ..] = cards(&bench).await;
    for (autotask, jim2, says) in [
        ("O'Brien", card.as_str(), "give its Autotask id"),
        ("174", "KEDRON.1", "\"KEDRON.1\" is no number of Jim2"),
        ("174", "987654321", "Jim2 has no company 987654321"),
        ("987654321", &card, "Autotask has no company 987654321"),
    ] {
        let error = link(&bench, autotask, jim2).await.unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
    assert!(store::pair::counts(bench.db()).await.unwrap().is_empty());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn only_pairs_that_may_differ_are_settled(pool: PgPool) {
    let raw = pool.clone();
    let bench = Bench::over(pool).await;
    broker::testing::eventually(async || bench.parts.publisher.is_up()).await;
    for (autotask, jim2) in ["174", "175", "176", "177"].iter().zip(cards(&bench).await) {
        link(&bench, autotask, &jim2).await.unwrap();
    }
    // The first was never looked at, the second has no agreement, the third differs under the mapping of today; of the
    // fourth the blank ABN of its card leaves the company's alone.
    for (id, autotask, jim2) in [
        ("175", json!({}), json!({})),
        ("176", json!({"name": "A"}), json!({"name": "B"})),
        ("177", json!({"abn": "51824753556"}), json!({"abn": null})),
    ] {
        let shadow = json!({"v": 1, "autotask": autotask, "jim2": jim2});
        agree(&raw, id, shadow).await;
    }
    let facts = facts(&bench).await;
    let rules = kinds::rules().next().unwrap();
    let seen = mapping::differing(bench.db(), rules, &facts).await;
    assert_eq!(seen.unwrap(), 1, "only the third was seen to differ");
    let zone = bench.parts.config.time_zone;
    let status = status::status(bench.db(), &bench.parts.broker, (facts.now, zone), &[]).await;
    let plain = status.unwrap().plain.join("\n");
    assert!(
        plain.contains("1 company pairs differ since before Crossbill"),
        "{plain}"
    );
    let drifting = mapping::drifting(bench.db(), rules, &facts).await.unwrap();
    let mut ids: Vec<_> = drifting
        .iter()
        .filter_map(|row| row.autotask_id.clone())
        .collect();
    ids.sort();
    // Of the fourth nothing else was ever compared.
    assert_eq!(ids, ["175", "176", "177"].map(RecordId::from));
    let before = queued(&bench).await;
    let sent = mapping::apply(bench.db(), &bench.parts.publish, &drifting, "jane", |_| ()).await;
    assert_eq!(sent.unwrap(), 3);
    assert_eq!(queued(&bench).await, before + 3);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_company_and_its_card_whose_parents_are_a_pair_do_not_differ(pool: PgPool) {
    let raw = pool.clone();
    let bench = Bench::over(pool).await;
    broker::testing::eventually(async || bench.parts.publisher.is_up()).await;
    let [parent, card, ..] = cards(&bench).await;
    link(&bench, "174", &parent).await.unwrap();
    link(&bench, "175", &card).await.unwrap();
    let shadow = json!({"v": 1, "autotask": {"parent": 174}, "jim2": {"parent": parent.parse::<i64>().unwrap()}});
    agree(&raw, "175", shadow).await;
    let facts = facts(&bench).await;
    let seen = mapping::differing(bench.db(), kinds::rules().next().unwrap(), &facts).await;
    assert_eq!(seen.unwrap(), 0);
}
