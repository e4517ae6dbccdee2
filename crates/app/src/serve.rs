//! `crossbill serve`: builds the parts of the roles asked for, runs them, and stops them in order.

mod admin;
mod alarms;
mod gauges;
mod ready;
mod roles;
mod sources;
mod start;
mod upkeep;
mod webhooks;

use std::process::ExitCode;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tracing::info;

use crate::{cli::Role, config::Config, serve::roles::Roles, shutdown::Shutdown, telemetry};

/// Runs until a signal, or until a part fails.
pub(crate) async fn serve(config: Config, role: Option<Role>) -> anyhow::Result<ExitCode> {
    let rendered = telemetry::record()?;
    let shutdown = Shutdown::on_signal()?;
    let stop = shutdown.token();
    let (parts, tasks) = tokio::select! {
        started = start::start(config) => started?,
        () = stop.cancelled() => return Ok(ExitCode::SUCCESS),
    };
    let roles = Roles::new(role);
    info!(roles = roles.words().join(", "), "serving");
    // The roles' last copies still have to be published: these outlive them.
    let last = shutdown.last();
    let (intake, intake_task) = parts.intake();
    shutdown.support(intake_task.run(last.clone()));
    shutdown.support(tasks.publisher.run(last.clone()));
    shutdown.support(tasks.gate.run(last));

    let address = parts.config.admin_listen;
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address} (ADMIN_LISTEN); is another process there?")
    })?;
    let router = admin::router(rendered.clone(), ready::Ready::new(&parts, &roles));
    shutdown.run("admin", admin::serve(listener, router, stop.clone()));
    shutdown.run("gauges", gauges::run(parts.clone(), rendered, stop.clone()));
    if roles.has_ingress() {
        let listener = webhooks::listen(&parts).await?;
        let taking = webhooks::serve(listener, parts.clone(), intake.clone(), stop.clone());
        shutdown.run("webhooks", taking);
    }
    shutdown.run("roles", roles.run(parts.clone(), intake, stop));
    let code = shutdown.finish().await;
    parts.db.close().await;
    Ok(code)
}
