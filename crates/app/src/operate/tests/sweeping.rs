use domain::{Kind, RecordId, System};
use reconciler::sweep::{Asked, Came, words};
use sqlx::PgPool;
use store::contents;
use sync::{Facts, Half};

use crate::{
    kinds,
    operate::{bench::Bench, pause},
};

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_each_kind_says_of_its_trails_is_answered_by_both_systems(pool: PgPool) {
    let bench = Bench::over(pool).await;
    pause::resume(bench.db(), None, &[], "jane").await.unwrap();
    let sweeps = bench.parts.sweeps(&bench.clients().await);
    let came = sweeps.sweep_now(None, Asked::News).await.unwrap();
    let told: Vec<String> = came
        .iter()
        .map(|(of, came)| match came {
            Came::Done(_) => words(of),
            came @ (Came::Busy | Came::Nothing(_)) => panic!("{}: {came:?}", words(of)),
        })
        .collect();
    let expected = [
        "company in Autotask",
        "company in Jim2",
        "company (absent) in Autotask",
        "company (absent) in Jim2",
        "location in Autotask",
        "location (in use) in Autotask",
        "location (absent) in Autotask",
        "location (absent) in Jim2",
        "contact in Autotask",
        "contact in Jim2",
        "contact (absent) in Autotask",
        "contact (absent) in Jim2",
        "contract in Autotask",
        "contract in Jim2",
        "contract (absent) in Autotask",
        "contract (absent) in Jim2",
        "asset in Autotask",
        "asset in Jim2",
        "asset (absent) in Autotask",
        "asset (absent) in Jim2",
        "ticket in Autotask",
        "ticket (notes) in Autotask",
        "ticket (deletions) in Autotask",
        "ticket (activity deletions) in Autotask",
        "ticket (carried) in Autotask",
        "ticket (completed) in Autotask",
        "ticket in Jim2",
        "ticket (absent) in Autotask",
        "ticket (absent) in Jim2",
        "order (projects) in Autotask",
        "order (tickets completed) in Autotask",
        "order (invoices) in Autotask",
        "order (projects carried) in Autotask",
        "order (tickets carried) in Autotask",
        "order (absent) in Jim2",
        "time in Autotask",
        "time (deletions) in Autotask",
        "time (task deletions) in Autotask",
        "time (ticket deletions) in Autotask",
        "time (absent) in Autotask",
        "billing in Autotask",
        "billing (invoices) in Autotask",
        "billing (taken back) in Autotask",
        "billing (absent) in Autotask",
        "invoice in Autotask",
        "invoice (voided) in Autotask",
        "stock in Autotask",
        "stock (withdrawn) in Autotask",
        "stock in Jim2",
        "stock (absent) in Autotask",
        "stock (absent) in Jim2",
        "purchase in Autotask",
        "purchase (items) in Autotask",
        "purchase (recent) in Autotask",
        "purchase in Jim2",
        "purchase (absent) in Autotask",
        "purchase (absent items) in Autotask",
        "purchase (absent) in Jim2",
        "quote in Autotask",
        "quote (items) in Autotask",
        "quote (opportunities) in Autotask",
        "quote (recent) in Autotask",
        "quote (absent) in Autotask",
        "quote (absent items) in Autotask",
        "quote (absent) in Jim2",
    ];
    assert_eq!(told, expected);
    let contacts = sweeps
        .sweep_now(Some(&Kind::new("contact")), Asked::News)
        .await;
    assert_eq!(contacts.unwrap().len(), 4);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_contents_of_every_kind_can_be_compared_on_both_sides(pool: PgPool) {
    let bench = Bench::over(pool).await;
    pause::resume(bench.db(), None, &[], "jane").await.unwrap();
    let sweeps = bench.parts.sweeps(&bench.clients().await);
    let came = sweeps.sweep_now(None, Asked::Contents).await.unwrap();
    assert_eq!(came.len(), 2 * kinds::kinds().count());
    for (of, came) in came {
        match came {
            Came::Done(passed) => assert_eq!(passed.asked, Some(0), "nothing is paired"),
            came @ (Came::Busy | Came::Nothing(_)) => panic!("{}: {came:?}", words(&of)),
        }
    }
    let last = contents::last(bench.db()).await.unwrap();
    assert!(last.iter().all(|sweep| sweep.ended_at.is_some()));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_a_list_tells_of_records_is_what_reading_them_tells_at_a_call_a_page(pool: PgPool) {
    let bench = Bench::over(pool).await;
    let clients = bench.clients().await;
    let facts = Facts::empty(chrono_tz::UTC, chrono::DateTime::UNIX_EPOCH);
    let mut listed = Vec::new();
    for work in kinds::all(&clients, &facts) {
        let kind = work.rules.kind();
        let first = autotask::counting(work.hands.list(None, 3));
        let (Ok(Some(first)), calls) = first.await else {
            continue;
        };
        assert_eq!(calls, 1, "{kind}");
        listed.push(kind.to_string());
        let Some(last) = first.last().and_then(|half| half.id.number()) else {
            continue; // None of that kind is there.
        };
        let next = work.hands.list(Some(last), 3).await;
        let all: Vec<Half> = first.into_iter().chain(next.unwrap().unwrap()).collect();
        let ids: Vec<RecordId> = all.iter().map(|half| half.id.clone()).collect();
        let numbers: Vec<_> = ids.iter().map(RecordId::number).collect();
        assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");
        let read = work.hands.read(System::Autotask, &ids).await.unwrap();
        for half in &all {
            let whole = read.iter().find(|read| read.id == half.id).unwrap();
            assert!(!half.fields.is_empty(), "{kind} {}", half.id);
            for (field, value) in &half.fields {
                let told = whole.fields.get(field);
                assert_eq!(told, Some(value), "{kind} {} {field}", half.id);
            }
            assert_eq!(half.changed_at, whole.changed_at, "{kind} {}", half.id);
        }
    }
    assert_eq!(listed, ["company", "contact", "ticket", "stock"]);
}
