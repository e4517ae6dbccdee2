//! The list that a person signs off: CSV out, and back in with decisions.

mod sheet;

use std::{collections::BTreeSet, fs::File, path::Path};

use anyhow::Context as _;
use domain::{Key, Kind, System};

use self::sheet::Line;
pub(super) use self::sheet::begun;
use super::{By, COMPANY, CONTACT, Doubt, Link, Matched, TICKET};

/// What a person can decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    /// The two belong together.
    Link,
    /// The missing half is to be made.
    Create,
    /// It is to stay alone.
    Ignore,
}

/// A person's decision on one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decided {
    kind: Kind,
    autotask: Option<i64>,
    jim2: Option<String>,
    name: String,
    decision: Decision,
}

impl Decided {
    /// The records that the decision is about, Autotask's first.
    pub(super) fn keys(&self) -> Vec<Key> {
        let autotask = self
            .autotask
            .map(|id| Key::new(self.kind.clone(), System::Autotask, id));
        match autotask {
            Some(key) => vec![key],
            None => self
                .jim2
                .iter()
                .map(|id| Key::new(self.kind.clone(), System::Jim2, id.as_str()))
                .collect(),
        }
    }
}

/// All decisions of one file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Decisions(Vec<Decided>);

impl Decisions {
    /// Reads a list that was filled in; none without a path. All that is wrong with it is told at once.
    pub(super) fn read(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = path else {
            return Ok(Self::default());
        };
        let file = File::open(path)
            .with_context(|| format!("the list of decisions {} cannot be read", path.display()))?;
        Self::parse(file).with_context(|| format!("{} is not taken in", path.display()))
    }

    fn parse(source: impl std::io::Read) -> anyhow::Result<Self> {
        let mut decided = Vec::new();
        let mut wrong = Vec::new();
        let mut lines = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(source);
        for (index, line) in lines.deserialize::<Line>().enumerate() {
            // The first line has the columns' names.
            match line.map_err(|error| error.to_string()).and_then(read) {
                Ok(Some(one)) => decided.push(one),
                Ok(None) => {}
                Err(why) => wrong.push(format!("line {}: {why}", index + 2)),
            }
        }
        anyhow::ensure!(wrong.is_empty(), "{}", wrong.join("; "));
        Ok(Self(decided))
    }

    /// The decisions of one sort.
    pub(super) fn that(&self, decision: Decision) -> impl Iterator<Item = &Decided> {
        self.0
            .iter()
            .filter(move |decided| decided.decision == decision)
    }

    /// What matching found, with a person's links in it and without what is decided otherwise.
    pub(super) fn apply(&self, kind: &Kind, mut found: Matched) -> Matched {
        for decided in self.0.iter().filter(|decided| decided.kind == *kind) {
            let is_it = |autotask: Option<i64>, jim2: &[String]| {
                autotask.is_some() && autotask == decided.autotask
                    || decided
                        .jim2
                        .as_ref()
                        .is_some_and(|id| autotask.is_none() && jim2.contains(id))
            };
            found
                .doubts
                .retain(|doubt| !is_it(doubt.autotask, &doubt.candidates));
            found.links.retain(|link| {
                Some(link.autotask) != decided.autotask && decided.jim2.as_ref() != Some(&link.jim2)
            });
            if let (Decision::Link, Some(autotask), Some(jim2)) =
                (decided.decision, decided.autotask, &decided.jim2)
            {
                found.links.push(Link {
                    autotask,
                    jim2: jim2.clone(),
                    label: decided.name.clone(),
                    generation: 1,
                    by: By::Decision,
                });
            }
        }
        found
    }
}

fn read(line: Line) -> Result<Option<Decided>, String> {
    let decision = match line.decision.to_lowercase().as_str() {
        "" => return Ok(None),
        "link" => Decision::Link,
        "create" => Decision::Create,
        "ignore" => Decision::Ignore,
        other => {
            return Err(format!(
                "\"{other}\" is no decision; write link, create or ignore"
            ));
        }
    };
    let kind = [COMPANY, CONTACT, TICKET]
        .into_iter()
        .find(|kind| kind.as_str() == line.kind)
        .ok_or_else(|| format!("\"{}\" is no kind", line.kind))?;
    let autotask = match line.autotask_id.as_str() {
        "" => None,
        id => Some(
            id.parse()
                .map_err(|_| format!("\"{id}\" is no id of Autotask"))?,
        ),
    };
    // One candidate needs no second word.
    let only = Some(line.jim2_candidates.as_str()).filter(|ids| !ids.contains(' '));
    let jim2 = [Some(line.jim2_id.as_str()), only];
    let jim2 = jim2.into_iter().flatten().find(|id| !id.is_empty());
    if decision == Decision::Link && (autotask.is_none() || jim2.is_none()) {
        return Err("a link needs autotask_id and jim2_id".to_owned());
    }
    if autotask.is_none() && jim2.is_none() {
        return Err("it names no record".to_owned());
    }
    Ok(Some(Decided {
        kind,
        autotask,
        jim2: jim2.map(str::to_owned),
        name: line.name,
        decision,
    }))
}

/// Writes the list, with what a person has written into it so far. Answers how many decisions that are.
pub(super) fn write(
    path: &Path,
    doubts: &[(Kind, Doubt)],
    decisions: &Decisions,
    settled: &BTreeSet<Key>,
) -> anyhow::Result<usize> {
    let is_done =
        |key: &Key| settled.contains(key) || decisions.0.iter().any(|it| it.keys().contains(key));
    let lines = sheet::with_begun(doubts, sheet::begun(path)?, is_done);
    sheet::write(path, &lines)?;
    Ok(lines
        .iter()
        .filter(|line| !line.decision.is_empty())
        .count())
}

#[cfg(test)]
mod tests;
