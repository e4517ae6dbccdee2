//! Switches faults of a running stand-in.

use clap::{Args, Subcommand};
use reqwest::{Client, RequestBuilder, Url};
use sandbox::fault::switch::{share, times};
use serde_json::{Value, json};

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
        /// Its name, as the list tells it.
        name: String,
        #[command(flatten)]
        target: Target,
        /// The share of the cases it strikes, above 0 and up to 1; without it, every one.
        #[arg(long, value_parser = share)]
        rate: Option<f64>,
        /// How often it strikes before it ends by itself; without it, until it is switched off.
        #[arg(long, value_parser = times)]
        count: Option<u64>,
        /// What it is set to, where the list says that it takes something.
        #[arg(long)]
        value: Option<String>,
    },
    /// Ends it.
    Off {
        /// Its name, as the list tells it.
        name: String,
        #[command(flatten)]
        target: Target,
    },
}

/// The stand-in that is meant.
#[derive(Args, Debug)]
struct Target {
    /// Its address, as it told when it started (`http://127.0.0.1:18080`).
    #[arg(long)]
    url: Url,
}

/// Does it, and prints what the stand-in says.
pub(crate) async fn run(args: FaultArgs) -> Result<(), Error> {
    // reqwest asks for a provider of cryptography even for plain http; one that is there already serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::new();
    match args.act {
        Act::List { target } => {
            let faults = ask(client.get(address(&target)), &target).await?;
            output::say(&listed(&faults));
        }
        Act::On {
            name,
            target,
            rate,
            count,
            value,
        } => {
            let body =
                json!({"name": name, "on": true, "rate": rate, "count": count, "value": value});
            ask(client.post(address(&target)).json(&body), &target).await?;
            output::say(&format!("{name} is on at {}", target.url));
        }
        Act::Off { name, target } => {
            ask(
                client
                    .post(address(&target))
                    .json(&json!({"name": name, "on": false})),
                &target,
            )
            .await?;
            output::say(&format!("{name} is off at {}", target.url));
        }
    }
    Ok(())
}

fn address(target: &Target) -> String {
    format!(
        "{}/sandbox/fault",
        target.url.as_str().trim_end_matches('/')
    )
}

#[expect(
    clippy::disallowed_methods,
    reason = "the sandbox shares nothing with our clients, `rest` included"
)]
async fn ask(request: RequestBuilder, target: &Target) -> Result<Value, Error> {
    let url = target.url.to_string();
    let lost = |source| Error::NoAnswer {
        url: url.clone(),
        source,
    };
    let answer = request.send().await.map_err(lost)?;
    let status = answer.status();
    let text = answer.text().await.map_err(lost)?;
    let body: Value = serde_json::from_str(&text).unwrap_or_default();
    if status.is_success() {
        return Ok(body);
    }
    let reason = body["error"]
        .as_str()
        .map_or_else(|| format!("{status} {text}"), str::to_owned);
    Err(Error::Refused { url, reason })
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
