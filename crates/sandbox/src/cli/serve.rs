//! Runs stand-ins until a signal comes.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::Args;
use sandbox::autotask::{self, Autotask};
use sandbox::fault::switch::Switch;
use sandbox::jim2::{self, Jim2};
use sandbox::provider::Provider;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::ProviderArgs;
use super::autotask::AutotaskSwitches;
use super::error::Error;
use super::jim2::Jim2Switches;
use super::output;
use super::ready::{AutotaskAccess, Jim2Access, Ready, ReadyFile};

const AUTOTASK_ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 18080);
const JIM2_ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 18081);

/// What `sandbox autotask` takes.
#[derive(Args, Debug)]
pub(crate) struct AutotaskArgs {
    /// Where to listen; port 0 takes any free one.
    #[arg(long, value_name = "ADDRESS", default_value_t = AUTOTASK_ADDRESS)]
    listen: SocketAddr,
    /// Where to write addresses and credentials as JSON once it is up.
    #[arg(long, value_name = "PATH")]
    ready_file: Option<PathBuf>,
    #[command(flatten)]
    provider: ProviderArgs,
    #[command(flatten)]
    switches: AutotaskSwitches,
    /// What goes wrong from the start (lost-answer:rate=0.1,count=3); may be given several times.
    #[arg(long, value_name = "FAULT", value_parser = Autotask::fault)]
    fault: Vec<Switch>,
}

/// What `sandbox jim2` takes.
#[derive(Args, Debug)]
pub(crate) struct Jim2Args {
    /// Where to listen; port 0 takes any free one.
    #[arg(long, value_name = "ADDRESS", default_value_t = JIM2_ADDRESS)]
    listen: SocketAddr,
    /// Where to write addresses and credentials as JSON once it is up.
    #[arg(long, value_name = "PATH")]
    ready_file: Option<PathBuf>,
    #[command(flatten)]
    provider: ProviderArgs,
    #[command(flatten)]
    switches: Jim2Switches,
    /// What goes wrong from the start (lost-answer:rate=0.1,count=3); may be given several times.
    #[arg(long, value_name = "FAULT", value_parser = Jim2::fault)]
    fault: Vec<Switch>,
}

/// What `sandbox both` takes.
#[derive(Args, Debug)]
pub(crate) struct BothArgs {
    /// Where Autotask listens; Jim2 takes the next port. Port 0 takes any two free ones.
    #[arg(long, value_name = "ADDRESS", default_value_t = AUTOTASK_ADDRESS)]
    listen: SocketAddr,
    /// Where to write addresses and credentials as JSON once both are up.
    #[arg(long, value_name = "PATH")]
    ready_file: Option<PathBuf>,
    #[command(flatten)]
    provider: ProviderArgs,
    #[command(flatten)]
    autotask: AutotaskSwitches,
    #[command(flatten)]
    jim2: Jim2Switches,
    /// What goes wrong in Autotask from the start (lost-answer:rate=0.1,count=3); may be given several times.
    #[arg(long, value_name = "FAULT", value_parser = Autotask::fault)]
    autotask_fault: Vec<Switch>,
    /// What goes wrong in Jim2 from the start; may be given several times.
    #[arg(long, value_name = "FAULT", value_parser = Jim2::fault)]
    jim2_fault: Vec<Switch>,
}

impl AutotaskArgs {
    /// How it is to behave.
    pub(crate) fn options(&self) -> autotask::Options {
        autotask::Options {
            faults: self.fault.clone(),
            fault_seed: self.provider.seed,
            ..self.switches.clone().options()
        }
    }
}

impl Jim2Args {
    /// How it is to behave.
    pub(crate) fn options(&self) -> jim2::Options {
        jim2::Options {
            faults: self.fault.clone(),
            fault_seed: self.provider.seed,
            ..self.switches.clone().options()
        }
    }
}

impl BothArgs {
    /// How each is to behave.
    pub(crate) fn options(&self) -> (autotask::Options, jim2::Options) {
        let autotask = autotask::Options {
            faults: self.autotask_fault.clone(),
            fault_seed: self.provider.seed,
            ..self.autotask.clone().options()
        };
        let jim2 = jim2::Options {
            faults: self.jim2_fault.clone(),
            fault_seed: self.provider.seed,
            ..self.jim2.clone().options()
        };
        (autotask, jim2)
    }
}

/// Runs the stand-in of Autotask.
pub(crate) async fn autotask(args: AutotaskArgs) -> Result<(), Error> {
    let mut stop = Stop::on_signal()?;
    let options = args.options();
    let file = ReadyFile::claim(args.ready_file)?;
    let (running, access) = start_autotask(args.listen, &args.provider.generate(), options).await?;
    announce(
        &file,
        &Ready {
            autotask: Some(access),
            jim2: None,
        },
    )?;
    stop.wait().await;
    running.stop().await;
    Ok(())
}

/// Runs the stand-in of Jim2.
pub(crate) async fn jim2(args: Jim2Args) -> Result<(), Error> {
    let mut stop = Stop::on_signal()?;
    let options = args.options();
    let file = ReadyFile::claim(args.ready_file)?;
    let (running, access) = start_jim2(args.listen, &args.provider.generate(), options).await?;
    announce(
        &file,
        &Ready {
            autotask: None,
            jim2: Some(access),
        },
    )?;
    stop.wait().await;
    running.stop().await;
    Ok(())
}

/// Runs both with one provider.
pub(crate) async fn both(args: BothArgs) -> Result<(), Error> {
    let mut stop = Stop::on_signal()?;
    let (autotask, jim2) = args.options();
    let file = ReadyFile::claim(args.ready_file)?;
    let next = next_port(args.listen)?;
    let provider = args.provider.generate();
    let (autotask, autotask_access) = start_autotask(args.listen, &provider, autotask).await?;
    let (jim2, jim2_access) = start_jim2(next, &provider, jim2).await?;
    announce(
        &file,
        &Ready {
            autotask: Some(autotask_access),
            jim2: Some(jim2_access),
        },
    )?;
    stop.wait().await;
    autotask.stop().await;
    jim2.stop().await;
    Ok(())
}

/// The port behind it, or any free one behind any free one.
pub(crate) fn next_port(address: SocketAddr) -> Result<SocketAddr, Error> {
    let port = match address.port() {
        0 => 0,
        port => port.checked_add(1).ok_or(Error::NoNextPort(address))?,
    };
    Ok(SocketAddr::new(address.ip(), port))
}

async fn start_autotask(
    address: SocketAddr,
    provider: &Provider,
    options: autotask::Options,
) -> Result<(Autotask, AutotaskAccess), Error> {
    let listener = listen(address).await?;
    let running = Autotask::start(listener, provider, options.clone())
        .await
        .map_err(|source| Error::Start {
            system: "Autotask",
            source,
        })?;
    let access = AutotaskAccess::of(running.base_url(), &options);
    Ok((running, access))
}

async fn start_jim2(
    address: SocketAddr,
    provider: &Provider,
    options: jim2::Options,
) -> Result<(Jim2, Jim2Access), Error> {
    let listener = listen(address).await?;
    let running = Jim2::start(listener, provider, options.clone())
        .await
        .map_err(|source| Error::Start {
            system: "Jim2",
            source,
        })?;
    let access = Jim2Access::of(running.base_url(), &options);
    Ok((running, access))
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(address)
        .await
        .map_err(|source| Error::Listen { address, source })
}

fn announce(file: &ReadyFile, ready: &Ready) -> Result<(), Error> {
    output::say(&ready.text());
    file.write(ready)
}

/// Waits for the signals that end the program. Armed before anything starts, so that an early one is not missed.
struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    fn on_signal() -> Result<Self, Error> {
        let listen = |kind| signal(kind).map_err(Error::Signal);
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
        })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
