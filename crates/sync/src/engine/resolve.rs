//! What events are about: their ids as they bring them become the kind's record ids.

use std::time::Duration;

use domain::{Event, Failure, RecordId, System};

use super::{
    Engine, Round,
    batch::{self, Work},
    settle::Settling,
};

/// Where works stand in the batch, and the records that each is about.
type Resolved = Vec<(usize, About)>;

/// What an event is about.
#[derive(Debug)]
enum About {
    /// These records; none is one that is not there (yet).
    Records(Vec<RecordId>),
    /// The pairs of somebody, of whatever number: none is nothing to do.
    PairsOf(Vec<RecordId>),
}

impl Engine {
    /// Turns ids as events bring them into the kind's record ids.
    pub(super) async fn resolve(&self, works: Vec<Work>, round: &mut Round) -> Vec<Work> {
        let mut resolved = Vec::new();
        for system in System::BOTH {
            let (these, ids): (Vec<_>, Vec<_>) = works_of(system, &works).unzip();
            match self.about(system, ids).await {
                Ok(about) => resolved.extend(these.into_iter().zip(about)),
                Err(failure) => {
                    self.heed(&failure).await;
                    for index in these {
                        let settling = Settling::after(&failure, &works[index]);
                        round
                            .settled
                            .push((works[index].messages.clone(), settling));
                    }
                }
            }
        }
        self.assign(works, resolved, round).await
    }

    /// Gives each work its record. Further records have events of their own.
    async fn assign(&self, works: Vec<Work>, resolved: Resolved, round: &mut Round) -> Vec<Work> {
        let mut works: Vec<Option<Work>> = works.into_iter().map(Some).collect();
        let mut known = Vec::new();
        for (index, about) in resolved {
            let Some(mut work) = works[index].take() else {
                continue;
            };
            let (ids, may_appear) = match about {
                About::Records(ids) => (ids, true),
                About::PairsOf(ids) => (ids, false),
            };
            let mut ids = ids.into_iter();
            let Some(id) = ids.next() else {
                let settling = if may_appear {
                    self.unseen(&work)
                } else {
                    Settling::Done
                };
                round.settled.push((work.messages, settling));
                continue;
            };
            work.event.key.id = id;
            match self.spread(&work.event, ids).await {
                Ok(()) => known.push(work),
                Err(failure) => {
                    let settling = Settling::after(&failure, &work);
                    round.settled.push((work.messages, settling));
                }
            }
        }
        batch::coalesce(known)
    }

    /// What each of these ids is about.
    async fn about(&self, system: System, ids: Vec<RecordId>) -> Result<Vec<About>, Failure> {
        let owners = self.hands.owners(system, &ids).await?;
        let owners: Vec<Option<String>> = owners
            .into_iter()
            .map(|owner| owner.map(|owner| owner.to_string()))
            .collect();
        let wanted: Vec<String> = owners.iter().flatten().cloned().collect();
        let kind = self.rules.kind();
        let pairs = store::pair::of_owners(&self.db, &kind, system, &wanted).await?;
        let plain = ids.iter().zip(&owners).filter(|(_, owner)| owner.is_none());
        let plain = plain.map(|(id, _)| id.clone()).collect();
        let mut records = self.hands.resolve(system, plain).await?.into_iter();
        let about = |owner: Option<String>| match owner {
            Some(owner) => {
                let theirs = pairs.iter().filter(|(of, _)| *of == owner);
                About::PairsOf(theirs.map(|(_, id)| id.clone()).collect())
            }
            None => About::Records(records.next().unwrap_or_default()),
        };
        Ok(owners.into_iter().map(about).collect())
    }

    /// An event about several records: the others have events of their own before the message of this one is done.
    async fn spread(
        &self,
        event: &Event,
        others: impl Iterator<Item = RecordId>,
    ) -> Result<(), Failure> {
        let of = |id| {
            let mut event = event.clone();
            event.key.id = id;
            event
        };
        let events: Vec<_> = others.map(of).collect();
        if !events.is_empty() {
            self.publish.events(events).await?;
        }
        Ok(())
    }

    /// What becomes of an event whose record is not there and never was: the replica may lag (rule 9).
    pub(super) fn unseen(&self, work: &Work) -> Settling {
        let waited = (self.clock.now() - work.first_seen)
            .to_std()
            .unwrap_or_default();
        if waited < self.timing.unseen {
            Settling::Retry(
                Duration::from_secs(5).max(waited),
                "the record is not there yet".to_owned(),
            )
        } else {
            Settling::Done
        }
    }
}

fn works_of(system: System, works: &[Work]) -> impl Iterator<Item = (usize, RecordId)> {
    works
        .iter()
        .enumerate()
        .filter(move |(_, work)| work.event.key.system == system)
        .map(|(index, work)| (index, work.event.key.id.clone()))
}
