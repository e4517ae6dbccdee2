//! The lists of both stand-ins, read again after people have changed them.

use serde_json::{Value as Json, json};
use sqlx::PgPool;
use store::lookup::{self, MapRow, Renamed};

use super::*;
use crate::{sweep::tests::stage::Stage, upkeep::Upkeep};

/// What `connect` would fill from the one entity that these tests are about.
async fn fill(stage: &Stage, lists: &Lists) {
    let fields = lists.autotask.fields_of("Tickets").await.unwrap();
    let fields = Fields::from([("Tickets", fields)]);
    let in_jim2 = by_name(lists.jim2.lists().await.unwrap());
    let all = all(&lists.autotask, &fields, &in_jim2, &[]).await.unwrap();
    assert_eq!(keep(stage.db(), &all, "connect").await.unwrap(), []);
}

fn lists(stage: &Stage) -> Lists {
    Lists {
        autotask: stage.sweeps.autotask.clone(),
        jim2: stage.sweeps.jim2.clone(),
        said: Vec::new(),
    }
}

async fn maps(stage: &Stage, list: &str, system: System, value: &str, to: &str) {
    let row = MapRow {
        list: list.to_owned(),
        system,
        value: value.to_owned(),
        to_value: Some(to.to_owned()),
        path: None,
        decided_by: "mia".to_owned(),
    };
    lookup::set_map(stage.db(), &row).await.unwrap();
}

async fn deed(stage: &Stage, system: System, deed: &str, body: Json) {
    let (autotask, jim2) = &stage.stand_ins;
    let base = match system {
        System::Autotask => autotask.base_url(),
        System::Jim2 => jim2.base_url(),
    };
    let http = rest::Client::new(&rest::Settings::default()).unwrap();
    let request = http.request(reqwest::Method::POST, format!("{base}/sandbox/{deed}"));
    http.send("hands", request.json(&body)).await.unwrap();
}

async fn row(stage: &Stage, list: &str, system: System, value: &str) -> lookup::LookupRow {
    let rows = lookup::all(stage.db()).await.unwrap().into_iter();
    let mut rows = rows.filter(|row| row.list == list && row.system == system);
    rows.find(|row| row.entry.value == value).unwrap()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_was_renamed_or_taken_away_keeps_its_mapping_and_is_told_once(pool: PgPool) {
    let stage = Stage::open(pool).await;
    let lists = lists(&stage);
    fill(&stage, &lists).await;
    maps(&stage, "status", System::Autotask, "1", "Booked").await;
    maps(&stage, "priority", System::Autotask, "4", "Critical").await;
    let was = row(&stage, "status", System::Autotask, "1")
        .await
        .entry
        .label;
    let label = json!({"entity": "Tickets", "field": "status", "value": "1", "label": "Just in"});
    deed(&stage, System::Autotask, "label", label).await;
    let away = json!({"priority": "Critical", "there": false});
    deed(&stage, System::Jim2, "priority", away).await;

    let before = (
        stage.calls(&stage.autotask).await,
        stage.calls(&stage.jim2).await,
    );
    let told = lists.refresh(stage.db(), "mia").await.unwrap();
    let after = (
        stage.calls(&stage.autotask).await,
        stage.calls(&stage.jim2).await,
    );
    assert_eq!((after.0 - before.0, after.1 - before.1), (6, 1), "calls");
    let renamed = Renamed {
        from: was,
        to: "Just in".to_owned(),
    };
    let of = |list: &str| {
        let mut told = told.iter();
        told.find(|told| told.list == list).unwrap().news.clone()
    };
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(of("status").renamed, [renamed]);
    assert_eq!(of("priority").gone, ["Critical"]);
    let status = row(&stage, "status", System::Autotask, "1").await;
    assert_eq!(
        (status.entry.label.as_str(), status.gone_at),
        ("Just in", None)
    );
    let gone = row(&stage, "priority", System::Jim2, "Critical").await;
    assert!(gone.gone_at.is_some() && !gone.entry.active);
    assert_eq!(lookup::maps(stage.db()).await.unwrap().rows.len(), 2);
    let act = store::audit::latest(stage.db(), 1).await.unwrap().remove(0);
    assert_eq!(
        (act.who.as_str(), act.act.as_str()),
        ("mia", "lookups changed")
    );

    assert_eq!(
        lists.refresh(stage.db(), "mia").await.unwrap(),
        [],
        "told once"
    );
    let back = json!({"priority": "Critical", "there": true});
    deed(&stage, System::Jim2, "priority", back).await;
    let told = lists.refresh(stage.db(), "mia").await.unwrap();
    assert_eq!(
        (told.len(), told[0].news.back.as_slice()),
        (1, &["Critical".to_owned()][..])
    );
    assert_eq!(
        row(&stage, "priority", System::Jim2, "Critical")
            .await
            .gone_at,
        None
    );
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_lists_are_read_again_after_a_day_and_while_both_systems_are_open(pool: PgPool) {
    let stage = Stage::open(pool).await;
    let upkeep = Upkeep {
        lists: lists(&stage),
        ..stage.site.upkeep.clone()
    };
    fill(&stage, &upkeep.lists).await;
    let calls = async || stage.calls(&stage.jim2).await;
    let before = calls().await;
    crate::upkeep::refresh_lists(&upkeep).await.unwrap();
    assert_eq!(calls().await, before, "they were read just now");

    let yesterday = "update lookup set seen_at = now() - interval '25 hours'";
    sqlx::query(yesterday)
        .execute(&stage.site.pool)
        .await
        .unwrap();
    store::system::pause(stage.db(), System::Autotask, "mia")
        .await
        .unwrap();
    crate::upkeep::refresh_lists(&upkeep).await.unwrap();
    assert_eq!(calls().await, before, "nobody is asked while one is paused");
    store::system::resume(stage.db(), System::Autotask, "mia")
        .await
        .unwrap();
    crate::upkeep::refresh_lists(&upkeep).await.unwrap();
    assert_eq!(calls().await, before + 1);
    crate::upkeep::refresh_lists(&upkeep).await.unwrap();
    assert_eq!(calls().await, before + 1);
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_cannot_be_seen_any_more_says_nothing_about_what_is_kept(pool: PgPool) {
    let stage = Stage::open(pool).await;
    let lists = lists(&stage);
    fill(&stage, &lists).await;
    maps(&stage, "status", System::Autotask, "1", "Booked").await;
    let kept = lookup::all(stage.db()).await.unwrap();
    let unseen = json!({"name": "forbidden", "value": "Tickets+Roles+InventoryLocations"});
    deed(&stage, System::Autotask, "fault", unseen).await;
    assert_eq!(lists.refresh(stage.db(), "mia").await.unwrap(), []);
    assert_eq!(lookup::all(stage.db()).await.unwrap(), kept);
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_list_that_connect_did_not_fill_is_not_filled_by_reading_again(pool: PgPool) {
    let stage = Stage::open(pool).await;
    let lists = lists(&stage);
    fill(&stage, &lists).await;
    sqlx::query("delete from lookup where system = 'autotask' and list = 'source'")
        .execute(&stage.site.pool)
        .await
        .unwrap();
    let filled = lookup::all(stage.db()).await.unwrap();
    assert_eq!(lists.refresh(stage.db(), "mia").await.unwrap(), []);
    assert_eq!(lookup::all(stage.db()).await.unwrap(), filled);
    stage.site.stop().await;
}
