use domain::{Key, RecordId, System};
use sqlx::PgPool;

use super::*;
use crate::{
    Db, Outcome, claim, held, intent, remember,
    testing::{
        self, HOLD, TICKET, claimed, job, let_claims_run_out, paired, ticket, unchanged, unmapped,
    },
};

const PAGE: Page = Page {
    offset: 0,
    limit: 10,
};

async fn link_them(db: &Db, autotask: &str, jim2: &str) -> Linked {
    let wanted = Link {
        kind: &TICKET,
        autotask_id: &autotask.into(),
        jim2_id: &jim2.into(),
        label: "the printer ticket",
        generation: 1,
        who: "mia",
    };
    link(db, &wanted).await.unwrap()
}

async fn made(db: &Db, autotask: &str, jim2: &str) -> Uuid {
    match link_them(db, autotask, jim2).await {
        Linked::Made(id) => id,
        linked @ (Linked::Already(_) | Linked::Refused { .. }) => panic!("{linked:?}"),
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn two_halves_become_one_pair(pool: PgPool) {
    let db = Db::from(pool);
    for key in [job("J1"), ticket("7")] {
        let half = claimed(&db, &key).await;
        remember(&db, &unchanged(&half)).await.unwrap();
    }
    let id = made(&db, "7", "J1").await;
    assert_eq!(link_them(&db, "7", "J1").await, Linked::Already(id));
    for key in [job("J1"), ticket("7")] {
        let row = find(&db, &key).await.unwrap().unwrap();
        assert_eq!((row.id, row.state), (id, State::Paired));
    }
    assert_ne!(made(&db, "8", "J2").await, id, "neither was known");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_link_waits_for_whoever_works_on_a_half(pool: PgPool) {
    let db = Db::from(pool);
    let working = claimed(&db, &job("J1")).await;
    assert!(matches!(
        link_them(&db, "7", "J1").await,
        Linked::Refused { .. }
    ));
    intent::open(&db, working.claim(), &serde_json::json!([]), HOLD)
        .await
        .unwrap();
    intent::sending(&db, working.claim(), 0, HOLD)
        .await
        .unwrap();
    let_claims_run_out(&db).await;
    let Linked::Refused { why } = link_them(&db, "7", "J1").await else {
        panic!("a write is under way");
    };
    assert!(why.contains("the printer ticket"), "{why}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_person_may_link_what_a_write_was_meant_for_once_it_can_no_longer_arrive(pool: PgPool) {
    let db = Db::from(pool);
    let working = claimed(&db, &ticket("7")).await;
    intent::open(&db, working.claim(), &serde_json::json!([]), HOLD)
        .await
        .unwrap();
    intent::sending(&db, working.claim(), 0, HOLD)
        .await
        .unwrap();
    let_claims_run_out(&db).await;
    sqlx::query("update intent set sent_at = now() - interval '1 hour'")
        .execute(&db.0)
        .await
        .unwrap();
    let id = made(&db, "7", "J1").await;
    assert_eq!(
        intent::find(&db, id).await.unwrap(),
        None,
        "nothing is owed any more"
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_half_that_is_linked_elsewhere_is_refused_by_name(pool: PgPool) {
    let db = Db::from(pool);
    made(&db, "7", "J1").await;
    let Linked::Refused { why } = link_them(&db, "8", "J1").await else {
        panic!("J1 is 7's");
    };
    assert!(why.contains("ticket 7") && why.contains("J1"), "{why}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn halves_taken_apart_stay_known_and_can_be_linked_again(pool: PgPool) {
    let db = Db::from(pool);
    let id = made(&db, "7", "J1").await;
    let busy = claimed(&db, &ticket("7")).await;
    assert_eq!(unlink(&db, id, "mia").await.unwrap(), Unlinked::Busy);
    claim::release(&db, &[busy.claim()]).await.unwrap();
    assert_eq!(unlink(&db, id, "mia").await.unwrap(), Unlinked::Done);
    assert_eq!(unlink(&db, id, "mia").await.unwrap(), Unlinked::NotFound);
    for key in [job("J1"), ticket("7")] {
        let row = find(&db, &key).await.unwrap().unwrap();
        assert_eq!(
            row.state,
            State::Ignored,
            "or its next event would pair it anew"
        );
    }
    made(&db, "7", "J1").await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_record_is_ignored_and_taken_up_again(pool: PgPool) {
    let db = Db::from(pool);
    let half = claimed(&db, &ticket("7")).await;
    let id = half.pair.id;
    assert_eq!(ignore(&db, id, "mia").await.unwrap(), Turned::Busy);
    remember(&db, &unchanged(&half)).await.unwrap();
    assert_eq!(ignore(&db, id, "mia").await.unwrap(), Turned::Done);
    assert_eq!(ignore(&db, id, "mia").await.unwrap(), Turned::NotFound);
    assert_eq!(unignore(&db, id, "mia").await.unwrap(), Turned::Done);
    assert_eq!(by_id(&db, id).await.unwrap().unwrap().state, State::New);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_taken_apart_or_ignored_waits_for_nothing_and_others_still_do(pool: PgPool) {
    let db = Db::from(pool);
    let half = claimed(&db, &ticket("6")).await;
    remember(&db, &testing::held(&half, &[unmapped("5")]))
        .await
        .unwrap();
    let pair = claimed(&db, &ticket("7")).await;
    let both = Outcome {
        held: testing::held(&pair, &[unmapped("5")]).held,
        ..paired(&pair, "J1")
    };
    remember(&db, &both).await.unwrap();
    let items = async || held::list(&db, &held::Which::All, PAGE).await.unwrap();
    assert_eq!(items().await.len(), 2);

    assert_eq!(
        unlink(&db, pair.pair.id, "mia").await.unwrap(),
        Unlinked::Done
    );
    let left = items().await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].pair, Some(half.pair.id), "6 still waits for it");
    assert_eq!(held::open_problems(&db).await.unwrap().len(), 1);

    assert_eq!(
        ignore(&db, half.pair.id, "mia").await.unwrap(),
        Turned::Done
    );
    assert_eq!(items().await, []);
    assert_eq!(held::open_problems(&db).await.unwrap(), []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_earlier_job_is_found_by_its_number_only_and_the_ticket_is_free_for_the_next(
    pool: PgPool,
) {
    let db = Db::from(pool);
    let first = made(&db, "7", "J1").await;
    sqlx::query("update pair set state = 'earlier' where id = $1")
        .bind(first)
        .execute(&db.0)
        .await
        .unwrap();
    assert_eq!(find(&db, &ticket("7")).await.unwrap(), None);
    let next = claimed(&db, &ticket("7")).await;
    remember(&db, &paired(&next, "J2")).await.unwrap();
    let of_ticket = find(&db, &ticket("7")).await.unwrap().unwrap();
    assert_eq!(of_ticket.jim2_id, Some("J2".into()));
    let of_old_job = find(&db, &job("J1")).await.unwrap().unwrap();
    assert_eq!((of_old_job.id, of_old_job.key()), (first, job("J1")));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn only_complete_pairs_have_another_half(pool: PgPool) {
    let db = Db::from(pool);
    let first = claimed(&db, &ticket("7")).await;
    remember(&db, &paired(&first, "J1")).await.unwrap();
    claimed(&db, &ticket("8")).await;
    let keys = [ticket("7"), job("J1"), ticket("8"), job("none")];
    let found = others(&db, &keys).await.unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(found[&ticket("7")], RecordId::from("J1"));
    assert_eq!(found[&job("J1")], RecordId::from("7"));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn pairs_are_found_by_what_people_know(pool: PgPool) {
    let db = Db::from(pool);
    let id = made(&db, "7", "J1").await;
    made(&db, "70", "J10").await;
    let by = |text: &str| Filter {
        text: Some(text.to_owned()),
        ..Filter::default()
    };
    let found = list(&db, &by("J1"), 10).await.unwrap();
    assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), [id]);
    assert_eq!(list(&db, &by("PRINTER"), 10).await.unwrap().len(), 2);
    let named = by_name(&db, &TICKET, "the").await.unwrap();
    assert_eq!(named.len(), 2);
    assert_eq!(
        by_name(&db, &TICKET, "th").await.unwrap(),
        [],
        "the whole word"
    );
    assert_eq!(list(&db, &by("%"), 10).await.unwrap(), [], "no pattern");
    let mut known = known_ids(&db, &TICKET, System::Jim2).await.unwrap();
    known.sort_unstable();
    assert_eq!(known, ["J1".into(), RecordId::from("J10")]);
    let counted = counts(&db).await.unwrap();
    assert_eq!((counted[0].state, counted[0].pairs), (State::Paired, 2));
    assert_eq!(
        find(&db, &Key::new(TICKET, System::Jim2, "none"))
            .await
            .unwrap(),
        None
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_walk_sees_every_pair_though_they_change_meanwhile(pool: PgPool) {
    let db = Db::from(pool);
    let mut made_ids = Vec::new();
    for number in 0..7 {
        made_ids.push(made(&db, &format!("{number}"), &format!("J{number}")).await);
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let rows = walk(&db, &TICKET, after, 2).await.unwrap();
        let Some(last) = rows.last() else { break };
        after = Some(last.id);
        seen.extend(rows.iter().map(|row| row.id));
        // All the others are changed now, and come first in the order of changes.
        for id in made_ids.iter().filter(|id| !seen.contains(id)) {
            sqlx::query("update pair set changed_at = now() where id = $1")
                .bind(id)
                .execute(&db.0)
                .await
                .unwrap();
        }
    }
    seen.sort();
    made_ids.sort();
    assert_eq!(seen, made_ids);
}
