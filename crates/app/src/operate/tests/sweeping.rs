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
    let contacts = sweeps.sweep_now(Some(&Kind::new("contact")), None).await;
    assert_eq!(contacts.unwrap().len(), 4);
}
