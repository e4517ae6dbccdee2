use domain::{Cause, Event, Floor, System};
use sqlx::PgPool;

use super::*;
use crate::{
    Remembered, intent, remember,
    testing::{
        HOLD, claimed, held, job, let_claims_run_out, live, paired, take as take_one, ticket,
        unchanged, unmapped,
    },
};

fn at(key: &Key, position: i64) -> Event {
    Event {
        floor: Floor {
            at: None,
            position: Some(position),
        },
        ..live(key)
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn two_claimers_never_hold_the_same_pair(pool: PgPool) {
    let db = Db::from(pool);
    let first = claimed(&db, &ticket("7")).await;
    assert_eq!(first.pair.epoch, 1);
    assert_eq!(take_one(&db, &ticket("7"), "another").await, Taken::Busy);
    release(&db, &[first.claim()]).await.unwrap();
    assert!(matches!(
        take_one(&db, &ticket("7"), "another").await,
        Taken::Claimed(_)
    ));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn of_many_claimers_at_once_each_pair_goes_to_one(pool: PgPool) {
    let db = Db::from(pool);
    let keys: Vec<Key> = (0..20).map(|id| ticket(&id.to_string())).collect();
    let batch = |reversed: bool| {
        let mut wanted: Vec<(Key, Event)> =
            keys.iter().map(|key| (key.clone(), live(key))).collect();
        if reversed {
            wanted.reverse();
        }
        wanted
    };
    let (ahead, back) = (batch(false), batch(true));
    let (one, two, three) = tokio::join!(
        take(&db, &ahead, "one", HOLD),
        take(&db, &back, "two", HOLD),
        take(&db, &ahead, "three", HOLD),
    );
    let mut ours = Vec::new();
    for taken in [one, two, three] {
        ours.extend(taken.unwrap().into_iter().filter_map(|taken| match taken {
            Taken::Claimed(claimed) => Some(claimed.pair.id),
            Taken::Busy | Taken::Same(_) => None,
        }));
    }
    ours.sort_unstable();
    ours.dedup();
    assert_eq!(ours.len(), keys.len());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_expired_claim_is_anybodys_and_its_first_holder_finds_out(pool: PgPool) {
    let db = Db::from(pool);
    let late = claimed(&db, &ticket("7")).await;
    let_claims_run_out(&db).await;
    let next = claimed(&db, &ticket("7")).await;
    assert_eq!(next.pair.epoch, late.pair.epoch + 1);
    assert_eq!(
        extend(&db, &[late.claim(), next.claim()], HOLD)
            .await
            .unwrap(),
        [next.pair.id]
    );
    assert_eq!(
        remember(&db, &unchanged(&late)).await.unwrap(),
        Remembered::LostClaim
    );
    assert_eq!(release(&db, &[late.claim()]).await.unwrap(), []);
    assert_eq!(
        extend(&db, &[next.claim()], HOLD).await.unwrap(),
        [next.pair.id],
        "none of which has touched the second claim"
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_met_the_claim_comes_back_exactly_once(pool: PgPool) {
    let db = Db::from(pool);
    let first = claimed(&db, &ticket("7")).await;
    for position in [5, 9, 2] {
        let event = at(&ticket("7"), position);
        let taken = take(&db, &[(ticket("7"), event)], "another", HOLD)
            .await
            .unwrap();
        assert_eq!(taken, [Taken::Busy]);
    }
    let released = release(&db, &[first.claim()]).await.unwrap();
    assert_eq!(released.len(), 1);
    assert_eq!(released[0].events, [at(&ticket("7"), 9)]);
    assert_eq!(put_back(&db, &released).await.unwrap(), 1);

    let again = claimed(&db, &ticket("7")).await;
    assert_eq!(release(&db, &[again.claim()]).await.unwrap(), []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn remembering_returns_what_met_the_claim(pool: PgPool) {
    let db = Db::from(pool);
    let first = claimed(&db, &ticket("7")).await;
    take_one(&db, &ticket("7"), "another").await;
    let Remembered::Done { waiting } = remember(&db, &paired(&first, "J1")).await.unwrap() else {
        panic!("the claim was ours");
    };
    assert_eq!(waiting[0].events, [live(&ticket("7"))]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_met_a_claim_is_found_though_whoever_ended_it_died_before_publishing(pool: PgPool) {
    let db = Db::from(pool);
    let first = claimed(&db, &ticket("7")).await;
    take_one(&db, &ticket("7"), "another").await;
    remember(&db, &paired(&first, "J1")).await.unwrap();
    let found = expired(&db, 10).await.unwrap();
    assert_eq!(found.len(), 1, "remembered, and its event not published");
    put_back(&db, &found).await.unwrap();

    let second = claimed(&db, &ticket("7")).await;
    take_one(&db, &ticket("7"), "another").await;
    release(&db, &[second.claim()]).await.unwrap();
    assert_eq!(expired(&db, 10).await.unwrap().len(), 1, "let go, the same");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_event_that_meets_the_next_claim_outlives_the_putting_back_of_the_one_before(
    pool: PgPool,
) {
    let db = Db::from(pool);
    let first = claimed(&db, &ticket("7")).await;
    take_one(&db, &ticket("7"), "another").await;
    let waiting = release(&db, &[first.claim()]).await.unwrap();
    let next = claimed(&db, &ticket("7")).await;
    take_one(&db, &ticket("7"), "another").await;
    assert_eq!(put_back(&db, &waiting).await.unwrap(), 0);
    assert_eq!(release(&db, &[next.claim()]).await.unwrap().len(), 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn both_halves_of_a_pair_in_one_batch_are_one_claim(pool: PgPool) {
    let db = Db::from(pool);
    let first = claimed(&db, &ticket("7")).await;
    remember(&db, &paired(&first, "J1")).await.unwrap();
    let wanted = [job("J1"), ticket("8"), ticket("7")].map(|key| (key.clone(), live(&key)));
    let taken = take(&db, &wanted, "worker", HOLD).await.unwrap();
    assert!(matches!(&taken[0], Taken::Claimed(claimed) if claimed.pair.id == first.pair.id));
    assert!(matches!(&taken[1], Taken::Claimed(_)));
    assert_eq!(taken[2], Taken::Same(0));

    let busy = take(&db, &wanted, "another", HOLD).await.unwrap();
    assert_eq!(busy, [Taken::Busy, Taken::Busy, Taken::Busy]);
    let Taken::Claimed(ours) = &taken[0] else {
        unreachable!()
    };
    let mut back = release(&db, &[ours.claim()])
        .await
        .unwrap()
        .remove(0)
        .events;
    back.sort_by_key(|event| event.key.system);
    assert_eq!(back, [live(&ticket("7")), live(&job("J1"))], "one a system");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_record_that_came_to_nothing_leaves_no_row(pool: PgPool) {
    let db = Db::from(pool);
    let nothing = claimed(&db, &ticket("7")).await;
    let waiting = claimed(&db, &ticket("8")).await;
    remember(&db, &held(&waiting, &[unmapped("5")]))
        .await
        .unwrap();
    let waiting = claimed(&db, &ticket("8")).await;
    let owing = claimed(&db, &ticket("9")).await;
    intent::open(&db, owing.claim(), &serde_json::json!([]), HOLD)
        .await
        .unwrap();

    let claims = [&nothing, &waiting, &owing].map(Claimed::claim);
    assert_eq!(release(&db, &claims).await.unwrap(), []);
    assert_eq!(pair::find(&db, &ticket("7")).await.unwrap(), None);
    for kept in ["8", "9"] {
        let row = pair::find(&db, &ticket(kept)).await.unwrap().unwrap();
        assert_eq!(row.claimed_by, None);
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_claim_left_behind_is_rescued_only_if_something_is_owed(pool: PgPool) {
    let db = Db::from(pool);
    let idle = claimed(&db, &ticket("6")).await;
    let dirty = claimed(&db, &ticket("7")).await;
    let owing = claimed(&db, &ticket("8")).await;
    take_one(&db, &ticket("7"), "another").await;
    intent::open(&db, owing.claim(), &serde_json::json!([]), HOLD)
        .await
        .unwrap();
    assert_eq!(expired(&db, 10).await.unwrap(), [], "none has run out");

    let_claims_run_out(&db).await;
    let left = expired(&db, 10).await.unwrap();
    let mut pairs: Vec<_> = left.iter().map(|left| left.claim.pair).collect();
    pairs.sort_unstable();
    assert_eq!(pairs, [dirty.pair.id, owing.pair.id]);
    assert!(!pairs.contains(&idle.pair.id));
    for left in &left {
        assert_eq!(left.events.len(), 1);
        assert_eq!(left.events[0].cause, Cause::Rescue);
        assert_eq!(left.events[0].key.system, System::Autotask);
    }
    assert_eq!(put_back(&db, &left).await.unwrap(), 2);
    assert_eq!(expired(&db, 10).await.unwrap(), [], "published once");
    assert!(
        extend(&db, &[owing.claim()], HOLD)
            .await
            .unwrap()
            .is_empty()
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_meets_the_claim_while_it_is_rescued_is_not_forgotten(pool: PgPool) {
    let db = Db::from(pool);
    let first = claimed(&db, &ticket("7")).await;
    take_one(&db, &ticket("7"), "another").await;
    let_claims_run_out(&db).await;
    let left = expired(&db, 10).await.unwrap();
    sqlx::query("update pair set dirty = jsonb_set(dirty, '{0,floor}', '{\"position\": 5}')")
        .execute(&db.0)
        .await
        .unwrap();
    assert_eq!(put_back(&db, &left).await.unwrap(), 0);
    let left = expired(&db, 10).await.unwrap();
    assert_eq!(left[0].claim, first.claim());
    assert_eq!(left[0].events[0].floor.position, Some(5));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_empty_row_joins_the_pair_it_belongs_to(pool: PgPool) {
    let db = Db::from(pool);
    let first = claimed(&db, &ticket("7")).await;
    remember(&db, &unchanged(&first)).await.unwrap();
    let half = claimed(&db, &job("J1")).await;
    let event = live(&job("J1"));
    let joined = join(&db, half.claim(), first.pair.id, &event, "worker", HOLD)
        .await
        .unwrap();
    let Joined::Claimed(joined) = joined else {
        panic!("{joined:?}");
    };
    assert_eq!(joined.pair.id, first.pair.id);
    assert_eq!(pair::by_id(&db, half.pair.id).await.unwrap(), None);

    let half = claimed(&db, &job("J1")).await;
    let busy = join(&db, half.claim(), first.pair.id, &event, "worker", HOLD)
        .await
        .unwrap();
    assert_eq!(busy, Joined::Busy);
    let back = release(&db, &[joined.claim()]).await.unwrap();
    assert_eq!(back[0].events, [event]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_row_that_owes_a_write_does_not_join(pool: PgPool) {
    let db = Db::from(pool);
    let first = claimed(&db, &ticket("7")).await;
    let half = claimed(&db, &job("J1")).await;
    intent::open(&db, half.claim(), &serde_json::json!([]), HOLD)
        .await
        .unwrap();
    let event = live(&job("J1"));
    let joined = join(&db, half.claim(), first.pair.id, &event, "worker", HOLD)
        .await
        .unwrap();
    assert_eq!(joined, Joined::NotEmpty);
    let late = Claim {
        epoch: 0,
        ..half.claim()
    };
    let joined = join(&db, late, first.pair.id, &event, "worker", HOLD)
        .await
        .unwrap();
    assert_eq!(joined, Joined::LostClaim);
}
