//! The two addresses over a real database and a real broker.

use axum::{
    body::Body,
    http::{Request, Response, header::RETRY_AFTER},
};
use chrono::TimeDelta;
use domain::{Key, System};
use proptest::{prelude::*, strategy::ValueTree as _};
use sqlx::{PgPool, postgres::PgPoolOptions};
use store::{gap, setting, spill};
use sync::{OWN_RESOURCE, webhook_secret};
use tower::ServiceExt as _;

use super::*;
use crate::{
    kind::{COMPANY, TICKET},
    secret::signature,
    testing::{Site, event, site_key, webhook},
};

const NAME: &str = "crossbill-ticket";
const PATH: &str = "/autotask/webhooks/crossbill-ticket";
const BODY: &str = r#"{"Action":"Update","Guid":"g-1","EntityType":"Ticket","Id":7001,"Fields":{"Title":"O\u0027Brien \u0026 S\u00F8n"},"EventTime":"2026-11-23T01:00:00Z","SequenceNumber":12,"PersonID":29682885}"#;

/// The routes of a site, with everything a test may want to change.
struct Gate {
    router: Router,
    missed: Missed,
}

async fn gate(site: &Site) -> Gate {
    webhook::upsert(&site.db, &webhook(NAME, 1)).await.unwrap();
    let missed = Missed::new(site.db.clone());
    gate_with(site, missed)
}

fn gate_with(site: &Site, missed: Missed) -> Gate {
    let intake = Intake {
        db: site.db.clone(),
        publish: site.publish.clone(),
        clock: Arc::clone(&site.clock),
        secret_key: site_key(),
        missed: missed.clone(),
    };
    Gate {
        router: router(intake),
        missed,
    }
}

impl Gate {
    async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// A call to the webhook's address with this signature header.
    async fn call(&self, signature: Option<&str>, body: impl Into<Vec<u8>>) -> u16 {
        self.send(call(PATH, signature, body))
            .await
            .status()
            .as_u16()
    }

    /// A call signed with the webhook's secret of `version`.
    async fn signed(&self, version: i32, body: &str) -> u16 {
        self.call(Some(&header(version, body)), body).await
    }
}

fn call(path: &str, signature: Option<&str>, body: impl Into<Vec<u8>>) -> Request<Body> {
    let mut request = Request::post(path).header("content-type", "application/json; charset=utf-8");
    if let Some(signature) = signature {
        request = request.header("X-Hook-Signature", signature);
    }
    request.body(Body::from(body.into())).unwrap()
}

fn header(version: i32, body: &str) -> String {
    signature(&webhook_secret(&site_key(), NAME, version), body.as_bytes())
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_signed_call_becomes_an_event_with_all_that_was_told(pool: PgPool) {
    let site = Site::start(pool).await;
    let gate = gate(&site).await;
    assert_eq!(gate.signed(1, BODY).await, 202);
    let taken = site.reader().await.take(1).await;
    let headers = &taken[0].headers;
    assert_eq!(headers.webhook.as_deref(), Some(NAME));
    assert_eq!(
        (headers.sequence, headers.guid.as_deref()),
        (Some(12), Some("g-1"))
    );
    let event = event(&taken[0]);
    assert_eq!(event.key, Key::new(TICKET, System::Autotask, 7001));
    assert_eq!(
        event.floor.at,
        Some("2026-11-23T01:00:00Z".parse().unwrap())
    );
    assert_eq!(event.evidence[0].by.as_deref(), Some("29682885"));
    assert_eq!(event.evidence[0].fields["Title"], "O'Brien & Søn".into());
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn only_what_carries_our_signature_is_taken(pool: PgPool) {
    let site = Site::start(pool).await;
    let gate = gate(&site).await;
    let right = header(1, BODY);
    let bare = right.trim_start_matches("sha1=");
    let stranger = signature(&"somebody else's secret".into(), BODY.as_bytes());
    let spoiled = BODY.replace("7001", "7002");
    for (says, signature, body, status) in [
        ("right", Some(&*right), BODY.as_bytes(), 202),
        (
            "right, without the prefix",
            Some(bare),
            BODY.as_bytes(),
            202,
        ),
        ("missing", None, BODY.as_bytes(), 401),
        ("empty", Some(""), BODY.as_bytes(), 401),
        ("somebody else's", Some(&*stranger), BODY.as_bytes(), 401),
        ("of another body", Some(&*right), spoiled.as_bytes(), 401),
        (
            "of a body that was cut",
            Some(&*right),
            &BODY.as_bytes()[..90],
            401,
        ),
        ("of no body", Some(&*right), b"", 401),
    ] {
        assert_eq!(gate.call(signature, body).await, status, "{says}");
    }
    let junk = vec![b'x'; 2 * 1024 * 1024];
    assert_eq!(gate.call(Some(&right), junk.clone()).await, 413);
    assert_eq!(gate.call(None, junk).await, 401, "not even read");
    assert_eq!(site.waiting().await, 2);
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn of_several_signatures_the_first_one_counts(pool: PgPool) {
    let site = Site::start(pool).await;
    let gate = gate(&site).await;
    let right = header(1, BODY);
    let other = header(1, "{}");
    for (signatures, status) in [
        ([&right, &right], 202),
        ([&right, &other], 202),
        ([&other, &right], 401),
        ([&other, &other], 401),
    ] {
        let mut request = call(PATH, None, BODY);
        for signature in signatures {
            let signature = signature.parse().unwrap();
            request.headers_mut().append("x-hook-signature", signature);
        }
        assert_eq!(gate.send(request).await.status(), status, "{signatures:?}");
    }
    assert_eq!(site.waiting().await, 2);
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_secret_before_is_taken_for_an_hour_and_the_one_before_that_is_not(pool: PgPool) {
    let site = Site::start(pool.clone()).await;
    let gate = gate(&site).await;
    assert_eq!(gate.signed(1, BODY).await, 202);
    for _ in 0..2 {
        assert!(webhook::rotate(&site.db, NAME).await.unwrap());
    }
    // Looked up again after a signature that does not fit, at most once a second.
    broker::testing::eventually(async || gate.signed(3, BODY).await == 202).await;
    for (version, status) in [(1, 401), (2, 202), (3, 202), (4, 401)] {
        assert_eq!(
            gate.signed(version, BODY).await,
            status,
            "version {version}"
        );
    }
    sqlx::query("update webhook set rotated_at = now() - interval '61 minutes'")
        .execute(&pool)
        .await
        .unwrap();
    let later = gate_with(&site, Missed::new(site.db.clone()));
    for (version, status) in [(2, 401), (3, 202)] {
        assert_eq!(
            later.signed(version, BODY).await,
            status,
            "version {version}, an hour later"
        );
    }
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn calls_that_cannot_be_meant_are_refused_and_leave_nothing(pool: PgPool) {
    let site = Site::start(pool).await;
    let gate = gate(&site).await;
    for body in [
        "",
        "[]",
        r#"{"Action":"Create","EntityType":"Ticket"}"#,
        r#"{"Action":"Create","EntityType":"Opportunity","Id":7}"#,
    ] {
        assert_eq!(gate.signed(1, body).await, 400, "{body}");
    }
    let unknown = call("/autotask/webhooks/other", Some(&header(1, BODY)), BODY);
    assert_eq!(gate.send(unknown).await.status(), 404);
    let mut form = call(PATH, Some(&header(1, BODY)), BODY);
    let content = "application/x-www-form-urlencoded".parse().unwrap();
    form.headers_mut().insert("content-type", content);
    assert_eq!(gate.send(form).await.status(), 415);
    let get = Request::get(PATH).body(Body::empty()).unwrap();
    assert_eq!(gate.send(get).await.status(), 405);
    assert_eq!(site.waiting().await, 0);
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_webhook_made_while_we_run_is_known_soon(pool: PgPool) {
    let site = Site::start(pool).await;
    let gate = gate(&site).await;
    assert_eq!(gate.signed(1, BODY).await, 202);
    webhook::upsert(&site.db, &webhook("crossbill-company", 1))
        .await
        .unwrap();
    setting::set(&site.db, OWN_RESOURCE, &29_682_999)
        .await
        .unwrap();
    let body = r#"{"Action":"Update","EntityType":"Account","Id":174,"Fields":{"CompanyName":"X"},"EventTime":"2026-11-23T01:00:00Z","PersonID":29682999}"#;
    let secret = webhook_secret(&site_key(), "crossbill-company", 1);
    let header = signature(&secret, body.as_bytes());
    broker::testing::eventually(async || {
        let request = call("/autotask/webhooks/crossbill-company", Some(&header), body);
        gate.send(request).await.status() == 202
    })
    .await;
    let events = site.reader().await.events(2).await;
    assert_eq!(events[1].key, Key::new(COMPANY, System::Autotask, 174));
    assert!(
        events[1].evidence[0].fields.is_empty(),
        "it was our own doing"
    );
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_deactivation_is_looked_into_and_never_believed(pool: PgPool) {
    let site = Site::start(pool).await;
    let gate = gate(&site).await;
    let wanted = async || webhook::list(&site.db).await.unwrap()[0].check_wanted;
    let body = r#"{"Action":"Deactivated"}"#;
    assert_eq!(gate.call(None, body).await, 401);
    assert!(!wanted().await);
    assert_eq!(gate.signed(1, body).await, 202);
    assert!(wanted().await);

    webhook::upsert(&site.db, &webhook(NAME, 1)).await.unwrap();
    let path = format!("{PATH}/deactivated");
    assert_eq!(gate.send(call(&path, None, "anything")).await.status(), 202);
    assert!(wanted().await);
    let row = &webhook::list(&site.db).await.unwrap()[0];
    assert!(row.is_active, "only Autotask itself is believed");
    let other = call("/autotask/webhooks/other/deactivated", None, "");
    assert_eq!(gate.send(other).await.status(), 404);
    let junk = call(&path, None, vec![0; 300 * 1024]);
    assert_eq!(gate.send(junk).await.status(), 413);
    assert_eq!(site.waiting().await, 0);
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn with_the_broker_away_the_event_is_kept_in_postgres(pool: PgPool) {
    let site = Site::without_broker(pool);
    let gate = gate(&site).await;
    assert_eq!(gate.signed(1, BODY).await, 202);
    let spilled = spill::due(&site.db, 10, Duration::from_mins(1))
        .await
        .unwrap();
    assert_eq!(spilled.len(), 1);
    assert_eq!(spilled[0].headers["webhook"], NAME);
    assert!(
        gap::list(&site.db).await.unwrap().is_empty(),
        "nothing is missed"
    );
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn with_both_away_the_caller_is_asked_to_come_back_and_a_gap_says_so_later(pool: PgPool) {
    let site = Site::without_broker(pool.clone());
    webhook::upsert(&site.db, &webhook(NAME, 1)).await.unwrap();
    let back = PgPoolOptions::new().connect_with((*pool.connect_options()).clone());
    let back = Db::from(back.await.unwrap());
    let gate = gate_with(&site, Missed::new(back.clone()));
    assert_eq!(gate.signed(1, BODY).await, 202, "the webhook is known now");
    site.pool.close().await;
    let answer = gate.send(call(PATH, Some(&header(1, BODY)), BODY)).await;
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.headers()[RETRY_AFTER], "30");
    assert_eq!(
        gate.signed(9, BODY).await,
        401,
        "a stranger is still a stranger"
    );

    site.tasks.spawn(gate.missed.clone().run(site.stop.clone()));
    broker::testing::eventually(async || !gap::list(&back).await.unwrap().is_empty()).await;
    let gap = gap::list(&back).await.unwrap().remove(0);
    assert_eq!((gap.system, gap.kind), (System::Autotask, None));
    assert!(gap.until.unwrap() - gap.since <= TimeDelta::hours(1));
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn before_the_webhooks_were_ever_read_nobody_is_turned_away_for_good(pool: PgPool) {
    let site = Site::without_broker(pool);
    site.pool.close().await;
    let gate = gate_with(&site, Missed::new(site.db.clone()));
    assert_eq!(gate.signed(1, BODY).await, 503);
    assert_eq!(gate.call(None, BODY).await, 503);
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn no_unsigned_body_gets_in_whatever_it_looks_like(pool: PgPool) {
    let site = Site::start(pool).await;
    let gate = gate(&site).await;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let any_call = (
        "[ -~]{0,60}",
        proptest::collection::vec(any::<u8>(), 0..200),
    );
    for _ in 0..100 {
        let (header, body) = any_call.new_tree(&mut runner).unwrap().current();
        let status = gate.call(Some(&header), body.clone()).await;
        assert!(matches!(status, 401), "{status}: {header} {body:?}");
    }
    assert_eq!(site.waiting().await, 0);
    site.stop().await;
}
