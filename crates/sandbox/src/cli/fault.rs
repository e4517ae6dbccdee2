//! Switches faults of a running stand-in.

use clap::{Args, Subcommand};
use reqwest::{Client, RequestBuilder, Url};
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
        /// The share of calls it strikes, from 0 to 1; without it, every call.
        #[arg(long, value_parser = share)]
        rate: Option<f64>,
        /// How often it strikes before it ends by itself; without it, until it is switched off.
        #[arg(long)]
        count: Option<u64>,
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

fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(rate) if (0.0..=1.0).contains(&rate) => Ok(rate),
        Ok(_) | Err(_) => Err(format!("'{text}' is not a share between 0 and 1")),
    }
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
        } => {
            let body = json!({"name": name, "on": true, "rate": rate, "count": count});
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

/// One fault a line; the list itself, or the list under `faults`.
pub(crate) fn listed(answer: &Value) -> String {
    let faults = answer.as_array().or_else(|| answer["faults"].as_array());
    let lines = faults.into_iter().flatten().map(|fault| {
        let mut state = if fault["on"].as_bool().unwrap_or_default() {
            "on"
        } else {
            "off"
        }
        .to_owned();
        for limit in ["rate", "count"] {
            if !fault[limit].is_null() {
                state = format!("{state}, {limit} {}", fault[limit]);
            }
        }
        let text = |key: &str| fault[key].as_str().unwrap_or_default();
        format!("{:<14} {:<5} {}", text("name"), state, text("does"))
    });
    lines.collect::<Vec<_>>().join("\n")
}
