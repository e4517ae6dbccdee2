//! Why a command failed.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why a command failed, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Somebody else listens there, or the address is not this machine's.
    #[error("cannot listen at {address}: choose another with --listen, or port 0 for any free one")]
    Listen {
        address: SocketAddr,
        #[source]
        source: io::Error,
    },
    /// The last port has no next one.
    #[error("--listen {0} leaves no port for Jim2, which takes the next one: choose a lower port")]
    NoNextPort(SocketAddr),
    /// The stand-in did not come up.
    #[error("the stand-in of {system} did not start")]
    Start {
        system: &'static str,
        #[source]
        source: io::Error,
    },
    /// The program cannot learn when it is to end.
    #[error("cannot wait for SIGTERM and SIGINT")]
    Signal(#[source] io::Error),
    /// The ready file could not be written.
    #[error("cannot write the ready file {}: check that its folder exists and can be written", path.display())]
    ReadyFile {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    /// A stand-in did not answer, or refused.
    #[error("a stand-in cannot be reached, or refuses")]
    Screen(#[from] sandbox::screen::Error),
    /// The day could not go on.
    #[error("the day could not go on")]
    Day(#[from] sandbox::day::Error),
    /// The day was not as it should be.
    #[error("not everything was seen, or both sides do not agree: {0}")]
    BadDay(String),
    /// The two sides differ.
    #[error("both sides do not agree: {0} findings, told above")]
    Disagreement(usize),
    /// The site's mapping could not be read.
    #[error("cannot read the mapping {}: {why}; crossbill lookups export writes one", path.display())]
    Mapping { path: PathBuf, why: String },
    /// The script of the day could not be read.
    #[error("cannot read the script {}: check that it is there", path.display())]
    ScriptFile {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    /// What was seen could not be written down.
    #[error("cannot write {}: check that its folder exists and can be written", path.display())]
    Json {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}
