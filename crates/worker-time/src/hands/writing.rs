//! Writing lines of labour. Somebody whom Jim2 does not take any more is no reason to have no line.

use domain::{Failure, Key, RecordId, System, Told};
use jim2::{LabourChanges, part_id};
use sync::{Act, Fields};

use super::{
    Malformed, TimeHands, draft,
    looking::{NotNow, place},
};
use crate::{KIND, halves};

impl TimeHands {
    /// Adds a line. A job that was invoiced since it was looked at takes none any more.
    pub(super) async fn add(&self, act: &Act) -> Result<RecordId, Failure> {
        let place = place(act)
            .ok_or_else(|| Failure::retry(Malformed("a line without a job or an owner")))?;
        let line = draft::line(place.fields);
        let added = match self.jim2.add_job_labour(place.job, &line).await {
            Err(error) => match self.stood_in_for(&line, &error) {
                Some(line) => self.jim2.add_job_labour(place.job, &line).await,
                None => Err(error),
            },
            added => added,
        };
        match added {
            Ok(line) => Ok(part_id::join(place.job, line).into()),
            Err(jim2::Error::JobInvoiced { .. }) => {
                Err(Failure::wait_for(place.owner, NotNow::Invoiced(place.job)))
            }
            Err(error) => Err(error.into_failure(&place.entry)),
        }
    }

    /// Changes a line.
    pub(super) async fn change(&self, id: &RecordId, fields: &Fields) -> Result<(), Failure> {
        let (job, line) = part_id::split(id.as_str())
            .ok_or_else(|| Failure::retry(Malformed("a line without a number")))?;
        let draft = draft::line(fields);
        let answer = match self.jim2.update_job_labour(job, line, &draft).await {
            Err(error) => match self.stood_in_for(&draft, &error) {
                Some(other) => self.jim2.update_job_labour(job, line, &other).await,
                None => Err(error),
            },
            done => done,
        };
        let key = Key::new(KIND, System::Jim2, id.clone());
        answer.map_err(|error| error.into_failure(&key))
    }

    /// The same line with the site's fallback for initials that were refused, and with the name of whoever worked.
    fn stood_in_for(&self, line: &LabourChanges, error: &jim2::Error) -> Option<LabourChanges> {
        let refused = line.labour_init.get()?;
        let fallback = self.settings.fallback_initials.as_ref();
        let fallback = fallback.filter(|fallback| *fallback != refused)?;
        if !error.is_only_about("labourInit", refused) {
            return None;
        }
        tracing::warn!(
            refused,
            instead = fallback,
            "Jim2 does not take the initials of whoever worked"
        );
        let comment = line.comment.get().map_or("", String::as_str);
        Some(LabourChanges {
            labour_init: Told::Is(fallback.clone()),
            comment: Told::Is(halves::with_stand_in(comment, refused, &self.settings)),
            ..line.clone()
        })
    }
}
