use chrono::TimeDelta;
use serde_json::json;
use sqlx::PgPool;

use super::*;

const LEASE: Duration = Duration::from_mins(1);
const ON: (&str, &str) = ("held|a", "mail");

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
}

fn seen(cause: &str) -> Seen {
    Seen {
        cause: cause.to_owned(),
        body: json!({"of": cause}),
        calm_seconds: i32::from(cause == "stopped") * 600,
    }
}

async fn look(db: &Db, minutes: i64, causes: &[&str]) {
    assert!(take_look(db, "one", LEASE).await.unwrap());
    let causes: Vec<Seen> = causes.iter().map(|cause| seen(cause)).collect();
    assert!(see(db, "one", &causes, at(minutes)).await.unwrap());
}

async fn of(db: &Db, cause: &str) -> Option<Alert> {
    let all = list(db).await.unwrap();
    all.into_iter().find(|alert| alert.cause == cause)
}

async fn last_told(db: &Db) -> Option<Told> {
    told(db).await.unwrap().pop()
}

async fn let_claims_run_out(pool: &PgPool) {
    for table in [
        "update alert_told set claimed_until = now() - interval '1 second'",
        "update alert_look set claimed_until = now() - interval '1 second'",
    ] {
        sqlx::query(table).execute(pool).await.unwrap();
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_seen_begins_ends_and_begins_anew(pool: PgPool) {
    let db = Db::from(pool);
    look(&db, 0, &["held|a", "held|b"]).await;
    look(&db, 5, &["held|a"]).await;
    let alert = of(&db, "held|a").await.unwrap();
    assert_eq!((alert.since, alert.over_at), (at(0), None));
    assert_eq!(of(&db, "held|b").await.unwrap().over_at, Some(at(5)));
    look(&db, 9, &["held|a", "held|b"]).await;
    let again = of(&db, "held|b").await.unwrap();
    assert_eq!((again.since, again.over_at), (at(9), None));
    assert_eq!(looked_at(&db).await.unwrap(), Some(at(9)));

    look(&db, 10, &["held|b"]).await;
    look(&db, 9 + 7 * 24 * 60, &["held|b"]).await;
    assert!(of(&db, "held|a").await.is_some());
    look(&db, 11 + 7 * 24 * 60, &["held|b"]).await;
    assert!(of(&db, "held|a").await.is_none(), "it was over for a week");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_comes_back_while_it_is_not_calm_was_never_over(pool: PgPool) {
    let db = Db::from(pool);
    look(&db, 0, &["stopped"]).await;
    look(&db, 5, &[]).await;
    assert_eq!(of(&db, "stopped").await.unwrap().over_at, Some(at(5)));
    look(&db, 9, &["stopped"]).await;
    let alert = of(&db, "stopped").await.unwrap();
    assert_eq!((alert.since, alert.over_at), (at(0), None));
    look(&db, 10, &[]).await;
    look(&db, 21, &["stopped"]).await;
    assert_eq!(of(&db, "stopped").await.unwrap().since, at(21));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn one_looks_at_a_time_and_a_view_that_took_too_long_is_dropped(pool: PgPool) {
    let db = Db::from(pool.clone());
    assert!(take_look(&db, "slow", LEASE).await.unwrap());
    assert!(!take_look(&db, "other", LEASE).await.unwrap());
    let_claims_run_out(&pool).await;
    assert!(take_look(&db, "other", LEASE).await.unwrap());
    let old = [seen("held|a")];
    assert!(!see(&db, "slow", &old, at(1)).await.unwrap());
    assert!(see(&db, "other", &[], at(2)).await.unwrap());
    assert_eq!(list(&db).await.unwrap(), []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn of_two_processes_one_tells_a_message_and_neither_tells_it_again(pool: PgPool) {
    let db = Db::from(pool);
    look(&db, 0, &["held|a"]).await;
    let claims = async |holder| claim(&db, ON, None, (holder, LEASE)).await.unwrap();
    let (one, other) = tokio::join!(claims("one"), claims("other"));
    assert!(one != other, "{one} {other}");
    let winner = if one { "one" } else { "other" };
    let loser = if one { "other" } else { "one" };
    let there = Sent::There {
        items: 3,
        net: Some(Decimal::new(431_020, 2)),
    };
    assert!(!tell(&db, ON, loser, there, at(1)).await.unwrap());
    assert!(tell(&db, ON, winner, there, at(1)).await.unwrap());
    // Whoever decided before that does not know that it was told.
    assert!(!claim(&db, ON, None, (loser, LEASE)).await.unwrap());

    let before = last_told(&db).await.unwrap();
    assert_eq!((before.told_at, before.is_open), (Some(at(1)), true));
    assert_eq!(
        (before.items, before.net),
        (3, Some(Decimal::new(431_020, 2)))
    );
    assert!(claim(&db, ON, Some(&before), (loser, LEASE)).await.unwrap());
    assert!(tell(&db, ON, loser, Sent::Over, at(7)).await.unwrap());
    assert!(
        !claim(&db, ON, Some(&before), (winner, LEASE))
            .await
            .unwrap()
    );
    let after = last_told(&db).await.unwrap();
    assert_eq!((after.told_at, after.is_open), (Some(at(1)), false));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_message_of_a_process_that_died_before_it_remembered_it_is_told_again(pool: PgPool) {
    let db = Db::from(pool.clone());
    look(&db, 0, &["held|a"]).await;
    assert!(claim(&db, ON, None, ("dead", LEASE)).await.unwrap());
    let before = last_told(&db).await;
    assert!(
        !claim(&db, ON, before.as_ref(), ("one", LEASE))
            .await
            .unwrap()
    );
    let_claims_run_out(&pool).await;
    assert!(
        claim(&db, ON, before.as_ref(), ("one", LEASE))
            .await
            .unwrap()
    );
    let there = Sent::There {
        items: 1,
        net: None,
    };
    assert!(!tell(&db, ON, "dead", there, at(1)).await.unwrap());
    assert!(tell(&db, ON, "one", there, at(2)).await.unwrap());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_could_not_be_sent_is_given_back_with_the_reason_and_may_be_tried_at_once(
    pool: PgPool,
) {
    let db = Db::from(pool);
    look(&db, 0, &["held|a"]).await;
    assert!(claim(&db, ON, None, ("one", LEASE)).await.unwrap());
    give_back(&db, ON, "one", "nobody answers").await.unwrap();
    let before = last_told(&db).await.unwrap();
    assert_eq!(before.trouble.as_deref(), Some("nobody answers"));
    assert_eq!((before.told_at, before.is_open), (None, false));
    assert!(
        claim(&db, ON, Some(&before), ("other", LEASE))
            .await
            .unwrap()
    );
    let other = ("held|gone", "mail");
    assert!(!claim(&db, other, None, ("one", LEASE)).await.unwrap());
}
