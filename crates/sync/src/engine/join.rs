//! Records that carry a reference: to their own pair, or to somebody else's (rule 5).

use std::collections::HashMap;

use domain::{Failure, Fixer, Key, Problem, RecordId, Remedy, Subject, System};
use store::{
    claim::Joined,
    intent::{Done, Made},
    pair::{PairRow, State},
};

use super::{Engine, Round, case::Case, settle::Settling};
use crate::{Act, Half, Match, Pointer};

/// What a reference turns out to be.
enum Reference {
    /// Nothing, or nothing new.
    None,
    /// The other half points back: they are a pair.
    Mutual(RecordId),
    /// Another row has an open intent that made this record.
    Ours(PairRow),
    /// It belongs to others, or nobody confirms it.
    Unconfirmed(Problem),
}

impl Engine {
    /// Completes pairs by the references that their halves carry.
    pub(super) async fn join(&self, cases: Vec<Case>, round: &mut Round) -> Vec<Case> {
        let mut ready = Vec::new();
        for mut case in cases {
            let side = case.side();
            match Box::pin(self.reference(&case)).await {
                Ok(Reference::None) => ready.push(case),
                Ok(Reference::Mutual(id)) => {
                    match self.complete(&mut case, side.other(), &id).await {
                        Ok(()) => ready.push(case),
                        Err(failure) => self.give_up(case, failure, round).await,
                    }
                }
                Ok(Reference::Ours(row)) => {
                    Box::pin(self.join_into(case, row, round, &mut ready)).await;
                }
                Ok(Reference::Unconfirmed(problem)) => self.hold(case, vec![problem], round).await,
                Err(failure) => self.give_up(case, failure, round).await,
            }
        }
        ready
    }

    async fn reference(&self, case: &Case) -> Result<Reference, Failure> {
        let side = case.side();
        let (Some(half), None) = (case.half(side), case.id(side.other())) else {
            return Ok(Reference::None);
        };
        let Some(pointer) = &half.points_to else {
            return self.counterpart(case, half).await;
        };
        let Some(id) = self.pointed_at(side.other(), pointer).await? else {
            return Ok(Reference::Unconfirmed(self.unconfirmed(
                side,
                half,
                &pointer.to,
            )));
        };
        let other = Key::new(self.rules.kind(), side.other(), id.clone());
        match store::pair::find(&self.db, &other).await? {
            Some(row) if row.id == case.pair.id => Ok(Reference::None),
            // It names the job of the generation before this one, until it names its own.
            Some(row) if row.state == State::Earlier && row.id_in(side) == Some(&half.id) => {
                Ok(Reference::None)
            }
            Some(row) if row.id_in(side).is_some() => {
                Ok(Reference::Unconfirmed(self.copied(side, half, &row)))
            }
            Some(row) => match self.creation(&row, side).await? {
                Some(creation) => self.ours(case, row, &creation).await,
                None => self.mutual(side, half, id).await,
            },
            None => self.mutual(side, half, id).await,
        }
    }

    /// A half that names nobody may stand for a record of the other side all the same, by what both say. What a person
    /// took apart or left alone stays so.
    async fn counterpart(&self, case: &Case, half: &Half) -> Result<Reference, Failure> {
        let side = case.side();
        if case.was_creating() || !self.rules.seeks(side, half) {
            return Ok(Reference::None);
        }
        let facts = self.facts(std::slice::from_ref(case)).await?;
        let id = match self.hands.counterpart(side, half, &facts).await? {
            Match::None => return Ok(Reference::None),
            Match::Doubtful(problem) => return Ok(Reference::Unconfirmed(*problem)),
            Match::One(id) => id,
        };
        let other = Key::new(self.rules.kind(), side.other(), id.clone());
        let row = store::pair::find(&self.db, &other).await?;
        Ok(match row {
            Some(row) if row.state == State::Ignored => Reference::None,
            Some(row) if row.id_in(side).is_some() => {
                Reference::Unconfirmed(self.taken(side, half, &id, &row))
            }
            Some(_) | None => Reference::Mutual(id),
        })
    }

    /// A record that another row was making, unless it is one of several: a person duplicates a record, reference and all.
    async fn ours(&self, case: &Case, row: PairRow, creation: &Act) -> Result<Reference, Failure> {
        let found = self.hands.find(creation).await?;
        Ok(if found.len() > 1 {
            Reference::Unconfirmed(self.doubled(case, case.side(), &found))
        } else {
            Reference::Ours(row)
        })
    }

    /// The id that a pointer means. By name, our own rows are asked before the other system is.
    async fn pointed_at(&self, on: System, pointer: &Pointer) -> Result<Option<RecordId>, Failure> {
        if !pointer.by_name {
            return Ok(Some(pointer.to.clone()));
        }
        let rows = store::pair::by_name(&self.db, &self.rules.kind(), pointer.to.as_str()).await?;
        if let Some(id) = rows.iter().find_map(|row| row.id_in(on)) {
            return Ok(Some(id.clone()));
        }
        let found: HashMap<_, _> = self
            .hands
            .locate(on, std::slice::from_ref(&pointer.to))
            .await?
            .into_iter()
            .collect();
        Ok(found.get(&pointer.to).cloned())
    }

    /// What a row has an open intent for, if that is to make its half on `on`.
    async fn creation(&self, row: &PairRow, on: System) -> Result<Option<Act>, Failure> {
        let Some(intent) = store::intent::find(&self.db, row.id).await? else {
            return Ok(None);
        };
        let intent: super::intent::Intent =
            serde_json::from_value(intent.body).map_err(Failure::retry)?;
        Ok(intent.creation().filter(|act| act.on() == on).cloned())
    }

    /// A one-sided reference links only where the other side points back.
    async fn mutual(&self, side: System, half: &Half, id: RecordId) -> Result<Reference, Failure> {
        let there = self.read(side.other(), std::slice::from_ref(&id)).await?;
        let back = there.get(&id).and_then(|other| other.points_to.as_ref());
        let points_back = match back {
            Some(pointer) if pointer.by_name => {
                half.label.split_whitespace().next() == Some(pointer.to.as_str())
            }
            Some(pointer) => pointer.to == half.id,
            None => false,
        };
        if points_back {
            Ok(Reference::Mutual(id))
        } else {
            Ok(Reference::Unconfirmed(self.unconfirmed(side, half, &id)))
        }
    }

    /// Remembers the other half at once: an intent that is opened later no longer knows how it was made.
    pub(super) async fn complete(
        &self,
        case: &mut Case,
        on: System,
        id: &RecordId,
    ) -> Result<(), Failure> {
        let claim = case.claim();
        match store::intent::done(&self.db, claim, 0, &Made::Half(on, id.clone())).await? {
            Done::Yes => {
                case.name(on, id.clone());
                Ok(())
            }
            Done::LostClaim => Err(Failure::retry("the claim was lost")),
            Done::Taken(other) => {
                let mut problem = self.doubled(case, on, std::slice::from_ref(id));
                problem.says = format!(
                    "{} and another record (pair {other}) have the same other half {id} in {on}",
                    case.label()
                );
                Err(Failure::Hold {
                    problems: vec![problem],
                })
            }
        }
    }

    /// An empty row turns out to be what another row was making.
    async fn join_into(
        &self,
        mut case: Case,
        row: PairRow,
        round: &mut Round,
        ready: &mut Vec<Case>,
    ) {
        let from = case.claim();
        match store::claim::join(
            &self.db,
            from,
            row.id,
            &case.work.event,
            &self.holder,
            self.timing.hold,
        )
        .await
        {
            Ok(Joined::Claimed(claimed)) => {
                let half = case.half(case.side()).cloned();
                let messages = std::mem::take(&mut case.work.messages);
                let work = super::batch::Work {
                    messages,
                    ..case.work
                };
                let side = work.event.key.system;
                let mut joined = Case::new(work, *claimed);
                let Some(half) = half else {
                    ready.push(joined);
                    return;
                };
                let completed = self.complete(&mut joined, side, &half.id).await;
                joined.put(side, Some(half));
                match completed {
                    Ok(()) => ready.push(joined),
                    Err(failure) => self.give_up(joined, failure, round).await,
                }
            }
            Ok(Joined::Busy) => round.settled.push((case.work.messages, Settling::Done)),
            Ok(Joined::LostClaim | Joined::NotEmpty) => {
                let settling = Settling::Retry(
                    std::time::Duration::from_secs(5),
                    "the claim was lost".to_owned(),
                );
                round.leave(case, settling);
            }
            Err(error) => {
                let settling = Settling::after(&Failure::from(error), &case.work);
                round.leave(case, settling);
            }
        }
    }

    fn unconfirmed(&self, side: System, half: &Half, to: &RecordId) -> Problem {
        let (kind, other) = (self.rules.kind(), side.other());
        let (autotask, jim2) = match side {
            System::Autotask => (half.id.as_str(), to.as_str()),
            System::Jim2 => (to.as_str(), half.id.as_str()),
        };
        self.reference_problem(
            "reference-unconfirmed",
            side,
            half,
            format!("{} names {to} in {other} as its other half, and {to} does not name it back", half.label),
            format!("if they belong together: crossbill pairs link {kind} {autotask} {jim2}; else clear the reference on {}", half.label),
        )
    }

    fn taken(&self, side: System, half: &Half, id: &RecordId, row: &PairRow) -> Problem {
        let (kind, other) = (self.rules.kind(), side.other());
        self.reference_problem(
            "counterpart-taken",
            side,
            half,
            format!(
                "{} looks like {id} in {other}, which is paired with {} already",
                half.label, row.label
            ),
            format!("crossbill pairs link {kind} <Autotask id> <Jim2 number> for the one that it is, or make the two look different"),
        )
    }

    fn copied(&self, side: System, half: &Half, row: &PairRow) -> Problem {
        self.reference_problem(
            "reference-copied",
            side,
            half,
            format!(
                "{} carries the reference of {}; it travels along when a record is duplicated",
                half.label, row.label
            ),
            format!("clear the reference on {}", half.label),
        )
    }

    fn reference_problem(
        &self,
        code: &str,
        side: System,
        half: &Half,
        says: String,
        step: String,
    ) -> Problem {
        Problem {
            code: code.to_owned(),
            says,
            subject: Subject::Record {
                kind: self.rules.kind(),
                system: side,
                id: half.id.clone(),
            },
            field: None,
            remedy: Remedy {
                who: Fixer::Desk,
                step,
                continues: true,
            },
        }
    }
}
