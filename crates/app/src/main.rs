//! The one binary. It reads configuration, builds parts, and runs a role or a command.

mod cli;
mod commands;
mod config;
mod connect;
mod kinds;
mod metrics;
mod operate;
mod output;
mod parts;
mod serve;
mod shutdown;
mod site;
mod telemetry;

use std::process::ExitCode;

use clap::Parser as _;

use crate::{
    cli::{Cli, Command},
    commands::Context,
    config::{Config, Environment},
};

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let environment = Environment::of_process();
    let config = match Config::load(cli.config.as_deref(), &environment) {
        Ok(config) => config,
        Err(wrong) => return output::refuse(&wrong),
    };
    let is_role = matches!(cli.command, Command::Serve { .. });
    let usual_level = if is_role { "info" } else { "warn" };
    if let Err(error) = telemetry::start(&config.log, usual_level) {
        return output::fail(&error);
    }
    let who = cli.who.unwrap_or_else(|| environment.user().to_owned());
    match Box::pin(commands::run(cli.command, Context { config, who })).await {
        Ok(code) => code,
        Err(error) => output::fail(&error),
    }
}
