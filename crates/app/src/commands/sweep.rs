//! `crossbill sweep`.

use anyhow::{Context as _, bail};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;
use domain::Kind;
use reconciler::sweep::{Came, words};
use serde_json::json;
use store::sweep::Swept;

use crate::{operate::status::standing, output, parts::Parts, site::Site};

/// Sweeps now, and tells what came of it.
pub(super) async fn run(
    kind: Option<&Kind>,
    since: Option<&str>,
    parts: &Parts,
    who: &str,
) -> anyhow::Result<()> {
    let zone = parts.config.time_zone;
    let since = since.map(|text| time(text, zone)).transpose()?;
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
    let came = sweeps.sweep_now(kind, since).await?;
    let detail = json!({"kind": kind, "since": since});
    store::audit::write(&parts.db, who, "sweep", &detail).await?;
    for (of, came) in &came {
        output::say(said(of, came, zone));
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
fn time(text: &str, zone: Tz) -> anyhow::Result<DateTime<Utc>> {
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
