//! `crossbill settings`, `crossbill filters` and the field rules of `crossbill mapping`.

use domain::{Kind, System};
use sync::Way;

use crate::{
    cli::{Filters, Settings},
    operate::{field_rules, filters, settings},
    output,
    parts::Parts,
};

/// Runs one of `crossbill settings`.
pub(super) async fn settings(what: Settings, parts: &Parts, who: &str) -> anyhow::Result<()> {
    let db = &parts.db;
    match what {
        Settings::List { json } => {
            let lines = settings::list(db).await?;
            if json {
                return output::json(&lines);
            }
            output::say(output::settings(&lines));
        }
        Settings::Set { name, value } => {
            let value = settings::set(db, &name, &value, who).await?;
            output::say(format!("{name} = {value}"));
        }
        Settings::Unset { name } => {
            let had = settings::unset(db, &name, who).await?;
            output::say(if had {
                "Unset: the default holds."
            } else {
                "It was not set."
            });
        }
    }
    Ok(())
}

/// Runs one of `crossbill filters`.
pub(super) async fn filters(what: Filters, parts: &Parts, who: &str) -> anyhow::Result<()> {
    let db = &parts.db;
    match what {
        Filters::List { json } => {
            let lines = filters::list(db).await?;
            if json {
                return output::json(&lines);
            }
            output::say(output::filters(&lines));
        }
        Filters::Set { kind, name, values } => {
            let setting = filters::set(db, &kind, &name, &values, who).await?;
            output::say(format!("{kind} {name} = {setting}"));
        }
        Filters::Unset { kind, name } => {
            filters::unset(db, &kind, &name, who).await?;
            output::say("Taken away: the default holds.");
        }
    }
    Ok(())
}

/// Shows the field rules.
pub(super) async fn rules(kind: Option<Kind>, json: bool, parts: &Parts) -> anyhow::Result<()> {
    let lines = field_rules::list(&parts.db, kind.as_ref()).await?;
    if json {
        return output::json(&lines);
    }
    output::say(output::rules(&lines));
    Ok(())
}

/// Changes a field rule.
pub(super) async fn set_rule(
    of: (&Kind, &str),
    to: (Option<Way>, Option<System>),
    parts: &Parts,
    who: &str,
) -> anyhow::Result<()> {
    let line = field_rules::set(&parts.db, of, to, who).await?;
    output::say(output::rules(&[line]));
    Ok(())
}

/// Brings a field rule back to its default.
pub(super) async fn reset_rule(of: (&Kind, &str), parts: &Parts, who: &str) -> anyhow::Result<()> {
    let (line, had) = field_rules::reset(&parts.db, of.0, of.1, who).await?;
    if !had {
        output::say("It was at its default before.");
    }
    output::say(output::rules(&[line]));
    Ok(())
}
