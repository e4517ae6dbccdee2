use domain::{Fixer, Kind, Problem, Remedy, Subject, System};
use sqlx::PgPool;
use store::held::{DeadLetter, Which};
use uuid::Uuid;

use crate::operate::{bench::Bench, held};

fn letter(body: &str) -> DeadLetter {
    DeadLetter {
        queue: "crossbill.ticket.v1".to_owned(),
        event: None,
        body: body.as_bytes().to_vec(),
        reason: "not an event".to_owned(),
        problem: Problem {
            code: "poison".to_owned(),
            subject: Subject::Record {
                kind: Kind::new("ticket"),
                system: System::Autotask,
                id: "1".into(),
            },
            field: None,
            says: "a message is no event".to_owned(),
            remedy: Remedy {
                who: Fixer::Integrator,
                step: "look at it".to_owned(),
                continues: false,
            },
        },
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn dead_letters_are_shown_replayed_to_their_queue_and_put_away(pool: PgPool) {
    let bench = Bench::over(pool).await;
    let (db, parts) = (bench.db(), &bench.parts);
    broker::testing::eventually(async || parts.publisher.is_up()).await;
    for body in ["one", "two", "three"] {
        store::held::bury(db, &letter(body)).await.unwrap();
    }
    let groups = held::groups(db).await.unwrap();
    assert_eq!((groups.len(), groups[0].items), (1, 3));
    let items = held::items(db, &Which::All, 10).await.unwrap();
    let shown = held::show(db, items[0].id).await.unwrap();
    assert_eq!(shown.message, "one");

    let desk = (&parts.publish, &parts.publisher);
    let by = ("jane", parts.clock.now());
    let replayed = held::replay(db, desk, (&Which::All, 1), by, |_| ())
        .await
        .unwrap();
    assert_eq!((replayed.sent, replayed.refused), (1, 0));
    let depth = parts.broker.depth("crossbill.ticket.v1").await.unwrap();
    assert_eq!(depth.messages, 1);

    let group = Which::Problem(groups[0].problem.identity.clone());
    assert_eq!(held::archive(db, &group, "jane").await.unwrap(), 2);
    assert!(held::items(db, &Which::All, 10).await.unwrap().is_empty());
    let acts = store::audit::latest(db, 2).await.unwrap();
    assert_eq!(acts[1].detail["items"]["sent"], 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_queue_that_is_gone_leaves_its_letter_held(pool: PgPool) {
    let bench = Bench::over(pool).await;
    let (db, parts) = (bench.db(), &bench.parts);
    broker::testing::eventually(async || parts.publisher.is_up()).await;
    let lost = DeadLetter {
        queue: "crossbill.gone.v1".to_owned(),
        ..letter("one")
    };
    store::held::bury(db, &lost).await.unwrap();
    let desk = (&parts.publish, &parts.publisher);
    let by = ("jane", parts.clock.now());
    let replayed = held::replay(db, desk, (&Which::All, 10), by, |_| ())
        .await
        .unwrap();
    assert_eq!((replayed.sent, replayed.refused), (0, 1));
    assert_eq!(held::items(db, &Which::All, 10).await.unwrap().len(), 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_item_that_is_not_there_is_told(pool: PgPool) {
    let db = store::Db::from(pool);
    let error = held::show(&db, Uuid::nil()).await.unwrap_err().to_string();
    assert!(error.contains("held list --items"), "{error}");
}
