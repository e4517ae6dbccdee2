//! What would be written for one record, and why: both sides are read now, and the worker's own function plans.
//!
//! Nothing is written, claimed or published.

mod sides;
mod told;

use domain::{Failure, Key, RecordId, System};
use serde::Serialize;
use store::{Db, PairRow};
use sync::{Act, Mappings, Next, Plan};

pub(crate) use self::sides::failed as unreadable;
use super::Mistake;
use crate::{
    cli::PreviewOf,
    kinds::{self, Work},
    parts::Clients,
};

/// What would become of a record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Preview {
    /// The kind.
    pub(crate) kind: String,
    /// The Autotask half, as people know it.
    pub(crate) autotask: Option<Side>,
    /// The Jim2 half.
    pub(crate) jim2: Option<Side>,
    /// What would happen, in one sentence.
    pub(crate) verdict: String,
    /// The writes, in order.
    pub(crate) writes: Vec<Write>,
    /// What stands in the way.
    pub(crate) problems: Vec<domain::Problem>,
    /// What the journal would be told: conflicts, differences from before.
    pub(crate) notices: Vec<String>,
    /// What else an operator should know: a pause, a brake, a write under way.
    pub(crate) remarks: Vec<String>,
}

/// One half.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Side {
    /// Its id.
    pub(crate) id: RecordId,
    /// As people know it.
    pub(crate) label: String,
}

/// One write of one field, or of one record as a whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Write {
    /// Where.
    pub(crate) system: System,
    /// What is done, as "change" or "make".
    pub(crate) act: String,
    /// The field as people know it; `None` for the record as a whole.
    pub(crate) field: Option<String>,
    /// What is there now.
    pub(crate) before: Option<String>,
    /// What would be there.
    pub(crate) after: String,
}

/// What previewing needs.
#[derive(Debug)]
pub(crate) struct Desk<'a> {
    /// The database.
    pub(crate) db: &'a Db,
    /// Both systems.
    pub(crate) clients: &'a Clients,
    /// The mappings.
    pub(crate) mappings: &'a Mappings,
    /// The time.
    pub(crate) now: chrono::DateTime<chrono::Utc>,
}

/// Plans the record that an operator names.
pub(crate) async fn preview(desk: &Desk<'_>, of: PreviewOf, text: &str) -> anyhow::Result<Preview> {
    let facts = desk.mappings.facts(desk.now);
    let (on, name) = meant(of.on, text);
    let work = kinds::all(desk.clients, &facts)
        .into_iter()
        .find(|work| work.rules.kind() == of.kind)
        .ok_or_else(|| Mistake(format!("this build knows no kind {}", of.kind)))?;
    let id = sides::id_of(desk.db, &work, on, name).await?;
    let key = Key::new(work.rules.kind(), on, id);
    let mut sides = sides::read(desk.db, &work, &key).await?;
    let facts = sides.facts(desk.db, &work, facts).await?;
    let doubt = sides.seek(&work, &key, &facts).await?;
    let facts = sides.facts(desk.db, &work, facts).await?;
    let known = sides.known(desk.db).await?;
    let mut plan = sync::plan(&*work.rules, &known, &facts);
    if let Some(problem) = doubt {
        plan.next = Next::Hold;
        plan.problems = vec![problem];
        plan.acts.clear();
    }
    let waits = prepare(&work, &mut plan).await?;
    let mut preview = told::tell(&*work.rules, &known, plan);
    preview.remarks = sides.remarks;
    preview.remarks.extend(waits);
    preview
        .remarks
        .extend(remarks(desk.db, &preview, sides.row.as_ref()).await?);
    Ok(preview)
}

/// What the worker settles with the other side before it makes a record: a card code that is free, and whether the
/// record is there already. Answers what it would wait for.
async fn prepare(work: &Work, plan: &mut Plan) -> anyhow::Result<Option<String>> {
    for act in &mut plan.acts {
        if !matches!(act, Act::Create { .. }) {
            continue;
        }
        match work.hands.prepare(act.clone()).await {
            Ok(prepared) => *act = prepared,
            Err(Failure::Hold { problems }) => {
                plan.next = Next::Hold;
                plan.problems.extend(problems);
                plan.acts.clear();
                return Ok(None);
            }
            Err(Failure::Await { key, source }) => {
                return Ok(Some(format!(
                    "{source}: {key} is looked at first, and this goes on by itself"
                )));
            }
            Err(Failure::Wait { problem }) => {
                return Ok(Some(format!(
                    "{}: it is tried again meanwhile",
                    problem.says
                )));
            }
            Err(failure) => return Err(sides::failed(failure)),
        }
    }
    Ok(None)
}

/// The side and the id that the words of the command mean.
fn meant(on: System, text: &str) -> (System, &str) {
    let named = text.split_once(':');
    let named = named.and_then(|(word, rest)| Some((System::named(word)?, rest)));
    named.unwrap_or((on, text))
}

/// What would keep the worker from doing it just now.
async fn remarks(db: &Db, preview: &Preview, row: Option<&PairRow>) -> anyhow::Result<Vec<String>> {
    let mut remarks = Vec::new();
    for state in store::system::state(db).await? {
        if !state.is_running() {
            let standing = super::status::standing(&state);
            remarks.push(format!(
                "{} is {standing}: nothing is written just now",
                state.system
            ));
        }
    }
    if let Some(row) = row {
        if row.state == store::State::Ignored {
            remarks.push(
                "this record is left alone: a person said so, or several records may belong to it (crossbill connect \
                 lists those)"
                    .to_owned(),
            );
        }
        if store::intent::find(db, row.id).await?.is_some() {
            remarks.push(
                "a write for it is under way and not finished: the worker looks what became of that first, and what is \
                 shown here may come out differently"
                    .to_owned(),
            );
        }
    }
    for switch in store::mapping::load(db).await?.switches {
        let makes = preview.writes.iter().any(|write| {
            write.act == told::MAKE
                && write.field.is_none()
                && write.system == switch.direction.target()
        });
        let is_braked = switch.brake_at.is_some_and(|brake| switch.created >= brake);
        if makes && is_braked && switch.kind.as_str() == preview.kind {
            remarks.push(format!(
                "{} {} records were made in {}: more wait until somebody has looked (crossbill resume --release {})",
                switch.created, switch.kind, switch.direction.target(), switch.kind
            ));
        }
    }
    Ok(remarks)
}
