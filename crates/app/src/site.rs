//! What `connect` found out about this site and stored: which Jim2 database, which settings.
//!
//! Roles are built for one such state and built anew when it changes, so that `connect` may run after `serve`.

use std::{collections::HashMap, time::Duration};

use domain::System;
use serde_json::Value;
use store::{Db, lookup::Entry, system::Identity};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// The setting that `connect` stores once it knows who we are in Autotask: without it there is nothing to run.
pub(crate) const CONNECTED: &str = ingress::OWN_RESOURCE;
/// The setting that says whether Jim2 has our named queries.
pub(crate) const NAMED_QUERIES: &str = "jim2.named_queries";
/// The setting: whether comments can be written on jobs.
pub(crate) const COMMENTS_WRITABLE: &str = "jim2.comments_writable";
/// The setting that says that Autotask cannot reach us, so that it is asked for changes.
pub(crate) const POLL_ONLY: &str = "autotask.poll_only";
/// The list of people, which `connect` fills.
const PEOPLE: &str = "technician";

/// How often the stored state is looked at.
const LOOK: Duration = Duration::from_secs(3);

/// The stored state of the site.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Site {
    /// The Jim2 database we were connected to.
    pub(crate) jim2: Option<Identity>,
    /// All settings.
    pub(crate) settings: HashMap<String, Value>,
    /// The people of both systems, whose names travel with notes.
    pub(crate) people: Vec<Entry>,
}

impl Site {
    /// Reads it.
    pub(crate) async fn load(db: &Db) -> Result<Self, store::Error> {
        let mut people = store::lookup::list(db, PEOPLE, System::Autotask).await?;
        people.extend(store::lookup::list(db, PEOPLE, System::Jim2).await?);
        Ok(Self {
            jim2: store::system::identity(db, System::Jim2).await?,
            settings: store::setting::all(db).await?,
            people,
        })
    }

    /// Whether `connect` has run.
    pub(crate) fn is_connected(&self) -> bool {
        self.settings.contains_key(CONNECTED)
    }

    /// Whether Jim2 has our named queries. They are looked for until `connect` has found that they are missing.
    pub(crate) fn has_named_queries(&self) -> bool {
        self.settings
            .get(NAMED_QUERIES)
            .and_then(Value::as_bool)
            .unwrap_or(true)
    }
}

/// Waits until the site is connected; `None` when asked to stop first.
pub(crate) async fn connected(db: &Db, stop: &CancellationToken) -> Option<Site> {
    let mut has_told = false;
    loop {
        match Site::load(db).await {
            Ok(site) if site.is_connected() => return Some(site),
            Ok(_) if has_told => {}
            Ok(_) => {
                info!("waiting: this site is not connected yet; run `crossbill connect`");
                has_told = true;
            }
            Err(error) => warn!(
                error = &error as &dyn std::error::Error,
                "the site's settings cannot be read; trying again"
            ),
        }
        pause(stop).await?;
    }
}

/// Waits until the stored state differs from `site`, or until asked to stop.
pub(crate) async fn changed(db: &Db, site: &Site, stop: &CancellationToken) {
    while pause(stop).await.is_some() {
        // What cannot be read has not changed, as far as we know.
        if Site::load(db).await.is_ok_and(|now| now != *site) {
            info!("the site's settings have changed; roles take them in");
            return;
        }
    }
}

async fn pause(stop: &CancellationToken) -> Option<()> {
    tokio::select! {
        () = stop.cancelled() => None,
        () = tokio::time::sleep(LOOK) => Some(()),
    }
}
