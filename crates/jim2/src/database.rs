//! Whether the database that answers is the one we know: the same, no training copy, and not put back to an earlier state.

use std::fmt;

use chrono::{DateTime, Utc};
use domain::{StopReason, Told};

use crate::{Changes, Client, Error, Identity, SystemInfo};

/// What is known of the database that we write to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Which it is; `None` where nothing tells it, or before anybody has looked.
    pub identity: Option<Identity>,
    /// The highest safe mark of its change table that was ever told.
    pub mark: Option<i64>,
    /// The highest job that was ever told, where there is no change table.
    pub job: Option<TopJob>,
    /// Whether it is a training copy, and meant to be.
    pub is_training: bool,
    /// Why nobody may write to it before a person has looked.
    pub departed: Option<StopReason>,
}

/// A job and when it was made: a number is given again after a restore, its moment is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopJob {
    /// Job#.
    pub no: i64,
    /// When it was made, where that is told.
    pub made_at: Option<DateTime<Utc>>,
}

/// What a database tells of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Which it is, where that was told.
    pub identity: Option<Identity>,
    /// Whether it says that it is a training copy; named queries of an older request do not tell.
    pub training: Option<bool>,
    /// The safe mark of its change table.
    pub mark: Option<i64>,
    /// Those of its jobs whose numbers are as high as that of the highest one known, or higher; `None` where nobody asked.
    pub jobs: Option<Vec<TopJob>>,
}

/// Why a database is not the one we know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Departure {
    /// It is a training copy.
    Training,
    /// It is none, and the site was connected to one.
    NotTraining,
    /// It is another one, or one that says itself that it was restored.
    Other {
        /// The one that answers.
        found: Identity,
        /// The one that we know.
        known: Identity,
    },
    /// Its change table ends before where it was read to.
    Behind {
        /// Where it ends.
        mark: i64,
        /// How far it was read.
        known: i64,
    },
    /// The highest job that was told is not there any more, and none above it.
    JobGone(i64),
    /// That number belongs to another job now.
    OtherJob(i64),
}

impl Departure {
    /// The stop that follows. What another database caused is over once the right one answers; an earlier state of the
    /// right one looks right again as soon as people have worked on it.
    pub fn reason(&self) -> StopReason {
        let says = self.to_string();
        match self {
            Self::Training | Self::NotTraining | Self::Other { .. } => StopReason::Identity(says),
            Self::Behind { .. } | Self::JobGone(_) | Self::OtherJob(_) => {
                StopReason::Restored(says)
            }
        }
    }
}

impl fmt::Display for Departure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Training => f.write_str("a training copy answers"),
            Self::NotTraining => {
                f.write_str("the site was connected to a training copy, and this is none")
            }
            Self::Other { found, known } => write!(f, "{found} answers, we know {known}"),
            Self::Behind { mark, known } => write!(
                f,
                "its change table ends at {mark}, and was read up to {known} before"
            ),
            Self::JobGone(no) => write!(f, "job {no} was there, and neither it nor a later one is"),
            Self::OtherJob(no) => write!(f, "job {no} is another one than before"),
        }
    }
}

impl Known {
    /// Whether there is nothing to compare a database with.
    pub(crate) fn is_nothing(&self) -> bool {
        self.identity.is_none() && self.mark.is_none() && self.job.is_none()
    }

    /// What does not go together with what was seen.
    pub fn departure(&self, seen: &Seen) -> Option<Departure> {
        match (seen.training, self.is_training) {
            (Some(true), false) => return Some(Departure::Training),
            (Some(false), true) => return Some(Departure::NotTraining),
            (Some(_) | None, _) => {}
        }
        if let (Some(found), Some(known)) = (&seen.identity, &self.identity)
            && found != known
        {
            return Some(Departure::Other {
                found: found.clone(),
                known: known.clone(),
            });
        }
        if let (Some(mark), Some(known)) = (seen.mark, self.mark)
            && mark < known
        {
            return Some(Departure::Behind { mark, known });
        }
        let (known, jobs) = (self.job?, seen.jobs.as_ref()?);
        let Some(same) = jobs.iter().find(|job| job.no == known.no) else {
            // Somebody may have deleted that one job; where a later one is there, nothing was put back.
            let is_behind = !jobs.iter().any(|job| job.no > known.no);
            return is_behind.then_some(Departure::JobGone(known.no));
        };
        let moments = same.made_at.zip(known.made_at);
        let is_another = moments.is_some_and(|(now, then)| now != then);
        is_another.then_some(Departure::OtherJob(known.no))
    }
}

impl Known {
    /// What some of its jobs tell of a database: nothing, where none is as high as the highest one known.
    pub fn among(&self, jobs: &[crate::Job]) -> Seen {
        let top = self.job.map_or(0, |job| job.no);
        let jobs = jobs.iter().filter(|job| job.job_no >= top);
        let jobs: Vec<TopJob> = jobs.map(TopJob::of).collect();
        Seen {
            jobs: (!jobs.is_empty()).then_some(jobs),
            ..Seen::default()
        }
    }
}

impl Seen {
    /// What a page of changes tells.
    pub fn in_changes(changes: &Changes) -> Self {
        Self {
            identity: Some(changes.identity.clone()),
            training: changes.training,
            mark: Some(changes.safe_mark),
            jobs: None,
        }
    }

    /// What the system tells of itself.
    pub fn in_system(system: &SystemInfo) -> Self {
        Self {
            identity: Some(system.identity.clone()),
            training: system.training,
            mark: None,
            jobs: None,
        }
    }

    /// The highest of the jobs that were seen.
    pub fn top_job(&self) -> Option<TopJob> {
        let jobs = self.jobs.iter().flatten();
        jobs.copied().max_by_key(|job| job.no)
    }
}

impl Client {
    /// Looks at the database, in one call: at its change table, or where the site has none at its highest jobs.
    pub async fn look_at_database(&self, known: &Known) -> Result<Seen, Error> {
        if self.settings().named_queries {
            let changes = self.changes(known.mark.unwrap_or_default(), 1).await?;
            return Ok(Seen::in_changes(&changes));
        }
        let Some(top) = known.job else {
            return Ok(Seen::default());
        };
        let jobs = self.jobs_numbered_from(top.no).await?;
        Ok(Seen {
            jobs: Some(jobs.iter().map(TopJob::of).collect()),
            ..Seen::default()
        })
    }
}

impl TopJob {
    /// A job that was read.
    pub fn of(job: &crate::Job) -> Self {
        Self {
            no: job.job_no,
            made_at: match job.date_in {
                Told::Is(at) => Some(at),
                Told::Empty | Told::Not => None,
            },
        }
    }
}

/// Whether a database that is called so is a training copy by its name: `Jim_Test`, `TRAINING`, as the documents' own
/// examples of addresses have them. No document says how a copy is told; what it says of itself comes first.
pub fn sounds_like_training(name: &str) -> bool {
    let words = name.split(|letter: char| !letter.is_alphanumeric());
    words.map(str::to_lowercase).any(|word| {
        ["test", "training", "train", "demo"].contains(&word.as_str()) || word.ends_with("training")
    })
}

#[cfg(test)]
mod tests;
