//! What would be written for one record, and why: both sides are read now, and the worker's own function plans.
//!
//! Nothing is written, claimed or published.

mod told;

use domain::{Cause, Failure, Key, RecordId, System};
use serde::Serialize;
use store::{Db, PairRow};
use sync::{ChildPair, Facts, Half, Known, Mappings, Shadow};

use super::{Mistake, mistake};
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

/// What was read of both sides.
struct Read {
    row: Option<PairRow>,
    autotask: Option<Half>,
    jim2: Option<Half>,
    remarks: Vec<String>,
}

/// Plans the record that an operator names.
pub(crate) async fn preview(desk: &Desk<'_>, of: PreviewOf, text: &str) -> anyhow::Result<Preview> {
    let facts = desk.mappings.facts(desk.now);
    let (kind, on, name) = meant(of, text);
    let work = kinds::all(desk.clients, &facts)
        .into_iter()
        .find(|work| work.kind().as_str() == kind)
        .ok_or_else(|| Mistake(format!("this build knows no kind {kind}")))?;
    let id = id_of(desk.db, work.as_ref(), on, name).await?;
    let key = Key::new(work.kind(), on, id);
    let halves = read(desk.db, work.as_ref(), &key).await?;
    let facts = with_pairs(desk.db, work.as_ref(), &halves, facts).await?;
    let known = known(desk.db, &halves).await?;
    let plan = sync::plan(work.rules(), &known, &facts);
    let mut preview = told::tell(work.rules(), &known, plan);
    preview.remarks = halves.remarks;
    preview
        .remarks
        .extend(remarks(desk.db, &preview, halves.row.as_ref()).await?);
    Ok(preview)
}

/// The kind, the side and the id that the words of the command mean.
fn meant(of: PreviewOf, text: &str) -> (&'static str, System, &str) {
    let (on, text) = match text.split_once(':') {
        Some((word, rest)) if System::named(word).is_some() => {
            (System::named(word).unwrap_or(System::Autotask), rest)
        }
        _ => (System::Autotask, text),
    };
    match of {
        PreviewOf::Ticket => ("ticket", on, text),
        PreviewOf::Job => ("ticket", System::Jim2, text),
        PreviewOf::Company => ("company", on, text),
        PreviewOf::Contact => ("contact", on, text),
    }
}

async fn id_of(db: &Db, work: &dyn Work, on: System, text: &str) -> anyhow::Result<RecordId> {
    if on == System::Jim2 || text.parse::<i64>().is_ok() {
        return Ok(text.into());
    }
    let kind = work.kind();
    let rows = store::pair::by_name(db, &kind, text).await?;
    if let Some(id) = rows.into_iter().find_map(|row| row.autotask_id) {
        return Ok(id);
    }
    let name = RecordId::from(text);
    let found = work
        .locate(on, std::slice::from_ref(&name))
        .await
        .map_err(failed)?;
    match found.into_iter().find(|(named, _)| *named == name) {
        Some((_, id)) => Ok(id),
        None => mistake(format!("{on} has no {kind} called {text}")),
    }
}

/// Reads the record and the half that belongs to it.
async fn read(db: &Db, work: &dyn Work, key: &Key) -> anyhow::Result<Read> {
    let mut read = Read {
        row: store::pair::find(db, key).await?,
        autotask: None,
        jim2: None,
        remarks: Vec::new(),
    };
    let half = one(work, key.system, &key.id).await?;
    let other = key.system.other();
    let paired = read.row.as_ref().and_then(|row| row.id_in(other)).cloned();
    let there = match (&paired, &half) {
        (Some(id), _) => one(work, other, id).await?,
        (None, Some(half)) => named_half(work, key.system, half, &mut read.remarks).await?,
        (None, None) => None,
    };
    if half.is_none() && there.is_none() && read.row.is_none() {
        return mistake(format!("there is no {key}"));
    }
    match key.system {
        System::Autotask => (read.autotask, read.jim2) = (half, there),
        System::Jim2 => (read.autotask, read.jim2) = (there, half),
    }
    Ok(read)
}

async fn one(work: &dyn Work, on: System, id: &RecordId) -> anyhow::Result<Option<Half>> {
    let halves = work
        .read(on, std::slice::from_ref(id))
        .await
        .map_err(failed)?;
    Ok(halves.into_iter().find(|half| half.id == *id))
}

/// The half that an unpaired record names, where that names it back.
async fn named_half(
    work: &dyn Work,
    on: System,
    half: &Half,
    remarks: &mut Vec<String>,
) -> anyhow::Result<Option<Half>> {
    let Some(pointer) = &half.points_to else {
        return Ok(None);
    };
    let other = on.other();
    let id = if pointer.by_name {
        let names = std::slice::from_ref(&pointer.to);
        let found = work.locate(other, names).await.map_err(failed)?;
        found.into_iter().map(|(_, id)| id).next()
    } else {
        Some(pointer.to.clone())
    };
    let there = match &id {
        Some(id) => one(work, other, id).await?,
        None => None,
    };
    let points_back = there.as_ref().is_some_and(|there| {
        there.points_to.as_ref().is_some_and(|back| {
            back.to == half.id || half.label.split_whitespace().next() == Some(back.to.as_str())
        })
    });
    if points_back {
        return Ok(there);
    }
    remarks.push(format!(
        "{} names {} in {other} as its other half, which does not name it back: it would be held until they \
         are linked by hand (crossbill pairs link) or the reference is cleared",
        half.label, pointer.to
    ));
    Ok(None)
}

async fn with_pairs(db: &Db, work: &dyn Work, read: &Read, facts: Facts) -> anyhow::Result<Facts> {
    let halves = [
        (System::Autotask, &read.autotask),
        (System::Jim2, &read.jim2),
    ];
    let needs: Vec<Key> = halves
        .into_iter()
        .filter_map(|(on, half)| Some(work.rules().needs(on, half.as_ref()?)))
        .flatten()
        .collect();
    Ok(Facts {
        pairs: store::pair::others(db, &needs).await?,
        ..facts
    })
}

/// What the worker would know at this moment.
async fn known(db: &Db, read: &Read) -> anyhow::Result<Known> {
    let row = read.row.as_ref();
    let children = match row {
        Some(row) => store::pair::children(db, &[row.id]).await?,
        None => Vec::new(),
    };
    let shadow = row
        .and_then(|row| row.shadow.clone())
        .map(serde_json::from_value::<Shadow>)
        .transpose()?;
    let linked = row.filter(|row| row.is_complete()).map(|row| Shadow {
        baseline: Some(row.changed_at),
        ..Shadow::default()
    });
    Ok(Known {
        autotask: read.autotask.clone(),
        jim2: read.jim2.clone(),
        autotask_id: row.and_then(|row| row.autotask_id.clone()),
        jim2_id: row.and_then(|row| row.jim2_id.clone()),
        generation: row.map_or(1, |row| row.generation),
        shadow: shadow.or(linked),
        children: children.into_iter().filter_map(child).collect(),
        cause: Cause::Live,
        evidence: Vec::new(),
        written_at: row.and_then(|row| row.written_at),
    })
}

fn child(row: PairRow) -> Option<ChildPair> {
    Some(ChildPair {
        shadow: serde_json::from_value(row.shadow?).ok()?,
        autotask: row.autotask_id,
        jim2: row.jim2_id,
    })
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
            remarks.push("a person said that this record is to be left alone".to_owned());
        }
        if store::intent::find(db, row.id).await?.is_some() {
            remarks.push("a write for it is under way and not finished".to_owned());
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

/// A failed read as one sentence.
fn failed(failure: Failure) -> anyhow::Error {
    match failure {
        Failure::Hold { problems } => {
            let says: Vec<String> = problems.into_iter().map(|problem| problem.says).collect();
            Mistake(says.join("; ")).into()
        }
        Failure::Stop { .. } | Failure::Retry { .. } | Failure::Unsure { .. } => {
            anyhow::Error::new(failure).context("the records cannot be read just now")
        }
    }
}
