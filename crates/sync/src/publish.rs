//! The one way to publish events: to the broker with a confirm, else to Postgres.

use std::sync::Arc;

use broker::{Headers, Lane, Outgoing, Publisher, Route};
use chrono::{DateTime, Utc};
use domain::{Clock, Event};
use store::{Db, claim::Waiting, spill::Spilled};
use uuid::Uuid;

use crate::metrics;

/// Publishes events. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Publish {
    publisher: Publisher,
    db: Db,
    clock: Arc<dyn Clock>,
}

/// Where events ended up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kept {
    /// Confirmed by the broker.
    pub published: usize,
    /// In Postgres, until the broker is back.
    pub spilled: usize,
}

impl Publish {
    /// Publishes through `publisher`, spills to `db`.
    pub fn new(publisher: Publisher, db: Db, clock: Arc<dyn Clock>) -> Self {
        Self {
            publisher,
            db,
            clock,
        }
    }

    /// What it publishes through.
    pub fn publisher(&self) -> &Publisher {
        &self.publisher
    }

    /// Publishes events. An error means that neither the broker nor Postgres took them all: they must come again.
    pub async fn events(
        &self,
        events: impl IntoIterator<Item = Event>,
    ) -> Result<Kept, store::Error> {
        let now = self.clock.now();
        self.with_headers(events.into_iter().map(|event| (event, Headers::new(now))))
            .await
    }

    /// Publishes events with what travels beside them.
    pub async fn with_headers(
        &self,
        events: impl IntoIterator<Item = (Event, Headers)>,
    ) -> Result<Kept, store::Error> {
        let messages: Vec<(Route, Outgoing)> = events
            .into_iter()
            .map(|(event, headers)| message(&event, headers))
            .collect();
        let verdicts = self.publisher.publish_all(messages.clone()).await;
        let refused: Vec<Spilled> = messages
            .into_iter()
            .zip(&verdicts)
            .filter(|(_, verdict)| verdict.is_err())
            .map(|((route, outgoing), _)| spilled(&route, &outgoing, self.clock.now()))
            .collect();
        if !refused.is_empty() {
            store::spill::put(&self.db, &refused).await?;
            ::metrics::counter!(metrics::SPILLED).increment(refused.len() as u64);
        }
        Ok(Kept {
            published: verdicts.len() - refused.len(),
            spilled: refused.len(),
        })
    }

    /// Publishes the events that wait on pairs nobody has in hand any more, and only then takes them off the rows:
    /// until then the rescuer finds them.
    pub async fn put_back(
        &self,
        waiting: impl IntoIterator<Item = Waiting>,
    ) -> Result<(), store::Error> {
        let waiting: Vec<Waiting> = waiting.into_iter().collect();
        if waiting.is_empty() {
            return Ok(());
        }
        let events: Vec<Event> = waiting.iter().flat_map(|it| it.events.clone()).collect();
        self.events(events).await?;
        store::claim::put_back(&self.db, &waiting).await?;
        Ok(())
    }

    /// Has records looked at again. What cannot be put anywhere is told in the log; whether all
    /// was put somewhere.
    pub(crate) async fn again(&self, events: impl IntoIterator<Item = Event>) -> bool {
        let events: Vec<Event> = events.into_iter().collect();
        if events.is_empty() {
            return true;
        }
        let put_back = self.events(events).await;
        if let Err(error) = &put_back {
            tracing::error!(
                error = error as &dyn std::error::Error,
                "events could not be put back"
            );
        }
        put_back.is_ok()
    }
}

/// A message as the spill keeps it.
pub(crate) fn spilled(route: &Route, outgoing: &Outgoing, due_at: DateTime<Utc>) -> Spilled {
    let plain = |value: serde_json::Result<serde_json::Value>| {
        value.expect("routes and headers are plain data")
    };
    Spilled {
        id: outgoing.id,
        route: plain(serde_json::to_value(route)),
        headers: plain(serde_json::to_value(&outgoing.headers)),
        body: outgoing.body.to_vec(),
        due_at,
    }
}

/// The message of an event. Sweeps and first loads wait for live events.
fn message(event: &Event, headers: Headers) -> (Route, Outgoing) {
    let lane = if event.can_wait() {
        Lane::Bulk
    } else {
        Lane::Live
    };
    let route = Route::Event {
        system: event.key.system,
        kind: event.key.kind.clone(),
        lane,
    };
    let body = serde_json::to_vec(event).expect("an event is plain data");
    let outgoing = Outgoing {
        id: Uuid::now_v7(),
        body: body.into(),
        headers,
    };
    (route, outgoing)
}
