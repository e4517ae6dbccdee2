//! Why a request gave no answer that can be used.

use std::time::Duration;

use reqwest::StatusCode;

/// Why a call to another system did not give an answer we can use.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No complete answer came.
    #[error("no answer ({})", if *maybe_done { "the request may have been carried out" } else { "the request did not get there" })]
    NoAnswer {
        /// Whether the other side may have carried it out: true for all that failed after connecting.
        maybe_done: bool,
        /// What failed, without the URL.
        #[source]
        source: reqwest::Error,
    },
    /// HTTP 429: too many requests.
    #[error("asked to slow down")]
    SlowDown {
        /// How long to wait, where the answer said.
        after: Option<Duration>,
        /// What the answer said, shortened.
        body: String,
    },
    /// The other side answered and did not do it.
    #[error("refused with {status}")]
    Refused {
        /// The status.
        status: StatusCode,
        /// What the answer said, shortened.
        body: String,
    },
    /// What came is not an answer of the API that was asked.
    #[error(transparent)]
    Broken(#[from] Broken),
}

impl Error {
    /// Whether a write that ended so may have been carried out all the same.
    pub fn maybe_done(&self) -> bool {
        match self {
            Self::NoAnswer { maybe_done, .. } => *maybe_done,
            Self::Broken(_) => true,
            Self::SlowDown { .. } | Self::Refused { .. } => false,
        }
    }
}

/// How an answer is broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A gateway before the API answered: 502, 503 or 504.
    #[error("the gateway answered {status}")]
    Gateway {
        /// The status.
        status: StatusCode,
        /// How long to wait, where the answer said.
        after: Option<Duration>,
        /// What the answer said, shortened: some systems refuse under these statuses, too.
        body: String,
    },
    /// A web page, where JSON was due.
    #[error("a web page ({status}) came instead of JSON")]
    Html {
        /// The status.
        status: StatusCode,
    },
    /// More than we are ready to hold.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// What we are ready to hold.
        limit: usize,
    },
    /// JSON that ends too early.
    #[error("the answer ends before its JSON does")]
    Truncated,
    /// Not the JSON we expect. Values are left out: they may be a customer's.
    #[error("the answer is not the JSON we expect: {reason}, at `{path}`")]
    Unreadable {
        /// Where in the document.
        path: String,
        /// What is wrong there.
        reason: String,
    },
}
