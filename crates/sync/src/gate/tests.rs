use sqlx::PgPool;
use store::budget::{Told, usage};

use super::*;

fn call(endpoint: &str, lane: Lane) -> Call<'_> {
    Call {
        endpoint,
        lane,
        deadline: Duration::from_mins(1),
    }
}

/// Does `work` with a gate of each of two processes on one database.
async fn with_two<T>(pool: &PgPool, work: impl AsyncFnOnce(&SharedGate, &SharedGate) -> T) -> T {
    let (one, task) = SharedGate::new(Db::from(pool.clone()), "one".to_owned());
    let (other, others) = SharedGate::new(Db::from(pool.clone()), "other".to_owned());
    tokio::select! {
        done = work(&one, &other) => done,
        () = task.run(CancellationToken::new()) => panic!("the task has ended"),
        () = others.run(CancellationToken::new()) => panic!("the task has ended"),
    }
}

/// How long a third call waits after one of two has ended so; `None`: longer than a place rests.
async fn waits(pool: &PgPool, endpoint: &str, outcome: Outcome) -> Option<Duration> {
    with_two(pool, async |gate, _| {
        let call = call(endpoint, Lane::Live);
        let first = gate.enter(call).await.unwrap();
        let _second = gate.enter(call).await.unwrap();
        let begun = Instant::now();
        first.leave(outcome);
        let third = tokio::time::timeout(2 * REST, gate.enter(call)).await;
        third.ok().map(|pass| {
            drop(pass.unwrap());
            begun.elapsed()
        })
    })
    .await
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_place_is_free_at_once_after_an_answer_and_after_its_time_where_none_came(pool: PgPool) {
    let answered = waits(&pool, "Tickets", Outcome::Answered).await.unwrap();
    assert!(answered < REST, "{answered:?}");
    let abandoned = waits(&pool, "Roles", Outcome::Abandoned).await;
    assert_eq!(abandoned, None, "the call may still run at the other end");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_refusal_for_the_crowd_leaves_one_place_to_both_processes_after_a_rest(pool: PgPool) {
    let live = |endpoint| call(endpoint, Lane::Live);
    with_two(&pool, async |one, other| {
        let refused = one.enter(live("Tickets")).await.unwrap();
        let begun = Instant::now();
        refused.leave(Outcome::TooManyAtOnce);
        let crowd = async || {
            let found = slot::slot_list(&one.db).await.unwrap();
            found.iter().any(|it| it.is_crowded)
        };
        while !crowd().await {
            tokio::task::yield_now().await;
        }
        let place = other.enter(live("Tickets")).await.unwrap();
        assert!(begun.elapsed() >= REST, "{:?}", begun.elapsed());
        let second = tokio::time::timeout(2 * REST, one.enter(live("Tickets"))).await;
        assert!(second.is_err(), "the endpoint has one place only");
        let elsewhere = tokio::time::timeout(REST, one.enter(live("Companies"))).await;
        elsewhere.unwrap().unwrap().leave(Outcome::Answered);
        place.leave(Outcome::Answered);
        let next = tokio::time::timeout(REST, one.enter(live("Tickets"))).await;
        next.unwrap().unwrap().leave(Outcome::Answered);
    })
    .await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_refusal_for_the_hour_ends_the_calls_of_both_processes_but_the_one_that_measures(
    pool: PgPool,
) {
    with_two(&pool, async |one, other| {
        let refused = one.enter(call("Tickets", Lane::Live)).await.unwrap();
        let after = Some(Duration::from_secs(20));
        refused.leave(Outcome::SlowedDown { after });
        while usage(&one.db).await.unwrap().stopped_seconds.is_none() {
            tokio::task::yield_now().await;
        }
        for lane in Lane::ALL {
            let refused = other.enter(call("Companies", lane)).await.unwrap_err();
            assert!(refused.is_for_all, "{refused:?}");
            assert!(refused.after <= Duration::from_secs(20), "{refused:?}");
        }
        let measure = other.enter(call(THRESHOLD, Lane::Essential)).await;
        measure.unwrap().leave(Outcome::Answered);
        assert_eq!(
            usage(&one.db).await.unwrap().ours(),
            2,
            "what is refused is not counted"
        );
    })
    .await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_lane_that_waits_gives_its_place_back_and_is_in_nobodys_way(pool: PgPool) {
    let db = Db::from(pool.clone());
    budget::count(&db, Lane::Bulk, 100).await.unwrap();
    let told = Told {
        used: 6500,
        allowance: 10_000,
        window_minutes: 60,
    };
    let begun = budget::begin_measure(&db).await.unwrap();
    budget::measure(&db, begun, told).await.unwrap();
    with_two(&pool, async |one, other| {
        for _ in 0..3 {
            let refused = one.enter(call("Tickets", Lane::Bulk)).await.unwrap_err();
            assert!(!refused.is_for_all, "{refused:?}");
        }
        let begun = Instant::now();
        let essential = other.enter(call("Tickets", Lane::Essential)).await.unwrap();
        assert!(begun.elapsed() < budget::SLOW, "{:?}", begun.elapsed());
        essential.leave(Outcome::Answered);
        // The lane is told to go slower with this one, and does with the next.
        let live = call("Tickets", Lane::Live);
        other.enter(live).await.unwrap().leave(Outcome::Answered);
        let begun = Instant::now();
        other.enter(live).await.unwrap().leave(Outcome::Answered);
        assert!(begun.elapsed() >= budget::SLOW, "{:?}", begun.elapsed());
    })
    .await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_refusal_for_the_hour_that_does_not_say_how_long_is_a_minute_and_none_is_long(
    pool: PgPool,
) {
    let hour = Duration::from_hours(1);
    for (after, expected) in [(None, USED_UP), (Some(hour), USED_UP_AT_MOST)] {
        with_two(&pool, async |one, _| {
            let refused = one.enter(call("Tickets", Lane::Live)).await.unwrap();
            refused.leave(Outcome::SlowedDown { after });
            let left = loop {
                if let Some(left) = usage(&one.db).await.unwrap().stopped_seconds {
                    break Duration::from_secs_f64(left);
                }
                tokio::task::yield_now().await;
            };
            assert!(left <= expected && left > expected / 2, "{left:?}");
            store::system::clear_stop(&one.db, System::Autotask)
                .await
                .unwrap();
        })
        .await;
    }
}
