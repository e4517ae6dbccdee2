//! The commands: from what was typed, through [`crate::operate`], to what is said.

mod adopt;
mod alerts;
mod choices;
mod held;
mod lookups;
mod pairs;
mod site;
mod sweep;
mod tieout;
mod webhooks;

use std::process::ExitCode;

use anyhow::Context as _;
use store::Db;

use crate::{
    cli::Command,
    config::Config,
    output,
    parts::{self, Parts, Running},
    serve,
};

/// What every command works with.
#[derive(Debug)]
pub(crate) struct Context {
    /// The configuration, checked.
    pub(crate) config: Config,
    /// Who runs the command.
    pub(crate) who: String,
}

impl Context {
    /// The parts, with what must run beside them.
    async fn parts(&self) -> anyhow::Result<(Parts, Running)> {
        let db = self.database().await?;
        let (parts, tasks) = Parts::over(self.config.clone(), db).await?;
        Ok((parts, tasks.start()))
    }

    async fn database(&self) -> anyhow::Result<Db> {
        parts::database(&self.config)
            .await
            .context("Postgres cannot be used; check that it runs and DATABASE_URL")
    }
}

/// Runs a command.
pub(crate) async fn run(command: Command, context: Context) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve { role } => return Box::pin(serve::serve(context.config, role)).await,
        Command::Tieout(args) => return tieout::run(&args, &context).await,
        Command::Config => output::say(site::configuration(&context.config)),
        Command::Migrate => site::migrate(&context).await?,
        Command::Health { live } => site::health(&context, live).await?,
        command @ (Command::Connect(_)
        | Command::Pause(_)
        | Command::Resume(_)
        | Command::Status { .. }
        | Command::Sweep { .. }
        | Command::Gaps { .. }
        | Command::Budget { .. }
        | Command::AdoptRestore { .. }
        | Command::Alerts { .. }
        | Command::Digest { .. }
        | Command::Webhooks(_)
        | Command::Lookups(_)
        | Command::Pairs(_)
        | Command::Mapping(_)
        | Command::Settings(_)
        | Command::Filters(_)
        | Command::Preview { .. }
        | Command::Held(_)) => Box::pin(with_parts(command, &context)).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs a command that needs the parts.
async fn with_parts(command: Command, context: &Context) -> anyhow::Result<()> {
    let (parts, running) = context.parts().await?;
    let done = match command {
        Command::Connect(args) => site::connect(*args, &parts, &context.who).await,
        Command::Pause(what) => site::pause(&what, &parts, &context.who).await,
        Command::Resume(what) => site::resume(&what, &parts, &context.who).await,
        Command::Status { json } => site::status(&parts, json).await,
        Command::Sweep { kind, since, full } => {
            let asked = sweep::Asked {
                kind: kind.as_ref(),
                since: since.as_deref(),
                is_full: full,
            };
            sweep::run(asked, &parts, &context.who).await
        }
        Command::Gaps { limit, json } => site::gaps(&parts, limit, json).await,
        Command::Budget { json } => site::budget(&parts, json).await,
        Command::AdoptRestore { since, yes } => {
            Box::pin(adopt::run(since.as_deref(), yes, &parts, &context.who)).await
        }
        Command::Alerts { what, json } => alerts::run(what, json, &parts, &context.who).await,
        Command::Digest { json } => alerts::digest(&parts, json).await,
        Command::Webhooks(what) => Box::pin(webhooks::run(&what, &parts, &context.who)).await,
        Command::Lookups(what) => lookups::run(what, &parts, &context.who).await,
        Command::Pairs(what) => pairs::run(what, &parts, &context.who).await,
        Command::Mapping(what) => Box::pin(pairs::mapping(what, &parts, &context.who)).await,
        Command::Settings(what) => choices::settings(what, &parts, &context.who).await,
        Command::Filters(what) => choices::filters(what, &parts, &context.who).await,
        Command::Preview { what, id, json } => pairs::preview(what, &id, json, &parts).await,
        Command::Held(what) => held::run(what, &parts, &context.who).await,
        Command::Config
        | Command::Migrate
        | Command::Serve { .. }
        | Command::Health { .. }
        | Command::Tieout(_) => Ok(()),
    };
    running.stop().await;
    parts.db.close().await;
    done
}
