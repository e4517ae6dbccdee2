//! Rule 3: a job's Date Out is when it was last edited, and becomes the date of its invoice. That a write of ours moved
//! it to another month is kept in the journal, on the line of that write.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::{System, Value};
use serde_json::{Map, Value as Json, json};
use store::journal::{DATE_OUT as COLUMN, Entry};

use super::{case::Case, reread::Reread};
use crate::{Act, DATE_OUT, Half};

/// What is kept of the job before a write, until it is known what came of it.
pub(super) fn before(case: &Case, act: &Act) -> Option<Json> {
    let half = case.half(System::Jim2);
    let told = half.and_then(|half| half.fact(DATE_OUT));
    // A line is made on a job that is there already.
    let told = told.or_else(|| act.fields()?.get(DATE_OUT));
    let from = told.filter(|_| act.on() == System::Jim2)?.as_text()?;
    let made_on = act.fields().and_then(|fields| fields.get("job"));
    let job = half.map(job).or_else(|| made_on.cloned());
    Some(json!({"job": job.map(|job| job.to_string()), "from": from}))
}

/// The job that a half is, or is on.
fn job(half: &Half) -> Value {
    let on = half.fact("job").cloned();
    on.unwrap_or_else(|| Value::text(half.id.as_str()))
}

/// What the job's Date Out is after our writes: as it was read again, else as Jim2 dates an edit.
pub(super) fn after(case: &Case, now: &Reread, clock: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let id = case.id(System::Jim2)?.clone();
    match now.halves.get(&(System::Jim2, id)) {
        Some(half) => told(half),
        None => Some(clock),
    }
}

/// The Date Out as it was read before our writes.
pub(super) fn read(case: &Case) -> Option<DateTime<Utc>> {
    case.half(System::Jim2).and_then(told)
}

/// The Date Out that a half tells of its job.
fn told(half: &Half) -> Option<DateTime<Utc>> {
    half.fact(DATE_OUT)?.as_text()?.parse().ok()
}

/// Finds out of the lines that are still open what came of the job's Date Out: the last of them says so where it is in
/// another month of the site's zone now.
pub(super) fn settle(journal: &mut [Entry], after: Option<DateTime<Utc>>, zone: Tz) {
    let mut after = after;
    for entry in journal.iter_mut().rev() {
        let Some(body) = entry.body.as_object_mut().filter(|body| is_open(body)) else {
            continue;
        };
        let from = body[COLUMN]["from"].as_str();
        let from = from.and_then(|from| from.parse::<DateTime<Utc>>().ok());
        let month = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
        let moved = after.take().zip(from);
        match moved.filter(|(to, from)| !same_month(month(*to), month(*from))) {
            Some((to, _)) => body[COLUMN]["to"] = to.to_rfc3339().into(),
            None => drop(body.remove(COLUMN)),
        }
    }
}

fn is_open(body: &Map<String, Json>) -> bool {
    body.get(COLUMN).is_some_and(|it| it.get("to").is_none())
}

fn same_month(one: NaiveDate, other: NaiveDate) -> bool {
    (one.year(), one.month()) == (other.year(), other.month())
}

#[cfg(test)]
mod tests {
    use chrono_tz::Australia::Sydney;
    use domain::Cause;
    use store::journal::What;

    use super::*;

    fn written(from: &str) -> Entry {
        Entry {
            what: What::Updated,
            system: Some(System::Jim2),
            cause: Cause::Live,
            body: json!({"after": {"status": "Checked"}, "date_out": {"job": "5001", "from": from}}),
            calls: 1,
        }
    }

    fn settled(mut journal: Vec<Entry>, after: Option<&str>) -> Vec<Json> {
        settle(&mut journal, after.map(|at| at.parse().unwrap()), Sydney);
        let bodies = journal.into_iter();
        bodies.map(|it| it.body["date_out"].clone()).collect()
    }

    #[test]
    fn rule_3_a_write_that_moves_date_out_to_another_month_of_the_sites_zone_says_so() {
        for (from, to, is_moved) in [
            ("2026-11-26T01:00:00Z", "2026-11-30T12:59:00Z", false),
            // Midnight in Sydney.
            ("2026-11-26T01:00:00Z", "2026-11-30T13:00:00Z", true),
            ("2026-11-30T13:00:00Z", "2026-12-31T12:59:00Z", false),
            ("2025-11-26T01:00:00Z", "2026-11-26T01:00:00Z", true),
        ] {
            let told = settled(vec![written(from)], Some(to));
            let expected = if is_moved {
                let to = to.replace('Z', "+00:00");
                json!({"job": "5001", "from": from, "to": to})
            } else {
                Json::Null
            };
            assert_eq!(told, [expected], "{from} {to}");
        }
    }

    #[test]
    fn of_several_writes_at_once_the_last_says_it_and_what_is_not_told_is_not_said() {
        let november = "2026-11-26T01:00:00Z";
        let both = || vec![written(november), written(november)];
        let told = settled(both(), Some("2026-12-01T01:00:00Z"));
        assert_eq!(told[0], Json::Null);
        assert_eq!(told[1]["to"], "2026-12-01T01:00:00+00:00");
        assert_eq!(settled(both(), None), [Json::Null, Json::Null]);
    }

    #[test]
    fn what_was_settled_before_stays() {
        let mut journal = vec![written("2026-11-26T01:00:00Z")];
        settle(&mut journal, "2026-12-01T01:00:00Z".parse().ok(), Sydney);
        let before = journal.clone();
        settle(&mut journal, "2027-01-01T01:00:00Z".parse().ok(), Sydney);
        assert_eq!(journal, before);
    }
}
