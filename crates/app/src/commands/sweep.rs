//! `crossbill sweep`.

use anyhow::{Context as _, bail};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;
use domain::Kind;
use reconciler::sweep::{self, CONTENTS, Came, words};
use serde_json::json;
use store::sweep::Swept;

use crate::{
    operate::{status::standing, sweeps},
    output,
    parts::Parts,
    site::Site,
};

/// What an operator asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    /// Of which kind; `None` is all.
    pub(super) kind: Option<&'a Kind>,
    /// Since when.
    pub(super) since: Option<&'a str>,
    /// Whether all that is paired is compared.
    pub(super) is_full: bool,
}

/// Sweeps now, and tells what came of it.
pub(super) async fn run(asked: Asked<'_>, parts: &Parts, who: &str) -> anyhow::Result<()> {
    let zone = parts.config.time_zone;
    let Asked {
        kind,
        since,
        is_full,
    } = asked;
    let since = since.map(|text| time(text, zone)).transpose()?;
    let what = match since {
        Some(since) => sweep::Asked::Since(since),
        None if is_full => sweep::Asked::Contents,
        None => sweep::Asked::News,
    };
    let site = Site::load(&parts.db).await?;
    if !site.is_connected() {
        bail!("this site is not connected yet; next: crossbill connect");
    }
    for state in &store::system::state(&parts.db).await? {
        if !state.is_running() {
            bail!(
                "{} is {}, so nobody would work on what is found; what is changed meanwhile is swept once it goes on",
                state.system,
                standing(state)
            );
        }
    }
    let sweeps = parts.sweeps(&parts.clients(&site)?);
    let came = sweeps.sweep_now(kind, what).await?;
    let detail = json!({"kind": kind, "since": since, "full": is_full});
    store::audit::write(&parts.db, who, "sweep", &detail).await?;
    let full = store::contents::last(&parts.db).await?;
    for (of, came) in &came {
        output::say(said(of, came, zone));
        let compared = full
            .iter()
            .filter(|_| is_full && matches!(came, Came::Done(_)));
        for sweep in compared.filter(|it| it.kind == of.kind && it.system == of.system) {
            for line in sweeps::drift(sweep) {
                output::say(format!("  {line}"));
            }
        }
    }
    if came
        .iter()
        .any(|(_, came)| matches!(came, Came::Nothing(_)))
    {
        bail!(
            "not all could be swept; what was not is tried again by itself while crossbill serve reconciler runs"
        );
    }
    Ok(())
}

fn said(of: &Swept, came: &Came, zone: Tz) -> String {
    let what = words(of);
    match came {
        Came::Done(passed) => match passed.asked {
            Some(compared) if of.trail == CONTENTS => format!(
                "{what}: {compared} pairs were compared, {} are looked at",
                passed.found
            ),
            Some(asked) => format!(
                "{what}: {asked} pairs were asked after, {} are not told any more and are looked at",
                passed.found
            ),
            None => format!(
                "{what}: {} records are looked at again, changed since {}",
                passed.found,
                passed.from.with_timezone(&zone).format("%Y-%m-%d %H:%M")
            ),
        },
        Came::Busy => format!("{what}: another process sweeps it just now"),
        Came::Nothing(why) => format!("{what}: nothing came of it: {why}"),
    }
}

/// A time in the site's zone, or with an offset. What happens twice is taken for the earlier.
pub(super) fn time(text: &str, zone: Tz) -> anyhow::Result<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(at.to_utc());
    }
    let wall = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M"))
        .or_else(|_| {
            NaiveDate::parse_from_str(text, "%Y-%m-%d").map(|day| day.and_time(NaiveTime::MIN))
        })
        .with_context(|| {
            format!("--since {text} is no time; write it as 2026-11-20, \"2026-11-20 14:30\" or 2026-11-20T14:30:00Z")
        })?;
    let at = zone.from_local_datetime(&wall).earliest();
    let at = at.with_context(|| format!("--since {text} was never on the clocks of {zone}"))?;
    Ok(at.to_utc())
}

#[cfg(test)]
mod tests {
    use chrono_tz::Australia::Sydney;

    use super::*;

    #[test]
    fn a_time_is_read_in_the_sites_zone_and_with_an_offset_as_it_says() {
        for (text, at) in [
            ("2026-11-20", Some("2026-11-19T13:00:00Z")),
            ("2026-11-20 14:30", Some("2026-11-20T03:30:00Z")),
            ("2026-11-20T14:30", Some("2026-11-20T03:30:00Z")),
            ("2026-11-20T14:30:00Z", Some("2026-11-20T14:30:00Z")),
            ("2026-04-05 02:30", Some("2026-04-04T15:30:00Z")),
            ("2026-10-04 02:30", None),
            ("yesterday", None),
        ] {
            let expected = at.map(|at| at.parse::<DateTime<Utc>>().unwrap());
            assert_eq!(time(text, Sydney).ok(), expected, "{text}");
        }
    }
}
