//! The engine against a model of both systems: lives generated from seeds, judged by the rules of correctness.

mod generate;
mod judge;
mod lane;
mod life;
mod script;
mod shrink;
mod violation;
mod without;

use sqlx::PgPool;

use self::{
    generate::{EVERYTHING, Profile, generate},
    lane::Lane,
    life::run,
    script::{Pasted, Step},
    violation::{Broken, Violation},
    without::Without,
};

#[expect(
    clippy::disallowed_methods,
    reason = "a test reads no configuration; how long it looks is a person's wish"
)]
fn wish(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[sqlx::test(migrations = false)]
async fn any_life_ends_equal_with_nothing_made_twice_and_nothing_swallowed(pool: PgPool) {
    let lane = Lane::new(&pool, "model", None).await;
    let first = wish("CROSSBILL_MODEL_SEED");
    let seeds = match first {
        Some(seed) => seed..seed + 1,
        None => 0..wish("CROSSBILL_MODEL_SEEDS").unwrap_or(200),
    };
    let began = std::time::Instant::now();
    let count = seeds.end - seeds.start;
    for seed in seeds {
        let script = generate(seed, &EVERYTHING);
        if let Err(found) = run(&lane, &script).await {
            fail(&lane, seed, &script, found).await;
        }
    }
    if wish("CROSSBILL_MODEL_SEEDS").is_some() {
        let minutes = began.elapsed().as_secs_f64() / 60.0;
        println!("{:.0} lives a minute", count as f64 / minutes);
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

/// Takes a rule out: a life is found that breaks what the rule is for, and the same life is sound with the rule.
async fn is_missed(pool: &PgPool, without: Without, profile: &Profile, broken: &[Broken]) {
    let whole = Lane::new(pool, "whole", None).await;
    let lacking = Lane::new(pool, "lacking", Some(without)).await;
    for seed in 0..SEEDS_A_RULE {
        let script = generate(seed, profile);
        let Err(found) = run(&lacking, &script).await else {
            continue;
        };
        if let Err(found) = run(&whole, &script).await {
            fail(&whole, seed, &script, found).await;
        }
        if broken.contains(&found.broken) {
            println!("seed {seed} misses it: {:?}: {}", found.broken, found.says);
            return;
        }
    }
    panic!("{without:?} is missed by nobody: the test does not test it");
}

/// In so many lives a missing rule must show.
const SEEDS_A_RULE: u64 = 300;

macro_rules! without {
    ($($name:ident: $without:ident, $profile:expr => $($broken:ident)|+;)+) => {
        $(
            #[sqlx::test(migrations = false)]
            async fn $name(pool: PgPool) {
                is_missed(&pool, Without::$without, &$profile, &[$(Broken::$broken),+]).await;
            }
        )+
    };
}

without! {
    rule_1_is_missed_where_a_re_read_teaches: Judging, EVERYTHING => Unequal | Swallowed;
    rule_2_is_missed_where_nobody_waits_for_a_late_write: Patience, EVERYTHING => MadeTwice | HeldForNothing | Swallowed | NoteTwice;
    rule_2_is_missed_where_a_late_claimant_is_not_told_so: Epochs, EVERYTHING => Unequal | Swallowed | NoteTwice | MadeTwice;
    rule_3_is_missed_where_what_meets_a_claim_is_dropped: Dirty, EVERYTHING => Unequal | NoteLost | Swallowed;
    rule_4_is_missed_where_no_intent_is_kept: Intents, EVERYTHING => MadeTwice | HeldForNothing | Swallowed | NoteTwice;
    rule_5_is_missed_where_nobody_looks_for_what_a_lost_answer_made: LookUps, EVERYTHING => MadeTwice;
    rule_6_is_missed_where_it_is_not_asked_whose_a_record_is: Identity, EVERYTHING => Trespass;
    rule_7_is_missed_where_what_is_not_told_counts_as_empty: Silence, EVERYTHING => Emptied;
    rule_9_is_missed_where_a_read_may_be_older_than_its_event: Floors, EVERYTHING => Unequal | Swallowed | NoteLost;
    rule_9_is_missed_where_what_is_not_there_at_once_never_was: Waiting, EVERYTHING => HeldForNothing | Unequal;
    rule_10_is_missed_where_evidence_does_not_travel: Evidence, EVERYTHING => Swallowed;
    rule_11_is_missed_where_who_came_last_is_right: Owners, EVERYTHING => NotTheOwner;
    rule_12_is_missed_where_marks_say_nothing: Marks, EVERYTHING => NoteTwice;
    rule_15_is_missed_where_a_newer_build_is_not_left_alone: Formats, EVERYTHING => Trespass;
}
