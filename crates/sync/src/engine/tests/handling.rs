//! What becomes of a record from its first event on: made, echoed, held, refused, left alone.

use domain::System;
use sqlx::PgPool;

use super::{
    bench::{Bench, map_status},
    world::Fault,
};

const A: System = System::Autotask;
const J: System = System::Jim2;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_thing_is_made_once_and_its_echo_writes_nothing(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    assert_eq!(bench.world.field(J, &made, "status"), "Booked".into());
    let writes = bench.world.state().writes.len();
    assert_eq!(bench.changed(J, &made).await, []);
    assert_eq!(bench.changed(A, &thing).await, []);
    assert_eq!(
        bench
            .handle(&[Bench::event(A, &thing), Bench::event(J, &made)])
            .await,
        []
    );
    assert_eq!(
        bench.world.state().writes.len(),
        writes,
        "an echo was written"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_batch_of_new_things_is_looked_for_once_and_one_that_is_there_is_held(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let things = ["Printer", "Scanner", "Copier"].map(|name| bench.world.thing(name));
    let mine = {
        let mut state = bench.world.state();
        let (mut job, id) = (state.autotask[&things[0]].clone(), state.fresh_id());
        job.reference = Some(format!("{}/1", things[0]));
        state.jim2.insert(id.clone(), job);
        id
    };
    let events = things.clone().map(|thing| Bench::event(A, &thing));
    assert_eq!(bench.handle(&events).await, []);
    assert_eq!(
        bench.world.state().looks,
        2,
        "one for all, and one for the one that is not surely new"
    );
    assert_eq!(bench.problems().await, ["made-before"]);
    assert_eq!(bench.world.made_for(&things[0]), [mine]);
    for thing in &things[1..] {
        assert_eq!(bench.world.made_for(thing).len(), 1);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_echo_costs_no_read_of_the_other_side(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (_, made) = bench.paired("Printer").await;
    let reads = bench.world.state().reads;
    bench.changed(J, &made).await;
    assert_eq!(bench.world.state().reads, reads + 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_note_that_is_edited_has_its_copy_follow(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.world.state().note(A, &thing, "Frist");
    bench.changed(A, &thing).await;
    bench.world.state().record(A, &thing).children[0].text = "First".to_owned();
    bench.changed(A, &thing).await;
    bench.changed(J, &made).await;
    let state = bench.world.state();
    assert_eq!(state.jim2[&made].children.len(), 1);
    assert_eq!(state.jim2[&made].children[0].text, "Ann: First");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_missing_mapping_holds_its_field_and_the_rest_is_written(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.world.state().edit(A, &thing, "status", 9);
    bench.world.state().edit(A, &thing, "title", "New");
    bench.changed(A, &thing).await;
    assert_eq!(bench.problems().await, ["lookup-missing"]);
    assert_eq!(bench.world.field(J, &made, "title"), "New".into());
    map_status(&bench.db, A, "9", "WAIT").await;
    assert_eq!(
        store::held::solved(&bench.db, 10).await.unwrap().len(),
        1,
        "it is released by itself"
    );
    bench.replay(A, &thing).await;
    assert_eq!(bench.world.field(J, &made, "status"), "WAIT".into());
    assert!(bench.problems().await.is_empty());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_refused_write_is_held_and_a_busy_system_is_tried_again(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.world.state().edit(A, &thing, "title", "New");
    assert_eq!(bench.changed_with(Fault::Busy, A, &thing).await.len(), 1);
    assert_eq!(bench.changed_with(Fault::Refused, A, &thing).await, []);
    assert_eq!(bench.problems().await, ["refused"]);
    bench.changed(A, &thing).await;
    assert_eq!(bench.world.field(J, &made, "title"), "New".into());
    assert!(
        bench.problems().await.is_empty(),
        "held items close when the pair is in step"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_brake_stops_the_twenty_sixth_creation(pool: PgPool) {
    let bench = Bench::new(pool).await;
    for number in 0..26 {
        let thing = bench.world.thing(&format!("Thing {number}"));
        bench.changed(A, &thing).await;
    }
    assert_eq!(bench.world.state().jim2.len(), 25);
    assert_eq!(bench.problems().await, ["creation-brake"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_a_person_took_out_is_left_alone(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    let pair = bench.pair(A, &thing).await.unwrap();
    store::pair::unlink(&bench.db, pair.id, "test")
        .await
        .unwrap();
    bench.world.state().edit(A, &thing, "title", "New");
    assert_eq!(
        bench
            .handle(&[Bench::event(A, &thing), Bench::event(J, &made)])
            .await,
        []
    );
    assert_eq!(bench.world.state().jim2.len(), 1, "a second one was made");
    assert_ne!(bench.world.field(J, &made, "title"), "New".into());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_record_that_cannot_be_read_is_held_and_takes_no_other_along(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (bad, good) = (bench.world.thing("Bad"), bench.world.thing("Good"));
    bench.world.state().unreadable = Some(bad.clone());
    assert_eq!(
        bench
            .handle(&[Bench::event(A, &bad), Bench::event(A, &good)])
            .await,
        []
    );
    assert_eq!(bench.world.made_for(&good).len(), 1);
    assert_eq!(bench.problems().await, ["refused"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_a_new_record_cannot_be_given_at_once_follows_right_after(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let thing = bench.world.thing("Printer");
    bench.world.state().edit(A, &thing, "status", 3);
    bench.changed(A, &thing).await;
    let made = bench.world.made_for(&thing)[0].clone();
    assert_eq!(bench.world.field(J, &made, "status"), "Booked".into());
    let again = bench.published().await;
    assert_eq!(again.len(), 1, "it is looked at again at once");
    bench.handle(&again).await;
    assert_eq!(bench.world.field(J, &made, "status"), "FINISH".into());
    assert_eq!(
        bench.world.field(A, &thing, "status"),
        3.into(),
        "a first status is nobody's wish"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_first_edit_of_a_field_that_was_blank_when_the_record_was_made_is_carried(
    pool: PgPool,
) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.world.state().edit(A, &thing, "remark", "Urgent");
    bench.changed(A, &thing).await;
    assert_eq!(bench.world.field(J, &made, "remark"), "Urgent".into());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_field_that_was_blank_when_the_record_was_made_has_conflicts_like_any_other(
    pool: PgPool,
) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.world.state().edit(A, &thing, "remark", "Urgent");
    bench.world.state().edit(J, &made, "remark", "Not urgent");
    bench.changed(A, &thing).await;
    assert_eq!(bench.world.field(J, &made, "remark"), "Urgent".into());
    let journal = bench.journal(A, &thing).await;
    assert!(journal.contains(&"conflict"), "{journal:?}");
}
