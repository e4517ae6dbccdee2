//! The engine against a model of both systems: lives generated from seeds, judged by the rules of correctness.
//!
//! A life is data (`script`): what people, workers and time do. It is lived (`life`) by the engine as it is released, on a
//! real Postgres whose clock is the lane's own (`lane`), against the world in memory; two workers meet at any call to it.
//! What it comes to is judged (`judge`). A life that breaks a rule is made shorter (`shrink`) and printed, to be pasted
//! into `regressions`. Each rule is taken out from outside (`without`), and must be missed (`missing`).
//!
//! `CROSSBILL_MODEL_SEED=7` lives one life, `CROSSBILL_MODEL_SEEDS=10000` so many (from that seed on, if both are set) and
//! tells how many it had a minute.

mod generate;
mod judge;
mod lane;
mod life;
mod missing;
mod regressions;
mod script;
mod shrink;
mod violation;
mod without;

use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::future::join_all;
use sqlx::PgPool;

use self::{
    generate::{EVERYTHING, generate},
    lane::Lane,
    life::run,
    script::{Pasted, Step},
    violation::Violation,
};

/// How many lives are lived without a wish for more.
const SEEDS: u64 = 250;

#[expect(
    clippy::disallowed_methods,
    reason = "a test reads no configuration; how long it looks is a person's wish"
)]
fn wish(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[sqlx::test(migrations = false)]
async fn any_life_ends_equal_with_nothing_made_twice_and_nothing_swallowed(pool: PgPool) {
    let (first, many) = (wish("CROSSBILL_MODEL_SEED"), wish("CROSSBILL_MODEL_SEEDS"));
    let count = many.unwrap_or(if first.is_some() { 1 } else { SEEDS });
    let began = std::time::Instant::now();
    let seeds = &AtomicU64::new(first.unwrap_or(0));
    let end = first.unwrap_or(0) + count;
    // Side by side: while one waits for its database, the other thinks.
    let lanes = ["one", "two"].map(|name| lives(&pool, name, seeds, end));
    join_all(lanes).await;
    if many.is_some() {
        let a_life = began.elapsed() / u32::try_from(count).unwrap_or(u32::MAX).max(1);
        println!("{} lives a minute", 60_000 / a_life.as_millis().max(1));
    }
}

/// One life after the other, for as long as there are seeds.
async fn lives(pool: &PgPool, lane: &str, seeds: &AtomicU64, end: u64) {
    let lane = Lane::new(pool, lane, None).await;
    loop {
        let seed = seeds.fetch_add(1, Ordering::Relaxed);
        if seed >= end {
            return;
        }
        let script = generate(seed, &EVERYTHING);
        if let Err(found) = run(&lane, &script).await {
            fail(&lane, seed, &script, found).await;
        }
    }
}

/// Tells of the shortest life found that breaks the same rule.
async fn fail(lane: &Lane, seed: u64, script: &[Step], found: Violation) {
    let breaks = async |script: &[Step]| run(lane, script).await.err();
    let (script, found) = shrink::shrink(script, found, breaks).await;
    panic!(
        "seed {seed}: {:?}: {}\n{}\nwhat happened:\n{}",
        found.broken,
        found.says,
        Pasted(&script),
        found.story
    );
}
