//! Step 1: our own database and broker.

use anyhow::Context as _;

use super::{Kit, Report};

/// Refuses a schema that is not this build's and a broker that cannot be used.
pub(super) async fn check(kit: &Kit, report: &mut Report<'_>) -> anyhow::Result<()> {
    report.begin("Postgres and RabbitMQ", 2);
    kit.db
        .check_schema()
        .await
        .context("Postgres cannot be used: check DATABASE_URL, and run `crossbill migrate` once")?;
    report.advance(1);
    kit.broker
        .declare(&kit.topology)
        .await
        .context("RabbitMQ cannot be used: check AMQP_URL")?;
    report.done("Postgres and RabbitMQ are ready")?;
    Ok(())
}
