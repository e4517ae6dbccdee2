//! What `crossbill status` says of quiet hours, frozen books and values that are gone.

use domain::System;
use sqlx::PgPool;

use super::lookups::{entry, wanted, with_statuses};
use crate::operate::{bench::Bench, lookups, pause, settings, status};

async fn plain(bench: &Bench) -> String {
    let parts = &bench.parts;
    let zone = chrono_tz::Australia::Sydney;
    let now = "2026-11-27T20:00:00Z".parse().unwrap();
    let status = status::status(&parts.db, &parts.broker, (now, zone), &[]);
    Box::pin(status).await.unwrap().plain.join("\n")
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn quiet_hours_and_frozen_books_are_told_with_their_end_in_the_sites_time(pool: PgPool) {
    let bench = Bench::over(pool).await;
    pause::resume(bench.db(), None, &[], "jane").await.unwrap();
    let before = plain(&bench).await;
    assert!(
        !before.contains("Quiet") && !before.contains("frozen"),
        "{before}"
    );
    // It is seven in the morning of the 28th, a Saturday.
    for (name, value) in [
        ("quiet_hours", "sat 06:00-09:30"),
        ("billing_freeze", "28..2"),
    ] {
        settings::set(bench.db(), name, value, "jane")
            .await
            .unwrap();
    }
    let told = plain(&bench).await;
    assert!(
        told.contains("nothing is written to either system before Sat 28 Nov 09:30"),
        "{told}"
    );
    assert!(
        told.contains("no line is written to jobs before Thu 3 Dec 00:00"),
        "{told}"
    );
    assert!(!told.contains("Nobody works on"), "nobody has to: {told}");
    let refused = settings::set(bench.db(), "night_hours", "at night", "jane").await;
    assert!(refused.unwrap_err().to_string().contains("20:00-06:00"));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_value_that_is_gone_is_counted_shown_and_still_mapped(pool: PgPool) {
    let db = with_statuses(pool.clone()).await;
    lookups::set(&db, &wanted("New", Some("Booked")), "jane")
        .await
        .unwrap();
    let left = [entry("Proceed", "Proceed")];
    store::lookup::replace_list(&db, "status", System::Jim2, &left)
        .await
        .unwrap();

    let bench = Bench::over(pool).await;
    let told = plain(&bench).await;
    assert!(
        told.contains("1 mapped values are gone from their system: status \"Booked\" of Jim2."),
        "{told}"
    );
    let lines = lookups::list(&db, Some("status")).await.unwrap();
    let shown = crate::output::lines(&lines, chrono_tz::Tz::UTC);
    let row = shown.lines().find(|row| row.contains("New (1)")).unwrap();
    assert!(row.contains("Booked - gone since 20"), "{shown}");
    let again = lookups::set(&db, &wanted("New", Some("Booked")), "jane")
        .await
        .unwrap();
    assert!(again.unchecked[0].contains("any more"), "{again:?}");
}
