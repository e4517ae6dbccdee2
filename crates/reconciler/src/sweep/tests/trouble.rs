//! What ends a pass, and what a pass makes up for.

use domain::StopReason;
use sandbox::fault::switch::Switch;
use store::{gap::NewGap, spill, system};

use super::*;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_process_killed_halfway_loses_nothing_and_keeps_nobody_out_for_long(pool: PgPool) {
    let (mut stage, tickets) = Stage::halfway(pool.clone()).await;
    let before = stage.row(TICKETS).await.unwrap();
    tokio::select! {
        passed = stage.pass(TICKETS) => panic!("it waits for room: {passed:?}"),
        () = broker::testing::eventually(async || stage.waiting().await == 2) => {}
    }
    assert_eq!(
        stage.row(TICKETS).await.unwrap().watermark,
        before.watermark
    );
    stage.told(2).await;

    (stage.sweeps.holder, stage.sweeps.pacing.outstanding) = ("another".to_owned(), 100);
    let kept_out = stage.sweeps.take_now(stage.trailed(TICKETS)).await;
    assert_eq!(kept_out.unwrap(), None);
    sqlx::query("update sweep set leased_until = now() - interval '1 second'")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(stage.pass(TICKETS).await.unwrap().found, 4);
    let ids = stage.told(4).await;
    assert!(tickets[..4].iter().all(|id| ids.contains(&id.to_string())));
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_pass_that_somebody_else_took_over_moves_nothing(pool: PgPool) {
    let (stage, _) = Stage::halfway(pool.clone()).await;
    let overtake = async {
        broker::testing::eventually(async || stage.waiting().await == 2).await;
        sqlx::query("update sweep set leased_by = 'another'")
            .execute(&pool)
            .await
            .unwrap();
    };
    let (passed, ()) = tokio::join!(stage.pass(TICKETS), overtake);
    assert!(matches!(passed, Err(Trouble::Overtaken)), "{passed:?}");
    let row = stage.row(TICKETS).await.unwrap();
    assert_eq!(row.trouble, None, "it is not ours to say");
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn while_a_system_is_paused_or_away_nothing_is_read_and_a_pass_ends(pool: PgPool) {
    let (stage, _) = Stage::halfway(pool).await;
    let pause = async {
        broker::testing::eventually(async || stage.waiting().await == 2).await;
        system::pause(stage.db(), System::Jim2, "mia")
            .await
            .unwrap();
    };
    let (passed, ()) = tokio::join!(stage.pass(TICKETS), pause);
    assert!(matches!(passed, Err(Trouble::Closed)), "{passed:?}");

    let told = Mutex::default();
    let calls = stage.calls(&stage.autotask).await;
    let eager = Trailed {
        every: Some(Duration::ZERO),
        ..stage.trailed(TICKETS).clone()
    };
    stage.sweeps.step(&eager, &told).await.unwrap();
    system::resume(stage.db(), System::Jim2, "mia")
        .await
        .unwrap();
    let minute = Duration::from_mins(1);
    system::stop(stage.db(), System::Jim2, &StopReason::Away, minute)
        .await
        .unwrap();
    stage.sweeps.step(&eager, &told).await.unwrap();
    assert_eq!(stage.calls(&stage.autotask).await, calls);
    system::clear_stop(stage.db(), System::Jim2).await.unwrap();
    stage.told(2).await;
    // Tried again at once only because its interval is nothing.
    let drain = async { stage.told(4).await };
    let (stepped, ids) = tokio::join!(stage.sweeps.step(&eager, &told), drain);
    stepped.unwrap();
    assert_eq!(ids.len(), 4);
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_clock_of_ours_that_goes_wrong_hides_no_ticket(pool: PgPool) {
    let stage = Stage::open(pool).await;
    let tickets = stage.tickets().await;
    stage.wait(120).await;
    let right = stage.now();
    stage.pass(TICKETS).await.unwrap();
    // It jumps three hours ahead for a pass, and is set right again.
    stage.ours_is(right + TimeDelta::hours(3));
    stage.retitle(tickets[0], "Before").await;
    stage.pass(TICKETS).await.unwrap();
    stage.theirs_is(right + TimeDelta::minutes(20)).await;
    stage.retitle(tickets[1], "Meanwhile").await;
    for ours in [185, 190, 40, 60] {
        stage.ours_is(right + TimeDelta::minutes(ours));
        let passed = stage.pass(TICKETS).await.unwrap();
        assert!(passed.found >= 1, "{ours}: {passed:?}");
    }
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_jump_of_our_clock_that_was_set_right_hides_no_job(pool: PgPool) {
    let stage = Stage::open(pool).await;
    let jobs = stage.jim2.records("Job", None).await.unwrap();
    let right = stage.now() + TimeDelta::minutes(60);
    stage.is(right).await;
    stage.ours_is(right + TimeDelta::hours(3));
    stage.pass(JOBS).await.unwrap();
    stage.is(right + TimeDelta::minutes(20)).await;
    let order = json!({"custRef": "PO 1"});
    stage.edit_in_jim2("Job", &jobs[0]["id"], order).await;
    stage.is(right + TimeDelta::minutes(80)).await;
    assert!(stage.pass(JOBS).await.unwrap().found >= 1);
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn with_the_broker_away_nothing_is_spilled_and_the_next_pass_finds_it(pool: PgPool) {
    let mut stage = Stage::open(pool).await;
    let tickets = stage.tickets().await;
    stage.wait(30).await;
    stage.retitle(tickets[0], "Changed").await;
    let away = stage.site.cut_off();
    let here = std::mem::replace(&mut stage.sweeps.broker, away.broker);
    let passed = stage.pass(TICKETS).await;
    assert!(matches!(passed, Err(Trouble::Broker(_))), "{passed:?}");
    assert_eq!(spill::count(stage.db()).await.unwrap(), 0);
    let row = stage.row(TICKETS).await.unwrap();
    assert!(row.trouble.unwrap().starts_with("RabbitMQ cannot be used"));
    assert_eq!(row.complete_to, None);
    stage.sweeps.broker = here;
    assert_eq!(stage.pass(TICKETS).await.unwrap().found, 1);
    assert_eq!(stage.row(TICKETS).await.unwrap().trouble, None);
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_log_that_we_may_not_read_is_said_and_stops_no_other_sweep(pool: PgPool) {
    let stage = Stage::open(pool).await;
    let fault = Switch::on("no-permission").set_to("DeletedTicketLogs");
    stage.autotask.switch(&fault).await.unwrap();
    let came = stage.sweeps.sweep_now(None, Asked::News).await.unwrap();
    let nothing: Vec<String> = came
        .iter()
        .filter(|(_, came)| matches!(came, Came::Nothing(_)))
        .map(|(of, _)| words(of))
        .collect();
    assert_eq!(nothing, ["ticket (deletions) in Autotask"]);
    let trouble = stage.row(DELETIONS).await.unwrap().trouble.unwrap();
    assert!(trouble.contains("permission"), "{trouble}");
    let states = system::state(stage.db()).await.unwrap();
    assert!(states.iter().all(system::SystemState::is_running));
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_was_missed_in_a_gap_is_found_at_once_and_the_gap_is_closed(pool: PgPool) {
    let stage = Stage::open(pool).await;
    let tickets = stage.tickets().await;
    let told = Mutex::default();
    let began = stage.now();
    stage.wait(60).await;
    stage.retitle(tickets[0], "Nobody was told").await;
    stage.wait(60).await;
    stage.sweeps.sweep_now(None, Asked::News).await.unwrap();
    stage.told(1).await;
    let missed = NewGap {
        system: System::Autotask,
        kind: None,
        reason: "nobody was there",
        since: began + TimeDelta::minutes(30),
        until: Some(began + TimeDelta::minutes(90)),
        missed: Some(1),
    };
    gap::open(stage.db(), &missed).await.unwrap();
    stage.wait(1).await;
    // None is due by its interval; those of Jim2 have nothing to do with it.
    for trail in [TICKETS, DELETIONS, NOTES] {
        stage
            .sweeps
            .step(stage.trailed(trail), &told)
            .await
            .unwrap();
    }
    assert_eq!(gap::list(stage.db()).await.unwrap().len(), 1);
    let calls = stage.calls(&stage.autotask).await;
    let last = stage.trailed(ACTIVITY_DELETIONS);
    stage.sweeps.step(last, &told).await.unwrap();
    assert!(gap::list(stage.db()).await.unwrap().is_empty());
    assert_eq!(stage.told(1).await, [tickets[0].to_string()]);
    for trail in [TICKETS, DELETIONS, ACTIVITY_DELETIONS, JOBS, NOTES] {
        stage
            .sweeps
            .step(stage.trailed(trail), &told)
            .await
            .unwrap();
    }
    assert_eq!(stage.calls(&stage.autotask).await - calls, 1);
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn two_processes_that_sweep_at_once_make_each_pass_once(pool: PgPool) {
    let stage = Stage::open(pool.clone()).await;
    for holder in ["one", "two"] {
        let sweeps = Sweeps {
            holder: holder.to_owned(),
            ..stage.sweeps.clone()
        };
        stage.site.tasks.spawn(run(sweeps, stage.site.stop.clone()));
    }
    broker::testing::eventually(async || {
        let rows = sweep::list(stage.db()).await.unwrap();
        rows.len() == stage::TRAILS.len()
    })
    .await;
    let before = stage.calls(&stage.autotask).await;
    assert_eq!(before, 0, "the first passes are due after their interval");
    sqlx::query("update sweep set planted_at = now() - interval '25 hours'")
        .execute(&pool)
        .await
        .unwrap();
    broker::testing::eventually(async || {
        let rows = sweep::list(stage.db()).await.unwrap();
        rows.iter().all(|row| row.complete_to.is_some())
    })
    .await;
    stage.site.stop.cancel();
    assert_eq!(stage.calls(&stage.autotask).await, 4);
    stage.site.stop().await;
}
