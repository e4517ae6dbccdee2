//! The rules of correctness about claims, intents, references and identity, each with the interleaving it closes. Rules 3
//! and 13 to 15 are also tested in `store`, `broker` and `ingress`, where their halves live.

use domain::System;
use sqlx::PgPool;
use store::State;

use super::{bench::Bench, world::Fault};

const A: System = System::Autotask;
const J: System = System::Jim2;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_1_a_change_seen_only_in_the_re_read_is_carried_not_learnt(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.world.state().edit(A, &thing, "title", "New title");
    // A person renames the job after we read it and before we read it again.
    bench.world.state().after_read = Some((J, made.clone(), "name", "Renamed".into()));
    bench.changed(A, &thing).await;
    let again = bench.published().await;
    assert_eq!(
        again.len(),
        1,
        "what differs from the plan's view is looked at again"
    );
    bench.handle(&again).await;
    assert_eq!(bench.world.field(A, &thing, "name"), "Renamed".into());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_2_a_lost_answer_is_looked_for_only_after_it_can_no_longer_arrive(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let thing = bench.world.thing("Printer");
    let waiting = bench.changed_with(Fault::LostAnswer, A, &thing).await;
    assert_eq!(waiting.len(), 1, "the event comes again");
    assert_eq!(bench.handle(&waiting).await, waiting, "too early to look");
    bench.later().await;
    assert_eq!(bench.handle(&waiting).await, []);
    let made = bench.world.made_for(&thing);
    assert_eq!(made.len(), 1, "made twice");
    let reference = bench.world.state().autotask[&thing].reference.clone();
    assert_eq!(reference, Some(made[0].to_string()));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_2_two_records_of_one_thing_are_a_problem_never_silence(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let thing = bench.world.thing("Printer");
    let waiting = bench.changed_with(Fault::LostAnswer, A, &thing).await;
    bench.world.state().twin_of(J, 0);
    bench.later().await;
    bench.handle(&waiting).await;
    assert_eq!(bench.problems().await, ["doubled"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_3_an_event_that_meets_a_claim_is_not_lost(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.world.state().edit(J, &made, "name", "Renamed");
    bench.world.state().edit(A, &thing, "title", "New");
    let redelivered = bench.changed_with(Fault::KilledBefore, A, &thing).await;
    assert_eq!(redelivered.len(), 1);
    // The dead worker's claim still stands when the other event comes: it is kept on the row, and its message is done.
    assert_eq!(bench.changed(J, &made).await, []);
    bench.later().await;
    let rescued = bench.rescued().await;
    assert!(!rescued.is_empty(), "the rescuer finds what the claim met");
    bench.handle(&rescued).await;
    assert_eq!(bench.world.field(A, &thing, "name"), "Renamed".into());
    assert_eq!(bench.world.field(J, &made, "title"), "New".into());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_4_a_crash_between_making_and_remembering_makes_no_second_one(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let thing = bench.world.thing("Printer");
    let redelivered = bench.changed_with(Fault::KilledAfter, A, &thing).await;
    assert_eq!(bench.world.made_for(&thing).len(), 1);
    bench.later().await;
    assert_eq!(bench.handle(&redelivered).await, []);
    assert_eq!(bench.world.made_for(&thing).len(), 1, "made twice");
    assert_eq!(bench.pair(A, &thing).await.unwrap().state, State::Paired);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_4_a_value_we_wrote_before_a_crash_is_not_taken_for_a_persons(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.world.state().edit(A, &thing, "status", 2);
    let redelivered = bench.changed_with(Fault::KilledAfter, A, &thing).await;
    // Before anybody looks again a person takes the status back in Autotask.
    bench.world.state().edit(A, &thing, "status", 1);
    bench.later().await;
    bench.handle(&redelivered).await;
    assert_eq!(
        bench.world.field(A, &thing, "status"),
        1.into(),
        "our own write came back as a change"
    );
    assert_eq!(bench.world.field(J, &made, "status"), "Booked".into());
    let journal = bench.journal(A, &thing).await;
    assert!(!journal.contains(&"conflict"), "{journal:?}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_5_a_duplicated_record_with_our_reference_links_to_nothing(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    let copy = bench.world.state().twin_of(J, 0);
    bench.changed(J, &copy).await;
    assert_eq!(bench.problems().await, ["reference-copied"]);
    assert_eq!(bench.pair(A, &thing).await.unwrap().jim2_id, Some(made));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_5_a_one_sided_reference_waits_for_a_person_and_a_mutual_one_links(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, stranger) = (bench.world.thing("Printer"), bench.world.thing("Router"));
    bench.world.state().record(A, &thing).reference = Some(stranger.to_string());
    let (record, job) = {
        let mut state = bench.world.state();
        (state.autotask[&thing].clone(), state.fresh_id())
    };
    let mut made = record;
    made.reference = Some(format!("{stranger}/1"));
    made.fields.insert("status".to_owned(), "Booked".into());
    bench.world.state().jim2.insert(job.clone(), made);
    bench.world.state().record(A, &thing).reference = Some(job.to_string());
    bench.changed(A, &thing).await;
    assert_eq!(bench.problems().await, ["reference-unconfirmed"]);
    bench.world.state().record(J, &job).reference = Some(format!("{thing}/1"));
    bench.changed(A, &thing).await;
    assert_eq!(bench.pair(A, &thing).await.unwrap().jim2_id, Some(job));
    assert!(bench.problems().await.is_empty());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_6_a_job_that_changed_hands_is_not_written(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench
        .world
        .state()
        .record(J, &made)
        .facts
        .insert("customer", 1.into());
    bench.world.state().edit(A, &thing, "title", "One");
    bench.changed(A, &thing).await;
    bench
        .world
        .state()
        .record(J, &made)
        .facts
        .insert("customer", 2.into());
    bench.world.state().edit(A, &thing, "title", "Two");
    bench.changed(A, &thing).await;
    assert_eq!(bench.problems().await, ["not-the-same-record"]);
    assert_eq!(bench.world.field(J, &made, "title"), "One".into());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_6_what_vanished_is_never_made_again(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.world.state().jim2.remove(&made);
    bench.world.state().edit(A, &thing, "title", "New");
    bench.changed(A, &thing).await;
    assert_eq!(bench.problems().await, ["vanished"]);
    assert!(bench.world.made_for(&thing).is_empty());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_15_an_intent_of_a_newer_build_is_left_to_it(pool: PgPool) {
    let bench = Bench::new(pool.clone()).await;
    let thing = bench.world.thing("Printer");
    let redelivered = bench.changed_with(Fault::KilledAfter, A, &thing).await;
    sqlx::query("update intent set v = v + 1")
        .execute(&pool)
        .await
        .unwrap();
    bench.later().await;
    assert_eq!(
        bench.handle(&redelivered).await,
        redelivered,
        "put off, not guessed at"
    );
    assert_eq!(bench.world.made_for(&thing).len(), 1);
    sqlx::query("update intent set v = v - 1")
        .execute(&pool)
        .await
        .unwrap();
    bench.later().await;
    assert_eq!(bench.handle(&redelivered).await, []);
    assert_eq!(bench.world.made_for(&thing).len(), 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_6_nothing_is_written_to_either_side_once_jim2_is_not_the_database_we_know(
    pool: PgPool,
) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    // The batch is claimed and read before anybody has seen it.
    bench
        .world
        .state()
        .edit(J, &made, "name", "As in the backup");
    let new = bench.world.thing("Scanner");
    let restored = domain::StopReason::Restored("it went back".to_owned());
    store::database::depart(&bench.db, J, &restored)
        .await
        .unwrap();
    for (system, id) in [(J, &made), (A, &new)] {
        assert_eq!(
            bench.changed(system, id).await.len(),
            1,
            "it waits, untried"
        );
    }
    assert_ne!(
        bench.world.field(A, &thing, "name"),
        "As in the backup".into()
    );
    assert_eq!(bench.world.made_for(&new), []);
    assert!(
        bench.problems().await.is_empty(),
        "nothing is held one by one"
    );
}
