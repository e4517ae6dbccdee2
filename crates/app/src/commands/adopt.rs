//! `crossbill adopt-restore`.

use anyhow::bail;
use chrono_tz::Tz;
use sync::Mappings;

use super::sweep;
use crate::{
    kinds,
    operate::adopt::{self, Came, Found},
    output,
    parts::{Clients, Parts},
    site::Site,
};

/// Takes Jim2's database as it is, once somebody has seen what that means.
pub(super) async fn run(
    since: Option<&str>,
    yes: bool,
    parts: &Parts,
    who: &str,
) -> anyhow::Result<()> {
    let zone = parts.config.time_zone;
    let since = since.map(|text| sweep::time(text, zone)).transpose()?;
    let site = Site::load(&parts.db).await?;
    if !site.is_connected() {
        bail!("this site is not connected yet; next: crossbill connect");
    }
    let jim2 = parts.any_jim2(&site);
    let found = adopt::look(&parts.db, &jim2, kinds::kinds(), since).await?;
    output::say(meaning(&found, zone));
    if !output::agreed("Take this database as it is?", yes)? {
        return Ok(());
    }
    let clients = Clients {
        jim2,
        ..parts.clients(&site)?
    };
    let mappings = Mappings::load(&parts.db, zone).await?;
    let now = parts.clock.now();
    let works = kinds::all(&clients, &mappings.facts(now));
    let on = (&parts.db, &parts.publish);
    let came = Box::pin(adopt::adopt(on, &works, &found, (who, now))).await?;
    output::say(said(&came));
    Ok(())
}

/// What taking it means, before anybody is asked.
fn meaning(found: &Found, zone: Tz) -> String {
    let since = found.since.map_or_else(
        || "in everything".to_owned(),
        |at| {
            let local = at.with_timezone(&zone);
            format!(
                "in what was changed since {}",
                local.format("%Y-%m-%d %H:%M")
            )
        },
    );
    let pairs: Vec<String> = found
        .pairs
        .iter()
        .map(|(kind, pairs)| format!("{pairs} {kind}"))
        .collect();
    let pairs = if pairs.is_empty() {
        "no pairs".to_owned()
    } else {
        pairs.join(", ")
    };
    format!(
        "Jim2: {}.\n\
         It may differ from Autotask {since}: {pairs}.\n\
         Taking it as it is: each of these is compared again and the owner of each field decides, so that what Autotask owns is \
         written to Jim2 once more, and what Jim2 owns is taken from it as it is now. What was made in Jim2 and is not there any \
         more is never made again by itself: it is held for people to see. Then writing goes on.\n\
         Give Jim2's users time first to enter again what they have lost, if they want to.",
        found.why
    )
}

fn said(came: &Came) -> String {
    let goes_on = format!(
        "Writing to Jim2 goes on. {} pairs are compared again.",
        came.compared
    );
    match came.lost {
        0 => goes_on,
        lost => format!(
            "{goes_on} {lost} have lost what they were paired with in Jim2. Next: crossbill held list"
        ),
    }
}
