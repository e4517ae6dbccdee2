use std::sync::Arc;

use chrono::TimeDelta;
use domain::FixedClock;
use sandbox::{
    jim2::{Jim2, Options},
    provider::{Provider, Size},
};
use serde_json::{Value, json};
use sqlx::PgPool;
use store::{gap, system};

use super::*;
use crate::upkeep::testing::{self, Site};

/// A site with a Jim2, with or without named queries.
struct Ward {
    site: Site,
    jim2: Jim2,
    warden: Warden,
}

impl Ward {
    async fn begin(pool: PgPool, named_queries: bool) -> Self {
        let mut site = Site::start(pool).await;
        let now = "2026-11-23T00:00:00Z".parse().unwrap();
        let provider = Provider::generate(7, &Size::small(), now);
        let options = Options {
            named_queries,
            ..Options::default()
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let jim2 = Jim2::start(listener, &provider, options).await.unwrap();
        let clock = Arc::clone(&site.upkeep.clock);
        site.upkeep.jim2 = testing::jim2(&jim2.base_url(), clock, |settings| {
            settings.named_queries = named_queries;
        });
        Self {
            site,
            jim2,
            warden: Warden::default(),
        }
    }

    async fn hand(&self, act: &str, body: Value) -> Value {
        let url = format!("{}/sandbox/{act}", self.jim2.base_url());
        let http = rest::Client::new(&rest::Settings::default()).unwrap();
        let request = http.request(reqwest::Method::POST, url).json(&body);
        http.send("hand", request).await.unwrap().json().unwrap()
    }

    /// A person makes a job; its number.
    async fn job(&self) -> i64 {
        let url = format!("{}/sandbox/state?entity=CardFile", self.jim2.base_url());
        let http = rest::Client::new(&rest::Settings::default()).unwrap();
        let request = http.request(reqwest::Method::GET, url);
        let state: Value = http.send("state", request).await.unwrap().json().unwrap();
        let cards = state["CardFile"].as_array().unwrap();
        let customer = cards.iter().find(|card| card["customer"].is_object());
        let set = json!({"custNo": customer.unwrap()["id"]});
        let body = json!({"entity": "Job", "by": "JC", "set": set});
        self.hand("create", body).await["id"].as_i64().unwrap()
    }

    /// Steps, and stops what is to be stopped, as the loop does. Why writing is stopped by then.
    async fn step(&self) -> Option<String> {
        let db = &self.site.upkeep.db;
        if let Err(trouble) = self.warden.step(&self.site.upkeep).await {
            trouble.heed(db).await;
        }
        let [_, jim2] = system::state(db).await.unwrap();
        jim2.departed.map(|departed| departed.stop().to_string())
    }

    async fn knows(&self, no: i64) {
        let job = Some(database::TopJob { no, made_at: None });
        let db = &self.site.upkeep.db;
        database::agreed(db, System::Jim2, None, job).await.unwrap();
    }

    async fn end(self) {
        self.site.stop().await;
        self.jim2.stop().await;
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn without_a_change_table_a_restore_is_told_by_the_highest_job(pool: PgPool) {
    let ward = Ward::begin(pool, false).await;
    assert_eq!(ward.step().await, None, "nothing is known yet");
    let first = ward.job().await;
    ward.knows(first).await;
    ward.hand("backup", json!({})).await;
    let second = ward.job().await;
    assert_eq!(ward.step().await, None);
    let known = database::known(&ward.site.upkeep.db, System::Jim2).await;
    let top = known.unwrap().job.unwrap();
    assert_eq!(top.no, second);
    assert!(
        top.made_at.is_some(),
        "a number is given again, a moment is not"
    );

    ward.hand("restore", json!({"raiseEpoch": false})).await;
    let says = ward.step().await.unwrap();
    assert!(says.contains(&format!("job {second} was there")), "{says}");
    // It is given again; that changes nothing.
    assert_eq!(ward.job().await, second);
    assert_eq!(ward.step().await, Some(says));
    ward.end().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_job_number_that_was_given_again_is_another_job(pool: PgPool) {
    let ward = Ward::begin(pool, false).await;
    let first = ward.job().await;
    ward.knows(first).await;
    ward.hand("backup", json!({})).await;
    let second = ward.job().await;
    ward.step().await;
    ward.hand("restore", json!({"raiseEpoch": false})).await;
    ward.hand("clock", json!({"offsetSeconds": 3600})).await;
    assert_eq!(ward.job().await, second);
    let says = ward.step().await.unwrap();
    assert!(says.contains("is another one than before"), "{says}");
    ward.end().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_training_copy_stops_all_writing_until_the_real_one_is_back(pool: PgPool) {
    let ward = Ward::begin(pool, true).await;
    assert_eq!(ward.step().await, None);
    ward.hand("database", json!({"training": true})).await;
    let says = ward.step().await.unwrap();
    assert!(says.contains("a training copy answers"), "{says}");
    ward.hand("database", json!({"training": false})).await;
    assert_eq!(ward.step().await, None);
    ward.end().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_clock_of_jim2_that_jumps_is_a_gap_of_jim2(pool: PgPool) {
    let ward = Ward::begin(pool, true).await;
    let gaps = async || gap::list(&ward.site.upkeep.db).await.unwrap();
    for offset in [0, 20] {
        ward.hand("clock", json!({"offsetSeconds": offset})).await;
        ward.step().await;
        assert_eq!(gaps().await, [], "{offset}");
    }
    ward.hand("clock", json!({"offsetSeconds": 900})).await;
    ward.step().await;
    let gaps = gaps().await;
    assert_eq!(gaps.len(), 1);
    assert_eq!(
        (gaps[0].system, gaps[0].reason.as_str()),
        (System::Jim2, clock_of(System::Jim2))
    );
    let span = gaps[0].until.unwrap() - gaps[0].since;
    assert!(
        span.num_minutes() >= 16,
        "as much as was jumped, and more: {span}"
    );
    ward.end().await;
}

/// How far our clock is ahead of a system's, in whole minutes, as anybody may read it.
async fn minutes_ahead(ward: &Ward, system: System) -> Option<i64> {
    let look = clock::last(&ward.site.upkeep.db, system).await.unwrap();
    look.map(|look| (look.ahead.num_seconds() + 30).div_euclid(60))
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn both_clocks_are_heard_of_in_answers_and_a_jump_while_nobody_ran_is_a_gap(pool: PgPool) {
    let ward = Ward::begin(pool, false).await;
    let upkeep = &ward.site.upkeep;
    assert_eq!(minutes_ahead(&ward, System::Autotask).await, None);
    // Without named queries nobody tells the time but the headers.
    ward.hand("clock", json!({"offsetSeconds": -600})).await;
    let job = ward.job().await;
    ward.knows(job).await;
    upkeep.autotask.whoami().await.unwrap();
    ward.step().await;
    assert_eq!(minutes_ahead(&ward, System::Autotask).await, Some(0));
    assert_eq!(minutes_ahead(&ward, System::Jim2).await, Some(10));
    assert_eq!(gap::list(&upkeep.db).await.unwrap(), []);
    // This process ends; while none runs, Autotask's clock is set.
    let later = upkeep.clock.now() + TimeDelta::minutes(30);
    ward.site.hands("clock", json!({"now": later})).await;
    upkeep.autotask.whoami().await.unwrap();
    let next = Warden::default();
    next.step(upkeep).await.unwrap();
    assert_eq!(minutes_ahead(&ward, System::Autotask).await, Some(-30));
    let gaps = gap::list(&upkeep.db).await.unwrap();
    let gaps: Vec<_> = gaps.iter().map(|gap| gap.reason.as_str()).collect();
    assert_eq!(gaps, [clock_of(System::Autotask)]);
    ward.end().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn our_own_clock_that_jumps_is_a_gap_of_both_systems(pool: PgPool) {
    let mut ward = Ward::begin(pool, false).await;
    let now = ward.site.upkeep.clock.now();
    for (jumped, systems) in [(0, vec![]), (60, System::BOTH.to_vec())] {
        let at = now + TimeDelta::minutes(jumped);
        ward.site.upkeep.clock = Arc::new(FixedClock(at));
        ward.step().await;
        let mut gaps = gap::list(&ward.site.upkeep.db).await.unwrap();
        gaps.sort_by_key(|gap| gap.system);
        let of: Vec<System> = gaps.iter().map(|gap| gap.system).collect();
        assert_eq!(of, systems, "after {jumped} minutes");
        for gap in gaps {
            assert_eq!(gap.reason, OUR_CLOCK);
            let span = gap.until.unwrap() - gap.since;
            assert!(span >= TimeDelta::hours(1), "{span}");
        }
    }
    ward.end().await;
}
