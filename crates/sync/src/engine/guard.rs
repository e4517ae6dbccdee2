//! The mass guard (rule 7): when the same thing is lost on many pairs at once, a person looks before it is believed.

use domain::{Failure, Fixer, Problem, Remedy, Subject, Value};
use store::guard::{Guard, What};

use super::{Engine, Round, case::Case};
use crate::{Act, Next, Plan};

impl Engine {
    /// Holds back what too many pairs of the kind have lost within the hour: the other half, or the same field.
    pub(super) async fn guard(&self, case: &Case, plan: &mut Plan) -> Result<(), Failure> {
        if has_vanished(plan)
            && let Some(problem) = self.many_lost(case, What::Vanished).await?
        {
            plan.problems.retain(|problem| problem.code != "vanished");
            plan.problems.push(problem);
            plan.acts.clear();
            plan.next = Next::Hold;
        }
        if plan.next == Next::Replace {
            self.guard_parting(case, plan).await?;
        }
        for field in emptied(case, plan) {
            if let Some(problem) = self.many_lost(case, What::Emptied(&field)).await? {
                hold_back(case, plan, &field);
                plan.problems.push(problem);
            }
        }
        Ok(())
    }

    /// Judges what vanished once more, now that the whole batch is counted: of many that are hidden at once, none is
    /// told of by itself.
    pub(super) async fn guard_all(
        &self,
        thought: Vec<(Case, Plan)>,
        round: &mut Round,
    ) -> Vec<(Case, Plan)> {
        let mut judged = Vec::new();
        for (case, mut plan) in thought {
            if !has_vanished(&plan) {
                judged.push((case, plan));
                continue;
            }
            match self.guard(&case, &mut plan).await {
                Ok(()) => judged.push((case, plan)),
                Err(failure) => self.give_up(case, failure, round).await,
            }
        }
        judged
    }

    /// Whether too many pairs have lost their other half.
    pub(super) async fn many_vanished(&self, case: &Case) -> Result<Option<Problem>, Failure> {
        self.many_lost(case, What::Vanished).await
    }

    /// Many that leave one customer at once were merged or moved by an import, not one by one by people.
    async fn guard_parting(&self, case: &Case, plan: &mut Plan) -> Result<(), Failure> {
        let customer = case
            .jim2
            .as_ref()
            .and_then(|half| self.rules.customer(half));
        if customer.is_none() && plan.shadow.customer.is_none() {
            return Ok(()); // A kind without customers.
        }
        let owner = plan.shadow.customer.clone().unwrap_or(Value::Empty);
        let Some(problem) = self.many_lost(case, What::Left(&owner.to_string())).await? else {
            return Ok(());
        };
        plan.next = Next::Hold;
        plan.acts.clear();
        plan.problems = vec![problem];
        Ok(())
    }

    async fn many_lost(&self, case: &Case, what: What<'_>) -> Result<Option<Problem>, Failure> {
        let kind = self.rules.kind();
        let Guard::Stop { count, pairs } =
            store::guard::note(&self.db, &kind, what, case.pair.id).await?
        else {
            return Ok(None);
        };
        let (name, lost, field) = match what {
            What::Vanished => (
                "vanished".to_owned(),
                "lost their other half".to_owned(),
                None,
            ),
            What::Left(owner) => (
                format!("left {owner}"),
                format!("left customer {owner}"),
                None,
            ),
            What::Emptied(field) => (
                field.to_owned(),
                format!("have an empty {field} now"),
                Some(field.to_owned()),
            ),
        };
        Ok(Some(Problem {
            code: "many-at-once".to_owned(),
            says: format!(
                "{count} of {pairs} {kind} pairs {lost} within an hour; that is rarely meant"
            ),
            subject: Subject::Setting {
                name: format!("guard:{kind}:{name}"),
            },
            field,
            remedy: Remedy {
                who: Fixer::Integrator,
                step: format!(
                    "find out why (companies merged, rights, a restore, an import); if it is meant: crossbill resume --release {kind}"
                ),
                continues: true,
            },
        }))
    }
}

/// Whether one of the halves was there and is not.
fn has_vanished(plan: &Plan) -> bool {
    let mut problems = plan.problems.iter();
    problems.any(|problem| problem.code == "vanished")
}

/// The fields that the plan would empty.
fn emptied(case: &Case, plan: &Plan) -> Vec<String> {
    let mut emptied = Vec::new();
    for act in &plan.acts {
        let Act::Update { on, fields, .. } = act else {
            continue;
        };
        let now = case.half(*on).map(|half| &half.fields);
        let holds_something = |name: &String| {
            now.and_then(|now| now.get(name))
                .is_some_and(|value| !value.is_empty())
        };
        emptied.extend(
            fields
                .iter()
                .filter(|(name, value)| value.is_empty() && holds_something(name))
                .map(|(name, _)| name.clone()),
        );
    }
    emptied
}

/// Takes a field out of the writes, and its agreement back, so that its change is still seen as one.
fn hold_back(case: &Case, plan: &mut Plan, field: &str) {
    for act in &mut plan.acts {
        if let Act::Update { fields, .. } = act {
            fields.remove(field);
        }
    }
    plan.acts
        .retain(|act| !matches!(act, Act::Update { fields, .. } if fields.is_empty()));
    plan.shadow
        .put_back(&case.agreed().unwrap_or_default(), field);
    if plan.acts.is_empty() && plan.next == Next::Write {
        plan.next = Next::InStep;
    }
}
