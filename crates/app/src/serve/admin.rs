//! The admin listener: health for the platform and the operator, metrics for Prometheus. Keep it private.

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::ready::Ready;

/// The routes.
pub(super) fn router(rendered: PrometheusHandle, ready: Ready) -> Router {
    Router::new()
        .route("/health/live", get(live))
        .route("/health/ready", get(is_ready).with_state(ready))
        .route("/metrics", get(metrics).with_state(rendered))
}

/// Serves them until `stop`.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    Ok(axum::serve(listener, router)
        .with_graceful_shutdown(stop.cancelled_owned())
        .await?)
}

async fn live() -> impl IntoResponse {
    Json(serde_json::json!({"status": "live", "version": env!("CARGO_PKG_VERSION")}))
}

async fn is_ready(State(ready): State<Ready>) -> impl IntoResponse {
    let report = ready.report().await;
    let status = if report.is_ready() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(report))
}

async fn metrics(State(rendered): State<PrometheusHandle>) -> impl IntoResponse {
    (
        [(
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        )],
        rendered.render(),
    )
}

#[cfg(test)]
mod tests;
