use domain::{Kind, StopReason, System};
use sqlx::PgPool;
use store::{
    gap::NewGap,
    mapping::{Brake, Direction, Switch},
};

use crate::operate::{bench::Bench, pause, status};

async fn plain(bench: &Bench) -> String {
    let parts = &bench.parts;
    let status = status::status(
        &parts.db,
        &parts.broker,
        (parts.clock.now(), chrono_tz::Tz::UTC),
        &crate::kinds::swept(&parts.config.sweep),
    )
    .await;
    status.unwrap().plain.join("\n")
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_new_site_says_what_to_do_next(pool: PgPool) {
    let bench = Bench::over(pool).await;
    let plain = plain(&bench).await;
    assert!(plain.contains("Next: crossbill connect"), "{plain}");
    assert!(plain.contains("Jim2 is paused by installation"), "{plain}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn going_on_ends_pauses_stops_and_brakes_and_is_written_down(pool: PgPool) {
    let bench = Bench::over(pool).await;
    let (db, ticket) = (bench.db(), Kind::new("ticket"));
    store::mapping::set_switch(db, &ticket, Direction::AutotaskToJim2, true)
        .await
        .unwrap();
    for _ in 0..25 {
        store::mapping::count_create(db, &ticket, Direction::AutotaskToJim2)
            .await
            .unwrap();
    }
    let away = StopReason::Licence;
    store::system::stop(db, System::Jim2, &away, std::time::Duration::from_mins(10))
        .await
        .unwrap();

    let waiting = pause::waiting(db, &bench.parts.broker).await.unwrap();
    let tickets = waiting.iter().find(|it| it.kind == ticket).unwrap();
    assert_eq!((tickets.queued, tickets.switches[0].created), (Some(0), 25));
    assert_eq!(tickets.at_most(), Some(0));

    let resumed = pause::resume(db, None, std::slice::from_ref(&ticket), "jane");
    assert_eq!(resumed.await.unwrap(), System::BOTH);
    let states = store::system::state(db).await.unwrap();
    assert!(states.iter().all(store::system::SystemState::is_running));
    let counted = store::mapping::count_create(db, &ticket, Direction::AutotaskToJim2);
    assert_eq!(counted.await.unwrap(), Brake::Go);

    let paused = pause::pause(db, Some(System::Jim2), "jane").await.unwrap();
    assert_eq!(paused, [System::Jim2]);
    assert!(
        pause::pause(db, Some(System::Jim2), "jane")
            .await
            .unwrap()
            .is_empty()
    );
    let acts = store::audit::latest(db, 10).await.unwrap();
    let acts: Vec<_> = acts
        .iter()
        .map(|act| (act.who.as_str(), act.act.as_str()))
        .collect();
    assert_eq!(
        acts,
        [("jane", "pause"), ("jane", "pause"), ("jane", "resume")]
    );
}

#[test]
fn what_would_be_made_is_bounded_by_what_waits_and_by_the_brakes() {
    let switch = |direction, create_enabled, created, brake_at| Switch {
        kind: Kind::new("ticket"),
        direction,
        create_enabled,
        created,
        brake_at,
    };
    let (there, back) = (Direction::AutotaskToJim2, Direction::Jim2ToAutotask);
    for (queued, switches, expected) in [
        (Some(90), vec![switch(there, true, 10, Some(25))], Some(15)),
        (Some(4), vec![switch(there, true, 10, Some(25))], Some(7)),
        (Some(90), vec![switch(there, true, 30, Some(25))], Some(0)),
        (Some(90), vec![switch(there, true, 30, None)], Some(93)),
        (Some(90), vec![switch(there, false, 0, None)], Some(0)),
        (
            Some(90),
            vec![
                switch(there, true, 24, Some(25)),
                switch(back, true, 23, Some(25)),
            ],
            Some(3),
        ),
        (None, vec![switch(there, true, 0, None)], None),
    ] {
        let waiting = pause::Waiting {
            kind: Kind::new("ticket"),
            queued,
            held: 3,
            paired: 7,
            switches,
        };
        assert_eq!(waiting.at_most(), expected, "{waiting:?}");
        let most = expected.map_or("?", |most| if most == 0 { "0" } else { "" });
        let text = crate::output::waiting(&[waiting]);
        assert!(text.contains(&format!("At most {most}")), "{text}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_autotask_counts_with_is_shown_where_it_counts(pool: PgPool) {
    let bench = Bench::over(pool).await;
    let parts = &bench.parts;
    let swept = crate::kinds::swept(&parts.config.sweep);
    let shown = async || {
        let status = status::status(
            &parts.db,
            &parts.broker,
            (parts.clock.now(), chrono_tz::Tz::UTC),
            &swept,
        );
        crate::output::status(&Box::pin(status).await.unwrap(), chrono_tz::Tz::UTC)
    };
    store::setting::set(bench.db(), "stock.inventory", &"products")
        .await
        .unwrap();
    let told = "counts with inventory products";
    assert!(!shown().await.contains(told), "it does not count yet");
    let rule = store::mapping::FieldRule {
        kind: Kind::new("stock"),
        field: "inventory".to_owned(),
        way: "to-autotask".to_owned(),
        owner: System::Jim2,
    };
    store::mapping::set_field_rule(bench.db(), &rule)
        .await
        .unwrap();
    assert!(shown().await.contains(told), "{}", shown().await);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn gaps_and_read_only_comments_are_told_with_what_they_mean(pool: PgPool) {
    let bench = Bench::over(pool).await;
    store::setting::set(bench.db(), "jim2.comments_writable", &false)
        .await
        .unwrap();
    let gap = NewGap {
        system: System::Autotask,
        kind: None,
        reason: "webhooks could not be kept",
        since: chrono::DateTime::UNIX_EPOCH,
        until: None,
        missed: None,
    };
    store::gap::open(bench.db(), &gap).await.unwrap();
    let told = plain(&bench).await;
    assert!(told.contains("webhooks could not be kept"), "{told}");
    assert!(told.contains("looked at again by the next sweep"), "{told}");
    assert!(told.contains("notes of tickets stay in Autotask"), "{told}");
    let parts = &bench.parts;
    let status = status::status(
        &parts.db,
        &parts.broker,
        (parts.clock.now(), chrono_tz::Tz::UTC),
        &crate::kinds::swept(&parts.config.sweep),
    )
    .await;
    let text = crate::output::status(&status.unwrap(), chrono_tz::Tz::UTC);
    assert!(text.contains("GAP"), "{text}");
    let sweep = "ticket (activity deletions) in Autotask";
    assert!(text.contains(sweep) && text.contains("not yet"), "{text}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_stopped_system_is_told_with_the_setting_and_the_remedy(pool: PgPool) {
    let bench = Bench::over(pool).await;
    pause::resume(bench.db(), None, &[], "jane").await.unwrap();
    let wrong = StopReason::Credentials("HTTP 401".to_owned());
    for (system, reason, setting) in [
        (System::Autotask, &wrong, "AUTOTASK_SECRET"),
        (System::Jim2, &StopReason::Licence, "Users logged on"),
    ] {
        let hour = std::time::Duration::from_hours(1);
        store::system::stop(bench.db(), system, reason, hour)
            .await
            .unwrap();
        let plain = plain(&bench).await;
        assert!(plain.contains(setting), "{plain}");
    }
    let states = store::system::state(bench.db()).await.unwrap();
    let standing: Vec<String> = states.iter().map(status::standing).collect();
    assert!(
        standing.join(" ").contains("AUTOTASK_SECRET"),
        "{standing:?}"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_database_that_went_back_is_one_problem_that_going_on_does_not_solve(pool: PgPool) {
    let bench = Bench::over(pool.clone()).await;
    let db = bench.db();
    store::database::agreed(db, System::Jim2, Some(70), None)
        .await
        .unwrap();
    sqlx::query("insert into cursor (name, position, moved_at) values ('jim2.changes', 70, now() - interval '1 hour')")
        .execute(&pool)
        .await
        .unwrap();
    let restored = StopReason::Restored("its change table ends at 5".to_owned());
    store::database::depart(db, System::Jim2, &restored)
        .await
        .unwrap();
    pause::resume(db, None, &[], "jane").await.unwrap();
    let told = plain(&bench).await;
    for part in [
        "Nothing is written to Jim2 since",
        "put back to an earlier state (its change table ends at 5)",
        "last seen to be the one we know at",
        "crossbill adopt-restore",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!told.contains("was last read"), "it is told once: {told}");
    let states = store::system::state(db).await.unwrap();
    let standing = status::standing(&states[1]);
    assert!(standing.contains("adopt-restore"), "{standing}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_queue_nobody_works_on_is_told(pool: PgPool) {
    let bench = Bench::over(pool).await;
    pause::resume(bench.db(), None, &[], "jane").await.unwrap();
    let plain = plain(&bench).await;
    assert!(
        plain.contains("Nobody works on crossbill.ticket.v1"),
        "{plain}"
    );
}
