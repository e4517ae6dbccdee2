use domain::{FixedClock, SystemClock};
use sqlx::PgPool;
use store::{gap::Gap, webhook::Webhook};

use super::*;
use crate::testing;

struct Site {
    db: Db,
    pool: PgPool,
}

impl Site {
    /// A site with the webhooks of tickets and of their notes.
    async fn start(pool: PgPool) -> Self {
        let site = Self::without_webhooks(pool);
        for (name, entity) in [("tickets", "Tickets"), ("notes", "TicketNotes")] {
            let row = Webhook {
                entity: entity.to_owned(),
                ..testing::webhook(name, 1)
            };
            webhook::upsert(&site.db, &row).await.unwrap();
        }
        site
    }

    fn without_webhooks(pool: PgPool) -> Self {
        let db = Db::from(pool.clone());
        Self { db, pool }
    }

    fn process(&self) -> Heartbeat {
        Heartbeat::new(self.db.clone(), Arc::new(SystemClock))
    }

    /// As if so many seconds had passed since the last beat of anybody.
    async fn silent_for(&self, seconds: f64) {
        sqlx::query("update heartbeat set beat_at = now() - make_interval(secs => $1)")
            .bind(seconds)
            .execute(&self.pool)
            .await
            .unwrap();
    }

    async fn gaps(&self) -> Vec<Gap> {
        gap::list(&self.db).await.unwrap()
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_outage_of_ingress_is_a_gap_once_somebody_takes_webhooks_again(pool: PgPool) {
    let site = Site::start(pool).await;
    site.process().beat().await.unwrap();
    assert_eq!(site.gaps().await, [], "nobody was ever there before");

    site.silent_for(1_800.0).await;
    for _ in 0..2 {
        site.process().beat().await.unwrap();
    }
    let gaps = site.gaps().await;
    assert_eq!(gaps.len(), 1, "both webhooks tell of tickets");
    assert_eq!(gaps[0].kind, Some(Kind::new("ticket")));
    let long = gaps[0].until.unwrap() - gaps[0].since;
    assert!((1_800..1_900).contains(&long.num_seconds()), "{long}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_restart_that_autotask_calls_again_through_is_no_gap(pool: PgPool) {
    let site = Site::start(pool).await;
    site.process().beat().await.unwrap();
    site.silent_for(55.0).await;
    site.process().beat().await.unwrap();
    assert_eq!(site.gaps().await, []);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_process_that_was_there_while_postgres_was_away_missed_nothing(pool: PgPool) {
    let site = Site::start(pool).await;
    let mut process = site.process();
    process.beat().await.unwrap();
    site.silent_for(1_800.0).await;
    process.beat().await.unwrap();
    assert_eq!(site.gaps().await, [], "it took webhooks all the time");

    site.silent_for(1_800.0).await;
    process.tried_at = process.tried_at.map(|at| at - TimeDelta::minutes(30));
    process.beat().await.unwrap();
    assert_eq!(site.gaps().await.len(), 1, "it was asleep itself");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_site_without_webhooks_misses_none(pool: PgPool) {
    let site = Site::without_webhooks(pool);
    site.process().beat().await.unwrap();
    site.silent_for(1_800.0).await;
    site.process().beat().await.unwrap();
    assert_eq!(site.gaps().await, []);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn our_own_clock_that_jumps_is_a_gap_of_both_systems(pool: PgPool) {
    let site = Site::without_webhooks(pool);
    let mut process = site.process();
    process.beat().await.unwrap();
    assert_eq!(site.gaps().await, []);
    let at = process.clock.now() + TimeDelta::hours(1);
    process.clock = Arc::new(FixedClock(at));
    process.beat().await.unwrap();
    let mut gaps = site.gaps().await;
    gaps.sort_by_key(|gap| gap.system);
    let of: Vec<System> = gaps.iter().map(|gap| gap.system).collect();
    assert_eq!(of, System::BOTH);
    for gap in gaps {
        assert_eq!(gap.reason, OUR_CLOCK);
        let span = gap.until.unwrap() - gap.since;
        assert!(span >= TimeDelta::hours(1), "{span}");
    }
}
