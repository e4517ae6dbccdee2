//! Telling of a change that no webhook tells of, as a sweep does.

use broker::{Headers, Lane, Route};
use domain::{Cause, Clock as _, Event, Key, SystemClock};
use store::{Db, spill::Spilled};
use uuid::Uuid;

use super::System;

impl System {
    /// Puts an event about a record where the drainer of the spill finds it.
    pub(crate) async fn tell_of(&self, key: Key) {
        let route = Route::Event {
            system: key.system,
            kind: key.kind.clone(),
            lane: Lane::Live,
        };
        let message = Spilled {
            id: Uuid::now_v7(),
            route: serde_json::to_value(route).unwrap(),
            headers: serde_json::to_value(Headers::new(SystemClock.now())).unwrap(),
            body: serde_json::to_vec(&Event::new(key, Cause::Rescue)).unwrap(),
            due_at: SystemClock.now(),
        };
        let db = Db::from(self.database.pool.clone());
        store::spill::put(&db, &[message]).await.unwrap();
    }
}
