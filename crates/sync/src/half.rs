//! One side of a pair, as read now.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{Fixer, Kind, Problem, RecordId, Remedy, Subject, System, Value};

use crate::{Fields, Mark};

/// One record of one system, told in the kind's field names, with the raw values of its system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Half {
    /// Its identifier.
    pub id: RecordId,
    /// As people know it: `T20261123.0001 Printer on fire`, `Job 5001`, `O'Brien & Sons`.
    pub label: String,
    /// The mapped fields that were told. A field that was not told is absent.
    pub fields: Fields,
    /// What planning needs beside the mapped fields (its customer, whether it is invoiced, …).
    pub facts: BTreeMap<&'static str, Value>,
    /// The system's own time of the record's last change, where it tells one.
    pub changed_at: Option<DateTime<Utc>>,
    /// The system's own time of the record's creation, where it tells one.
    pub created_at: Option<DateTime<Utc>>,
    /// The other half that it names, where it names one.
    pub points_to: Option<Pointer>,
    /// The records that hang under it and travel with it (notes, comments).
    pub children: Vec<Child>,
}

impl Half {
    /// A half with nothing told yet.
    pub fn new(id: impl Into<RecordId>, label: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            fields: Fields::new(),
            facts: BTreeMap::new(),
            changed_at: None,
            created_at: None,
            points_to: None,
            children: Vec::new(),
        }
    }

    /// Adds a mapped field, where it was told.
    pub fn tell(&mut self, name: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.fields.insert(name.to_owned(), value);
        }
    }

    /// Adds a fact that was told and holds something.
    pub fn know(&mut self, name: &'static str, value: Option<Value>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.facts.insert(name, value);
        }
    }

    /// Adds when something was, as a fact, where it was told.
    pub fn know_when(&mut self, name: &'static str, at: Option<&DateTime<Utc>>) {
        self.know(name, at.map(|at| at.to_rfc3339().into()));
    }

    /// Adds a fact that holds or does not.
    pub fn flag(&mut self, name: &'static str, holds: bool) {
        self.facts.insert(name, Value::Flag(holds));
    }

    /// Whether a fact is there and says yes.
    pub fn is(&self, fact: &str) -> bool {
        matches!(self.facts.get(fact), Some(Value::Flag(true)))
    }

    /// A problem of this record that only its own content can solve.
    pub fn problem(
        &self,
        kind: &Kind,
        on: System,
        code: &str,
        says: String,
        (who, step): (Fixer, String),
    ) -> Problem {
        Problem {
            code: code.to_owned(),
            subject: Subject::Record {
                kind: kind.clone(),
                system: on,
                id: self.id.clone(),
            },
            field: None,
            says,
            remedy: Remedy {
                who,
                step,
                continues: true,
            },
        }
    }

    /// A fact's value, where it is there.
    pub fn fact(&self, fact: &str) -> Option<&Value> {
        self.facts.get(fact)
    }
}

/// How one half names the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer {
    /// The other half's identifier, or (with `by_name`) the name people know it by.
    pub to: RecordId,
    /// Whether `to` is a name, such as a ticket number, that must be looked up.
    pub by_name: bool,
    /// Which of several generations it is (`T20261123.0001/2` is the ticket's second job).
    pub generation: i32,
}

/// A record under a half: a ticket note, a job comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// Its identifier.
    pub id: RecordId,
    /// What it says, without the mark.
    pub text: String,
    /// Who wrote it, by name.
    pub author: String,
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// Whether our own user made it.
    pub ours: bool,
    /// The record it is a copy of, where its last token says so.
    pub mark: Option<Mark>,
    /// What the kind needs to decide whether it travels (published, system type, …).
    pub facts: BTreeMap<&'static str, Value>,
}
