//! Whether a time entry gets a line of labour, and on which job.

use domain::{Fixer, Key, Problem, RecordId, Remedy, Subject, System, Value};
use sync::{Creation, Draft, Facts, Fields, Half};

use super::owner;
use crate::{COMPANY, KIND, TICKET};

/// The company types that are customers, where the filter `types` of companies does not say.
const CUSTOMER_TYPES: [i64; 1] = [1];

/// The filters of tickets on what does not change while one is worked on: filter and fact.
const FILTERS: [(&str, &str); 5] = [
    ("queues", "queue"),
    ("types", "type"),
    ("categories", "category"),
    ("sources", "source"),
    ("contracts", "contract"),
];

/// A line on the job of the entry's ticket or project. It is found again by all that it says.
pub(super) fn line(entry: &Half, facts: &Facts) -> Creation {
    if let Some(reason) = keeps_out(entry, facts) {
        return Creation::No(reason.to_owned());
    }
    let Some(key) = owner(entry) else {
        return Creation::Held(vec![untold(entry)]);
    };
    let job = facts.other_half(&key).and_then(RecordId::number);
    match job {
        Some(job) => Creation::Yes(Draft {
            reference: format!("job {job}"),
            extra: extra(entry, job),
        }),
        None if key.kind == TICKET && is_filtered(entry, facts) => {
            Creation::No("its ticket is filtered out".to_owned())
        }
        None => {
            let problem = unpaired(entry, &key);
            Creation::Awaits(key, vec![problem])
        }
    }
}

/// What a line is made with beside the table: its job, and the ticket that is told where the job takes none any more.
fn extra(entry: &Half, job: i64) -> Fields {
    let mut extra = Fields::from([("job".to_owned(), job.into())]);
    for name in ["ticket", "order"] {
        let told = entry
            .fact(name)
            .map(|value| (name.to_owned(), value.clone()));
        extra.extend(told);
    }
    extra
}

/// Why this entry gets no line, whatever becomes of its ticket.
fn keeps_out(entry: &Half, facts: &Facts) -> Option<&'static str> {
    let number = |fact: &str| entry.fact(fact).and_then(Value::as_number);
    let is_customer = |kind: i64| {
        let customers = facts.filter_numbers(&COMPANY, "types");
        customers
            .unwrap_or_else(|| CUSTOMER_TYPES.to_vec())
            .contains(&kind)
    };
    if !facts.may_create(&KIND, System::Jim2) {
        Some("no labour is written here")
    } else if entry.is("internal") {
        Some("it is the provider's own time")
    } else if number("company") == Some(0) {
        Some("it is work for the provider itself")
    } else if entry.is("opt_out") {
        Some("its company has opted out")
    } else if number("company_type").is_some_and(|kind| !is_customer(kind)) {
        Some("its company is no customer")
    } else if number_of_minutes(entry) == 0 {
        Some("there is no time in it")
    } else if is_too_old(entry, facts) {
        Some("it is from before the start")
    } else {
        None
    }
}

fn number_of_minutes(entry: &Half) -> i64 {
    let minutes = entry.fields.get("minutes").and_then(Value::as_number);
    minutes.unwrap_or(0)
}

/// Whether the site's filters keep the ticket out, so that waiting for its job would be for ever.
fn is_filtered(entry: &Half, facts: &Facts) -> bool {
    FILTERS.iter().any(|(filter, fact)| {
        let value = entry.fact(fact).and_then(Value::as_number);
        !facts.lets_pass(&TICKET, filter, value.map(Into::into).as_ref())
    })
}

/// Whatever was entered before the site starts is the business of what went before.
fn is_too_old(entry: &Half, facts: &Facts) -> bool {
    let starts = facts.moment("starts_from");
    matches!((starts, entry.created_at), (Some(starts), Some(made)) if made < starts)
}

/// The entry waits for the job of its ticket or project.
fn unpaired(entry: &Half, key: &Key) -> Problem {
    let number = entry.fact("number").or_else(|| entry.fact("project"));
    let number = number.map_or_else(|| key.id.to_string(), Value::to_string);
    let what = if key.kind == TICKET {
        "ticket"
    } else {
        "project"
    };
    let (kind, id) = (&key.kind, &key.id);
    let step =
        format!("crossbill preview {kind} {id}; or: crossbill pairs link {kind} {id} <Job#>");
    Problem {
        code: format!("{}-not-paired", key.kind),
        says: format!(
            "{} cannot go to Jim2 before its {what} {number} has a job",
            entry.label
        ),
        subject: Subject::Pair {
            kind: key.kind.clone(),
            system: key.system,
            id: key.id.clone(),
        },
        field: None,
        remedy: Remedy {
            who: Fixer::Integrator,
            step,
            continues: true,
        },
    }
}

/// The task of an entry is hidden from us, and its project with it.
fn untold(entry: &Half) -> Problem {
    Problem {
        code: "project-not-told".to_owned(),
        says: format!("{}: Autotask does not tell its project", entry.label),
        subject: Subject::Record {
            kind: KIND,
            system: System::Autotask,
            id: entry.id.clone(),
        },
        field: None,
        remedy: Remedy {
            who: Fixer::Integrator,
            step: "give the API's user the right to see tasks of projects in Autotask, then replay"
                .to_owned(),
            continues: false,
        },
    }
}
