//! The roles of a process: which they are, and running them for as long as the site stays as it is.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use domain::Kind;
use sync::{Mappings, Publish};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use super::{sources, upkeep};
use crate::{
    cli::Role,
    kinds,
    parts::Parts,
    site::{self, Site},
};

/// How often an unused writing session is looked for.
const IDLE: std::time::Duration = std::time::Duration::from_mins(1);

/// Which roles this process has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Roles {
    ingress: bool,
    kinds: Vec<Kind>,
    reconciler: bool,
}

impl Roles {
    /// The one that was asked for; without one, all.
    pub(super) fn new(role: Option<Role>) -> Self {
        let none = Self {
            ingress: false,
            kinds: Vec::new(),
            reconciler: false,
        };
        match role {
            None => Self {
                ingress: true,
                kinds: kinds::kinds().collect(),
                reconciler: true,
            },
            Some(Role::Ingress) => Self {
                ingress: true,
                ..none
            },
            Some(Role::Worker { kinds }) if kinds.is_empty() => Self {
                kinds: kinds::kinds().collect(),
                ..none
            },
            Some(Role::Worker { kinds }) => Self { kinds, ..none },
            Some(Role::Reconciler) => Self {
                reconciler: true,
                ..none
            },
        }
    }

    /// Whether webhooks are taken in here.
    pub(super) fn has_ingress(&self) -> bool {
        self.ingress
    }

    /// The kinds whose pairs are made equal here.
    pub(super) fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The roles as an operator types them.
    pub(super) fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        if self.ingress {
            words.push("ingress".to_owned());
        }
        words.extend(self.kinds.iter().map(|kind| format!("worker {kind}")));
        if self.reconciler {
            words.push("reconciler".to_owned());
        }
        words
    }

    /// Runs the roles until `stop`. When the site's settings change they are built anew.
    pub(super) async fn run(
        self,
        parts: Parts,
        intake: Publish,
        stop: CancellationToken,
    ) -> anyhow::Result<()> {
        while let Some(site) = site::connected(&parts.db, &stop).await {
            let mappings = match Mappings::load(&parts.db, parts.config.time_zone).await {
                Ok(mappings) => Arc::new(mappings),
                Err(error) => {
                    warn!(
                        error = &error as &dyn std::error::Error,
                        "the mappings cannot be read; trying again"
                    );
                    continue;
                }
            };
            let turn = stop.child_token();
            let mut tasks = self.start((&parts, &intake), &site, &mappings, &turn)?;
            tokio::select! {
                () = site::changed(&parts.db, &site, &turn) => {}
                ended = tasks.join_next() => fail_unless(&stop, ended)?,
            }
            turn.cancel();
            while let Some(ended) = tasks.join_next().await {
                ended.context("a role broke")??;
            }
            if stop.is_cancelled() {
                break;
            }
        }
        Ok(())
    }

    /// Starts what the roles need, for one state of the site.
    fn start(
        &self,
        (parts, intake): (&Parts, &Publish),
        site: &Site,
        mappings: &Arc<Mappings>,
        turn: &CancellationToken,
    ) -> anyhow::Result<Tasks> {
        let clients = parts.clients(site)?;
        let mut tasks = Tasks::new();
        let facts = mappings.facts(parts.clock.now());
        for work in kinds::all(&clients, &facts) {
            if self.kinds.contains(&work.rules.kind()) {
                let (parts, mappings, turn) = (parts.clone(), Arc::clone(mappings), turn.clone());
                tasks.spawn(async move {
                    work.run(parts, mappings, turn).await;
                    Ok(())
                });
            }
        }
        if !self.kinds.is_empty() {
            tasks.spawn(give_idle_licence_back(clients.jim2.clone(), turn.clone()));
        }
        if self.ingress {
            sources::start(&mut tasks, (parts, intake), (site, &clients), turn);
        }
        if self.reconciler {
            upkeep::start(&mut tasks, (parts, intake), &clients, turn)?;
        }
        Ok(tasks)
    }
}

/// The tasks of all roles, for one state of the site.
pub(super) type Tasks = JoinSet<anyhow::Result<()>>;

/// A role that ends before it was asked to has failed, whatever it says.
fn fail_unless(
    stop: &CancellationToken,
    ended: Option<Result<anyhow::Result<()>, tokio::task::JoinError>>,
) -> anyhow::Result<()> {
    if let Some(ended) = ended {
        ended.context("a role broke")??;
    }
    if !stop.is_cancelled() {
        bail!("a role ended by itself");
    }
    Ok(())
}

/// Gives Jim2's licence back while nobody writes.
async fn give_idle_licence_back(jim2: jim2::Client, stop: CancellationToken) -> anyhow::Result<()> {
    loop {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(IDLE) => {}
        }
        if let Err(error) = jim2.close_idle_writing_session().await {
            debug!(
                error = &error as &dyn std::error::Error,
                "writing session not closed"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_has_the_roles_it_was_asked_for() {
        let ticket = Kind::new("ticket");
        for (role, words) in [
            (
                None,
                "ingress, worker company, worker location, worker contact, worker contract, worker asset, worker ticket, worker order, worker time, worker billing, worker invoice, worker stock, worker purchase, worker quote, reconciler",
            ),
            (Some(Role::Ingress), "ingress"),
            (
                Some(Role::Worker { kinds: Vec::new() }),
                "worker company, worker location, worker contact, worker contract, worker asset, worker ticket, worker order, worker time, worker billing, worker invoice, worker stock, worker purchase, worker quote",
            ),
            (
                Some(Role::Worker {
                    kinds: vec![ticket],
                }),
                "worker ticket",
            ),
            (Some(Role::Reconciler), "reconciler"),
        ] {
            assert_eq!(Roles::new(role).words().join(", "), words);
        }
    }
}
