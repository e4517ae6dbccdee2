//! Remembering: pair, shadow, journal and held item in one transaction.

use chrono::{DateTime, Utc};
use domain::{Cause, Event, Failure, RecordId, System};
use futures_util::{StreamExt as _, stream};
use serde_json::json;
use store::{
    Outcome, Remembered,
    held::Resend,
    journal::{Entry, What},
    pair::State,
};

use super::{
    Engine, Point, Round,
    apply::Written,
    case::Case,
    date_out,
    record::{entries, entry, linked_children, notices, updated_children},
    reread::{Reread, Seen},
    settle::{Settling, chain},
};
use crate::{Act, Next, Plan, Shadow};

/// Items released by one pair at most.
const RELEASED: i64 = 200;

impl Engine {
    /// Remembers what was written, each pair in a transaction of its own, several at once.
    pub(super) async fn remember(&self, written: Vec<Written>, round: &mut Round) {
        let now = &self.reread(&written).await;
        self.crash.at(Point::BeforeRemember).await;
        let rounds: Vec<Round> = stream::iter(written)
            .map(async |written| {
                let mut own = Round::default();
                Box::pin(self.remember_written(written, now, &mut own)).await;
                own
            })
            .buffer_unordered(self.timing.width)
            .collect()
            .await;
        round.take_in(rounds);
    }

    /// Reads the written sides again, in batch (rule 1). What cannot be read is looked at again later.
    async fn reread(&self, written: &[Written]) -> Reread {
        let mut now = Reread::default();
        for system in System::BOTH {
            let ids: Vec<RecordId> = written
                .iter()
                .filter(|it| {
                    it.plan.acts[..it.done]
                        .iter()
                        .any(|act| act.on() == system && act.fields().is_some())
                })
                .filter_map(|it| it.case.id(system).cloned())
                .collect();
            match self.read(system, &ids).await {
                Ok(halves) => now
                    .halves
                    .extend(halves.into_iter().map(|(id, half)| ((system, id), half))),
                Err(failure) => {
                    tracing::warn!(
                        system = system.as_str(),
                        error = chain(&failure),
                        "what was written could not be read again"
                    );
                }
            }
        }
        now
    }

    async fn remember_written(&self, mut written: Written, now: &Reread, round: &mut Round) {
        if let Some(failure) = written.failure.take() {
            self.remember_failed(written, failure, now, round).await;
            return;
        }
        let Written {
            mut case,
            mut plan,
            done,
            mut children,
            told: mut journal,
            version,
            ..
        } = written;
        let is_over = plan.next.ends_the_pair();
        if is_over {
            // What stood in the way has gone with the half.
            plan.problems.clear();
        }
        let seen = now.seen(&*self.rules, &case, &plan);
        let facts = self.mappings.facts(self.clock.now());
        now.confirm(&*self.rules, &case, &mut plan, &facts);
        let owes = now.owes(&*self.rules, &case, &plan, &facts);
        self.note_writes(&mut plan.shadow, &case, &plan.acts, now);
        let held = self.held(&case, &plan.problems);
        let lines = entries(&case, &plan, done);
        self.journal_writes(&mut journal, &case, now, lines);
        journal.extend(notices(&case, &plan.notices));
        if plan.next == Next::Bury {
            journal.push(entry(&case, What::Gone, None, json!({})));
        }
        children.extend(updated_children(&case, &plan));
        children.extend(linked_children(&case, &plan));
        let outcome = Outcome {
            claim: case.claim(),
            autotask_id: case.pair.autotask_id.clone(),
            jim2_id: case.pair.jim2_id.clone(),
            state: match plan.next {
                Next::Replace | Next::FollowOn => State::Earlier,
                Next::Bury => State::Gone,
                Next::InStep | Next::Write | Next::Hold | Next::Ignore(_) | Next::Gone => {
                    State::Paired
                }
            },
            generation: case.pair.generation,
            label: case.label(),
            shadow: serde_json::to_value(&plan.shadow).ok(),
            mapping_version: version,
            judged_version: version,
            written: true,
            close_intent: true,
            journal,
            held,
            children,
        };
        let messages = std::mem::take(&mut case.work.messages);
        if self.store(&case, &outcome, messages, round).await {
            self.count_applied(&case);
            // Once: where both sides keep their own spelling of a value, looking again for ever mends nothing.
            let is_spelling = seen == Seen::Differs && case.work.event.cause == Cause::Rescue;
            if !is_over && (owes || seen != Seen::AsMeant && !is_spelling) {
                self.publish.again([again(&case)]).await;
            }
        }
    }

    /// Remembers a case that needed no write: in step, held, or gone.
    pub(super) async fn remember_plain(
        &self,
        mut case: Case,
        plan: Plan,
        version: i64,
        round: &mut Round,
    ) {
        let (state, shadow) = match plan.next {
            Next::Gone if case.pair.state == State::New && case.pair.shadow.is_none() => {
                round.leave(case, Settling::Done);
                return;
            }
            Next::Gone => (State::Gone, case.pair.shadow.clone()),
            Next::Hold if case.pair.is_complete() => {
                (case.pair.state, serde_json::to_value(case.agreed()).ok())
            }
            Next::Hold | Next::Ignore(_) => (case.pair.state, case.pair.shadow.clone()),
            Next::FollowOn => (State::Earlier, serde_json::to_value(&plan.shadow).ok()),
            Next::InStep | Next::Write | Next::Replace | Next::Bury => {
                (State::Paired, serde_json::to_value(&plan.shadow).ok())
            }
        };
        // A half that may have been made is looked for until it is found. Of a pair that has both, the shadow knows now what
        // was done.
        let close_intent =
            plan.next != Next::Hold || case.open.is_none() || case.pair.is_complete();
        let mut journal = if close_intent {
            case.owed_journal()
        } else {
            Vec::new()
        };
        self.settle_date_out(&mut journal, date_out::read(&case));
        journal.extend(notices(&case, &plan.notices));
        if case.pair.state == State::New && state == State::Paired {
            journal.push(entry(
                &case,
                What::Linked,
                None,
                json!({"autotask": case.pair.autotask_id, "jim2": case.pair.jim2_id}),
            ));
        }
        if state == State::Gone && case.pair.state != State::Gone {
            journal.push(entry(&case, What::Gone, None, json!({})));
        }
        let outcome = Outcome {
            claim: case.claim(),
            autotask_id: case.pair.autotask_id.clone(),
            jim2_id: case.pair.jim2_id.clone(),
            state,
            generation: case.pair.generation,
            label: case.label(),
            shadow,
            mapping_version: if plan.next == Next::InStep {
                version
            } else {
                case.pair.mapping_version
            },
            judged_version: version,
            written: false,
            close_intent,
            journal,
            held: self.held(&case, &plan.problems),
            children: linked_children(&case, &plan),
        };
        let messages = std::mem::take(&mut case.work.messages);
        self.store(&case, &outcome, messages, round).await;
    }

    /// One transaction, conditional on the claim's epoch; then the messages are done.
    pub(super) async fn store(
        &self,
        case: &Case,
        outcome: &Outcome,
        messages: Vec<usize>,
        round: &mut Round,
    ) -> bool {
        match store::remember(&self.db, outcome).await {
            Ok(Remembered::Done { waiting }) => {
                self.crash.at(Point::AfterRemember).await;
                round.settled.push((messages, Settling::Done));
                self.put_back(waiting).await;
                if case.pair.state == State::New && outcome.state == State::Paired {
                    self.let_go_on().await;
                }
                true
            }
            Ok(Remembered::LostClaim) => {
                tracing::warn!(key = %case.work.event.key, "claim lost before the result was remembered; it is looked at again");
                round.settled.push((
                    messages,
                    Settling::Retry(
                        std::time::Duration::from_secs(5),
                        "the claim was lost".to_owned(),
                    ),
                ));
                false
            }
            Ok(Remembered::Taken(other)) => {
                let settling = self.hold_taken(case, outcome, other).await;
                round.settled.push((messages, settling));
                false
            }
            Err(error) => {
                let settling = Settling::after(&Failure::from(error), &case.work);
                round.settled.push((messages, settling));
                false
            }
        }
    }

    /// Publishes what waited for a pair that is complete now. What is missed here is released within a minute.
    async fn let_go_on(&self) {
        let released = match store::held::solved(&self.db, RELEASED).await {
            Ok(released) => released,
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "what waited was not looked for"
                );
                return;
            }
        };
        if released.is_empty() {
            return;
        }
        let ids: Vec<_> = released.iter().map(|item| item.held).collect();
        let events = released.into_iter().filter_map(|item| match item.resend {
            Resend::Event(event) => Some(*event),
            Resend::Body { .. } => None,
        });
        if self.publish.again(events).await
            && let Err(error) = store::held::published(&self.db, &ids).await
        {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "what goes on may go on twice"
            );
        }
    }

    /// Adds lines of what was written to a journal, which may have some of a write before it died: each says where it moved a
    /// job's Date Out to another month.
    pub(super) fn journal_writes(
        &self,
        journal: &mut Vec<Entry>,
        case: &Case,
        now: &Reread,
        lines: Vec<Entry>,
    ) {
        self.settle_date_out(journal, date_out::read(case));
        journal.extend(lines);
        self.settle_date_out(journal, date_out::after(case, now, self.clock.now()));
    }

    fn settle_date_out(&self, journal: &mut [Entry], after: Option<DateTime<Utc>>) {
        date_out::settle(journal, after, self.mappings.zone());
    }

    /// Notes in the shadow which states our writes were planned from, and which they made.
    pub(super) fn note_writes(&self, shadow: &mut Shadow, case: &Case, acts: &[Act], now: &Reread) {
        for system in System::BOTH {
            if let Some(wrote) = now.wrote(&*self.rules, case, acts, system) {
                shadow.wrote(system, wrote);
            }
        }
    }

    fn count_applied(&self, case: &Case) {
        let kind = self.rules.kind().to_string();
        metrics::counter!(crate::metrics::APPLIED, "kind" => kind.clone()).increment(1);
        if let Ok(took) = (self.clock.now() - case.work.first_seen).to_std() {
            metrics::histogram!(crate::metrics::SECONDS, "kind" => kind).record(took.as_secs_f64());
        }
    }
}

/// The event that has the pair looked at again.
pub(super) fn again(case: &Case) -> Event {
    Event::new(case.pair.key(), Cause::Rescue)
}
