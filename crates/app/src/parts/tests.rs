//! The licence of Jim2: taken to write, and only then.

use chrono::TimeDelta;
use domain::FixedClock;
use sqlx::PgPool;

use super::*;
use crate::operate::bench::Bench;

/// A process over the site's database, by whose clock it is so many minutes later.
async fn process(bench: &Bench, minutes: i64, key: Option<&str>) -> jim2::Client {
    let mut config = Config::clone(&bench.parts.config);
    if let Some(key) = key {
        config.secret_key = key.into();
    }
    let (parts, _) = Parts::over(config, bench.db().clone()).await.unwrap();
    let now = SystemClock.now() + TimeDelta::minutes(minutes);
    let clock = Arc::new(FixedClock(now));
    let site = Site::load(bench.db()).await.unwrap();
    Parts { clock, ..parts }.clients(&site).unwrap().jim2
}

async fn licences(bench: &Bench) -> u64 {
    let screen = sandbox::screen::Screen::at(&bench.jim2.base_url());
    let stats = screen.stats().await.unwrap();
    stats["licencesTaken"].as_u64().unwrap()
}

/// Tries to write. Whether Jim2 takes it is not the matter here: a licence is needed to ask.
async fn write(jim2: &jim2::Client) {
    let written = jim2.set_job_status(1, "Proceed").await;
    assert!(
        !matches!(
            written,
            Err(jim2::Error::NoLicence | jim2::Error::Session(_))
        ),
        "{written:?}"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_licence_is_held_only_while_there_is_something_to_write(pool: PgPool) {
    let bench = Bench::over(pool).await;
    let jim2 = process(&bench, 0, None).await;
    jim2.system().await.unwrap();
    assert_eq!(licences(&bench).await, 0, "reading takes none");
    write(&jim2).await;
    assert_eq!(licences(&bench).await, 1);

    let other = process(&bench, 4, None).await;
    assert!(!other.close_idle_writing_session().await.unwrap());
    write(&other).await;
    assert_eq!(licences(&bench).await, 1, "both processes write by one");
    let later = process(&bench, 8, None).await;
    assert!(
        !later.close_idle_writing_session().await.unwrap(),
        "used 4 minutes ago"
    );
    let idle = process(&bench, 9, None).await;
    assert!(idle.close_idle_writing_session().await.unwrap());
    assert_eq!(licences(&bench).await, 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn after_a_crash_the_licence_is_used_again_or_given_back_by_whoever_runs(pool: PgPool) {
    let bench = Bench::over(pool).await;
    for minutes in [0, 1] {
        // Dropped without a word, as a killed process is.
        write(&process(&bench, minutes, None).await).await;
        assert_eq!(licences(&bench).await, 1, "the same one");
    }
    let next = process(&bench, 7, None).await;
    assert!(next.close_idle_writing_session().await.unwrap());
    assert_eq!(licences(&bench).await, 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_process_with_another_key_writes_by_a_session_of_its_own(pool: PgPool) {
    let bench = Bench::over(pool).await;
    write(&process(&bench, 0, None).await).await;
    let other = process(&bench, 0, Some("another key, just as long as that one")).await;
    write(&other).await;
    write(&other).await;
    assert_eq!(licences(&bench).await, 2, "the first ends with its token");
    other.close_writing_session().await.unwrap();
    assert_eq!(licences(&bench).await, 1);
}
