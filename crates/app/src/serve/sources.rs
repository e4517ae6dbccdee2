//! Reading what nobody tells us: Jim2's changes, and Autotask's where no webhook can come in.

use std::{sync::Arc, time::Duration};

use ingress::{
    feed::{self, Feed},
    poll::{self, Poll},
};
use sync::Publish;
use tokio_util::sync::CancellationToken;

use super::roles::Tasks;
use crate::{
    parts::{Clients, Parts},
    site::Site,
};

/// How often Autotask is asked for changes. Each look costs four calls of its hourly allowance.
const EVERY: Duration = Duration::from_secs(30);

/// Starts reading.
pub(super) fn start(
    tasks: &mut Tasks,
    (parts, intake): (&Parts, &Publish),
    (site, clients): (&Site, &Clients),
    turn: &CancellationToken,
) {
    let feed = Feed {
        jim2: clients.jim2.clone(),
        db: parts.db.clone(),
        publish: intake.clone(),
        clock: Arc::clone(&parts.clock),
        timing: feed::Timing::default(),
    };
    let stop = turn.clone();
    tasks.spawn(async move {
        feed::run(feed, stop).await;
        Ok(())
    });
    if site.is_polled() {
        let poll = Poll {
            autotask: clients.autotask.clone(),
            db: parts.db.clone(),
            publish: intake.clone(),
            clock: Arc::clone(&parts.clock),
            every: EVERY,
        };
        let stop = turn.clone();
        tasks.spawn(async move {
            poll::run(poll, stop).await;
            Ok(())
        });
    }
}
