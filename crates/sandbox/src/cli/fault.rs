//! Switches faults of a running stand-in.

use clap::{Args, Subcommand};
use reqwest::Url;
use sandbox::fault::switch::{Switch, share, times};
use sandbox::screen::Screen;
use serde_json::Value;

use super::error::Error;
use super::output;

/// What `sandbox fault` takes.
#[derive(Args, Debug)]
pub(crate) struct FaultArgs {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Lists what can go wrong there, and what does.
    List {
        #[command(flatten)]
        target: Target,
    },
    /// Makes something go wrong.
    On {
        #[command(flatten)]
        fault: Limited,
        #[command(flatten)]
        target: Target,
    },
    /// Ends it.
    Off {
        /// Its name, as the list tells it.
        name: String,
        #[command(flatten)]
        target: Target,
    },
}

/// A fault and how it is to strike.
#[derive(Args, Debug)]
struct Limited {
    /// Its name, as the list tells it.
    name: String,
    /// The share of the cases it strikes, above 0 and up to 1; without it, every one.
    #[arg(long, value_parser = share)]
    rate: Option<f64>,
    /// How often it strikes before it ends by itself; without it, until it is switched off.
    #[arg(long, value_parser = times)]
    count: Option<u64>,
    /// What it is set to, where the list says that it takes something.
    #[arg(long)]
    value: Option<String>,
}

impl Limited {
    fn switch(&self) -> Switch {
        Switch {
            rate: self.rate,
            count: self.count,
            value: self.value.clone(),
            ..Switch::on(&self.name)
        }
    }
}

/// The stand-in that is meant.
#[derive(Args, Debug)]
struct Target {
    /// Its address, as it told when it started (`http://127.0.0.1:18080`).
    #[arg(long)]
    url: Url,
}

impl Target {
    fn screen(&self) -> Screen {
        Screen::at(self.url.as_str())
    }
}

/// Does it, and prints what came of it.
pub(crate) async fn run(args: FaultArgs) -> Result<(), Error> {
    match args.act {
        Act::List { target } => output::say(&listed(&target.screen().faults().await?)),
        Act::On { fault, target } => {
            target.screen().switch(&fault.switch()).await?;
            output::say(&format!("{} is on at {}", fault.name, target.url));
        }
        Act::Off { name, target } => {
            target.screen().switch(&Switch::off(&name)).await?;
            output::say(&format!("{name} is off at {}", target.url));
        }
    }
    Ok(())
}

/// One fault a line: its name, whether it is on and with which limits, what it does and what it can be set to.
pub(crate) fn listed(faults: &Value) -> String {
    let lines = faults.as_array().into_iter().flatten().map(|fault| {
        let text = |key: &str| {
            let said = fault[key].as_str();
            said.map_or_else(|| fault[key].to_string(), str::to_owned)
        };
        let mut state = if fault["on"] == true { "on" } else { "off" }.to_owned();
        for limit in ["rate", "count", "value"] {
            if !fault[limit].is_null() {
                state = format!("{state}, {limit} {}", text(limit));
            }
        }
        let takes = if fault["takes"].is_null() {
            String::new()
        } else {
            format!("; takes {}", text("takes"))
        };
        format!("{:<22} {state:<5} {}{takes}", text("name"), text("does"))
    });
    lines.collect::<Vec<_>>().join("\n")
}
