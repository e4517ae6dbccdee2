//! Kinds whose records name nobody: what surely stands for the same is paired by what both say, and the rest waits.

use domain::{RecordId, System, Value};
use sqlx::PgPool;
use store::State;

use super::{
    bench::Bench,
    world::{Record, World},
};

const A: System = System::Autotask;
const J: System = System::Jim2;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_fits_alone_on_both_sides_is_paired_and_nothing_is_made(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, there) = (
        bench.world.sought(A, "Printer"),
        bench.world.sought(J, "Printer"),
    );
    bench.world.sought(J, "Router");
    bench.changed(A, &thing).await;
    let pair = bench.pair(A, &thing).await.unwrap();
    assert_eq!((pair.state, pair.jim2_id), (State::Paired, Some(there)));
    assert!(
        bench.world.made_for(&thing).is_empty(),
        "made although it is there"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_other_side_is_looked_for_from_jim2_too(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, there) = (
        bench.world.sought(A, "Printer"),
        bench.world.sought(J, "Printer"),
    );
    bench.changed(J, &there).await;
    assert_eq!(bench.pair(A, &thing).await.unwrap().jim2_id, Some(there));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn of_several_that_fit_a_person_decides_and_nothing_is_made(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let thing = bench.world.sought(A, "Printer");
    bench.world.sought(J, "Printer");
    bench.world.sought(J, "Printer");
    bench.changed(A, &thing).await;
    assert_eq!(bench.problems().await.len(), 1);
    assert_eq!(bench.pair(A, &thing).await.unwrap().jim2_id, None);
    assert!(bench.world.made_for(&thing).is_empty());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_in_another_pair_is_not_taken_from_it(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, there) = (
        bench.world.sought(A, "Printer"),
        bench.world.sought(J, "Printer"),
    );
    bench.changed(A, &thing).await;
    bench.world.state().edit(A, &thing, "title", "First");
    bench.world.state().record(A, &thing).facts.clear();
    let late = bench.world.sought(A, "Printer");
    bench.changed(A, &late).await;
    assert_eq!(bench.problems().await, ["counterpart-taken"]);
    assert_eq!(bench.pair(A, &thing).await.unwrap().jim2_id, Some(there));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_a_person_left_alone_is_not_paired_with_by_itself(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, there) = (
        bench.world.sought(A, "Printer"),
        bench.world.sought(J, "Printer"),
    );
    bench.changed(A, &thing).await;
    let pair = bench.pair(A, &thing).await.unwrap();
    store::pair::unlink(&bench.db, pair.id, "test")
        .await
        .unwrap();
    let row = bench.pair(A, &thing).await.unwrap();
    store::pair::unignore(&bench.db, row.id, "test")
        .await
        .unwrap();
    bench.changed(A, &thing).await;
    let row = bench.pair(J, &there).await.unwrap();
    assert_eq!((row.state, row.autotask_id), (State::Ignored, None));
}

impl World {
    /// A record without a reference that is looked for on the other side.
    fn sought(&self, on: System, name: &str) -> RecordId {
        let thing = self.thing(name);
        let mut state = self.state();
        let record = state.record(A, &thing);
        record.facts.insert("sought", Value::Flag(true));
        if on == J {
            let record = state.autotask.remove(&thing).unwrap();
            let mut fields = record.fields.clone();
            fields.insert("status".to_owned(), "Booked".into());
            state
                .jim2
                .insert(thing.clone(), Record { fields, ..record });
        }
        thing
    }
}
