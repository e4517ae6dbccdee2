use domain::{Kind, StopReason, System};
use sqlx::PgPool;
use store::mapping::{Brake, Direction};

use crate::operate::{bench::Bench, pause, status};

async fn plain(bench: &Bench) -> String {
    let parts = &bench.parts;
    let status = status::status(&parts.db, &parts.broker, parts.clock.now()).await;
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
