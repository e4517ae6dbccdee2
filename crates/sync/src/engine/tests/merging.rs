//! The rules of correctness about values and notes: 7, 8, 11 and 12.

use domain::{Cause, System, Value};
use sqlx::PgPool;

use super::{bench::Bench, world::Fault};

const A: System = System::Autotask;
const J: System = System::Jim2;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_7_a_field_that_is_not_told_takes_no_part(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.world.state().record(A, &thing).fields.remove("name");
    bench.world.state().edit(A, &thing, "title", "New");
    bench.changed(A, &thing).await;
    assert_eq!(
        bench.world.field(J, &made, "name"),
        "Printer".into(),
        "absent was taken for empty"
    );
    bench.world.state().edit(A, &thing, "name", Value::Empty);
    bench.changed(A, &thing).await;
    assert_eq!(bench.world.field(J, &made, "name"), Value::Empty);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_7_the_same_field_emptied_on_many_records_is_not_believed(pool: PgPool) {
    let bench = Bench::new(pool).await;
    store::mapping::release_brake(&bench.db, &super::world::THING)
        .await
        .unwrap();
    let mut pairs = Vec::new();
    for number in 0..22 {
        pairs.push(bench.paired(&format!("Thing {number}")).await);
    }
    for (thing, _) in &pairs {
        bench.world.state().edit(A, thing, "title", Value::Empty);
        bench.changed(A, thing).await;
    }
    let emptied = pairs
        .iter()
        .filter(|(_, made)| bench.world.field(J, made, "title").is_empty())
        .count();
    assert_eq!(emptied, 20, "the twenty-first waits for a person");
    assert_eq!(bench.problems().await, ["many-at-once"]);
    store::guard::release(&bench.db, &super::world::THING, "test")
        .await
        .unwrap();
    for (thing, made) in &pairs {
        bench.changed(A, thing).await;
        assert!(bench.world.field(J, made, "title").is_empty());
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_8_a_shortened_value_is_never_written_back(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("A rather long name").await;
    assert_eq!(bench.world.field(J, &made, "name"), "A rather lon".into());
    bench.world.state().edit(J, &made, "status", "WAIT");
    bench.changed(J, &made).await;
    assert_eq!(
        bench.world.field(A, &thing, "name"),
        "A rather long name".into()
    );
    assert_eq!(bench.world.field(A, &thing, "status"), 2.into());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_8_drift_is_listed_and_settled_only_when_a_person_says_so(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let thing = bench.world.thing("Printer");
    let job = {
        let mut state = bench.world.state();
        let mut record = state.autotask[&thing].clone();
        record.reference = Some(format!("{thing}/1"));
        record.fields.insert("name".to_owned(), "PRINTER".into());
        record.fields.insert("status".to_owned(), "Booked".into());
        let id = state.fresh_id();
        state.jim2.insert(id.clone(), record);
        state.record(A, &thing).reference = Some(id.to_string());
        id
    };
    bench.changed(A, &thing).await;
    assert_eq!(bench.pair(A, &thing).await.unwrap().jim2_id, Some(job));
    assert_eq!(
        bench.world.field(A, &thing, "name"),
        "Printer".into(),
        "drift was written by itself"
    );
    assert!(bench.journal(A, &thing).await.contains(&"drift"));
    let mut apply = Bench::event(A, &thing);
    apply.cause = Cause::Apply;
    bench.handle(&[apply]).await;
    assert_eq!(
        bench.world.field(A, &thing, "name"),
        "PRINTER".into(),
        "the owner's value"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_11_a_conflict_is_decided_by_the_owner_and_the_loser_is_journalled(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.world.state().edit(A, &thing, "name", "From desk");
    bench.world.state().edit(J, &made, "name", "From shop");
    bench.world.state().edit(A, &thing, "status", 2);
    bench.world.state().edit(J, &made, "status", "FINISH");
    bench
        .handle(&[Bench::event(A, &thing), Bench::event(J, &made)])
        .await;
    for (side, id) in [(A, &thing), (J, &made)] {
        assert_eq!(bench.world.field(side, id, "name"), "From shop".into());
    }
    assert_eq!(bench.world.field(J, &made, "status"), "WAIT".into());
    let conflicts = bench
        .journal(A, &thing)
        .await
        .into_iter()
        .filter(|what| *what == "conflict")
        .count();
    assert_eq!(conflicts, 2);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_12_notes_travel_once_and_never_bounce(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.world.state().note(A, &thing, "From the desk");
    bench.world.state().note(J, &made, "From the shop");
    let redelivered = bench.changed_with(Fault::KilledAfter, A, &thing).await;
    bench.later().await;
    bench.handle(&redelivered).await;
    for _ in 0..2 {
        bench
            .handle(&[Bench::event(A, &thing), Bench::event(J, &made)])
            .await;
    }
    let state = bench.world.state();
    assert_eq!(state.autotask[&thing].children.len(), 2);
    assert_eq!(state.jim2[&made].children.len(), 2);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_8_an_edit_of_a_field_that_differed_from_before_is_carried(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    let pair = bench.pair(A, &thing).await.unwrap();
    store::pair::unlink(&bench.db, pair.id, "test")
        .await
        .unwrap();
    bench.world.state().edit(J, &made, "name", "PRINTER");
    bench.link(&thing, &made).await;
    for _ in 0..2 {
        bench.changed(A, &thing).await;
    }
    assert_eq!(bench.world.field(A, &thing, "name"), "Printer".into());
    bench.world.state().edit(A, &thing, "name", "Plotter");
    bench.changed(A, &thing).await;
    assert_eq!(
        bench.world.field(J, &made, "name"),
        "Plotter".into(),
        "an edit was taken for an old difference"
    );
    let drifts = bench
        .journal(A, &thing)
        .await
        .into_iter()
        .filter(|what| *what == "drift")
        .count();
    assert_eq!(drifts, 1, "an old difference is listed once");
}
