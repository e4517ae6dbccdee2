use domain::Kind;
use reconciler::sweep::{Came, words};
use sqlx::PgPool;

use crate::operate::{bench::Bench, pause};

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_each_kind_says_of_its_trails_is_answered_by_both_systems(pool: PgPool) {
    let bench = Bench::over(pool).await;
    pause::resume(bench.db(), None, &[], "jane").await.unwrap();
    let sweeps = bench.parts.sweeps(&bench.clients().await);
    let came = sweeps.sweep_now(None, None).await.unwrap();
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
        "location in Autotask",
        "location (in use) in Autotask",
        "contact in Autotask",
        "contact in Jim2",
        "contract in Autotask",
        "contract in Jim2",
        "asset in Autotask",
        "asset in Jim2",
        "ticket in Autotask",
        "ticket (notes) in Autotask",
        "ticket (deletions) in Autotask",
        "ticket (activity deletions) in Autotask",
        "ticket (carried) in Autotask",
        "ticket (completed) in Autotask",
        "ticket in Jim2",
        "time in Autotask",
        "time (deletions) in Autotask",
        "time (task deletions) in Autotask",
        "time (ticket deletions) in Autotask",
        "billing in Autotask",
        "billing (invoices) in Autotask",
        "invoice in Autotask",
        "stock in Autotask",
        "stock (withdrawn) in Autotask",
        "stock in Jim2",
        "purchase in Autotask",
        "purchase (items) in Autotask",
        "purchase (recent) in Autotask",
        "purchase in Jim2",
        "quote in Autotask",
        "quote (items) in Autotask",
        "quote (opportunities) in Autotask",
        "quote (recent) in Autotask",
    ];
    assert_eq!(told, expected);
    let contacts = sweeps.sweep_now(Some(&Kind::new("contact")), None).await;
    assert_eq!(contacts.unwrap().len(), 2);
}
