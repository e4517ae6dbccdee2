//! The two addresses that Autotask calls: for events, and for the end of a webhook.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
    routing::post,
};
use broker::Headers;
use domain::Clock;
use secrecy::SecretString;
use store::{Db, webhook};
use sync::Publish;
use tokio::time::timeout;

use crate::{
    Missed, event, metrics as names,
    payload::{self, Change, Told},
    registry::{Known, Registry},
    rejection::Rejection,
    signed::{Named, Signed},
};

/// Several times the largest call: a ticket's resolution has 32,000 characters, each up to 6 bytes when escaped.
const BODY_LIMIT_BYTES: usize = 256 * 1024;
/// Autotask waits 10 s for an answer (Autotask help, `Webhooks_Error_Handling`).
const ANSWER_WITHIN: Duration = Duration::from_secs(8);

/// What webhooks are taken in with.
#[derive(Debug, Clone)]
pub struct Intake {
    /// The database.
    pub db: Db,
    /// Where events go.
    pub publish: Publish,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The site's secret key, from which the webhooks' secrets are derived.
    pub secret_key: SecretString,
    /// Remembers what had to be turned away; its [`Missed::run`] must run too.
    pub missed: Missed,
}

/// The routes `POST /autotask/webhooks/{name}` and `POST /autotask/webhooks/{name}/deactivated`.
pub fn router(intake: Intake) -> Router {
    let desk = Desk {
        registry: Registry::new(intake.db.clone(), intake.secret_key),
        db: intake.db,
        publish: intake.publish,
        clock: intake.clock,
        missed: intake.missed,
    };
    Router::new()
        .route("/autotask/webhooks/{name}", post(told))
        .route("/autotask/webhooks/{name}/deactivated", post(deactivated))
        .layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES))
        .with_state(Arc::new(desk))
}

/// What the handlers work with.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) registry: Registry,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) missed: Missed,
    db: Db,
    publish: Publish,
}

async fn told(State(desk): State<Arc<Desk>>, signed: Signed) -> Result<StatusCode, Rejection> {
    match payload::read(&signed.body)? {
        Told::Deactivated => desk.look_at(&signed.name).await,
        Told::Changed(change) => {
            let at = change.at;
            let taken = desk.take(&signed, *change).await;
            if taken.as_ref().is_err_and(Rejection::is_ours) {
                desk.missed.note(desk.clock.now(), at);
            }
            taken
        }
    }
}

/// It may be unsigned, so it is believed no more than a stranger: the guardian asks Autotask.
async fn deactivated(
    State(desk): State<Arc<Desk>>,
    Named(name): Named,
) -> Result<StatusCode, Rejection> {
    desk.look_at(&name).await
}

impl Desk {
    /// What is known, once it knows of webhook `name`.
    pub(crate) async fn known_with(&self, name: &str) -> Result<Arc<Known>, Rejection> {
        let known = self.registry.known().await.ok_or(Rejection::Blind)?;
        if known.has(name) {
            return Ok(known);
        }
        let known = self.registry.again().await.ok_or(Rejection::Blind)?;
        if known.has(name) {
            Ok(known)
        } else {
            Err(Rejection::Unknown)
        }
    }

    /// Puts the event where it cannot be lost.
    async fn take(&self, signed: &Signed, change: Change) -> Result<StatusCode, Rejection> {
        let headers = Headers {
            webhook: Some(signed.name.clone()),
            sequence: change.sequence,
            guid: change.guid.clone(),
            ..Headers::new(self.clock.now())
        };
        let event = event::of_webhook(change, signed.known.own_resource.as_deref());
        let publish = self.publish.with_headers([(event, headers)]);
        let kept = timeout(ANSWER_WITHIN, publish).await;
        let kept = kept.map_err(|_| Rejection::TooSlow)??;
        Ok(accepted(if kept.spilled == 0 {
            "published"
        } else {
            "spilled"
        }))
    }

    /// A call that was not signed as it should be may be Autotask's, with another secret: the guardian sends ours again.
    pub(crate) async fn suspect(&self, name: &str) {
        if let Err(error) = webhook::suspect(&self.db, name).await {
            tracing::warn!(
                webhook = name,
                error = &error as &dyn std::error::Error,
                "the guardian could not be asked to look at a webhook"
            );
        }
    }

    /// Asks the guardian to look at a webhook.
    async fn look_at(&self, name: &str) -> Result<StatusCode, Rejection> {
        webhook::want_check(&self.db, name).await?;
        tracing::warn!(
            webhook = name,
            "Autotask says that it switched a webhook off"
        );
        Ok(accepted("deactivated"))
    }
}

fn accepted(outcome: &'static str) -> StatusCode {
    metrics::counter!(names::ACCEPTED, "outcome" => outcome).increment(1);
    StatusCode::ACCEPTED
}

#[cfg(test)]
mod tests;
