//! What happens next after each [`Error`].

use std::time::Duration;

use domain::{Failure, Fixer, Key, Problem, Remedy, StopReason, Subject, System};

use crate::Error;

/// How long to wait for a user to leave a record.
const LOCKED: Duration = Duration::from_mins(2);
/// How long to wait for a job to be un-readied or invoiced.
const READY: Duration = Duration::from_hours(1);
/// How soon to look for a free licence again.
const LICENCE: Duration = Duration::from_mins(1);
/// How soon to look again whether a person has corrected a setting.
const SETTING: Duration = Duration::from_mins(5);
/// How soon to look whether Jim2 is back.
const AWAY: Duration = Duration::from_secs(30);

impl Error {
    /// What happens next to `key`, whose handling met this error.
    pub fn into_failure(self, key: &Key) -> Failure {
        match self {
            Self::Unauthorized { setting } => {
                stop(StopReason::Credentials(setting.to_owned()), SETTING, self)
            }
            Self::NoLicence => stop(StopReason::Licence, LICENCE, self),
            Self::OtherDatabase(ref reason) => stop(reason.clone(), AWAY, self),
            Self::Away(_) => stop(StopReason::Away, AWAY, self),
            Self::Locked { .. } => retry(Some(LOCKED), self),
            Self::JobReady => retry(Some(READY), self),
            Self::SlowDown { after } => retry(after, self),
            Self::MaybeDone(_) => Failure::Unsure {
                source: self.into(),
            },
            // The next attempt reads again: it judges a vanished record, and meets a passing trouble no more.
            Self::NotFound | Self::Session(_) | Self::Refused { status: 500.., .. } => {
                retry(None, self)
            }
            Self::Forbidden { .. }
            | Self::Refused { .. }
            | Self::JobInvoiced { .. }
            | Self::NotWritable { .. }
            | Self::Workflow { .. }
            | Self::NoSuchQuery(_)
            | Self::Unreadable { .. } => Failure::Hold {
                problems: vec![self.problem(key)],
            },
        }
    }

    /// What a person has to know and to do about a refusal of `key`.
    fn problem(&self, key: &Key) -> Problem {
        let (code, who, step) = self.remedy();
        Problem {
            code: code.to_owned(),
            subject: self.subject(key),
            field: None,
            says: format!("{key}: {self}."),
            remedy: Remedy {
                who,
                step: step.to_owned(),
                continues: matches!(
                    self,
                    Self::Forbidden { .. } | Self::Refused { .. } | Self::Workflow { .. }
                ) && key.system == System::Jim2,
            },
        }
    }

    fn subject(&self, key: &Key) -> Subject {
        let setting = match self {
            Self::NoSuchQuery(name) => Some(format!("jim2 query {name}")),
            Self::Unreadable { path, .. } => Some(format!("jim2 answer {path}")),
            Self::NotWritable { attribute } => Some(format!("jim2 attribute {attribute}")),
            Self::Unauthorized { .. }
            | Self::NoLicence
            | Self::OtherDatabase(_)
            | Self::Forbidden { .. }
            | Self::NotFound
            | Self::Refused { .. }
            | Self::Locked { .. }
            | Self::JobReady
            | Self::JobInvoiced { .. }
            | Self::Workflow { .. }
            | Self::Away(_)
            | Self::MaybeDone(_)
            | Self::SlowDown { .. }
            | Self::Session(_) => None,
        };
        setting.map_or_else(
            || Subject::Record {
                kind: key.kind.clone(),
                system: key.system,
                id: key.id.clone(),
            },
            |name| Subject::Setting { name },
        )
    }

    /// Code, who fixes it, and the one next step.
    fn remedy(&self) -> (&'static str, Fixer, &'static str) {
        match self {
            Self::JobInvoiced { .. } => (
                "job-invoiced",
                Fixer::Finance,
                "Make the change in Jim2 by hand (Return From Customer, or a new job), then replay or archive this item.",
            ),
            Self::NotWritable { .. } => (
                Problem::NOT_WRITABLE,
                Fixer::Integrator,
                "Turn this direction of the field off with crossbill mapping set, or ask Happen for a build that can write it.",
            ),
            Self::Workflow { .. } => (
                "status-step-refused",
                Fixer::Integrator,
                "Link the two statuses in Jim2's workflow, raise the API user's status level, or map the status by a path; then replay.",
            ),
            Self::NoSuchQuery(_) => (
                "query-missing",
                Fixer::Integrator,
                "Ask Happen support to install the named query; until then crossbill connect finds out that it is missing and goes on without.",
            ),
            Self::Unreadable { .. } => (
                "unreadable-answer",
                Fixer::Integrator,
                "Compare the Jim2 build and its named queries with what Crossbill expects, then replay.",
            ),
            Self::Forbidden { .. } => (
                "forbidden-by-jim2",
                Fixer::Integrator,
                "Give the API's user this right in Jim2's security groups, then replay.",
            ),
            Self::Unauthorized { .. }
            | Self::NoLicence
            | Self::OtherDatabase(_)
            | Self::NotFound
            | Self::Refused { .. }
            | Self::Locked { .. }
            | Self::JobReady
            | Self::Away(_)
            | Self::MaybeDone(_)
            | Self::SlowDown { .. }
            | Self::Session(_) => (
                "refused-by-jim2",
                Fixer::Desk,
                "Correct the value Jim2 names, on either side, then replay.",
            ),
        }
    }
}

fn stop(reason: StopReason, after: Duration, source: Error) -> Failure {
    Failure::Stop {
        system: System::Jim2,
        reason,
        after,
        source: source.into(),
    }
}

fn retry(after: Option<Duration>, source: Error) -> Failure {
    Failure::Retry {
        after,
        source: source.into(),
    }
}

#[cfg(test)]
mod tests;
