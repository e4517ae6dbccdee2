//! Facts and choices of the site: which there are, what they are for, and changing them.

mod table;

use chrono::{DateTime, SecondsFormat};
use serde::Serialize;
use serde_json::{Value, json};
use store::Db;
use sync::{Holds, Setting};

pub(crate) use table::SETTINGS;

use super::{lookups, mistake, nearest};
use crate::connect::MISSING_UDFS;

/// A setting with what it is now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Line {
    /// Its name.
    pub(crate) name: &'static str,
    /// What was chosen or found; `None`: nothing.
    pub(crate) value: Option<Value>,
    /// What holds then.
    pub(crate) default: &'static str,
    /// Whether `connect` finds it out, and nobody else sets it.
    pub(crate) found: bool,
    /// What it is for.
    pub(crate) about: &'static str,
}

/// Every setting with what it is now.
pub(crate) async fn list(db: &Db) -> anyhow::Result<Vec<Line>> {
    let stored = store::setting::all(db).await?;
    let line = |setting: &Setting| Line {
        name: setting.name,
        value: stored
            .get(setting.name)
            .filter(|value| !value.is_null())
            .cloned(),
        default: setting.default,
        found: setting.is == Holds::Found,
        about: setting.about,
    };
    Ok(SETTINGS.iter().map(line).collect())
}

/// Changes a setting. Answers what is stored.
pub(crate) async fn set(db: &Db, name: &str, text: &str, who: &str) -> anyhow::Result<Value> {
    let value = read(db, known(name)?, text.trim()).await?;
    store::setting::set(db, name, &value).await?;
    take_over(db, name).await?;
    store::audit::write(
        db,
        who,
        "settings set",
        &json!({"name": name, "value": value}),
    )
    .await?;
    Ok(value)
}

/// Takes a choice back, so that the default holds. `false`: there was none.
pub(crate) async fn unset(db: &Db, name: &str, who: &str) -> anyhow::Result<bool> {
    let setting = known(name)?;
    if setting.is == Holds::Found {
        return found_out(setting);
    }
    let had = store::setting::unset(db, name).await?;
    store::audit::write(db, who, "settings unset", &json!({"name": name})).await?;
    Ok(had)
}

/// A field that `connect` found missing is a person's choice from now on, and none stays none.
async fn take_over(db: &Db, name: &str) -> Result<(), store::Error> {
    let missing: Option<Vec<String>> = store::setting::get(db, MISSING_UDFS).await?;
    let Some(mut missing) = missing.filter(|missing| missing.iter().any(|udf| udf == name)) else {
        return Ok(());
    };
    missing.retain(|udf| udf != name);
    store::setting::set(db, MISSING_UDFS, &missing).await?;
    Ok(())
}

fn known(name: &str) -> anyhow::Result<&'static Setting> {
    match SETTINGS.iter().find(|setting| setting.name == name) {
        Some(setting) => Ok(setting),
        None => mistake(format!(
            "there is no setting {name}{}; crossbill settings list shows all",
            nearest(name, SETTINGS.iter().map(|setting| setting.name))
        )),
    }
}

fn found_out<T>(setting: &Setting) -> anyhow::Result<T> {
    mistake(format!(
        "{} is found out by connect each time, so it cannot be chosen here; {}",
        setting.name, setting.default
    ))
}

async fn read(db: &Db, setting: &Setting, text: &str) -> anyhow::Result<Value> {
    let wrong = |wanted: &str| mistake(format!("{} is {wanted}; \"{text}\" is not", setting.name));
    let words = || {
        text.split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
    };
    match setting.is {
        Holds::Found => found_out(setting),
        // The site has no such field.
        Holds::Text if is_field(setting) && is_none(text) => Ok(json!("")),
        Holds::Text if text.is_empty() => wrong("a text (unset takes it away)"),
        Holds::Text => Ok(json!(text)),
        Holds::OneOf(words) => match words.iter().find(|word| word.eq_ignore_ascii_case(text)) {
            Some(word) => Ok(json!(word)),
            None => wrong(&format!("one of {}", words.join(", "))),
        },
        Holds::Words => Ok(json!(words().collect::<Vec<_>>())),
        Holds::Switch => match text.to_lowercase().as_str() {
            "on" | "true" | "yes" => Ok(json!(true)),
            "off" | "false" | "no" => Ok(json!(false)),
            _ => wrong("on or off"),
        },
        Holds::Moment => match DateTime::parse_from_rfc3339(text) {
            Ok(at) => Ok(json!(
                at.to_utc().to_rfc3339_opts(SecondsFormat::Secs, true)
            )),
            Err(_) => wrong("a time with its zone, such as 2026-11-23T09:00:00+11:00"),
        },
        Holds::Freeze => match sync::Freeze::read(text) {
            Some(_) => Ok(json!(text)),
            None => wrong("days such as 30..2, or dates such as 2026-12-24..2027-01-04"),
        },
        Holds::WorkingDays => match sync::WorkingDays::read(text) {
            Some(_) => Ok(json!(text)),
            None => wrong("days of the week such as mon..fri or mon,tue,sat"),
        },
        Holds::Hours => match sync::Hours::read(text) {
            Some(_) => Ok(json!(text)),
            None => wrong("hours such as 20:00-06:00, or mon..fri 18:00-20:00, sat 09:00-12:00"),
        },
        Holds::Number(list) => number(db, setting, list, text).await,
        Holds::Numbers(list) => {
            let mut numbers = Vec::new();
            for word in words() {
                numbers.push(number(db, setting, Some(list), word).await?);
            }
            Ok(json!(numbers))
        }
    }
}

/// Whether it names a user-defined field, and the site can do without.
fn is_field(setting: &Setting) -> bool {
    setting.name.starts_with("udf.")
}

fn is_none(text: &str) -> bool {
    text.is_empty() || text.eq_ignore_ascii_case("none")
}

/// A number, or the name of a value of the list.
async fn number(
    db: &Db,
    setting: &Setting,
    list: Option<&str>,
    text: &str,
) -> anyhow::Result<Value> {
    let value = match list {
        Some(list) => lookups::value_or_id(db, list, domain::System::Autotask, text).await?,
        None => text.to_owned(),
    };
    match value.parse::<i64>() {
        Ok(number) => Ok(json!(number)),
        Err(_) => mistake(format!("{} is a number; \"{text}\" is not", setting.name)),
    }
}
