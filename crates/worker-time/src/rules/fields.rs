//! The mapping table of time entries and lines of labour.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::{Fixer, Problem, Remedy, Subject, System, Value};
use sync::{Compare, Facts, Field, Mapped, Transform, Way};

use crate::halves::{ENTRY_TYPE, WORK_TYPE};

/// The list of work types: Autotask's billing codes of that use, and Jim2's labour types.
const WORK_TYPES: &str = "workType";
/// The list of Autotask's own types of entries, and Jim2's labour types.
const ENTRY_TYPES: &str = "timeEntryType";
/// The list of people.
const PEOPLE: &str = "technician";

/// The most minutes that a line of Jim2 takes: hours have three digits.
const MOST_MINUTES: i64 = 999 * 60 + 59;

/// One row a field. Autotask owns time; what people change on a line that we made gives way to its next edit.
pub const FIELDS: &[Field] = &[
    START,
    MINUTES,
    LABOUR_TYPE,
    TECHNICIAN,
    Field {
        back: Transform::None,
        way: Way::ToJim2,
        ..Field::text("comment", "Comment")
    },
];

const START: Field = Field {
    forward: Transform::By(start),
    back: Transform::None,
    way: Way::ToJim2,
    compare: Compare::Exact,
    ..Field::text("start", "Start")
};

const MINUTES: Field = Field {
    forward: Transform::By(minutes),
    back: Transform::None,
    way: Way::ToJim2,
    compare: Compare::Exact,
    required: true,
    ..Field::text("minutes", "Hours worked")
};

const LABOUR_TYPE: Field = Field {
    forward: Transform::By(labour_type),
    back: Transform::None,
    way: Way::ToJim2,
    compare: Compare::CaseFree,
    required: true,
    ..Field::text("labour_type", "Work type")
};

const TECHNICIAN: Field = Field {
    forward: Transform::By(initials),
    back: Transform::None,
    way: Way::ToJim2,
    compare: Compare::CaseFree,
    required: true,
    ..Field::text("technician", "Resource")
};

/// An instant by the clock on the site's wall, whatever day that is there; a day without a time of day begins at
/// midnight. Jim2 keeps no offset: of an hour that happens twice nothing tells which it was.
fn start(value: &Value, facts: &Facts) -> Mapped {
    let Some(text) = value.as_text() else {
        return Mapped::Leave;
    };
    let wall = match text.parse::<NaiveDate>() {
        Ok(day) => Some(day.and_time(NaiveTime::MIN)),
        Err(_) => text
            .replace('Z', ":00Z")
            .parse::<DateTime<Utc>>()
            .ok()
            .map(|at| at.with_timezone(&facts.zone).naive_local()),
    };
    wall.map_or(Mapped::Leave, |wall| {
        Mapped::Value(wall.format("%Y-%m-%dT%H:%M").to_string().into())
    })
}

/// No time told is none worked.
fn minutes(value: &Value, _: &Facts) -> Mapped {
    let minutes = value.as_number().unwrap_or(0);
    if (0..=MOST_MINUTES).contains(&minutes) {
        return Mapped::Value(minutes.into());
    }
    Mapped::Problem(Problem {
        code: "hours-out-of-range".to_owned(),
        subject: Subject::Setting {
            name: format!("hours worked {minutes} minutes"),
        },
        field: Some(MINUTES.name.to_owned()),
        says: format!(
            "{minutes} minutes were worked, and a line of labour takes 0 to 999:59 hours"
        ),
        remedy: Remedy {
            who: Fixer::Desk,
            step: "correct the hours in Autotask".to_owned(),
            continues: false,
        },
    })
}

/// The labour type of the work type where that has one, else of Autotask's own type of the entry, which cannot tell
/// after hours.
fn labour_type(value: &Value, facts: &Facts) -> Mapped {
    let text = |name: &str| {
        let part = value.part(name).filter(|part| !part.is_empty());
        part.map(Value::to_string).unwrap_or_default()
    };
    let (work, entry) = (text(WORK_TYPE), text(ENTRY_TYPE));
    let vanished = |list: &str, value: &str| {
        let what = (LABOUR_TYPE.name, called(list));
        facts.vanished(what, list, System::Autotask, value)
    };
    let mapped = |list: &str, value: &str| {
        let mapping = facts.mapping(list, System::Autotask, value)?;
        mapping.to.clone()
    };
    let of_work = mapped(WORK_TYPES, &work);
    let problem = match of_work {
        Some(_) => vanished(WORK_TYPES, &work),
        None => vanished(ENTRY_TYPES, &entry),
    };
    if let Some(problem) = problem {
        return Mapped::Problem(problem);
    }
    match of_work.or_else(|| mapped(ENTRY_TYPES, &entry)) {
        Some(labour_type) => Mapped::Value(labour_type.into()),
        None if work.is_empty() => Mapped::Problem(without_labour_type(ENTRY_TYPES, entry, facts)),
        None => Mapped::Problem(without_labour_type(WORK_TYPES, work, facts)),
    }
}

/// What people call the values of a list.
fn called(list: &str) -> &'static str {
    if list == WORK_TYPES {
        "work type"
    } else {
        "type of time entry"
    }
}

fn without_labour_type(list: &str, value: String, facts: &Facts) -> Problem {
    let what = called(list);
    let label = facts.label(list, System::Autotask, &value);
    Problem {
        code: "lookup-missing".to_owned(),
        says: format!("{what} \"{label}\" of Autotask has no labour type in Jim2"),
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!("crossbill lookups set {list} autotask \"{label}\" \"<labour type>\""),
            continues: true,
        },
        subject: Subject::Lookup {
            list: list.to_owned(),
            system: System::Autotask,
            value,
        },
        field: Some(LABOUR_TYPE.name.to_owned()),
    }
}

/// Whoever worked, by e-mail and initials; somebody who has none in Jim2 by decision is stood in for.
fn initials(value: &Value, facts: &Facts) -> Mapped {
    match facts.look_up(&TECHNICIAN, PEOPLE, System::Autotask, value) {
        Mapped::Leave => match facts.setting("default.initials") {
            Some(initials) if !initials.trim().is_empty() => Mapped::Value(initials.trim().into()),
            _ => Mapped::Problem(nobody(value, facts)),
        },
        other @ (Mapped::Value(_) | Mapped::Problem(_)) => other,
    }
}

fn nobody(value: &Value, facts: &Facts) -> Problem {
    let name = facts.label(PEOPLE, System::Autotask, &value.to_string());
    Problem {
        code: "setting-missing".to_owned(),
        subject: Subject::Setting {
            name: "default.initials".to_owned(),
        },
        field: Some(TECHNICIAN.name.to_owned()),
        says: format!("{name} has no initials in Jim2, and the site has none to stand in"),
        remedy: Remedy {
            who: Fixer::Integrator,
            step: "crossbill settings set default.initials <initials>".to_owned(),
            continues: true,
        },
    }
}
