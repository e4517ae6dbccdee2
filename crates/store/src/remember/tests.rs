use domain::{Cause, Kind, System};
use serde_json::json;
use sqlx::PgPool;

use super::*;
use crate::{
    claim,
    intent::{self, Done, Made, Open},
    journal::What,
    testing::{
        HOLD, claimed, held, job, let_claims_run_out, live, paired, ticket, unchanged, unmapped,
    },
};

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn all_of_an_outcome_is_there_afterwards(pool: PgPool) {
    let db = Db::from(pool);
    let first = claimed(&db, &ticket("7")).await;
    intent::open(&db, first.claim(), &json!(["create"]), HOLD)
        .await
        .unwrap();
    let outcome = Outcome {
        label: "T20261123.0001".to_owned(),
        journal: vec![Entry {
            what: What::Created,
            system: Some(System::Jim2),
            cause: Cause::Live,
            body: json!({"job": "J1"}),
            calls: 3,
        }],
        children: vec![ChildRow {
            kind: Kind::new("note"),
            autotask_id: Some("n1".into()),
            jim2_id: None,
            generation: 1,
            state: State::New,
            label: String::new(),
            shadow: None,
        }],
        ..paired(&first, "J1")
    };
    let done = remember(&db, &outcome).await.unwrap();
    assert_eq!(done, Remembered::Done { waiting: vec![] });

    let again = claimed(&db, &job("J1")).await;
    assert_eq!(again.pair.id, first.pair.id);
    assert_eq!(again.pair.shadow, Some(json!({"v": 1})));
    assert_eq!(again.pair.label, "T20261123.0001");
    assert!(again.pair.written_at.is_some());
    assert_eq!(again.intent, None);
    assert_eq!(again.children.len(), 1);
    let journal = journal::of_pair(&db, first.pair.id, 10).await.unwrap();
    assert_eq!((journal[0].what, journal[0].calls), (What::Created, 3));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_child_is_one_row_however_it_is_told(pool: PgPool) {
    let db = Db::from(pool);
    let note = |autotask: Option<&str>, jim2: Option<&str>| ChildRow {
        kind: Kind::new("note"),
        autotask_id: autotask.map(Into::into),
        jim2_id: jim2.map(Into::into),
        generation: 1,
        state: if autotask.is_some() && jim2.is_some() {
            State::Paired
        } else {
            State::New
        },
        label: String::new(),
        shadow: None,
    };
    let first = claimed(&db, &ticket("7")).await;
    let told = |claimed: &crate::Claimed, child: ChildRow| Outcome {
        children: vec![child],
        ..unchanged(claimed)
    };
    remember(&db, &told(&first, note(Some("n1"), None)))
        .await
        .unwrap();
    let second = claimed(&db, &ticket("7")).await;
    intent::open(&db, second.claim(), &json!([]), HOLD)
        .await
        .unwrap();
    let copy = Made::Child(note(Some("n1"), Some("c1")));
    assert_eq!(
        intent::done(&db, second.claim(), 1, &copy).await.unwrap(),
        Done::Yes
    );
    remember(&db, &told(&second, note(None, Some("c1"))))
        .await
        .unwrap();
    let children = pair::children(&db, &[first.pair.id]).await.unwrap();
    assert_eq!(children.len(), 1);
    assert_eq!(children[0].autotask_id, Some("n1".into()));
    assert_eq!(children[0].jim2_id, Some("c1".into()));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_intent_survives_a_lost_claim(pool: PgPool) {
    let db = Db::from(pool);
    let late = claimed(&db, &ticket("7")).await;
    let body = json!([{"act": "create"}]);
    assert_eq!(
        intent::open(&db, late.claim(), &body, HOLD).await.unwrap(),
        Open::Yes
    );
    assert!(intent::sending(&db, late.claim(), 0, HOLD).await.unwrap());
    let_claims_run_out(&db).await;

    let next = claimed(&db, &ticket("7")).await;
    let found = next.intent.clone().unwrap();
    assert_eq!(
        (found.body, found.done, found.epoch),
        (body, 0, late.pair.epoch)
    );
    assert!(found.sent_at.is_some());

    assert!(!intent::sending(&db, late.claim(), 1, HOLD).await.unwrap());
    for made in [Made::Half(System::Jim2, "J1".into()), Made::Nothing] {
        assert_eq!(
            intent::done(&db, late.claim(), 1, &made).await.unwrap(),
            Done::LostClaim,
            "{made:?}"
        );
    }
    assert_eq!(
        intent::open(&db, late.claim(), &json!([]), HOLD)
            .await
            .unwrap(),
        Open::LostClaim
    );
    assert_eq!(
        remember(&db, &paired(&late, "J1")).await.unwrap(),
        Remembered::LostClaim
    );
    let row = pair::by_id(&db, late.pair.id).await.unwrap().unwrap();
    assert_eq!(row.jim2_id, None, "nothing of the late one came through");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_new_half_is_remembered_before_the_rest_is_done(pool: PgPool) {
    let db = Db::from(pool);
    let first = claimed(&db, &ticket("7")).await;
    intent::open(&db, first.claim(), &json!(["create", "refer"]), HOLD)
        .await
        .unwrap();
    let made = Made::Half(System::Jim2, "J1".into());
    assert_eq!(
        intent::done(&db, first.claim(), 1, &made).await.unwrap(),
        Done::Yes
    );
    intent::sending(&db, first.claim(), 1, HOLD).await.unwrap();
    assert_eq!(
        intent::done(&db, first.claim(), 2, &Made::Nothing)
            .await
            .unwrap(),
        Done::Yes
    );
    let_claims_run_out(&db).await;
    let next = claimed(&db, &job("J1")).await;
    assert_eq!(next.pair.id, first.pair.id);
    assert_eq!(next.pair.state, State::Paired);
    let intent = next.intent.unwrap();
    assert_eq!((intent.done, intent.sent_at), (2, None));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_event_of_a_job_we_just_made_does_not_stand_in_its_way(pool: PgPool) {
    let db = Db::from(pool);
    let ours = claimed(&db, &ticket("7")).await;
    let echo = claimed(&db, &job("J1")).await;
    claim::take(&db, &[(job("J1"), live(&job("J1")))], "another", HOLD)
        .await
        .unwrap();
    let Remembered::Done { waiting } = remember(&db, &paired(&ours, "J1")).await.unwrap() else {
        panic!("the empty row gives way");
    };
    assert_eq!(
        waiting[0].events,
        [live(&job("J1"))],
        "what waited on it waits no more"
    );
    assert_eq!(
        remember(&db, &unchanged(&echo)).await.unwrap(),
        Remembered::LostClaim
    );
    let row = pair::find(&db, &job("J1")).await.unwrap().unwrap();
    assert_eq!(row.id, ours.pair.id);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_half_with_a_life_of_its_own_is_never_taken_over(pool: PgPool) {
    let db = Db::from(pool);
    let other = claimed(&db, &ticket("8")).await;
    remember(&db, &paired(&other, "J1")).await.unwrap();
    let ours = claimed(&db, &ticket("7")).await;
    assert_eq!(
        remember(&db, &paired(&ours, "J1")).await.unwrap(),
        Remembered::Taken(other.pair.id)
    );
    let writing = claimed(&db, &job("J2")).await;
    intent::open(&db, writing.claim(), &json!([]), HOLD)
        .await
        .unwrap();
    let made = Made::Half(System::Jim2, "J2".into());
    intent::open(&db, ours.claim(), &json!([]), HOLD)
        .await
        .unwrap();
    assert_eq!(
        intent::done(&db, ours.claim(), 1, &made).await.unwrap(),
        Done::Taken(writing.pair.id),
        "somebody is making a ticket for that job"
    );
    assert!(
        !claim::extend(&db, &[ours.claim()], HOLD)
            .await
            .unwrap()
            .is_empty(),
        "the claim is still ours, to hold it"
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_pair_is_held_in_one_row_and_let_go_of(pool: PgPool) {
    let db = Db::from(pool);
    for problems in [
        vec![unmapped("5"), unmapped("6")],
        vec![unmapped("6")],
        vec![unmapped("6")],
    ] {
        let claim = claimed(&db, &ticket("7")).await;
        remember(&db, &held(&claim, &problems)).await.unwrap();
    }
    let row = claimed(&db, &ticket("7")).await;
    assert!(row.held_since.is_some());
    assert_eq!(row.held.len(), 1, "only what is still wrong");
    assert_eq!(row.held[0].identity, unmapped("6").identity());
    assert_eq!(row.held[0].field.as_deref(), Some("status"));
    let groups = crate::held::groups(&db).await.unwrap();
    assert_eq!(groups.len(), 1);
    assert_eq!(groups[0].items, 1);

    let clear = Outcome {
        held: Held::Clear,
        ..unchanged(&row)
    };
    remember(&db, &clear).await.unwrap();
    assert_eq!(crate::held::groups(&db).await.unwrap(), []);
    assert_eq!(claimed(&db, &ticket("7")).await.held, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_held_knows_the_money_it_holds_up_once_for_each_item_and_keeps_what_was_known(
    pool: PgPool,
) {
    let db = Db::from(pool);
    let cents = |cents| rust_decimal::Decimal::new(cents, 2);
    // Two fields of the second wait for one problem.
    let twice = Problem {
        field: Some("another".to_owned()),
        ..unmapped("5")
    };
    for (id, problems, net) in [
        ("7", vec![unmapped("5")], Some(cents(10_005))),
        ("8", vec![unmapped("5"), twice], Some(cents(-2_000))),
        ("9", vec![unmapped("5")], None),
        // Tried again, and not told this time.
        ("7", vec![unmapped("5")], None),
    ] {
        let claim = claimed(&db, &ticket(id)).await;
        let mut outcome = held(&claim, &problems);
        if let Held::Upsert { net: of_it, .. } = &mut outcome.held {
            *of_it = net;
        }
        remember(&db, &outcome).await.unwrap();
    }

    let groups = crate::held::groups(&db).await.unwrap();
    assert_eq!((groups.len(), groups[0].items), (1, 3));
    assert_eq!(groups[0].net, Some(cents(8_005)));
    let page = crate::pair::Page {
        offset: 0,
        limit: 10,
    };
    let rows = crate::held::list(&db, &crate::held::Which::All, page);
    let nets: Vec<_> = rows.await.unwrap().iter().map(|row| row.net).collect();
    assert_eq!(nets, [Some(cents(10_005)), Some(cents(-2_000)), None]);
    let status = crate::status::status(&db).await.unwrap();
    assert_eq!(status.held_net, Some(cents(8_005)));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_act_that_was_surely_not_done_is_unsent(pool: PgPool) {
    let db = Db::from(pool);
    let ours = claimed(&db, &ticket("7")).await;
    assert_eq!(intent::find(&db, ours.pair.id).await.unwrap(), None);
    intent::open(&db, ours.claim(), &json!([]), HOLD)
        .await
        .unwrap();
    intent::sending(&db, ours.claim(), 0, HOLD).await.unwrap();
    intent::unsent(&db, ours.claim()).await.unwrap();
    let found = intent::find(&db, ours.pair.id).await.unwrap().unwrap();
    assert_eq!(found.sent_at, None);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_next_generation_begins_with_an_event_that_outlives_a_crash(pool: PgPool) {
    let db = Db::from(pool);
    let ours = claimed(&db, &ticket("7")).await;
    remember(&db, &paired(&ours, "J1")).await.unwrap();
    let again = claimed(&db, &ticket("7")).await;
    let earlier = Outcome {
        state: State::Earlier,
        ..unchanged(&again)
    };
    let Remembered::Done { waiting } = remember(&db, &earlier).await.unwrap() else {
        panic!("the claim was ours");
    };
    assert_eq!(waiting[0].events[0].key, ticket("7"));
    assert_eq!(
        claim::expired(&db, 10).await.unwrap().len(),
        1,
        "nobody has published it"
    );
    let next = claimed(&db, &ticket("7")).await;
    assert_eq!((next.pair.generation, next.pair.state), (2, State::New));
    assert_ne!(next.pair.id, ours.pair.id);
    let before = pair::find(&db, &job("J1")).await.unwrap().unwrap();
    assert_eq!((before.id, before.state), (ours.pair.id, State::Earlier));
}
