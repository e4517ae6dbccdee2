//! Both sides of the record that is previewed, read as the worker would read them.

use domain::{Cause, Failure, Key, Problem, RecordId, System};
use reconciler::remedy;
use store::{Db, PairRow};
use sync::{ChildPair, Facts, Half, Known, Match, Shadow};

use crate::{
    kinds::Work,
    operate::{Mistake, mistake},
};

/// What is known of both sides.
pub(super) struct Sides {
    /// Its row, where it has one.
    pub(super) row: Option<PairRow>,
    autotask: Option<Half>,
    jim2: Option<Half>,
    /// What the worker would hold it for before it plans.
    pub(super) remarks: Vec<String>,
}

/// The id that an operator means by an id or a name.
pub(super) async fn id_of(
    db: &Db,
    work: &Work,
    on: System,
    text: &str,
) -> anyhow::Result<RecordId> {
    if on == System::Jim2 || text.parse::<i64>().is_ok() {
        return Ok(text.into());
    }
    let kind = work.rules.kind();
    let rows = store::pair::by_name(db, &kind, text).await?;
    if let Some(id) = rows.into_iter().find_map(|row| row.autotask_id) {
        return Ok(id);
    }
    let name = RecordId::from(text);
    let found = work
        .hands
        .locate(on, std::slice::from_ref(&name))
        .await
        .map_err(failed)?;
    match found.into_iter().find(|(named, _)| *named == name) {
        Some((_, id)) => Ok(id),
        None => mistake(format!("{on} has no {kind} called {text}")),
    }
}

/// Reads the record and the half that belongs to it.
pub(super) async fn read(db: &Db, work: &Work, key: &Key) -> anyhow::Result<Sides> {
    let mut read = Sides {
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

async fn one(work: &Work, on: System, id: &RecordId) -> anyhow::Result<Option<Half>> {
    let halves = work
        .hands
        .read(on, std::slice::from_ref(id))
        .await
        .map_err(failed)?;
    Ok(halves.into_iter().find(|half| half.id == *id))
}

/// The half that an unpaired record names, where that names it back. The worker also asks whether the other record
/// is somebody else's already; then it holds this one.
async fn named_half(
    work: &Work,
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
        let found = work.hands.locate(other, names).await.map_err(failed)?;
        found.into_iter().map(|(_, id)| id).next()
    } else {
        Some(pointer.to.clone())
    };
    let there = match &id {
        Some(id) => one(work, other, id).await?,
        None => None,
    };
    let back = there.as_ref().and_then(|there| there.points_to.as_ref());
    let points_back = back.is_some_and(|back| {
        if back.by_name {
            half.label.split_whitespace().next() == Some(back.to.as_str())
        } else {
            back.to == half.id
        }
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

impl Sides {
    /// `facts` with the pairs that both halves refer to.
    pub(super) async fn facts(&self, db: &Db, work: &Work, facts: Facts) -> anyhow::Result<Facts> {
        let halves = [
            (System::Autotask, &self.autotask),
            (System::Jim2, &self.jim2),
        ];
        let needs: Vec<Key> = halves
            .into_iter()
            .filter_map(|(on, half)| Some(work.rules.needs(on, half.as_ref()?)))
            .flatten()
            .collect();
        Ok(Facts {
            pairs: store::pair::others(db, &needs).await?,
            ..facts
        })
    }

    /// Looks for the half that an unpaired record stands for by what both say, as the worker would; answers why that is
    /// doubtful. Whether what is found is somebody else's already is asked by the worker only.
    pub(super) async fn seek(
        &mut self,
        work: &Work,
        key: &Key,
        facts: &Facts,
    ) -> anyhow::Result<Option<Problem>> {
        let on = key.system;
        let (half, there) = match on {
            System::Autotask => (&self.autotask, &self.jim2),
            System::Jim2 => (&self.jim2, &self.autotask),
        };
        let is_paired = self.row.as_ref().is_some_and(PairRow::is_complete);
        let (Some(half), None, false) = (half, there, is_paired) else {
            return Ok(None);
        };
        if half.points_to.is_some() || !work.rules.seeks(on, half) {
            return Ok(None);
        }
        let found = work.hands.counterpart(on, half, facts).await;
        match found.map_err(failed)? {
            Match::None => Ok(None),
            Match::Doubtful(problem) => Ok(Some(*problem)),
            Match::One(id) => {
                let found = one(work, on.other(), &id).await?;
                match on {
                    System::Autotask => self.jim2 = found,
                    System::Jim2 => self.autotask = found,
                }
                Ok(None)
            }
        }
    }

    /// What the worker would know at this moment, but for a write that is under way.
    pub(super) async fn known(&self, db: &Db) -> anyhow::Result<Known> {
        let row = self.row.as_ref();
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
            autotask: self.autotask.clone(),
            jim2: self.jim2.clone(),
            autotask_id: row.and_then(|row| row.autotask_id.clone()),
            jim2_id: row.and_then(|row| row.jim2_id.clone()),
            generation: row.map_or(1, |row| row.generation),
            shadow: shadow.or(linked),
            children: children.into_iter().filter_map(child).collect(),
            cause: Cause::Live,
            evidence: Vec::new(),
        })
    }
}

fn child(row: PairRow) -> Option<ChildPair> {
    Some(ChildPair {
        shadow: serde_json::from_value(row.shadow?).ok()?,
        autotask: row.autotask_id,
        jim2: row.jim2_id,
    })
}

/// A failed read as one sentence.
pub(crate) fn failed(failure: Failure) -> anyhow::Error {
    match failure {
        Failure::Hold { problems } => {
            let says: Vec<String> = problems.into_iter().map(|problem| problem.says).collect();
            Mistake(says.join("; ")).into()
        }
        Failure::Stop { system, reason, .. } => Mistake(format!(
            "the records cannot be read: {system} is stopped, {reason}; {}",
            remedy::of_stop(system, reason.as_str())
        ))
        .into(),
        Failure::Retry { .. }
        | Failure::Defer { .. }
        | Failure::Await { .. }
        | Failure::Wait { .. }
        | Failure::Unsure { .. } => {
            anyhow::Error::new(failure).context("the records cannot be read just now")
        }
    }
}
