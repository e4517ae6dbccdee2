use chrono::TimeDelta;
use domain::{Fixer, Kind, Problem, Remedy, Subject};
use serde_json::json;
use sqlx::PgPool;

use super::*;
use crate::{cursor, held, pair, system};

const JIM2: System = System::Jim2;

fn identity(epoch: i64) -> Identity {
    Identity {
        database_id: "JIM-MAIN".to_owned(),
        db_epoch: epoch,
    }
}

fn other() -> StopReason {
    StopReason::Identity("another answers".to_owned())
}

fn restored() -> StopReason {
    StopReason::Restored("it ends at 5".to_owned())
}

async fn is_running(db: &Db) -> bool {
    system::resume(db, JIM2, "mia").await.unwrap();
    let [_, jim2] = system::state(db).await.unwrap();
    jim2.is_running()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_known_of_a_database_only_grows(pool: PgPool) {
    let db = Db::from(pool);
    let at = |hour: i64| DateTime::<Utc>::UNIX_EPOCH + TimeDelta::hours(hour);
    let job = |no, hour| {
        Some(TopJob {
            no,
            made_at: Some(at(hour)),
        })
    };
    for (mark, top) in [
        (Some(7), job(5001, 1)),
        (Some(5), job(4000, 9)),
        (None, None),
        (Some(9), job(5002, 2)),
    ] {
        agreed(&db, JIM2, mark, top).await.unwrap();
    }
    let known = known(&db, JIM2).await.unwrap();
    assert_eq!((known.mark, known.job), (Some(9), job(5002, 2)));
    assert!(known.agreed_at.is_some());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn another_database_stops_it_until_the_right_one_is_back(pool: PgPool) {
    let db = Db::from(pool);
    assert!(is_running(&db).await);
    assert!(depart(&db, JIM2, &other()).await.unwrap());
    assert!(!depart(&db, JIM2, &other()).await.unwrap(), "told once");
    assert!(!is_running(&db).await, "resuming is no remedy");
    assert!(agreed(&db, JIM2, Some(1), None).await.unwrap());
    for mark in [1, 2] {
        let goes_on = agreed(&db, JIM2, Some(mark), None).await.unwrap();
        assert!(!goes_on, "it did all the time: {mark}");
    }
    assert!(is_running(&db).await);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_earlier_state_stops_it_until_a_person_takes_it_as_it_is(pool: PgPool) {
    let db = Db::from(pool);
    agreed(&db, JIM2, Some(70), None).await.unwrap();
    depart(&db, JIM2, &other()).await.unwrap();
    assert!(depart(&db, JIM2, &restored()).await.unwrap());
    assert!(!depart(&db, JIM2, &other()).await.unwrap());
    // Its numbers grow again, and look right once more.
    assert!(!agreed(&db, JIM2, Some(71), None).await.unwrap());
    let stopped = departed(&db, JIM2).await.unwrap().unwrap();
    assert_eq!(stopped.code, "restored");
    assert_eq!(stopped.stop(), restored());
    assert_eq!(known(&db, JIM2).await.unwrap().mark, Some(70));

    let at = DateTime::<Utc>::UNIX_EPOCH;
    let place = Position {
        position: 5,
        at: Some(at),
        database_id: Some("JIM-MAIN".to_owned()),
        db_epoch: Some(2),
    };
    let job = Some(TopJob {
        no: 5003,
        made_at: Some(at),
    });
    let adopted = Adopted {
        identity: Some(&identity(2)),
        mark: Some(5),
        job,
        cursor: ("jim2.changes", place.clone()),
        gap: (at, at + TimeDelta::hours(1)),
    };
    adopt(&db, JIM2, &adopted).await.unwrap();
    assert!(is_running(&db).await);
    let known = known(&db, JIM2).await.unwrap();
    assert_eq!((known.identity, known.mark), (Some(identity(2)), Some(5)));
    assert_eq!(known.job, job);
    let cursor = cursor::get(&db, "jim2.changes").await.unwrap().unwrap();
    assert_eq!(cursor.position, place);
    let gaps = gap::list(&db).await.unwrap();
    assert_eq!(
        (gaps.len(), gaps[0].system, &gaps[0].kind),
        (1, JIM2, &None)
    );
    assert_eq!((gaps[0].since, gaps[0].reason.as_str()), (at, ADOPTED));
    assert_eq!(gaps[0].until, Some(at + TimeDelta::hours(1)));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_training_copy_is_one_for_as_long_as_a_person_says_so(pool: PgPool) {
    let db = Db::from(pool);
    let is_training = async || known(&db, JIM2).await.unwrap().is_training;
    assert!(!is_training().await);
    for says in [true, false] {
        set_training(&db, JIM2, says).await.unwrap();
        assert_eq!(is_training().await, says);
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_lost_half_frees_its_number_and_is_told_of_and_never_made_again_by_itself(pool: PgPool) {
    let db = Db::from(pool.clone());
    let ticket = Kind::new("ticket");
    sqlx::query(
        "insert into pair (id, kind, autotask_id, jim2_id, state, label, shadow) values
           (gen_random_uuid(), 'ticket', '8142', '5001', 'paired', 'T1', $1),
           (gen_random_uuid(), 'ticket', null, '5002', 'new', 'a job', null)",
    )
    .bind(json!({
        "v": 1, "autotask": {"a": "x"}, "jim2": {"a": "x"}, "customer": "1001",
        "writes": {"jim2": {}, "autotask": {}}, "earlier": {"jim2": []},
    }))
    .execute(&pool)
    .await
    .unwrap();
    let touched = async || pair::touched(&db, &ticket, None, None, 10).await.unwrap();
    let rows = touched().await;
    assert_eq!(pair::count_touched(&db, &ticket, None).await.unwrap(), 2);
    let later = Some(rows[0].changed_at + TimeDelta::hours(1));
    assert_eq!(pair::count_touched(&db, &ticket, later).await.unwrap(), 0);
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    pair::forget_jim2(&db, &ids).await.unwrap();
    let of_ticket = touched().await.into_iter().find(|row| row.label == "T1");
    assert_eq!(
        of_ticket.unwrap().shadow.unwrap(),
        json!({
            "v": 1, "autotask": {"a": "x"}, "jim2": {}, "customer": "1001",
            "writes": {"autotask": {}}, "earlier": {},
        })
    );

    let problem = Problem {
        code: "lost-in-restore".to_owned(),
        subject: Subject::Setting {
            name: "T1".to_owned(),
        },
        field: None,
        says: "T1 has lost its job".to_owned(),
        remedy: Remedy {
            who: Fixer::Desk,
            step: "look".to_owned(),
            continues: false,
        },
    };
    for row in rows {
        assert!(pair::lose(&db, &row, &problem).await.unwrap());
    }
    assert_eq!(touched().await, []);
    let left = pair::walk(&db, &ticket, None, 10).await.unwrap();
    assert_eq!(
        left.len(),
        1,
        "a job that nothing was paired with is forgotten"
    );
    assert_eq!(left[0].state, crate::State::Ignored);
    let groups = held::groups(&db).await.unwrap();
    assert_eq!((groups.len(), groups[0].items), (1, 1));
}
