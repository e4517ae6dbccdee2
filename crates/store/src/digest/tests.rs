use domain::{Kind, Subject};
use sqlx::PgPool;

use super::*;
use crate::testing::{claimed, held, problem, ticket, unchanged};

const LEASE: Duration = Duration::from_mins(1);

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_digest_of_a_day_is_told_once_by_an_outlet_whoever_tries(pool: PgPool) {
    let db = Db::from(pool.clone());
    let day = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
    let on = (day, "mail");
    let claims = async |holder| claim(&db, on, (holder, LEASE)).await.unwrap();
    let (one, other) = tokio::join!(claims("one"), claims("other"));
    assert!(one != other, "{one} {other}");
    let winner = if one { "one" } else { "other" };
    give_back(&db, on, winner, "nobody answers").await.unwrap();
    assert!(claims("again").await, "it was not sent");
    sqlx::query("update digest set claimed_until = now() - interval '1 second'")
        .execute(&pool)
        .await
        .unwrap();
    assert!(claims("rescuer").await, "whoever claimed it died");
    let now = "2026-11-26T20:30:00Z".parse().unwrap();
    assert!(!tell(&db, on, "again", now).await.unwrap());
    assert!(tell(&db, on, "rescuer", now).await.unwrap());
    assert!(!claims("one").await, "it was told");
    assert!(claim(&db, (day, "webhook"), ("one", LEASE)).await.unwrap());
    assert_eq!(last(&db, Some("mail")).await.unwrap(), Some(now));
    assert_eq!(last(&db, Some("webhook")).await.unwrap(), None);
    assert_eq!(last(&db, None).await.unwrap(), Some(now));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_went_on_is_counted_and_what_was_never_held_is_not(pool: PgPool) {
    let db = Db::from(pool);
    let subject = || Subject::Setting {
        name: "billing_by".to_owned(),
    };
    for id in ["1", "2", "3"] {
        let key = ticket(id);
        if id != "3" {
            let claim = claimed(&db, &key).await;
            let outcome = held(&claim, &[problem(subject(), None)]);
            crate::remember(&db, &outcome).await.unwrap();
        }
        let claim = claimed(&db, &key).await;
        crate::remember(&db, &unchanged(&claim)).await.unwrap();
    }
    let all = released(&db, DateTime::UNIX_EPOCH).await.unwrap();
    let tickets = Released {
        kind: Kind::new("ticket"),
        items: 2,
    };
    assert_eq!(all, [tickets]);
    let later = released(&db, "2999-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(later.await.unwrap(), []);
}
