//! The feed against the stand-in of Jim2, a real broker and a real database.

mod spoiled;

use broker::testing::eventually;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{Event, FixedClock, Kind, System};
use jim2::LocalSession;
use sandbox::jim2::{Jim2, Options};
use serde_json::{Value as Json, json};
use sqlx::PgPool;
use store::{
    cursor,
    system::{self, Identity},
};

use super::*;
use crate::{
    kind::{COMPANY, CONTACT, TICKET},
    testing::{Site, edit, hand, listener, provider, state},
};

/// A site with a Jim2, its feed, and the numbers of some of its jobs and cards.
struct Shop {
    site: Site,
    jim2: Jim2,
    feed: Feed,
    jobs: Vec<Json>,
    cards: Vec<Json>,
    contacts: Vec<Json>,
}

impl Shop {
    async fn open(pool: PgPool, options: Options) -> Self {
        Self::on(Site::start(pool).await, options).await
    }

    async fn on(site: Site, options: Options) -> Self {
        let named_queries = options.named_queries;
        let credentials = jim2::Credentials {
            client_id: options.client_id.clone(),
            secret: options.client_secret.clone().into(),
        };
        let jim2 = Jim2::start(listener().await, &provider(), options)
            .await
            .unwrap();
        let url = format!("{}/jim2/", jim2.base_url()).parse().unwrap();
        let settings = jim2::Settings {
            named_queries,
            ..jim2::Settings::new(url, credentials, chrono_tz::Australia::Sydney)
        };
        let session = Arc::new(LocalSession::default());
        let http = crate::testing::http();
        let client = jim2::Client::new(http, settings, Arc::clone(&site.clock), session);
        let feed = Feed {
            jim2: client,
            db: site.db.clone(),
            publish: site.publish.clone(),
            clock: Arc::clone(&site.clock),
            timing: Timing {
                busy: Duration::from_millis(10),
                idle: Duration::from_millis(20),
                page_rows: 3,
            },
        };
        let state = state(&jim2.base_url()).await;
        let ids = |entity: &str| -> Vec<Json> {
            let records = state[entity].as_array().unwrap();
            records.iter().map(|record| record["id"].clone()).collect()
        };
        Self {
            jobs: ids("Job"),
            cards: ids("CardFile"),
            contacts: ids("CardFileContact"),
            site,
            jim2,
            feed,
        }
    }

    /// A person changes a job's reference of the customer.
    async fn order(&self, job: &Json, number: &str) {
        let set = json!({"custRef": number});
        self.hand("edit", edit("Job", job, "JC", set)).await;
    }

    async fn hand(&self, act: &str, body: Json) {
        let answer = hand(&self.jim2.base_url(), act, body).await;
        assert!(answer["error"].is_null(), "{act}: {answer}");
    }

    async fn position(&self) -> Option<i64> {
        let cursor = cursor::get(&self.site.db, CHANGES_CURSOR).await.unwrap();
        cursor.map(|cursor| cursor.position.position)
    }

    /// Steps until nothing is left.
    async fn drain(&self) {
        while changes::step(&self.feed).await.unwrap() != Look::Nothing {}
    }

    async fn stop(self) {
        self.site.stop().await;
        self.jim2.stop().await;
    }
}

fn named(event: &Event) -> (Kind, &str) {
    (event.key.kind.clone(), event.key.id.as_str())
}

fn text(id: &Json) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_people_change_becomes_one_event_a_record(pool: PgPool) {
    let shop = Shop::open(pool, Options::default()).await;
    setting::set(&shop.site.db, OWN_INITIALS, &"API")
        .await
        .unwrap();
    let (job, card, contact) = (&shop.jobs[0], &shop.cards[1], &shop.contacts[0]);
    shop.order(job, "PO 1").await;
    let comment =
        json!({"entity": "JobComment", "by": "JC", "set": {"jobNo": job, "comment": "Hi"}});
    shop.hand("create", comment).await;
    let name = json!({"name": "Renamed Pty Ltd"});
    shop.hand("edit", edit("CardFile", card, "JC", name)).await;
    let title = json!({"jobTitle": "Boss"});
    shop.hand("edit", edit("CardFileContact", contact, "API", title))
        .await;
    shop.drain().await;
    let events = shop.site.reader().await.events(3).await;
    let seen = |kind: Kind, id: &Json| {
        let id = text(id);
        let mut found = events
            .iter()
            .filter(|event| named(event) == (kind.clone(), &*id));
        found.next_back().unwrap()
    };
    for event in &events {
        assert_eq!(event.key.system, System::Jim2);
        assert!(event.floor.at.is_some() && event.floor.position.is_some());
    }
    assert_eq!(seen(TICKET, job).evidence[0].by.as_deref(), Some("JC"));
    assert_eq!(seen(COMPANY, card).evidence[0].by.as_deref(), Some("JC"));
    assert!(
        seen(CONTACT, contact).evidence.is_empty(),
        "it was our own doing"
    );
    shop.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_cursor_follows_page_by_page_and_never_repeats_what_it_passed(pool: PgPool) {
    let shop = Shop::open(pool, Options::default()).await;
    for number in 0..7 {
        shop.order(&shop.jobs[0], &format!("PO {number}")).await;
    }
    assert_eq!(changes::step(&shop.feed).await.unwrap(), Look::More);
    assert_eq!(
        shop.position().await,
        Some(3),
        "a full page ends at its last row"
    );
    shop.drain().await;
    let end = shop.feed.jim2.changes(0, 100).await.unwrap().safe_mark;
    assert_eq!(
        shop.position().await,
        Some(end),
        "the rest ends at the safe mark"
    );
    let before = shop.site.waiting().await;
    // Another process starts where this one ended.
    shop.drain().await;
    assert_eq!(shop.site.waiting().await, before);
    let moved = cursor::get(&shop.site.db, CHANGES_CURSOR)
        .await
        .unwrap()
        .unwrap();
    changes::step(&shop.feed).await.unwrap();
    let again = cursor::get(&shop.site.db, CHANGES_CURSOR)
        .await
        .unwrap()
        .unwrap();
    assert!(
        again.moved_at > moved.moved_at,
        "it shows life also when idle"
    );
    shop.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_change_committed_late_is_not_passed_by(pool: PgPool) {
    let shop = Shop::open(pool, Options::default()).await;
    shop.drain().await;
    let late = edit("Job", &shop.jobs[0], "JC", json!({"custRef": "late"}));
    shop.hand("hold-transaction", json!({"edit": late})).await;
    shop.order(&shop.jobs[1], "PO 2").await;
    shop.drain().await;
    let held_back = shop.position().await;
    assert_eq!(
        shop.site.waiting().await,
        0,
        "a row behind an open one waits too"
    );
    shop.hand("release-transaction", json!({})).await;
    shop.drain().await;
    let events = shop.site.reader().await.events(2).await;
    let mut jobs: Vec<_> = events
        .iter()
        .map(|event| event.key.id.to_string())
        .collect();
    jobs.sort_unstable();
    let mut expected = [text(&shop.jobs[0]), text(&shop.jobs[1])];
    expected.sort_unstable();
    assert_eq!(jobs, expected);
    assert!(shop.position().await > held_back);
    shop.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn of_two_feeds_both_publish_and_one_moves_the_cursor(pool: PgPool) {
    let shop = Shop::open(pool, Options::default()).await;
    changes::step(&shop.feed).await.unwrap();
    for number in 0..30 {
        shop.order(&shop.jobs[number % 2], &format!("PO {number}"))
            .await;
    }
    for _ in 0..2 {
        let task = run(shop.feed.clone(), shop.site.stop.clone());
        shop.site.tasks.spawn(task);
    }
    let end = shop.feed.jim2.changes(0, 1).await.unwrap().safe_mark;
    eventually(async || shop.position().await == Some(end)).await;
    assert!(shop.site.waiting().await >= 2);
    shop.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn another_database_stops_jim2_and_moves_nothing(pool: PgPool) {
    let shop = Shop::open(pool, Options::default()).await;
    let ours = Options::default();
    let paired = Identity {
        database_id: ours.database_id,
        db_epoch: i64::from(ours.epoch),
    };
    system::set_identity(&shop.site.db, System::Jim2, &paired)
        .await
        .unwrap();
    shop.drain().await;
    let before = shop.position().await;
    shop.order(&shop.jobs[0], "PO 1").await;
    shop.hand("database", json!({"epoch": 2})).await;

    let stop = CancellationToken::new();
    let stopped = async || {
        let [_, jim2] = system::state(&shop.site.db).await.unwrap();
        jim2.departed
    };
    let watch = async {
        eventually(async || stopped().await.is_some()).await;
        stop.cancel();
    };
    tokio::join!(run(shop.feed.clone(), stop.clone()), watch);
    let stopped = stopped().await.unwrap();
    assert_eq!(stopped.code, "identity");
    assert!(
        stopped.reason.contains("epoch 2 answers, we know"),
        "{}",
        stopped.reason
    );
    assert_eq!(shop.position().await, before);
    assert_eq!(shop.site.waiting().await, 0);

    // The right one is back, with nobody's doing.
    shop.hand("database", json!({"epoch": 1})).await;
    shop.drain().await;
    let [_, jim2] = system::state(&shop.site.db).await.unwrap();
    assert_eq!(jim2.departed, None);
    assert_eq!(shop.site.reader().await.events(1).await.len(), 1);
    shop.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_training_copy_is_not_read_for_the_real_one(pool: PgPool) {
    let shop = Shop::open(pool, Options::default()).await;
    shop.drain().await;
    shop.order(&shop.jobs[0], "PO 1").await;
    shop.hand("database", json!({"training": true})).await;
    let trouble = changes::step(&shop.feed).await.unwrap_err();
    assert!(
        trouble.to_string().contains("a training copy answers"),
        "{trouble}"
    );
    assert_eq!(shop.site.waiting().await, 0);
    shop.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn changes_that_were_cleaned_away_before_they_were_read_are_a_gap(pool: PgPool) {
    let shop = Shop::open(pool, Options::default()).await;
    shop.drain().await;
    for number in 0..9 {
        shop.order(&shop.jobs[0], &format!("PO {number}")).await;
    }
    shop.hand("clean-changes", json!({"keepRows": 2})).await;
    shop.drain().await;
    let gaps = store::gap::list(&shop.site.db).await.unwrap();
    assert_eq!(gaps.len(), 1);
    assert_eq!((gaps[0].system, &gaps[0].kind), (System::Jim2, &None));
    assert_eq!(gaps[0].reason, retention::REASON);
    let (since, until) = (gaps[0].since, gaps[0].until.unwrap());
    assert!(until - since <= TimeDelta::minutes(5), "{since} {until}");
    assert_eq!(shop.site.waiting().await, 1, "what is left is read");
    let end = shop.feed.jim2.changes(0, 1).await.unwrap().safe_mark;
    assert_eq!(shop.position().await, Some(end));

    shop.order(&shop.jobs[0], "PO 10").await;
    shop.drain().await;
    assert_eq!(store::gap::list(&shop.site.db).await.unwrap(), gaps);
    shop.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_change_table_that_went_back_is_a_restored_database_though_it_looks_right_again_later(
    pool: PgPool,
) {
    let shop = Shop::open(pool, Options::default()).await;
    shop.drain().await;
    shop.hand("backup", json!({})).await;
    shop.order(&shop.jobs[0], "PO 1").await;
    shop.drain().await;
    let read = shop.position().await;
    shop.hand("restore", json!({"raiseEpoch": false})).await;
    let trouble = changes::step(&shop.feed).await.unwrap_err();
    let says = trouble.to_string();
    assert!(says.contains("put back to an earlier state"), "{says}");
    trouble.settle(&shop.site.db, CHANGES_CURSOR, true).await;
    for number in 0..5 {
        shop.order(&shop.jobs[1], &format!("PO {number}")).await;
    }
    let trouble = changes::step(&shop.feed).await.unwrap_err();
    assert!(matches!(trouble, Trouble::Departed(_)), "{trouble}");
    assert_eq!(shop.position().await, read);
    shop.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn with_the_broker_away_changes_are_spilled_and_with_both_away_they_wait(pool: PgPool) {
    let shop = Shop::on(Site::without_broker(pool), Options::default()).await;
    changes::step(&shop.feed).await.unwrap();
    shop.order(&shop.jobs[0], "PO 1").await;
    shop.drain().await;
    assert_eq!(store::spill::count(&shop.site.db).await.unwrap(), 1);
    shop.site.pool.close().await;
    assert!(matches!(
        changes::step(&shop.feed).await,
        Err(Trouble::Store(_))
    ));
    shop.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_silent_jim2_is_stopped_for_everybody_and_the_feed_goes_on_after(pool: PgPool) {
    let shop = Shop::open(pool, Options::default()).await;
    let fault = json!({"name": "unavailable", "on": true, "count": 3});
    shop.hand("fault", fault).await;
    let mut pace = Pace::new(Duration::from_millis(1), Duration::from_millis(1));
    let mut modified = Modified::default();
    let wait = shop.feed.look(&mut modified, &mut pace).await;
    assert!(wait >= Duration::from_secs(30), "{wait:?}");
    let [_, jim2] = system::state(&shop.site.db).await.unwrap();
    assert_eq!(jim2.stop.unwrap().code, "away");
    eventually(async || changes::step(&shop.feed).await.is_ok()).await;
    shop.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn without_named_queries_the_last_modified_are_read_and_not_at_every_look(pool: PgPool) {
    let start: DateTime<Utc> = "2026-11-23T00:00:00Z".parse().unwrap();
    let options = Options {
        named_queries: false,
        now: Some(start),
        ..Options::default()
    };
    let mut shop = Shop::open(pool, options).await;
    shop.hand("clock", json!({"advanceSeconds": 3600})).await;
    shop.feed.clock = Arc::new(FixedClock(start + TimeDelta::hours(1)));
    let mut modified = Modified::default();
    assert_eq!(modified.step(&shop.feed).await.unwrap(), Look::Nothing);
    shop.order(&shop.jobs[0], "PO 1").await;
    let name = json!({"name": "Renamed Pty Ltd"});
    shop.hand("edit", edit("CardFile", &shop.cards[1], "JC", name))
        .await;
    assert_eq!(modified.step(&shop.feed).await.unwrap(), Look::Some);
    let told = shop.site.waiting().await;
    assert!(told >= 2, "the job, and the card with its people: {told}");
    assert_eq!(
        modified.step(&shop.feed).await.unwrap(),
        Look::Nothing,
        "the overlap"
    );

    shop.order(&shop.jobs[0], "PO 2").await;
    assert_eq!(modified.step(&shop.feed).await.unwrap(), Look::Some);
    assert_eq!(
        shop.site.waiting().await,
        told + 1,
        "only what is new of it"
    );
    // What the content does not show is told by repeating, and so is everything after a restart.
    let later = start + TimeDelta::minutes(62);
    shop.feed.clock = Arc::new(FixedClock(later));
    assert_eq!(modified.step(&shop.feed).await.unwrap(), Look::Some);
    assert_eq!(
        Modified::default().step(&shop.feed).await.unwrap(),
        Look::Some
    );
    assert_eq!(shop.site.waiting().await, 3 * told + 1);
    let cursor = cursor::get(&shop.site.db, MODIFIED_CURSOR)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(cursor.position.at, Some(later));
    shop.feed.clock = Arc::new(FixedClock(later + TimeDelta::minutes(15)));
    // The window begins before the last mark, so it is met once more.
    assert_eq!(modified.step(&shop.feed).await.unwrap(), Look::Some);
    assert_eq!(
        modified.step(&shop.feed).await.unwrap(),
        Look::Nothing,
        "it is out of the window"
    );
    let events = shop.site.reader().await.events(4 * told as usize + 1).await;
    let job = text(&shop.jobs[0]);
    let of_job = events
        .iter()
        .filter(|event| named(event) == (TICKET, &*job));
    assert_eq!(of_job.count(), 5);
    shop.stop().await;
}
