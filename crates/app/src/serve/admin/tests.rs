use axum::{body::Body, http::Request};
use broker::{Consumer, Queues, testing::eventually};
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::Value;
use sqlx::PgPool;
use store::Db;
use tower::ServiceExt as _;

use super::*;
use crate::{
    cli::Role,
    kinds,
    operate::bench::{self, Bench},
    parts::Parts,
    serve::roles::Roles,
    site,
};

/// A port that nobody listens on.
const NOBODY: &str = "amqp://guest:guest@127.0.0.1:1/none";

async fn get(parts: &Parts, role: Option<Role>, path: &str) -> (StatusCode, Value) {
    let rendered = PrometheusBuilder::new().build_recorder().handle();
    let router = router(rendered, Ready::new(parts, &Roles::new(role)));
    let request = Request::get(path).body(Body::empty()).unwrap();
    let answer = router.oneshot(request).await.unwrap();
    let status = answer.status();
    let body = axum::body::to_bytes(answer.into_body(), 1 << 20)
        .await
        .unwrap();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

async fn without_broker(pool: PgPool) -> Parts {
    let config = bench::config(
        NOBODY,
        "http://127.0.0.1:1/ATServicesRest/",
        "http://127.0.0.1:1/",
    );
    Parts::over(config, Db::from(pool)).await.unwrap().0
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_process_with_all_it_needs_is_ready(pool: PgPool) {
    let bench = Bench::over(pool).await;
    let (status, body) = get(&bench.parts, None, "/health/ready").await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!(body["status"], "ready");
    assert_eq!(body["roles"][1], "worker company");
    assert_eq!(body["consumers"]["ticket"], 0);
    assert_eq!(body["systems"]["jim2"], "paused by installation");
    assert_eq!(get(&bench.parts, None, "/metrics").await.0, StatusCode::OK);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_worker_is_ready_only_while_its_queues_are_taken_from_or_nothing_is_to_be_taken(
    pool: PgPool,
) {
    let bench = Bench::over(pool).await;
    let parts = &bench.parts;
    let ticket = kinds::named("ticket").unwrap();
    let kinds = vec![ticket.clone()];
    let worker = async || {
        let role = Role::Worker {
            kinds: kinds.clone(),
        };
        get(parts, Some(role), "/health/ready").await
    };
    assert_eq!(worker().await.0, StatusCode::OK, "paused, not connected");
    for system in domain::System::BOTH {
        store::system::resume(bench.db(), system, "mia")
            .await
            .unwrap();
    }
    assert_eq!(worker().await.0, StatusCode::OK, "not connected");

    store::setting::set(bench.db(), site::CONNECTED, &7)
        .await
        .unwrap();
    let (status, body) = worker().await;
    assert_eq!(
        (status, &body["status"]),
        (StatusCode::SERVICE_UNAVAILABLE, &"not-ready".into())
    );
    let (status, body) = get(parts, None, "/health/ready").await;
    let degraded = (StatusCode::OK, &"degraded".into());
    assert_eq!((status, &body["status"]), degraded, "ingress goes on");
    let (status, body) = get(parts, Some(Role::Reconciler), "/health/ready").await;
    assert_eq!((status, &body["status"]), (StatusCode::OK, &"ready".into()));

    let queues = Queues::from(&kinds::family(&ticket));
    let consumer = Consumer::open(&parts.broker, &queues, 1).await.unwrap();
    let (status, body) = worker().await;
    assert_eq!((status, &body["status"]), (StatusCode::OK, &"ready".into()));
    consumer.close().await;
    eventually(async || worker().await.0 == StatusCode::SERVICE_UNAVAILABLE).await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn without_the_broker_ingress_goes_on_and_the_others_do_not(pool: PgPool) {
    let parts = without_broker(pool).await;
    let (status, body) = get(&parts, Some(Role::Ingress), "/health/ready").await;
    assert_eq!(
        (status, &body["status"]),
        (StatusCode::OK, &"degraded".into())
    );
    assert!(
        body["rabbitmq"]["away"]
            .as_str()
            .unwrap()
            .contains("RabbitMQ"),
        "{body}"
    );
    for role in [Role::Reconciler, Role::Worker { kinds: Vec::new() }] {
        let (status, body) = get(&parts, Some(role), "/health/ready").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{body}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn without_postgres_a_process_is_alive_and_not_ready(pool: PgPool) {
    let parts = without_broker(pool).await;
    parts.db.close().await;
    assert_eq!(
        get(&parts, Some(Role::Ingress), "/health/live").await.0,
        StatusCode::OK
    );
    let (status, body) = get(&parts, Some(Role::Ingress), "/health/ready").await;
    assert_eq!(
        (status, &body["status"]),
        (StatusCode::SERVICE_UNAVAILABLE, &"not-ready".into())
    );
}
