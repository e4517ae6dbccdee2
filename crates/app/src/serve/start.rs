//! Starting: Postgres and RabbitMQ may be slower than we are. They are waited for, a while, and it is said.

use std::time::Duration;

use anyhow::Context as _;
use tokio::time::{Instant, sleep};
use tracing::{info, warn};

use crate::{
    config::Config,
    kinds,
    parts::{self, Parts, Tasks},
};

/// How long Postgres and RabbitMQ are waited for, each.
const PATIENCE: Duration = Duration::from_mins(1);
/// The waits between attempts.
const SHORTEST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(5);

/// Builds the parts once Postgres and RabbitMQ answer, and declares what is needed in RabbitMQ.
pub(super) async fn start(config: Config) -> anyhow::Result<(Parts, Tasks)> {
    let db = answer("Postgres", "DATABASE_URL", async || {
        let db = parts::database(&config).await?;
        db.ping().await?;
        Ok::<_, store::Error>(db)
    })
    .await?;
    let (parts, tasks) = Parts::over(config, db).await?;
    answer("RabbitMQ", "AMQP_URL", async || parts.broker.ping().await).await?;
    parts
        .broker
        .declare(&kinds::topology())
        .await
        .context("RabbitMQ does not take our queues")?;
    Ok((parts, tasks))
}

/// Asks until there is an answer, with growing waits, for a minute at most.
async fn answer<T, E: std::error::Error + Send + Sync + 'static>(
    service: &'static str,
    setting: &'static str,
    ask: impl AsyncFn() -> Result<T, E>,
) -> anyhow::Result<T> {
    let deadline = Instant::now() + PATIENCE;
    let mut wait = SHORTEST;
    loop {
        match ask().await {
            Ok(answered) => {
                info!(service, "answers");
                return Ok(answered);
            }
            Err(error) if Instant::now() + wait >= deadline => {
                return Err(error).with_context(|| {
                    format!(
                        "{service} did not answer for {} s; check that it runs and {setting}",
                        PATIENCE.as_secs()
                    )
                });
            }
            Err(error) => warn!(
                service,
                setting,
                error = &error as &dyn std::error::Error,
                "no answer yet; trying again"
            ),
        }
        sleep(wait).await;
        wait = (wait * 2).min(LONGEST);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_service_that_comes_late_is_waited_for() {
        let asked = Cell::new(0);
        let ask = async || {
            asked.set(asked.get() + 1);
            if asked.get() < 5 {
                Err(std::io::Error::other("away"))
            } else {
                Ok(asked.get())
            }
        };
        assert_eq!(answer("Postgres", "DATABASE_URL", ask).await.unwrap(), 5);
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_that_stays_away_is_named_with_its_setting() {
        let begun = Instant::now();
        let ask = async || Err::<(), _>(std::io::Error::other("away"));
        let error = answer("RabbitMQ", "AMQP_URL", ask).await.unwrap_err();
        assert!(format!("{error:#}").contains("check that it runs and AMQP_URL: away"));
        assert!(begun.elapsed() <= PATIENCE);
    }
}
