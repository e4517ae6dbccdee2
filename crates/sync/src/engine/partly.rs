//! Remembering what was written in part: some acts were done, one was not.

use domain::{Failure, Problem};
use store::{Outcome, journal::Entry, pair::State};

use super::{
    Engine, Round,
    apply::Written,
    case::Case,
    record::{entries, notices},
    remember::again,
    reread::Reread,
    settle::Settling,
};
use crate::{Act, Plan, Rules, Shadow, plan::overwritten};

impl Engine {
    /// What was done is remembered, what failed is held or tried again.
    pub(super) async fn remember_failed(
        &self,
        written: Written,
        failure: Failure,
        now: &Reread,
        round: &mut Round,
    ) {
        let Written {
            mut case,
            plan,
            done,
            before,
            children,
            told: mut journal,
            version,
            ..
        } = written;
        let refused = plan.acts.get(done);
        // Retiring a half is one write of its own, which no plan does without.
        let learnt = !plan.next.ends_the_pair() && self.learns(refused, &failure).await;
        // What is being made is still being made, and no other one: the brake has counted it.
        let goes_on = learnt && matches!(refused, Some(Act::Create { .. }));
        let is_learnt = learnt && matches!(failure, Failure::Hold { .. });
        let held = if is_learnt {
            Some(Vec::new())
        } else {
            self.held_by(&case, &failure)
        };
        let Some(problems) = held else {
            let settling = Settling::after(&failure, &case.work);
            round.leave(case, settling);
            return;
        };
        let mut shadow = so_far(before.unwrap_or_default(), &plan, done);
        self.note_writes(&mut shadow, &case, &plan.acts[..done], now);
        let mut all = problems;
        // What a plan without the refused fields finds, that plan tells.
        if !learnt {
            add_missing(&mut all, &plan.problems);
        }
        let closes = !matches!(failure, Failure::Unsure { .. }) && !goes_on;
        if closes {
            let lines = told(&*self.rules, &case, &plan, done);
            self.journal_writes(&mut journal, &case, now, lines);
        } else {
            journal.clear();
        }
        let is_whole = case.pair.is_complete();
        let outcome = Outcome {
            claim: case.claim(),
            autotask_id: case.pair.autotask_id.clone(),
            jim2_id: case.pair.jim2_id.clone(),
            state: if is_whole { State::Paired } else { State::New },
            generation: case.pair.generation,
            label: case.label(),
            shadow: if is_whole {
                serde_json::to_value(&shadow).ok()
            } else {
                case.pair.shadow.clone()
            },
            mapping_version: version,
            judged_version: version,
            written: done > 0,
            // What may have been done is still looked for, and the intent keeps what the journal is owed.
            close_intent: closes,
            journal,
            held: self.held(&case, &all),
            children,
        };
        let messages = std::mem::take(&mut case.work.messages);
        if self.store(&case, &outcome, messages, round).await && learnt {
            self.publish.again([again(&case)]).await;
        }
    }
}

/// Adds the problems that are not told yet.
fn add_missing(all: &mut Vec<Problem>, more: &[Problem]) {
    for problem in more {
        if !all.contains(problem) {
            all.push(problem.clone());
        }
    }
}

/// What is agreed after the acts that were done.
fn so_far(before: Shadow, plan: &Plan, done: usize) -> Shadow {
    let mut shadow = Shadow {
        customer: plan.shadow.customer.clone(),
        ..before
    };
    let left: Vec<&Act> = plan.acts[done..].iter().collect();
    for act in &plan.acts[..done] {
        shadow.written(&plan.shadow, act, &left);
    }
    shadow
}

/// What the journal is owed for what was done now, and for what was decided along with it. Where nothing was, what the
/// sources tell of an earlier write is told all the same.
fn told(rules: &dyn Rules, case: &Case, plan: &Plan, done: usize) -> Vec<Entry> {
    let mut told = entries(case, plan, done);
    told.extend(if done > 0 {
        notices(case, &plan.notices)
    } else {
        notices(case, &overwritten(rules, &case.known()))
    });
    told
}
