//! A record that moves to another owner leaves its other half behind, if nobody has worked on that.

use domain::{RecordId, System};
use sqlx::PgPool;
use store::State;

use super::bench::Bench;
use crate::Point;

const A: System = System::Autotask;
const J: System = System::Jim2;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_thing_that_moves_leaves_its_record_and_gets_another(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.owned("Printer").await;
    bench.world.state().note(A, &thing, "First");
    bench.changed(A, &thing).await;
    bench.moves(&thing);
    let waiting = bench.changed(A, &thing).await;
    bench.quiet(waiting).await;

    assert_eq!(bench.world.field(J, &made, "status"), "CANCEL".into());
    let next = bench.only_other(&made);
    let pair = bench.pair(A, &thing).await.unwrap();
    assert_eq!((pair.generation, pair.jim2_id), (2, Some(next.clone())));
    let before = bench.pair(J, &made).await.unwrap();
    assert_eq!((before.generation, before.state), (1, State::Earlier));
    {
        let state = bench.world.state();
        assert_eq!(state.autotask[&thing].reference, Some(next.to_string()));
        assert_eq!(state.jim2[&next].reference, Some(format!("{thing}/2")));
        assert_eq!(state.jim2[&next].children.len(), 1, "the note goes along");
    }
    bench.world.state().edit(J, &made, "name", "Too late");
    assert_eq!(bench.changed(J, &made).await, []);
    assert_eq!(
        bench.world.field(A, &thing, "name"),
        "Printer".into(),
        "what is left behind says nothing any more"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_thing_that_moves_and_says_nothing_else_is_not_taken_for_an_echo(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.owned("Printer").await;
    {
        let mut state = bench.world.state();
        state.record(A, &thing).facts.insert("owner", 2.into());
    }
    let waiting = bench.changed(A, &thing).await;
    bench.quiet(waiting).await;
    assert_eq!(bench.world.field(J, &made, "status"), "CANCEL".into());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_thing_that_moves_is_held_where_somebody_has_worked_on_its_record(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.owned("Printer").await;
    bench.world.state().is_worked_on = true;
    bench.moves(&thing);
    assert_eq!(bench.changed(A, &thing).await, []);
    assert_eq!(bench.problems().await, ["refused"]);
    assert_eq!(bench.world.field(J, &made, "status"), "Booked".into());
    assert_eq!(bench.world.state().jim2.len(), 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_record_that_cannot_be_retired_is_held_and_not_tried_for_ever(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.owned("Printer").await;
    bench.world.state().refused_at_update = vec!["status"];
    bench.moves(&thing);
    let waiting = bench.changed(A, &thing).await;
    bench.quiet(waiting).await;
    assert_eq!(bench.problems().await, ["moved", "not-writable-in-jim2"]);
    assert_eq!(bench.world.field(J, &made, "status"), "Booked".into());
    assert_eq!(bench.world.state().jim2.len(), 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_worker_that_dies_while_a_thing_moves_makes_one_other_record(pool: PgPool) {
    let bench = Bench::new(pool).await;
    for point in [
        Point::AfterIntent,
        Point::AfterWrite,
        Point::BeforeRemember,
        Point::AfterRemember,
    ] {
        let (thing, made) = bench.owned(point.as_str()).await;
        bench.moves(&thing);
        bench.world.state().crash_at = Some(point);
        let waiting = bench.changed(A, &thing).await;
        bench.later().await;
        bench.quiet(waiting).await;
        let state = bench.world.state();
        let next = format!("{thing}/2");
        let count = state
            .jim2
            .values()
            .filter(|record| record.reference.as_ref() == Some(&next))
            .count();
        assert_eq!(count, 1, "{point:?}");
        assert_eq!(state.jim2[&made].fields["status"], "CANCEL".into());
    }
    assert!(bench.problems().await.is_empty());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn more_than_ten_that_leave_one_customer_wait_for_a_person(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let mut things = Vec::new();
    for number in 0..12 {
        things.push(bench.owned(&format!("Thing {number}")).await.0);
    }
    for thing in &things {
        bench.moves(thing);
        bench.changed(A, thing).await;
    }
    let cancelled = bench
        .world
        .state()
        .jim2
        .values()
        .filter(|record| record.fields["status"] == "CANCEL".into())
        .count();
    assert_eq!(cancelled, 10);
    assert_eq!(bench.problems().await, ["many-at-once"]);
}

impl Bench {
    /// A pair of owner 1, in step.
    async fn owned(&self, name: &str) -> (RecordId, RecordId) {
        let name: String = name.chars().take(12).collect();
        let (thing, made) = self.paired(&name).await;
        {
            let mut state = self.world.state();
            let owner = state.record(A, &thing);
            owner.facts.insert("owner", 1.into());
            let customer = state.record(J, &made);
            customer.facts.insert("customer", 1.into());
            state.edit(A, &thing, "title", "Owned");
        }
        assert_eq!(self.changed(A, &thing).await, []);
        (thing, made)
    }

    /// Its owner is 2 from now on.
    fn moves(&self, thing: &RecordId) {
        let mut state = self.world.state();
        let record = state.record(A, thing);
        record.facts.insert("owner", 2.into());
        state.edit(A, thing, "title", "Moved");
    }

    fn only_other(&self, made: &RecordId) -> RecordId {
        let state = self.world.state();
        let mut others = state.jim2.keys().filter(|id| *id != made);
        let other = others.next().cloned().unwrap();
        assert_eq!(others.next(), None);
        other
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_ticket_deleted_while_its_job_was_made_leaves_no_intent_open(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let thing = bench.world.thing("Printer");
    bench.world.state().crash_at = Some(Point::AfterWrite);
    let waiting = bench.changed(A, &thing).await;
    bench.world.state().crash_at = None;
    bench.world.state().autotask.remove(&thing);
    bench.later().await;
    bench.quiet(waiting).await;
    let made = bench.world.made_for(&thing);
    assert_eq!(made.len(), 1);
    assert_eq!(bench.problems().await, ["vanished"]);
    let open = store::status::status(&bench.db).await.unwrap().open_intents;
    assert_eq!(open, 0);
}
