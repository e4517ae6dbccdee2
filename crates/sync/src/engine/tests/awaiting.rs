//! Records that wait for what becomes of another, and halves that outlive their other half.

use domain::{Cause, Event, Key, RecordId, System, Value};
use sqlx::PgPool;
use store::State;

use super::{
    bench::Bench,
    world::{Fault, THING},
};
use crate::Point;

const A: System = System::Autotask;
const J: System = System::Jim2;

fn work(thing: &RecordId) -> Event {
    Event::new(Key::new(THING, A, thing.clone()), Cause::Work)
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_waits_for_another_record_tells_it_at_each_attempt(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (job, line) = (bench.world.thing("Job"), bench.world.thing("Line"));
    let key = Key::new(THING, A, job.clone());
    bench.world.state().waits_for = Some(key);
    for _ in 0..2 {
        assert_eq!(bench.changed(A, &line).await.len(), 1, "it comes again");
        assert_eq!(bench.published().await, [work(&job)]);
    }
    assert!(bench.problems().await.is_empty());
    bench.world.state().waits_for = None;
    assert_eq!(bench.changed(A, &line).await, []);
    assert_eq!(bench.world.made_for(&line).len(), 1);
    assert_eq!(bench.published().await, []);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_6_what_waits_for_people_is_held_after_a_business_day_and_goes_on_by_itself(
    pool: PgPool,
) {
    let mut bench = Bench::new(pool).await;
    let line = bench.world.thing("Line");
    bench.world.state().is_ready = true;
    // It began to wait on the first of January 1970, a Thursday.
    bench.is_at(23);
    assert_eq!(bench.changed(A, &line).await.len(), 1, "it comes again");
    assert!(bench.problems().await.is_empty());
    bench.is_at(24);
    assert_eq!(bench.changed(A, &line).await, []);
    assert_eq!(bench.problems().await, ["job-ready"]);
    // What is held is not waited for anew.
    bench.is_at(0);
    assert_eq!(bench.changed(A, &line).await, []);
    assert_eq!(bench.problems().await, ["job-ready"]);
    bench.world.state().is_ready = false;
    assert_eq!(bench.changed(A, &line).await, []);
    assert!(bench.problems().await.is_empty());
    assert_eq!(bench.world.made_for(&line).len(), 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_held_behind_another_has_it_made_and_goes_on_by_itself(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (job, line) = (bench.world.thing("Job"), bench.world.thing("Line"));
    bench.tells(A, &job, "lazy", true);
    bench.tells(A, &line, "behind", job.as_str());
    assert_eq!(bench.changed(A, &job).await, []);
    assert!(
        bench.world.made_for(&job).is_empty(),
        "there is no work yet"
    );

    assert_eq!(bench.changed(A, &line).await, []);
    assert_eq!(bench.problems().await, ["not-paired"]);
    let told = bench.published().await;
    assert_eq!(told, [work(&job)]);
    bench.quiet(told).await;
    assert_eq!(bench.world.made_for(&job).len(), 1);
    assert_eq!(bench.world.made_for(&line).len(), 1);
    assert!(bench.problems().await.is_empty());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn work_still_waits_when_a_problem_in_between_is_solved(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let job = bench.world.thing("Job");
    bench.tells(A, &job, "lazy", true);
    bench.world.state().edit(A, &job, "status", 9);
    assert_eq!(bench.handle(&[work(&job)]).await, []);
    assert_eq!(bench.problems().await, ["lookup-missing"]);
    super::bench::map_status(&bench.db, A, "9", "WAIT").await;
    let released = store::held::solved(&bench.db, 10).await.unwrap();
    let events = released.into_iter().filter_map(|item| match item.resend {
        store::held::Resend::Event(event) => Some(*event),
        store::held::Resend::Body { .. } => None,
    });
    bench.quiet(events.collect()).await;
    assert_eq!(bench.world.made_for(&job).len(), 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_job_that_is_over_is_followed_by_another_only_where_work_waits(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.tells(J, &made, "over", true);
    for cause in [Cause::Live, Cause::Sweep, Cause::Rescue, Cause::Replay] {
        bench.world.state().edit(A, &thing, "title", cause.as_str());
        let event = Event {
            cause,
            ..work(&thing)
        };
        assert_eq!(bench.handle(&[event]).await, []);
        assert_eq!(bench.world.state().jim2.len(), 1, "{cause:?}");
    }
    let waiting = bench.handle(&[work(&thing)]).await;
    bench.quiet(waiting).await;
    let pair = bench.pair(A, &thing).await.unwrap();
    assert_eq!((pair.generation, pair.state), (2, State::Paired));
    let before = bench.pair(J, &made).await.unwrap();
    assert_eq!((before.generation, before.state), (1, State::Earlier));
    assert_eq!(bench.world.state().jim2.len(), 2);

    // The work that asked comes again, and a second one too: the new one is not over.
    bench.quiet(vec![work(&thing), work(&thing)]).await;
    assert_eq!(bench.world.state().jim2.len(), 2);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_the_job_before_has_to_tell_goes_out_before_the_next_one_is_made(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.world.state().edit(J, &made, "name", "Renamed");
    bench.tells(J, &made, "over", true);
    let waiting = bench.handle(&[work(&thing)]).await;
    bench.quiet(waiting).await;
    assert_eq!(bench.world.field(A, &thing, "name"), "Renamed".into());
    assert_eq!(bench.world.state().jim2.len(), 2);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_worker_that_dies_while_a_job_is_followed_makes_one_other(pool: PgPool) {
    let bench = Bench::new(pool).await;
    for point in [
        Point::AfterIntent,
        Point::BeforeRemember,
        Point::AfterRemember,
    ] {
        let name: String = point.as_str().chars().take(12).collect();
        let (thing, made) = bench.paired(&name).await;
        bench.tells(J, &made, "over", true);
        bench.world.state().edit(J, &made, "name", "Renamed");
        bench.world.state().crash_at = Some(point);
        let waiting = bench.handle(&[work(&thing)]).await;
        bench.world.state().crash_at = None;
        bench.later().await;
        bench.quiet(waiting).await;
        bench.quiet(vec![work(&thing)]).await;
        let next = format!("{thing}/2");
        let state = bench.world.state();
        let made = state.jim2.values();
        let made = made.filter(|record| record.reference.as_ref() == Some(&next));
        assert_eq!(made.count(), 1, "{point:?}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_half_that_outlives_the_other_says_so_once_and_is_left_alone(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.tells(J, &made, "outlives", true);
    let gone = bench.world.state().autotask.remove(&thing).unwrap();
    assert_eq!(bench.changed(A, &thing).await, []);
    assert_eq!(bench.world.field(J, &made, "title"), "removed".into());
    assert_eq!(bench.pair(J, &made).await.unwrap().state, State::Gone);
    assert!(bench.problems().await.is_empty());
    let writes = bench.world.state().writes.len();
    assert_eq!(bench.changed(A, &thing).await, []);
    assert_eq!(bench.world.state().writes.len(), writes);

    // It was hidden after all: what it says is said again.
    bench.world.state().autotask.insert(thing.clone(), gone);
    bench.world.state().edit(A, &thing, "name", "Still here");
    let waiting = bench.changed(A, &thing).await;
    bench.quiet(waiting).await;
    assert_eq!(bench.world.field(J, &made, "title"), "T".into());
    assert_eq!(bench.pair(A, &thing).await.unwrap().state, State::Paired);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_record_that_a_query_does_not_show_is_not_taken_for_gone(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.tells(J, &made, "outlives", true);
    bench.world.state().unseen.insert(thing.clone());
    assert_eq!(bench.changed(A, &thing).await.len(), 1, "it is tried again");
    assert_eq!(bench.world.field(J, &made, "title"), "T".into());
    assert!(bench.problems().await.is_empty());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn many_that_are_gone_at_once_are_not_written_to_at_all(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let mut things = Vec::new();
    for number in 0..21 {
        let (thing, made) = bench.paired(&format!("Thing {number}")).await;
        bench.tells(J, &made, "outlives", true);
        things.push(thing);
    }
    bench.world.state().autotask.clear();
    let events: Vec<Event> = things.iter().map(|thing| Bench::event(A, thing)).collect();
    assert_eq!(bench.handle(&events).await, []);
    let removed = Value::from("removed");
    let state = bench.world.state().clone();
    let written = state
        .jim2
        .values()
        .filter(|it| it.fields["title"] == removed);
    assert_eq!(written.count(), 0, "the whole batch waits for a person");
    assert_eq!(bench.problems().await, ["many-at-once"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn many_that_vanish_at_once_are_one_problem_and_not_one_each(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let mut events = Vec::new();
    for number in 0..21 {
        let (thing, _) = bench.paired(&format!("Thing {number}")).await;
        events.push(Bench::event(A, &thing));
    }
    let hidden = std::mem::take(&mut bench.world.state().autotask);
    let (few, all) = (&events[..3], &events);
    assert_eq!(bench.handle(few).await, []);
    assert_eq!(bench.problems().await, ["vanished"; 3], "a few are told of");
    assert_eq!(bench.handle(all).await, []);
    assert_eq!(bench.problems().await, ["many-at-once"]);

    // Somebody gave our right back.
    bench.world.state().autotask = hidden;
    assert_eq!(bench.handle(all).await, []);
    assert!(bench.problems().await.is_empty());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_worker_that_dies_while_a_half_is_told_tells_it_once(pool: PgPool) {
    let bench = Bench::new(pool).await;
    for fault in [Fault::KilledBefore, Fault::KilledAfter, Fault::LostAnswer] {
        let (thing, made) = bench.paired("Printer").await;
        bench.tells(J, &made, "outlives", true);
        bench.world.state().autotask.remove(&thing);
        let waiting = bench.changed_with(fault, A, &thing).await;
        bench.later().await;
        bench.quiet(waiting).await;
        assert_eq!(
            bench.world.field(J, &made, "title"),
            "removed".into(),
            "{fault:?}"
        );
        assert_eq!(
            bench.pair(J, &made).await.unwrap().state,
            State::Gone,
            "{fault:?}"
        );
    }
    let open = store::status::status(&bench.db).await.unwrap().open_intents;
    assert_eq!(open, 0);
}

impl Bench {
    /// A record says something beside its fields.
    pub(super) fn tells(
        &self,
        on: System,
        id: &RecordId,
        fact: &'static str,
        value: impl Into<Value>,
    ) {
        let mut state = self.world.state();
        state.record(on, id).facts.insert(fact, value.into());
    }
}
