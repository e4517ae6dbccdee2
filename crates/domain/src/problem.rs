//! What keeps a record from being written, told so that a person can solve it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Kind, RecordId, System};

/// A missing or wrong fact: what is wrong, who fixes it, and the one next step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A stable word for grouping, such as `lookup-missing`.
    pub code: String,
    /// The fact that is missing or wrong; problems with the same code and subject are one problem.
    pub subject: Subject,
    /// The field it holds back; `None` where it holds back the whole record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// One plain sentence that names the record's people words: what is wrong.
    pub says: String,
    /// Who can solve it, and how.
    pub remedy: Remedy,
}

impl Problem {
    /// The code of a field that Jim2 does not take at all, whatever its value.
    pub const NOT_WRITABLE: &str = "not-writable-in-jim2";

    /// Code and subject as one text: the identity of the problem in the store.
    pub fn identity(&self) -> String {
        format!("{}|{}", self.code, self.subject)
    }
}

/// The fact a [`Problem`] is about, in a form that can be checked without a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Subject {
    /// A value of a list has no counterpart: solved when the mapping has one.
    Lookup {
        /// The list, such as `status`.
        list: String,
        /// The system whose value is unmapped.
        system: System,
        /// The value, as the system's own identifier of it.
        value: String,
    },
    /// A record that must be paired first: solved when its pair is complete.
    Pair {
        /// Its kind.
        kind: Kind,
        /// Where it is.
        system: System,
        /// Its identifier there.
        id: RecordId,
    },
    /// A setting must be made: solved when the configuration version changes.
    Setting {
        /// The setting's name.
        name: String,
    },
    /// Only time solves it: solved when that has come.
    Time {
        /// When.
        until: DateTime<Utc>,
    },
    /// Only people at a job of Jim2 solve it: it is looked at again every hour, and at once where the job's own pair is
    /// changed.
    Job {
        /// Its number.
        number: i64,
    },
    /// Only this record's own content can solve it: solved by the next change of the record, or by a replay.
    Record {
        /// Its kind.
        kind: Kind,
        /// Where it is.
        system: System,
        /// Its identifier there.
        id: RecordId,
    },
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Lookup {
                list,
                system,
                value,
            } => write!(f, "lookup:{list}:{}:{value}", system.as_str()),
            Self::Pair { kind, system, id } => write!(f, "pair:{kind}:{}:{id}", system.as_str()),
            Self::Setting { name } => write!(f, "setting:{name}"),
            Self::Time { until } => write!(f, "time:{}", until.format("%Y-%m-%dT%H:%MZ")),
            Self::Job { number } => write!(f, "job:{number}"),
            Self::Record { kind, system, id } => {
                write!(f, "record:{kind}:{}:{id}", system.as_str())
            }
        }
    }
}

/// Who solves a problem and the one next step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedy {
    /// Who.
    pub who: Fixer,
    /// The step, as an instruction.
    pub step: String,
    /// Whether the record goes on by itself once the step is done.
    pub continues: bool,
}

/// The people who solve problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fixer {
    /// The service desk.
    Desk,
    /// The bookkeeper.
    Finance,
    /// Whoever runs Crossbill.
    Integrator,
}

impl Fixer {
    /// The word on screens and in columns.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Finance => "finance",
            Self::Integrator => "integrator",
        }
    }
}
