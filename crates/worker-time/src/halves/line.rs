//! A line of labour as a half, with what its job lets be done to it.

use domain::{RecordId, Told, Value};
use jim2::{Job, JobLabour, part_id};
use sync::{DATE_OUT, Half};

use crate::settings::TimeSettings;

/// What a line says last where somebody else's initials stand for those of whoever worked.
const STAND_IN: &str = "Worked by ";

/// The half that a line of labour is.
pub(crate) fn line(line: &JobLabour, job: &Job, settings: &TimeSettings) -> Half {
    let id = part_id::join(line.job_no, line.line_id);
    let mut half = Half::new(
        RecordId::from(id),
        format!("line {} of the labour on job {}", line.line_id, line.job_no),
    );
    let start = line.start.clone();
    half.tell(
        "start",
        start
            .map(|at| at.format("%Y-%m-%dT%H:%M").to_string())
            .into_value(),
    );
    half.tell("minutes", line.minutes.clone().into_value());
    half.tell("labour_type", line.labour_type.clone().into_value());
    let (technician, comment) = said(line, settings);
    let is_stood_in_for = technician != line.labour_init;
    half.tell("technician", technician.into_value());
    half.tell("comment", comment.into_value());
    let is_ours = line
        .add_init
        .get()
        .is_some_and(|initials| initials.eq_ignore_ascii_case(&settings.api_initials));
    half.flag("ours", is_ours);
    half.flag("stand_in", is_stood_in_for);
    told_of(&mut half, job);
    half.changed_at = line.modify_date.get().copied();
    half.created_at = line.add_date.get().copied();
    half
}

/// Tells of a job what decides whether its labour can be written.
pub(crate) fn told_of(half: &mut Half, job: &Job) {
    half.know("job", Some(job.job_no.into()));
    half.know("invoice", job.inv_no.clone().into_value());
    half.know("status", job.status.clone().into_value());
    half.flag("ready", job.ready.get() == Some(&true));
    half.know_when(DATE_OUT, job.date_out.get());
    let our_ref = job.our_ref.get().map(|our_ref| our_ref.trim());
    let number = our_ref.and_then(|our_ref| our_ref.split('/').next());
    half.know("number", number.map(Value::text));
}

/// Who worked and what was done. Where the site's fallback stands in, the comment's last line says for whom.
fn said(line: &JobLabour, settings: &TimeSettings) -> (Told<String>, Told<String>) {
    let stands_in = line.labour_init.get().is_some()
        && line.labour_init.get() == settings.fallback_initials.as_ref();
    let found = line.comment.get().filter(|_| stands_in);
    let found = found.and_then(|comment| {
        let (rest, last) = comment.rsplit_once('\n').unwrap_or(("", comment));
        let (_, initials) = last.trim().strip_prefix(STAND_IN)?.rsplit_once('(')?;
        Some((rest.trim_end(), initials.strip_suffix(')')?))
    });
    match found {
        None => (line.labour_init.clone(), line.comment.clone()),
        Some(("", initials)) => (Told::Is(initials.to_owned()), Told::Empty),
        Some((rest, initials)) => (Told::Is(initials.to_owned()), Told::Is(rest.to_owned())),
    }
}

/// The comment of a line on which somebody else's initials stand for these.
pub(crate) fn with_stand_in(comment: &str, initials: &str, settings: &TimeSettings) -> String {
    let name = settings.users.get(initials).map_or("", String::as_str);
    let who = format!("{STAND_IN}{name} ({initials})").replace("  ", " ");
    format!("{}\n{who}", comment.trim_end()).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_really_worked_is_read_from_where_it_was_written() {
        let settings = TimeSettings {
            fallback_initials: Some("SD".to_owned()),
            users: [("PK".to_owned(), "Peter King".to_owned())].into(),
            ..TimeSettings::default()
        };
        for (comment, told) in [("Fixed it\nfor good", "Fixed it\nfor good"), ("", "")] {
            let written = with_stand_in(comment, "PK", &settings);
            assert!(written.ends_with("Worked by Peter King (PK)"), "{written}");
            let line = JobLabour {
                labour_init: Told::Is("SD".to_owned()),
                comment: Told::Is(written),
                ..JobLabour::default()
            };
            let (technician, comment) = said(&line, &settings);
            assert_eq!(technician, Told::Is("PK".to_owned()));
            assert_eq!(comment.get().map_or("", String::as_str), told);
            let own = JobLabour {
                labour_init: Told::Is("AB".to_owned()),
                ..line
            };
            assert_eq!(said(&own, &settings).0, Told::Is("AB".to_owned()));
        }
    }
}
