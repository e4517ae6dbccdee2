//! What the tests of several modules need.

use std::time::Duration;

use domain::{Cause, Event, Fixer, Key, Kind, Problem, Remedy, Subject, System};
use serde_json::json;

use crate::{Claimed, Db, Held, Outcome, State, Taken, claim};

pub(crate) const HOLD: Duration = Duration::from_mins(1);
pub(crate) const TICKET: Kind = Kind::new("ticket");
pub(crate) const COMPANY: Kind = Kind::new("company");

pub(crate) fn ticket(id: &str) -> Key {
    Key::new(TICKET, System::Autotask, id)
}

pub(crate) fn job(id: &str) -> Key {
    Key::new(TICKET, System::Jim2, id)
}

pub(crate) fn live(key: &Key) -> Event {
    Event::new(key.clone(), Cause::Live)
}

/// Claims one key, as `holder` wants it.
pub(crate) async fn take(db: &Db, key: &Key, holder: &str) -> Taken {
    claim::take(db, &[(key.clone(), live(key))], holder, HOLD)
        .await
        .unwrap()
        .remove(0)
}

/// Claims one key that must be free.
pub(crate) async fn claimed(db: &Db, key: &Key) -> Claimed {
    match take(db, key, "worker").await {
        Taken::Claimed(claimed) => *claimed,
        taken @ (Taken::Busy | Taken::Same(_)) => panic!("{key}: {taken:?}"),
    }
}

/// What is remembered of a pair that needs nothing.
pub(crate) fn unchanged(claimed: &Claimed) -> Outcome {
    Outcome {
        claim: claimed.claim(),
        autotask_id: claimed.pair.autotask_id.clone(),
        jim2_id: claimed.pair.jim2_id.clone(),
        state: claimed.pair.state,
        generation: claimed.pair.generation,
        label: claimed.pair.label.clone(),
        shadow: claimed.pair.shadow.clone(),
        mapping_version: claimed.mapping_version,
        judged_version: claimed.mapping_version,
        written: false,
        close_intent: false,
        journal: Vec::new(),
        held: Held::Clear,
        children: Vec::new(),
    }
}

/// What is remembered of a ticket that got this job.
pub(crate) fn paired(claimed: &Claimed, job: &str) -> Outcome {
    Outcome {
        jim2_id: Some(job.into()),
        state: State::Paired,
        shadow: Some(json!({"v": 1})),
        written: true,
        close_intent: true,
        ..unchanged(claimed)
    }
}

/// What is remembered of a record that waits for these problems.
pub(crate) fn held(claimed: &Claimed, problems: &[Problem]) -> Outcome {
    Outcome {
        held: Held::Upsert {
            event: live(&claimed.pair.key()),
            problems: problems.to_vec(),
            reason: "the job is not made".to_owned(),
            net: None,
            company: None,
        },
        ..unchanged(claimed)
    }
}

pub(crate) fn problem(subject: Subject, field: Option<&str>) -> Problem {
    Problem {
        code: "missing".to_owned(),
        subject,
        field: field.map(str::to_owned),
        says: "something is missing".to_owned(),
        remedy: Remedy {
            who: Fixer::Desk,
            step: "find it".to_owned(),
            continues: true,
        },
    }
}

pub(crate) fn unmapped(value: &str) -> Problem {
    problem(
        Subject::Lookup {
            list: "status".to_owned(),
            system: System::Autotask,
            value: value.to_owned(),
        },
        Some("status"),
    )
}

/// Lets all claims run out.
pub(crate) async fn let_claims_run_out(db: &Db) {
    sqlx::query(
        "update pair set claimed_until = now() - interval '1 second' where claimed_by is not null",
    )
    .execute(&db.0)
    .await
    .unwrap();
}
