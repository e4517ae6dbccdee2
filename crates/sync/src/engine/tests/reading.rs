//! Rules 9 and 10: replicas lag, a read that is older than what we know is no answer, and what a person wrote between our
//! read and our write is known by its evidence.

use chrono::SubsecRound as _;
use domain::{Event, Evidence, RecordId, System, Value};
use sqlx::PgPool;
use store::mapping::FieldRule;

use super::{
    bench::Bench,
    world::{THING, moment},
};
use crate::Act;

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
async fn rule_9_what_is_moved_in_a_record_without_times_is_not_moved_twice_by_a_read_from_before(
    pool: PgPool,
) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Shelf").await;
    bench.world.state().record(A, &thing).is_timeless = true;
    let counts = FieldRule {
        kind: THING,
        field: "count".to_owned(),
        way: "to-autotask".to_owned(),
        owner: J,
    };
    let kept = store::mapping::set_field_rule(&bench.engine.db, &counts).await;
    kept.unwrap();
    for (on, id) in [(A, &thing), (J, &made)] {
        bench.world.state().edit(on, id, "count", 0);
    }
    bench.changed(J, &made).await;
    bench.world.state().edit(J, &made, "count", 4);
    bench.world.state().lag(A, 3);
    bench.changed(J, &made).await;
    let counted = || {
        let state = bench.world.state();
        let fields = state.writes.iter().filter_map(Act::fields);
        fields.filter(|fields| fields.contains_key("count")).count()
    };
    assert_eq!(counted(), 1);
    let again = bench.published().await;
    let events = bench.handle(&again).await;
    assert_eq!(events, again, "too early to judge");
    bench.world.state().catch_up();
    assert_eq!(bench.handle(&events).await, []);
    assert_eq!(counted(), 1, "moved twice");
    assert_eq!(bench.world.field(A, &thing, "count"), 4.into());
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
        at: moment(at),
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

    row.evidence[0].at = moment(at - 40);
    let before = bench.journal(A, &thing).await.len();
    bench.handle(&[row]).await;
    assert_eq!(
        bench.journal(A, &thing).await.len(),
        before,
        "a change that we had read was not overwritten"
    );
}

/// The webhook of a person's edit in Autotask at the world's time.
fn told(bench: &Bench, thing: &RecordId, field: &str, value: impl Into<Value>) -> Event {
    let mut event = Bench::event(A, thing);
    event.evidence.push(Evidence {
        at: bench.world.state().time(A),
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
    event.evidence[0].at = moment(at);
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
async fn rule_10_an_edit_in_the_second_of_what_we_read_is_found_by_its_evidence(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    let seen = bench.world.state().autotask[&thing].changed;
    bench.world.state().edit(J, &made, "status", "WAIT");
    bench.world.state().after_read = Some((A, thing.clone(), "status", 3.into()));
    bench.changed(J, &made).await;
    assert_eq!(bench.world.field(A, &thing, "status"), 2.into());
    let mut event = told(&bench, &thing, "Status", 3);
    event.evidence[0].at = moment(seen).trunc_subsecs(0);
    bench.handle(&[event]).await;
    let journal = bench.journal(A, &thing).await;
    assert!(journal.contains(&"conflict"), "{journal:?}");
    let (autotask, jim2) = (
        bench.world.field(A, &thing, "status"),
        bench.world.field(J, &made, "status"),
    );
    assert_eq!((autotask, jim2), (3.into(), "FINISH".into()));
}

/// Ann enters a value in Autotask between our read of the thing and our write to it. What her webhook tells comes back.
async fn overwritten(
    bench: &Bench,
    (thing, made): &(RecordId, RecordId),
    (field, webhook_name): (&'static str, &str),
    (from_jim2, from_ann): (&str, Value),
) -> Event {
    bench.world.state().edit(J, made, field, from_jim2);
    bench.world.state().after_read = Some((A, thing.clone(), field, from_ann.clone()));
    bench.changed(J, made).await;
    let at = bench.world.state().autotask[thing].changed - 1;
    let mut event = told(bench, thing, webhook_name, from_ann);
    event.evidence[0].at = moment(at);
    event
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_10_what_was_overwritten_does_not_take_the_place_of_a_later_edit(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let pair = bench.paired("Printer").await;
    let event = overwritten(&bench, &pair, ("status", "Status"), ("WAIT", 3.into())).await;
    bench.world.state().edit(A, &pair.0, "status", 1);
    assert_eq!(bench.handle(&[event]).await, []);
    assert_eq!(bench.world.field(A, &pair.0, "status"), 1.into());
    assert_eq!(bench.world.field(J, &pair.1, "status"), "Booked".into());
    let journal = bench.journal(A, &pair.0).await;
    assert!(journal.contains(&"conflict"), "{journal:?}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_10_what_the_owner_entered_since_is_carried_over_what_was_overwritten(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let pair = bench.paired("Printer").await;
    let event = overwritten(&bench, &pair, ("name", "Name"), ("Shop", "Ann's".into())).await;
    bench.world.state().edit(J, &pair.1, "name", "Workshop");
    assert_eq!(bench.handle(&[event]).await, []);
    assert_eq!(bench.world.field(A, &pair.0, "name"), "Workshop".into());
    let journal = bench.journal(A, &pair.0).await;
    assert!(journal.contains(&"conflict"), "{journal:?}");
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
async fn an_event_about_several_records_is_done_once_the_others_have_events_of_their_own(
    pool: PgPool,
) {
    let bench = Bench::new(pool).await;
    let (first, second) = (bench.world.thing("First"), bench.world.thing("Second"));
    let both = RecordId::from(format!("all:{first},{second}"));
    assert_eq!(bench.changed(A, &both).await, []);
    assert_eq!(bench.world.made_for(&first).len(), 1);
    assert!(bench.world.made_for(&second).is_empty());
    let told = bench.published().await;
    assert_eq!(told, [Bench::event(A, &second)]);
    bench.quiet(told).await;
    assert_eq!(bench.world.made_for(&second).len(), 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_event_about_somebodys_pairs_is_about_each_of_them_and_about_none_is_done(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let mut pairs = Vec::new();
    for owner in ["Ann", "Ben", "Ann"] {
        let thing = bench.world.thing(owner);
        let tells = |on, id: &RecordId, fact, value: Value| {
            let mut state = bench.world.state();
            state.record(on, id).facts.insert(fact, value);
        };
        tells(A, &thing, "owner", owner.into());
        assert_eq!(bench.changed(A, &thing).await, []);
        let made = bench.world.made_for(&thing).remove(0);
        tells(J, &made, "outlives", true.into());
        pairs.push((thing, made));
    }
    bench.published().await;
    // Ann's second is gone, and nothing says which of hers it was.
    bench.world.state().autotask.remove(&pairs[2].0);
    assert_eq!(bench.changed(A, &"of:Ann".into()).await, []);
    let told = bench.published().await;
    assert_eq!(told.len(), 1, "one of hers took the message: {told:?}");
    bench.quiet(told).await;
    let says = |made: &RecordId| bench.world.field(J, made, "title");
    assert_eq!(
        [says(&pairs[0].1), says(&pairs[1].1), says(&pairs[2].1)],
        ["T".into(), "T".into(), "removed".into()]
    );
    assert_eq!(bench.changed(A, &"of:Zoe".into()).await, []);
    assert!(bench.published().await.is_empty());
}
