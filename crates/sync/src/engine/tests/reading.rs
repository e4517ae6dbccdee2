//! Rule 9: replicas lag, and a read that is older than what we know is no answer.

use domain::{Evidence, System};
use sqlx::PgPool;

use super::bench::Bench;

const A: System = System::Autotask;
const J: System = System::Jim2;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_9_a_read_older_than_the_events_floor_is_no_answer_to_it(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.world.state().lag(J, 1);
    bench.world.state().edit(J, &made, "name", "Renamed");
    let event = bench.fresh_event(J, &made);
    let again = bench.handle(std::slice::from_ref(&event)).await;
    assert_eq!(again, [event], "the replica had not caught up");
    assert_eq!(bench.handle(&again).await, []);
    assert_eq!(bench.world.field(A, &thing, "name"), "Renamed".into());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_9_in_a_batch_with_both_halves_each_has_its_own_floor(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.world.state().lag(J, 1);
    bench.world.state().edit(J, &made, "name", "Renamed");
    let events = [Bench::event(A, &thing), bench.fresh_event(J, &made)];
    assert_eq!(
        bench.handle(&events).await,
        events,
        "the other half's event was swallowed by this one's"
    );
    assert_eq!(bench.handle(&events).await, []);
    assert_eq!(bench.world.field(A, &thing, "name"), "Renamed".into());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_9_a_read_from_before_our_own_write_is_not_a_persons_edit(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.world.state().edit(J, &made, "status", "WAIT");
    bench.world.state().lag(A, 3);
    bench.changed(J, &made).await;
    let again = bench.published().await;
    assert_eq!(again.len(), 1, "the write was not seen to arrive");
    // Meanwhile something else about the job is told; Autotask still answers from before our write.
    let events = bench.handle(&again).await;
    assert_eq!(events, again, "too early to judge");
    assert_eq!(bench.world.field(J, &made, "status"), "WAIT".into());
    bench.world.state().catch_up();
    assert_eq!(bench.handle(&events).await, []);
    assert_eq!(bench.world.field(J, &made, "status"), "WAIT".into());
    assert_eq!(bench.world.field(A, &thing, "status"), 2.into());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_9_what_we_made_a_moment_ago_and_is_not_there_yet_has_not_vanished(pool: PgPool) {
    let mut bench = Bench::new(pool).await;
    bench.engine.timing.unseen = std::time::Duration::from_mins(10);
    let thing = bench.world.thing("Printer");
    bench.world.state().lag(J, 2);
    bench.changed(A, &thing).await;
    let again = bench.published().await;
    assert_eq!(bench.handle(&again).await, again, "it may still appear");
    assert!(bench.problems().await.is_empty());
    bench.world.state().catch_up();
    assert_eq!(bench.handle(&again).await, []);
    assert_eq!(bench.world.made_for(&thing).len(), 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_10_a_foreign_change_of_the_job_between_our_read_and_our_write_is_in_the_journal(
    pool: PgPool,
) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.world.state().edit(A, &thing, "title", "New title");
    // Bob gives the job a title after we read it; ours takes its place, and Jim2 tells only who changed the job.
    bench.world.state().after_read = Some((J, made.clone(), "title", "Bob's title".into()));
    bench.changed(A, &thing).await;
    assert_eq!(bench.world.field(J, &made, "title"), "New title".into());
    let mut row = Bench::event(J, &made);
    let at = bench.world.state().jim2[&made].changed - 1;
    row.evidence.push(Evidence {
        at: chrono::DateTime::from_timestamp(at, 0).unwrap(),
        by: Some("BOB".to_owned()),
        fields: [].into(),
    });
    bench.handle(std::slice::from_ref(&row)).await;
    assert!(
        bench
            .journal(A, &thing)
            .await
            .contains(&"possibly-overwritten"),
        "{:?}",
        bench.journal(A, &thing).await
    );

    row.evidence[0].at = chrono::DateTime::from_timestamp(at - 40, 0).unwrap();
    let before = bench.journal(A, &thing).await.len();
    bench.handle(&[row]).await;
    assert_eq!(
        bench.journal(A, &thing).await.len(),
        before,
        "a change that we had read was not overwritten"
    );
}
