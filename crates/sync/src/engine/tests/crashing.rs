//! A worker that dies between any two steps, and systems that fail in the middle of a batch.

use domain::System;
use sqlx::PgPool;

use super::{bench::Bench, world::Fault};
use crate::Point;

const A: System = System::Autotask;
const J: System = System::Jim2;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_worker_that_dies_between_any_two_steps_makes_nothing_twice_and_loses_nothing(
    pool: PgPool,
) {
    let bench = Bench::new(pool).await;
    store::mapping::release_brake(&bench.db, &super::world::THING)
        .await
        .unwrap();
    for point in Point::ALL {
        // The looks need somebody who died before; settling is with the broker, in the system's own tests.
        let is_look = matches!(point, Point::BeforeLookUp | Point::AfterLookUp);
        let before = is_look.then_some(Point::AfterWrite);
        let thing = bench.world.thing(point.as_str());
        let mut waiting = vec![Bench::event(A, &thing)];
        for dies_at in [before, Some(point)].into_iter().flatten() {
            bench.world.state().crash_at = Some(dies_at);
            waiting = bench.handle(&waiting).await;
            bench.later().await;
        }
        bench.world.state().crash_at = None;
        bench.quiet(waiting).await;
        let made = bench.world.made_for(&thing);
        assert_eq!(made.len(), 1, "{point:?}");

        bench
            .world
            .state()
            .edit(J, &made[0], "name", point.as_str()[..6].to_owned());
        bench.world.state().crash_at = Some(point);
        let waiting = bench.changed(J, &made[0]).await;
        bench.world.state().crash_at = None;
        bench.later().await;
        bench.quiet(waiting).await;
        assert_eq!(
            bench.world.field(A, &thing, "name"),
            bench.world.field(J, &made[0], "name"),
            "{point:?}"
        );
    }
    assert!(bench.problems().await.is_empty());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_event_that_met_a_claim_outlives_a_death_between_remembering_and_publishing_it(
    pool: PgPool,
) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.world.state().edit(A, &thing, "title", "New");
    bench.world.state().edit_on_write = Some((J, made.clone(), "name", "Renamed".into()));
    bench.world.state().crash_at = Some(Point::AfterRemember);
    // Another worker gets the job's event while the claim stands; its message is acknowledged.
    let (redelivered, met) = tokio::join!(bench.changed(A, &thing), async {
        bench.world.wrote.notified().await;
        let met = bench.second().await.changed(J, &made).await;
        bench.world.go_on.notify_one();
        met
    });
    assert_eq!(met, []);
    assert_eq!(bench.handle(&redelivered).await, [], "an echo by now");
    bench.later().await;
    bench.quiet(Vec::new()).await;
    assert_eq!(bench.world.field(A, &thing, "name"), "Renamed".into());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_was_decided_before_a_crash_is_in_the_journal_after_it(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.world.state().edit(A, &thing, "name", "From desk");
    bench.world.state().edit(J, &made, "name", "From shop");
    bench.world.state().crash_at = Some(Point::AfterWrite);
    let waiting = bench.changed(A, &thing).await;
    assert_eq!(bench.world.field(A, &thing, "name"), "From shop".into());
    bench.later().await;
    bench.quiet(waiting).await;
    let journal = bench.journal(A, &thing).await;
    for what in ["conflict", "updated", "created"] {
        assert!(journal.contains(&what), "{what}: {journal:?}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_busy_act_after_a_done_one_leaves_the_done_one_in_the_journal_once(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.world.state().edit(A, &thing, "title", "New");
    bench.world.state().edit(J, &made, "name", "Renamed");
    bench.world.state().faults.extend([None, Some(Fault::Busy)]);
    let before = bench.journal(A, &thing).await.len();
    let waiting = bench.changed(A, &thing).await;
    assert_eq!(waiting.len(), 1);
    bench.quiet(waiting).await;
    let journal = bench.journal(A, &thing).await;
    assert_eq!(
        journal[..journal.len() - before],
        ["updated", "updated"],
        "one for each write"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn once_a_system_refuses_us_no_further_pair_of_the_batch_is_begun(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let things: Vec<_> = (0..20)
        .map(|number| bench.world.thing(&format!("Thing {number}")))
        .collect();
    bench
        .world
        .state()
        .faults
        .extend(vec![Some(Fault::Stopped); things.len()]);
    let events: Vec<_> = things.iter().map(|thing| Bench::event(A, thing)).collect();
    let waiting = bench.handle(&events).await;
    assert_eq!(waiting.len(), things.len(), "nothing is lost");
    let attempts = bench.world.state().attempts;
    assert!(
        attempts <= bench.engine.timing.width,
        "{attempts} calls to a system that refuses us"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_record_that_could_not_be_made_does_not_count_towards_the_brake(pool: PgPool) {
    let bench = Bench::new(pool).await;
    bench.world.state().cannot_look = true;
    for number in 0..30 {
        let thing = bench.world.thing(&format!("Thing {number}"));
        assert_eq!(bench.changed(A, &thing).await.len(), 1, "it comes again");
    }
    bench.world.state().cannot_look = false;
    let thing = bench.world.thing("Printer");
    assert_eq!(bench.changed(A, &thing).await, []);
    assert_eq!(bench.world.made_for(&thing).len(), 1);
    assert!(bench.problems().await.is_empty());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_only_a_setting_solves_is_not_tried_again_before_a_setting_changes(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let direction = store::mapping::Direction::AutotaskToJim2;
    store::mapping::set_switch(&bench.db, &super::world::THING, direction, false)
        .await
        .unwrap();
    let thing = bench.world.thing("Printer");
    bench.changed(A, &thing).await;
    assert_eq!(bench.problems().await, ["creation-off"]);
    assert_eq!(store::held::solved(&bench.db, 10).await.unwrap(), []);
    store::mapping::set_switch(&bench.db, &super::world::THING, direction, true)
        .await
        .unwrap();
    let solved = store::held::solved(&bench.db, 10).await.unwrap();
    assert_eq!(solved.len(), 1, "now it may have been solved");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_2_of_two_records_a_person_links_one_and_the_rest_goes_on(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let thing = bench.world.thing("Printer");
    let waiting = bench.changed_with(Fault::LostAnswer, A, &thing).await;
    bench.world.state().twin_of(J, 0);
    bench.later().await;
    bench.handle(&waiting).await;
    assert_eq!(bench.problems().await, ["doubled"]);
    let kept = bench.world.made_for(&thing)[0].clone();
    let linked = bench.link(&thing, &kept).await;
    assert!(
        matches!(linked, store::pair::Linked::Made(_)),
        "the remedy that the problem names is refused: {linked:?}"
    );
    bench.replay(A, &thing).await;
    assert!(bench.problems().await.is_empty());
    let reference = bench.world.state().autotask[&thing].reference.clone();
    assert_eq!(reference, Some(kept.to_string()));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_12_after_a_new_link_no_note_of_the_old_one_is_written_over(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.world.state().note(A, &thing, "First");
    bench.changed(A, &thing).await;
    let pair = bench.pair(A, &thing).await.unwrap();
    store::pair::unlink(&bench.db, pair.id, "mia")
        .await
        .unwrap();

    // Another job takes its place, with a comment of its own under the same line number.
    let other = bench.world.state().twin_of(J, 0);
    {
        let mut state = bench.world.state();
        state.jim2.remove(&made);
        let theirs = state.record(J, &other);
        theirs.children[0].ours = false;
        theirs.children[0].mark = None;
        theirs.children[0].text = "A stranger's words".to_owned();
        state.record(A, &thing).reference = Some(other.to_string());
    }
    bench.link(&thing, &other).await;
    bench.world.state().record(A, &thing).children[0].text = "First, edited".to_owned();
    bench.replay(A, &thing).await;
    let state = bench.world.state();
    assert_eq!(state.jim2[&other].children[0].text, "A stranger's words");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_new_record_whose_reference_is_refused_is_still_one_of_our_making(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let thing = bench.world.thing("Printer");
    bench.world.state().note(A, &thing, "First");
    bench.world.state().edit(A, &thing, "status", 3);
    bench
        .world
        .state()
        .faults
        .extend([None, Some(Fault::Refused)]);
    bench.changed(A, &thing).await;
    assert_eq!(bench.problems().await, ["refused"]);
    bench.replay(A, &thing).await;
    let made = bench.world.made_for(&thing)[0].clone();
    assert_eq!(bench.world.field(J, &made, "status"), "FINISH".into());
    assert_eq!(bench.world.state().jim2[&made].children.len(), 1);
}
