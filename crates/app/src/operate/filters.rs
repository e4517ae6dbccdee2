//! Filters: which records take part at all. What they know of is one table; the workers read what is stored.

use std::sync::LazyLock;

use domain::{Kind, System};
use serde::Serialize;
use serde_json::{Value, json};
use store::{Db, mapping::Filter};

use super::{lookups, mistake, nearest};
use crate::kinds;

/// A filter that there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Known {
    /// The kind.
    kind: &'static str,
    /// Its name.
    name: &'static str,
    /// What it means.
    about: &'static str,
    /// What holds where nobody chose.
    default: &'static str,
    /// The list that its values are of, and whose; an empty name: none, any number goes.
    list: (&'static str, System),
    /// Whether it can also say what does not pass.
    excepts: bool,
    /// Whether it can say that nothing is meant.
    none: bool,
}

/// Every filter: those of the table below, and what kinds say of themselves.
static FILTERS: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let said = kinds::choices().flat_map(|choices| {
        let known = move |filter: &sync::Filter| Known {
            kind: choices.kind,
            ..passing(filter.name, filter.about, filter.list)
        };
        choices.filters.iter().map(known)
    });
    TABLE.into_iter().chain(said).collect()
});

const TABLE: [Known; 19] = [
    Known {
        kind: "company",
        default: "the type Customer",
        ..meant("types", "types of companies that get cards", "companyType")
    },
    Known {
        default: "as for companies",
        ..meant(
            "company_types",
            "types of companies whose tickets get jobs",
            "companyType",
        )
    },
    Known {
        default: "8",
        ..marking(
            "alert_sources",
            "sources of tickets that are alerts, which get no job; none: no source is",
            "source",
        )
    },
    Known {
        default: "5",
        ..marking(
            "alert_types",
            "types of tickets that are alerts, which get no job; none: no type is",
            "type",
        )
    },
    marking(
        "recurring_sources",
        "sources of recurring tickets, which get their jobs days before they are due (setting recurring_days) or when \
         somebody works on them",
        "source",
    ),
    passing("queues", "queues whose tickets get jobs", "queue"),
    passing("types", "types of tickets that get jobs", "type"),
    passing("sources", "sources of tickets that get jobs", "source"),
    passing(
        "statuses",
        "statuses in which a ticket gets its job",
        "status",
    ),
    passing(
        "categories",
        "categories (numbers) of tickets that get jobs",
        "",
    ),
    passing(
        "contracts",
        "contracts (numbers) whose tickets get jobs",
        "",
    ),
    Known {
        kind: "contract",
        ..passing(
            "types",
            "types of contracts that get projects",
            "contractType",
        )
    },
    Known {
        kind: "contract",
        ..passing(
            "categories",
            "categories of contracts that get projects",
            "contractCategory",
        )
    },
    Known {
        kind: "asset",
        ..passing(
            "types",
            "types (numbers) of configuration items that get assets",
            "",
        )
    },
    Known {
        kind: "asset",
        ..passing(
            "categories",
            "categories (numbers) of configuration items that get assets",
            "",
        )
    },
    from_jobs("job_types", "types of jobs that become tickets", "type"),
    from_jobs(
        "job_items",
        "Items of jobs that become tickets",
        "issueType",
    ),
    from_jobs(
        "job_customers",
        "customers (Card#) whose jobs become tickets",
        "",
    ),
    Known {
        kind: "stock",
        default: "none: no products are made",
        ..from_jobs(
            "groups",
            "groups of stock of which products are made",
            "stockGroup",
        )
    },
];

const fn passing(name: &'static str, about: &'static str, list: &'static str) -> Known {
    Known {
        kind: "ticket",
        name,
        about,
        default: "all",
        list: (list, System::Autotask),
        excepts: true,
        none: false,
    }
}

const fn meant(name: &'static str, about: &'static str, list: &'static str) -> Known {
    Known {
        excepts: false,
        ..passing(name, about, list)
    }
}

const fn marking(name: &'static str, about: &'static str, list: &'static str) -> Known {
    Known {
        none: true,
        default: "none",
        ..meant(name, about, list)
    }
}

const fn from_jobs(name: &'static str, about: &'static str, list: &'static str) -> Known {
    Known {
        default: "not looked at",
        list: (list, System::Jim2),
        ..passing(name, about, list)
    }
}

/// A filter with what was chosen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Line {
    /// The kind.
    pub(crate) kind: Kind,
    /// Its name.
    pub(crate) name: &'static str,
    /// What was chosen; `None`: nothing.
    pub(crate) chosen: Option<Value>,
    /// What holds where nobody chose.
    pub(crate) default: &'static str,
    /// What it does.
    pub(crate) about: &'static str,
}

/// Every filter with what was chosen.
pub(crate) async fn list(db: &Db) -> anyhow::Result<Vec<Line>> {
    let stored = store::mapping::load(db).await?.filters;
    let chosen = |known: &Known| {
        let found = stored
            .iter()
            .find(|it| it.kind.as_str() == known.kind && it.name == known.name);
        found
            .map(|it| it.setting.clone())
            .filter(|setting| !setting.is_null())
    };
    let line = |known: &Known| Line {
        chosen: chosen(known),
        kind: Kind::new(known.kind),
        name: known.name,
        default: known.default,
        about: known.about,
    };
    Ok(FILTERS.iter().map(line).collect())
}

/// Chooses what passes: an array, `{"except": […]}`, or values with commas between them, by id or by name.
/// Answers what is stored.
pub(crate) async fn set(
    db: &Db,
    kind: &Kind,
    name: &str,
    text: &str,
    who: &str,
) -> anyhow::Result<Value> {
    let known = known(kind, name)?;
    let is_none = known.none && text.trim().eq_ignore_ascii_case("none");
    let (values, excepts) = if is_none {
        (Vec::new(), false)
    } else {
        read(text)
    };
    if values.is_empty() && !is_none {
        return mistake(format!(
            "a filter that lets nothing pass is none; to take it away: crossbill filters unset {kind} {name}"
        ));
    }
    if excepts && !known.excepts {
        return mistake(format!(
            "{kind} {name} names what it means; it cannot say \"except\""
        ));
    }
    let mut listed = Vec::new();
    for value in values {
        listed.push(value_of(db, known, &value).await?);
    }
    let setting = if excepts {
        json!({"except": listed})
    } else {
        json!(listed)
    };
    store_as(db, known, setting.clone()).await?;
    let detail = json!({"kind": kind, "name": name, "setting": setting});
    store::audit::write(db, who, "filters set", &detail).await?;
    Ok(setting)
}

/// Takes a choice back. A null is kept: a person decided, so `connect` proposes nothing again.
pub(crate) async fn unset(db: &Db, kind: &Kind, name: &str, who: &str) -> anyhow::Result<()> {
    store_as(db, known(kind, name)?, Value::Null).await?;
    store::audit::write(
        db,
        who,
        "filters unset",
        &json!({"kind": kind, "name": name}),
    )
    .await?;
    Ok(())
}

async fn store_as(db: &Db, known: &Known, setting: Value) -> Result<(), store::Error> {
    let filter = Filter {
        kind: Kind::new(known.kind),
        name: known.name.to_owned(),
        setting,
    };
    store::mapping::set_filter(db, &filter).await
}

fn known(kind: &Kind, name: &str) -> anyhow::Result<&'static Known> {
    let of_kind = || FILTERS.iter().filter(|known| known.kind == kind.as_str());
    match of_kind().find(|known| known.name == name) {
        Some(known) => Ok(known),
        None => mistake(format!(
            "{kind} has no filter {name}{}; crossbill filters list shows all",
            nearest(name, of_kind().map(|known| known.name))
        )),
    }
}

/// The values that a person wrote, and whether they are those that do not pass.
fn read(text: &str) -> (Vec<String>, bool) {
    let word = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), |text| text.trim().to_owned())
    };
    let words = |values: &[Value]| values.iter().map(word).collect();
    match serde_json::from_str(text) {
        Ok(Value::Array(values)) => (words(&values), false),
        Ok(Value::Object(rule)) => match rule.get("except") {
            Some(Value::Array(values)) => (words(values), true),
            Some(_) | None => (Vec::new(), false),
        },
        Ok(_) | Err(_) => {
            let values = text.split(',').map(|value| value.trim().to_owned());
            (values.filter(|value| !value.is_empty()).collect(), false)
        }
    }
}

/// A value as the workers compare it: Autotask's are numbers. Names are known once `connect` has read the list.
async fn value_of(db: &Db, known: &Known, text: &str) -> anyhow::Result<Value> {
    let (list, system) = known.list;
    let value = if list.is_empty() {
        text.to_owned()
    } else {
        lookups::value_or_id(db, list, system, text).await?
    };
    match value.parse::<i64>() {
        Ok(number) if system == System::Autotask => Ok(json!(number)),
        Err(_) if system == System::Autotask || list.is_empty() => mistake(format!(
            "\"{value}\" is no number, which the filter {} asks for",
            known.name
        )),
        Ok(_) | Err(_) => Ok(json!(value)),
    }
}
