//! The listener that Autotask calls. It runs before the site is connected, so that `connect` can try its address.

use std::sync::Arc;

use anyhow::Context as _;
use axum::{Router, routing::get};
use ingress::{Heartbeat, Intake, Missed};
use sync::Publish;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::parts::Parts;

/// Takes the address.
pub(super) async fn listen(parts: &Parts) -> anyhow::Result<TcpListener> {
    let address = parts.config.ingress.listen;
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address} (INGRESS_LISTEN); is another process there?")
    })
}

/// Takes webhooks in until `stop`.
pub(super) async fn serve(
    listener: TcpListener,
    parts: Parts,
    intake: Publish,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let missed = Missed::new(parts.db.clone());
    let intake = Intake {
        db: parts.db.clone(),
        publish: intake,
        clock: Arc::clone(&parts.clock),
        secret_key: parts.config.secret_key.clone(),
        missed: missed.clone(),
    };
    // Says no more than that somebody is here: this address is public.
    let router: Router = ingress::router(intake).route("/health", get(async || "ok"));
    let serving = axum::serve(listener, router)
        .with_graceful_shutdown(stop.clone().cancelled_owned())
        .into_future();
    let heart = Heartbeat::new(parts.db.clone(), Arc::clone(&parts.clock));
    let (served, (), ()) = tokio::join!(serving, missed.run(stop.clone()), heart.run(stop));
    Ok(served?)
}
