//! `crossbill alerts` and `crossbill digest`.

use anyhow::bail;

use crate::{cli::Alerts, operate::alerts, output, parts::Parts};

/// Shows what is alarming, or sends a test.
pub(super) async fn run(
    what: Option<Alerts>,
    json: bool,
    parts: &Parts,
    who: &str,
) -> anyhow::Result<()> {
    let zone = parts.config.time_zone;
    match what {
        None => {
            let alarms = alerts::standing(parts).await?;
            if json {
                return output::json(&alarms);
            }
            output::say(output::alerts(&alarms, zone));
        }
        Some(Alerts::Test) => {
            let tried = alerts::test(parts, who).await?;
            if json {
                output::json(&tried)?;
            } else {
                output::say(output::tested(&tried));
            }
            if tried.iter().any(|tried| tried.trouble.is_some()) {
                bail!("not every way out takes messages");
            }
        }
    }
    Ok(())
}

/// Shows the digest.
pub(super) async fn digest(parts: &Parts, json: bool) -> anyhow::Result<()> {
    let digest = alerts::digest(parts).await?;
    if json {
        return output::json(&digest);
    }
    output::say(output::message(&digest.message(parts.config.time_zone)));
    Ok(())
}
