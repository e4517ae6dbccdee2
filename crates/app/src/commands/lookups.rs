//! `crossbill lookups`.

use std::fs;

use anyhow::{Context as _, bail};

use crate::{
    cli::Lookups,
    connect::of_lists,
    operate::lookups::{self, Decided, Wanted},
    output,
    parts::Parts,
    site::Site,
};

/// Runs one of them.
pub(super) async fn run(what: Lookups, parts: &Parts, who: &str) -> anyhow::Result<()> {
    let db = &parts.db;
    match what {
        Lookups::List {
            list,
            unmapped,
            json,
        } => {
            let mut lines = lookups::list(db, list.as_deref()).await?;
            lines.retain(|line| !unmapped || (line.active && line.decision.is_none()));
            if json {
                return output::json(&lines);
            }
            output::say(output::lines(&lines, parts.config.time_zone));
        }
        Lookups::Refresh => refresh(parts, who).await?,
        Lookups::Match { list } => {
            let matched = lookups::match_names(db, list.as_deref(), who).await?;
            output::say(output::matched(&matched));
        }
        Lookups::Set {
            list,
            system,
            value,
            to,
            path,
            forget,
            leave: _,
        } => {
            let wanted = Wanted {
                list: &list,
                system,
                value: &value,
                to: to.as_deref(),
                path: path.as_deref(),
            };
            set(parts, &wanted, forget, who).await?;
        }
        Lookups::Export { path } => {
            let sheet = lookups::write(&lookups::list(db, None).await?)?;
            match path {
                Some(path) => {
                    fs::write(&path, sheet)
                        .with_context(|| format!("cannot write {}", path.display()))?;
                    output::say(format!("Written to {}.", path.display()));
                }
                None => output::say(sheet.trim_end()),
            }
        }
        Lookups::Import { path, yes } => {
            let text = fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            let news = lookups::changes(db, lookups::read(&text, who)?).await?;
            if news.is_empty() {
                output::say("Nothing in it is new.");
                return Ok(());
            }
            output::say(output::changes(&news));
            let question = format!("Take these {} decisions in?", news.len());
            if output::agreed(&question, yes)? {
                let changed = lookups::import(db, &news, who).await?;
                output::say(format!("{changed} decisions taken in."));
            }
        }
    }
    Ok(())
}

async fn refresh(parts: &Parts, who: &str) -> anyhow::Result<()> {
    let site = Site::load(&parts.db).await?;
    if !site.is_connected() {
        bail!("this site is not connected yet; next: crossbill connect");
    }
    let lists = parts.clients(&site)?.lists();
    let told = Box::pin(lists.refresh(&parts.db, who)).await;
    let told = told.map_err(of_lists)?;
    if told.is_empty() {
        output::say("The lists were read. Nothing is new about values that are mapped.");
    }
    for sentence in told.iter().flat_map(lookups::said) {
        output::say(format!("{sentence}."));
    }
    Ok(())
}

async fn set(parts: &Parts, wanted: &Wanted<'_>, forget: bool, who: &str) -> anyhow::Result<()> {
    if forget {
        let had = lookups::forget(&parts.db, wanted, who).await?;
        output::say(if had {
            "Forgotten."
        } else {
            "There was no decision."
        });
        return Ok(());
    }
    let Decided { row, unchecked } = lookups::set(&parts.db, wanted, who).await?;
    let to = row
        .to_value
        .as_deref()
        .unwrap_or("(leave the other side as it is)");
    output::say(format!(
        "{} \"{}\" of {} stands for {to}. What waited for it goes on by itself.",
        row.list, row.value, row.system
    ));
    for why in unchecked {
        output::say(format!("Note: {why}."));
    }
    Ok(())
}
