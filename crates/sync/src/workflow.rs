//! Jim2's strict workflow: which statuses lead where, and on which jobs nothing is written any more.

use std::collections::{HashMap, VecDeque};

use domain::{Fixer, Kind, Problem, System, Value};

use crate::{Facts, Fields, Half, finish};

/// The status of a job that nobody is to work on.
pub const CANCEL: &str = "CANCEL";

/// Where every job begins, unless the setting `jim2.first_status` says otherwise.
const FIRST: &str = "Booked";

/// One write a status on the way; all other fields go with the first. The way to an end of the job's work goes on from
/// where its status led.
pub fn steps(
    kind: &Kind,
    half: &Half,
    mut fields: Fields,
    facts: &Facts,
) -> Result<Vec<Fields>, Box<Problem>> {
    let status = |value: Option<&Value>| value.and_then(Value::as_text).map(str::to_owned);
    let Some(mut at) = status(half.fields.get("status")) else {
        return Ok(vec![fields]);
    };
    let mut led = Vec::new();
    for name in ["status", finish::NAME] {
        let Some(to) = fields.get(name).and_then(|value| leads(name, value)) else {
            continue;
        };
        let way = way(&at, to, facts);
        led.extend(way.ok_or_else(|| {
            let field = Some(name.to_owned());
            let problem = refused(kind, (System::Jim2, half), &at, to);
            Box::new(Problem { field, ..problem })
        })?);
        to.clone_into(&mut at);
    }
    fields.remove("status");
    let finish = fields.remove(finish::NAME);
    let mut steps = Vec::new();
    for status in led {
        let mut step = std::mem::take(&mut fields);
        step.insert("status".to_owned(), status.into());
        steps.push(step);
    }
    if steps.is_empty() {
        return Ok(vec![fields]);
    }
    if let (Some(last), Some(finish)) = (steps.last_mut(), finish) {
        last.insert(finish::NAME.to_owned(), finish);
    }
    Ok(steps)
}

/// The status that a field's value leads to.
fn leads<'a>(name: &str, value: &'a Value) -> Option<&'a str> {
    let value = value.as_text()?;
    if name == finish::NAME {
        finish::status(value)
    } else {
        Some(value)
    }
}

/// The statuses that a new job goes through before it reaches `to`; `None` where it cannot.
pub fn way_of_a_new_job(to: &str, facts: &Facts) -> Option<Vec<String>> {
    way(first(facts), to, facts)
}

/// The status of a job just made.
pub fn first(facts: &Facts) -> &str {
    facts.setting("jim2.first_status").unwrap_or(FIRST)
}

/// The statuses from `from` (not included) to `to` (included): the direct step where it is allowed,
/// else the path that the mapping names, else the shortest.
fn way(from: &str, to: &str, facts: &Facts) -> Option<Vec<String>> {
    if from == to {
        return Some(Vec::new());
    }
    if may_step(from, to, facts) {
        return Some(vec![to.to_owned()]);
    }
    named(from, to, facts).or_else(|| shortest(from, to, facts))
}

/// Where the workflow is not known, Jim2 will tell.
fn may_step(from: &str, to: &str, facts: &Facts) -> bool {
    facts.workflow.is_empty()
        || facts
            .workflow
            .get(from)
            .is_some_and(|links| links.iter().any(|link| link == to))
}

/// The path that a mapping names, from where the job stands, if the workflow has all its steps.
fn named(from: &str, to: &str, facts: &Facts) -> Option<Vec<String>> {
    let mut paths: Vec<_> = facts
        .mappings
        .iter()
        .filter(|((list, system, _), mapping)| {
            list == "status" && *system == System::Autotask && mapping.to.as_deref() == Some(to)
        })
        .map(|(_, mapping)| &mapping.path)
        .filter(|path| !path.is_empty())
        .collect();
    paths.sort();
    paths.into_iter().find_map(|path| {
        let done = path.iter().position(|status| status == from);
        let mut rest = path[done.map_or(0, |at| at + 1)..].to_vec();
        if rest.last().map(String::as_str) != Some(to) {
            rest.push(to.to_owned());
        }
        let whole: Vec<&str> = std::iter::once(from)
            .chain(rest.iter().map(String::as_str))
            .collect();
        let is_walkable = whole
            .windows(2)
            .all(|step| may_step(step[0], step[1], facts));
        is_walkable.then_some(rest)
    })
}

/// The shortest way through statuses on which work goes on.
fn shortest(from: &str, to: &str, facts: &Facts) -> Option<Vec<String>> {
    let mut before: HashMap<&str, &str> = HashMap::new();
    let mut open = VecDeque::from([from]);
    while let Some(status) = open.pop_front() {
        if status == to {
            let back = std::iter::successors(Some(status), |at| before.get(at).copied());
            let mut way: Vec<String> = back.map(str::to_owned).collect();
            way.pop();
            way.reverse();
            return Some(way);
        }
        if status != from && is_end(status) {
            continue;
        }
        for link in facts.workflow.get(status).into_iter().flatten() {
            if link != from && !before.contains_key(link.as_str()) {
                before.insert(link, status);
                open.push_back(link);
            }
        }
    }
    None
}

fn is_end(status: &str) -> bool {
    is_finished(status) || is_cancelled(status)
}

/// Whether nobody is to work on the job.
pub(crate) fn is_cancelled(status: &str) -> bool {
    status.eq_ignore_ascii_case(CANCEL)
}

/// Whether work on the job is over and its lines are waiting to be invoiced.
pub fn is_finished(status: &str) -> bool {
    let status = status.to_uppercase();
    status == "FINISH" || status.starts_with("RAI.")
}

/// The workflow has no way, told with both statuses.
pub fn refused(kind: &Kind, (on, half): (System, &Half), from: &str, to: &str) -> Problem {
    let says = format!(
        "{}: Jim2's workflow has no way from {from} to {to}",
        half.label
    );
    let step = format!(
        "link {from} to {to} in Jim2's workflow, or map the status to another; then replay"
    );
    let remedy = (Fixer::Integrator, step);
    let mut problem = half.problem(kind, on, "status-step-refused", says, remedy);
    problem.field = Some("status".to_owned());
    problem.remedy.continues = false;
    problem
}

/// Why nothing is written to this job any more: its invoice is made or would get another date, or nobody works on it.
pub fn closed(kind: &Kind, job: &Half) -> Option<Box<Problem>> {
    let status = job.fields.get("status").and_then(Value::as_text);
    let (code, why, who, step) = if let Some(invoice) = job.fact("invoice") {
        (
            "job-is-invoiced",
            format!("is on invoice {invoice} and cannot be changed"),
            Fixer::Finance,
            "make the change in Jim2 by hand if it matters, then archive this item".to_owned(),
        )
    } else if job.is("ready") {
        (
            "job-is-ready",
            "is Ready to be invoiced and cannot be changed".to_owned(),
            Fixer::Finance,
            format!("un-ready {} in Jim2 to let the change in", job.label),
        )
    } else if job.is("cancelled") {
        (
            "job-is-cancelled",
            "is cancelled, and nothing is written to it any more".to_owned(),
            Fixer::Desk,
            format!(
                "move {} back from CANCEL in Jim2 to let the change in",
                job.label
            ),
        )
    } else if let Some(status) = status.filter(|status| is_finished(status)) {
        (
            "job-is-finished",
            format!("stands on {status}, and any edit would move the date of its invoice"),
            Fixer::Desk,
            format!(
                "move {} back from {status} in Jim2 to let the change in",
                job.label
            ),
        )
    } else {
        return None;
    };
    let says = format!("{} {why}", job.label);
    let problem = job.problem(kind, System::Jim2, code, says, (who, step));
    Some(Box::new(problem))
}
