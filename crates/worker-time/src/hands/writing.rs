//! Writing lines of labour. Somebody whom Jim2 does not take any more is no reason to have no line.

use domain::{Failure, Key, RecordId, System, Told};
use jim2::LabourChanges;
use sync::{Act, Fields};

use super::{
    Malformed, TimeHands, draft,
    looking::{NotNow, place},
};
use crate::{KIND, halves, line_id};

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
            Ok(line) => Ok(line_id::join(place.job, line).into()),
            Err(jim2::Error::JobInvoiced { .. }) => {
                Err(Failure::wait_for(place.owner, NotNow::Invoiced(place.job)))
            }
            Err(error) => Err(error.into_failure(&place.entry)),
        }
    }

    /// Changes a line.
    pub(super) async fn change(&self, id: &RecordId, fields: &Fields) -> Result<(), Failure> {
        let (job, line) = line_id::split(id.as_str())
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
        if !is_about_initials(error, refused) {
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

/// Whether Jim2 refused nothing but the initials: it points at them or, where the build points at nothing, names them.
fn is_about_initials(error: &jim2::Error, initials: &str) -> bool {
    let jim2::Error::Refused { errors, .. } = error else {
        return false;
    };
    let about = |error: &jim2::ApiError| match &error.pointer {
        Some(pointer) => pointer.to_lowercase().ends_with("/labourinit"),
        None => error
            .to_string()
            .split(|letter: char| !letter.is_alphanumeric() && letter != '.')
            .any(|word| word == initials || word.trim_end_matches('.') == initials),
    };
    !errors.is_empty() && errors.iter().all(about)
}

#[cfg(test)]
mod tests {
    use jim2::ApiError;

    use super::*;

    #[test]
    fn a_refusal_is_about_the_initials_where_it_points_at_them_or_names_them() {
        let refused = |pointer: Option<&str>, detail: &str| jim2::Error::Refused {
            status: 422,
            errors: vec![ApiError {
                detail: Some(detail.to_owned()),
                pointer: pointer.map(str::to_owned),
                ..ApiError::default()
            }],
        };
        for (pointer, detail, expected) in [
            (Some("/data/attributes/labourInit"), "Nobody.", true),
            (Some("/data/attributes/labourType"), "J.C", false),
            (
                None,
                "There is no active user with the initials \"J.C\"",
                true,
            ),
            (None, "labourType has no value Chat", false),
        ] {
            let error = refused(pointer, detail);
            assert_eq!(is_about_initials(&error, "J.C"), expected, "{detail}");
        }
    }
}
