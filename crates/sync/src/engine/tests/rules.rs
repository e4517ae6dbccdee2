//! The rules of correctness, each with the interleaving it closes. Rules 3 and 13 to 15 are also tested in `store`,
//! `broker` and `ingress`, where their halves live.

use domain::{Cause, Event, Evidence, RecordId, System, Value};
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
    bench
        .world
        .state()
        .faults
        .push_back(Some(Fault::LostAnswer));
    let waiting = bench.changed(A, &thing).await;
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
    bench
        .world
        .state()
        .faults
        .push_back(Some(Fault::LostAnswer));
    let waiting = bench.changed(A, &thing).await;
    {
        let mut state = bench.world.state();
        let twin = state.jim2.values().next().unwrap().clone();
        let id = state.fresh_id();
        state.jim2.insert(id, twin);
    }
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
    bench
        .world
        .state()
        .faults
        .push_back(Some(Fault::KilledBefore));
    let redelivered = bench.changed(A, &thing).await;
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
    bench
        .world
        .state()
        .faults
        .push_back(Some(Fault::KilledAfter));
    let redelivered = bench.changed(A, &thing).await;
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
    bench
        .world
        .state()
        .faults
        .push_back(Some(Fault::KilledAfter));
    let redelivered = bench.changed(A, &thing).await;
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
    let copy = {
        let mut state = bench.world.state();
        let (record, id) = (state.jim2[&made].clone(), state.fresh_id());
        state.jim2.insert(id.clone(), record);
        id
    };
    bench.changed(J, &copy).await;
    assert_eq!(bench.problems().await, ["reference-copied"]);
    assert_eq!(bench.pair(A, &thing).await.unwrap().jim2_id, Some(made));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_5_a_one_sided_reference_waits_for_a_person_and_a_mutual_one_links(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, stranger) = (bench.world.thing("Printer"), bench.world.thing("Router"));
    bench
        .world
        .state()
        .autotask
        .get_mut(&thing)
        .unwrap()
        .reference = Some(stranger.to_string());
    let (record, job) = {
        let mut state = bench.world.state();
        (state.autotask[&thing].clone(), state.fresh_id())
    };
    let mut made = record;
    made.reference = Some(format!("{stranger}/1"));
    made.fields.insert("status".to_owned(), "Booked".into());
    bench.world.state().jim2.insert(job.clone(), made);
    bench
        .world
        .state()
        .autotask
        .get_mut(&thing)
        .unwrap()
        .reference = Some(job.to_string());
    bench.changed(A, &thing).await;
    assert_eq!(bench.problems().await, ["reference-unconfirmed"]);
    bench.world.state().jim2.get_mut(&job).unwrap().reference = Some(format!("{thing}/1"));
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
        .jim2
        .get_mut(&made)
        .unwrap()
        .facts
        .insert("customer", 1.into());
    bench.world.state().edit(A, &thing, "title", "One");
    bench.changed(A, &thing).await;
    bench
        .world
        .state()
        .jim2
        .get_mut(&made)
        .unwrap()
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
async fn rule_7_a_field_that_is_not_told_takes_no_part(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench
        .world
        .state()
        .autotask
        .get_mut(&thing)
        .unwrap()
        .fields
        .remove("name");
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
        state.autotask.get_mut(&thing).unwrap().reference = Some(id.to_string());
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
async fn rule_9_a_record_never_seen_and_not_there_is_waited_for(pool: PgPool) {
    let mut bench = Bench::new(pool).await;
    bench.engine.timing.unseen = std::time::Duration::from_mins(10);
    let missing = "999".into();
    assert_eq!(
        bench.changed(A, &missing).await.len(),
        1,
        "the replica may lag"
    );
    bench.engine.timing.unseen = std::time::Duration::ZERO;
    assert_eq!(bench.changed(A, &missing).await, []);
    assert!(
        bench.pair(A, &missing).await.is_none(),
        "what came to nothing leaves no row"
    );
}

/// The webhook of a person's edit in Autotask at the world's time.
fn told(bench: &Bench, thing: &RecordId, field: &str, value: impl Into<Value>) -> Event {
    let mut event = Bench::event(A, thing);
    event.evidence.push(Evidence {
        at: bench.world.state().time(),
        by: Some("29682885".to_owned()),
        fields: [(field.to_owned(), value.into())].into(),
    });
    event
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_10_an_edit_overwritten_between_read_and_write_is_found_by_its_evidence(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    // Ann sets 3 in Autotask after we read it; the status that came from Jim2 takes its place.
    bench.world.state().edit(J, &made, "status", "WAIT");
    bench.world.state().after_read = Some((A, thing.clone(), "status", 3.into()));
    bench.changed(J, &made).await;
    assert_eq!(bench.world.field(A, &thing, "status"), 2.into());
    let at = bench.world.state().autotask[&thing].changed - 1;
    let mut event = told(&bench, &thing, "Status", 3);
    event.evidence[0].at = chrono::DateTime::from_timestamp(at, 0).unwrap();
    bench.handle(std::slice::from_ref(&event)).await;
    assert!(
        bench.journal(A, &thing).await.contains(&"conflict"),
        "the overwritten value is in the journal"
    );
    assert_eq!(
        bench.world.field(A, &thing, "status"),
        3.into(),
        "the owner of the field decides"
    );
    assert_eq!(bench.world.field(J, &made, "status"), "FINISH".into());
    bench.world.state().edit(A, &thing, "status", 1);
    bench.handle(&[event]).await;
    assert_eq!(
        bench.world.field(A, &thing, "status"),
        1.into(),
        "old evidence counts once"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_10_a_late_or_repeated_webhook_takes_nothing_back(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.world.state().edit(A, &thing, "status", 2);
    let first = told(&bench, &thing, "Status", 2);
    bench.world.state().edit(A, &thing, "status", 3);
    bench.changed(A, &thing).await;
    assert_eq!(bench.handle(std::slice::from_ref(&first)).await, []);
    assert_eq!(bench.world.field(A, &thing, "status"), 3.into());
    bench.world.state().edit(J, &made, "status", "Booked");
    bench.changed(J, &made).await;
    assert_eq!(bench.handle(&[first]).await, []);
    assert_eq!(
        bench.world.field(A, &thing, "status"),
        1.into(),
        "a repeated webhook undid a technician's change"
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
    bench
        .world
        .state()
        .faults
        .push_back(Some(Fault::KilledAfter));
    let redelivered = bench.changed(A, &thing).await;
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
    let kind = super::world::THING;
    let link = store::pair::Link {
        kind: &kind,
        autotask_id: &thing,
        jim2_id: &made,
        label: "Printer",
        generation: 1,
        who: "test",
    };
    store::pair::link(&bench.db, &link).await.unwrap();
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

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_15_an_intent_of_a_newer_build_is_left_to_it(pool: PgPool) {
    let bench = Bench::new(pool.clone()).await;
    let thing = bench.world.thing("Printer");
    bench
        .world
        .state()
        .faults
        .push_back(Some(Fault::KilledAfter));
    let redelivered = bench.changed(A, &thing).await;
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
