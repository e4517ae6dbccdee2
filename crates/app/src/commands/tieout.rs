//! `crossbill tieout`: the exit code says whether all is explained.

use std::process::ExitCode;

use anyhow::bail;
use sync::Mappings;

use super::Context;
use crate::{
    cli::Tieout,
    operate::tieout::{self, Desk},
    output,
    parts::Parts,
    site::Site,
};

/// Compares a month, and says what came of it.
pub(super) async fn run(args: &Tieout, context: &Context) -> anyhow::Result<ExitCode> {
    let (parts, running) = context.parts().await?;
    let told = tell(args, &parts).await;
    running.stop().await;
    parts.db.close().await;
    Ok(if told? {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Whether all is explained.
async fn tell(args: &Tieout, parts: &Parts) -> anyhow::Result<bool> {
    let site = Site::load(&parts.db).await?;
    if !site.is_connected() {
        bail!("this site is not connected yet; next: crossbill connect");
    }
    let zone = parts.config.time_zone;
    let desk = Desk {
        db: &parts.db,
        clients: &parts.clients(&site)?,
        mappings: &Mappings::load(&parts.db, zone).await?,
        now: parts.clock.now(),
    };
    let month = tieout::month(args.period, desk.now, zone)?;
    let told = tieout::tieout(&desk, &month, args.company.as_deref()).await?;
    if args.json {
        output::json(&told)?;
    } else if args.csv {
        output::raw(tieout::csv(&told)?);
    } else {
        output::say(output::tieout(&told));
    }
    Ok(told.explained)
}
