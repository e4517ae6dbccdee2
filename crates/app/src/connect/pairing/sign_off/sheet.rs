//! The list as a file. What a person has written into it is never lost: a list is written anew with it.

use std::{
    fs::{self, File},
    io::ErrorKind,
    path::Path,
};

use anyhow::Context as _;
use domain::{Key, Kind, System};
use serde::{Deserialize, Serialize};

use super::Doubt;

/// The columns.
const COLUMNS: [&str; 7] = [
    "kind",
    "autotask_id",
    "name",
    "jim2_candidates",
    "why",
    "decision",
    "jim2_id",
];

/// A line of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::connect::pairing) struct Line {
    pub(super) kind: String,
    #[serde(default)]
    pub(super) autotask_id: String,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) jim2_candidates: String,
    #[serde(default)]
    pub(super) why: String,
    #[serde(default)]
    pub(super) decision: String,
    #[serde(default)]
    pub(super) jim2_id: String,
}

impl Line {
    pub(super) fn of(kind: &Kind, doubt: &Doubt) -> Self {
        Self {
            kind: kind.to_string(),
            autotask_id: doubt.autotask.map(|id| id.to_string()).unwrap_or_default(),
            name: doubt.name.clone(),
            jim2_candidates: doubt.candidates.join(" "),
            why: doubt.why.clone(),
            ..Self::default()
        }
    }

    /// The record that it is about: Autotask's, else the first of Jim2's.
    pub(in crate::connect::pairing) fn key(&self) -> Key {
        let kind = Kind::from(self.kind.clone());
        if self.autotask_id.is_empty() {
            let candidates = self.jim2_candidates.split_whitespace();
            let id = candidates.chain([self.jim2_id.as_str()]).next();
            return Key::new(kind, System::Jim2, id.unwrap_or_default());
        }
        Key::new(kind, System::Autotask, self.autotask_id.as_str())
    }

    fn is_begun(&self) -> bool {
        !(self.decision.is_empty() && self.jim2_id.is_empty())
    }
}

/// The lines of an earlier list into which a person has written. A file that is no such list is refused: it is not
/// ours to write over.
pub(in crate::connect::pairing) fn begun(path: &Path) -> anyhow::Result<Vec<Line>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => {
            return Err(error).with_context(|| {
                format!("the list {} is there and cannot be read", path.display())
            });
        }
    };
    let refused = || {
        format!(
            "{} is there and is no list of unmatched records, so it is not written over: move it away, or say \
             --unmatched with another path",
            path.display()
        )
    };
    let mut lines = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(file);
    let head = lines.headers().with_context(refused)?;
    let is_ours = head.is_empty()
        || COLUMNS
            .iter()
            .all(|column| head.iter().any(|it| it == *column));
    anyhow::ensure!(is_ours, refused());
    let lines: Result<Vec<Line>, csv::Error> = lines.deserialize().collect();
    let mut lines = lines.with_context(refused)?;
    lines.retain(Line::is_begun);
    Ok(lines)
}

/// The lines of a new list: what a person wrote on a record stays with it, also where it is in doubt no more and not
/// `done` either.
pub(super) fn with_begun(
    doubts: &[(Kind, Doubt)],
    begun: Vec<Line>,
    done: impl Fn(&Key) -> bool,
) -> Vec<Line> {
    let mut lines: Vec<Line> = doubts
        .iter()
        .map(|(kind, doubt)| Line::of(kind, doubt))
        .collect();
    for old in begun {
        let key = old.key();
        match lines.iter_mut().find(|line| line.key() == key) {
            Some(line) => {
                line.decision = old.decision;
                line.jim2_id = old.jim2_id;
            }
            None if done(&key) => {}
            None => lines.push(old),
        }
    }
    lines
}

/// Writes the list as a whole or not at all. An empty one is written too: it takes the place of an earlier one.
pub(super) fn write(path: &Path, lines: &[Line]) -> anyhow::Result<()> {
    let telling = || {
        format!(
            "the list of unmatched records {} cannot be written",
            path.display()
        )
    };
    let mut text = Vec::new();
    write_to(&mut text, lines).with_context(telling)?;
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    fs::write(&part, text).with_context(telling)?;
    fs::rename(&part, path).with_context(telling)
}

pub(super) fn write_to(target: impl std::io::Write, lines: &[Line]) -> anyhow::Result<()> {
    let mut sheet = csv::WriterBuilder::new()
        .has_headers(false)
        .from_writer(target);
    sheet.write_record(COLUMNS)?;
    for line in lines {
        sheet.serialize(line)?;
    }
    sheet.flush()?;
    Ok(())
}
