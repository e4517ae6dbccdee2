//! Why the broker could not be used.

use lapin::ErrorKind;

/// Why the broker could not be used. None of them is about a message's content.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text is not an address. It is not repeated here, since it may hold a password.
    #[error("not an AMQP address; write it as amqps://user:password@host:5671/virtual-host")]
    Address,
    /// Nobody answered in time.
    #[error("RabbitMQ at {at} does not answer; check that it runs and that its port is reachable")]
    Silent {
        /// The address, without user and password.
        at: String,
    },
    /// The connection was refused or not let in.
    #[error("RabbitMQ at {at} cannot be used; check address, user, password and virtual host")]
    Connect {
        /// The address, without user and password.
        at: String,
        /// What happened.
        #[source]
        source: lapin::Error,
    },
    /// A queue or exchange was declared differently by another release or by hand.
    #[error(
        "`{name}` exists in RabbitMQ with other arguments than this release declares; \
         let its messages be worked off, delete it there and start again"
    )]
    Mismatch {
        /// The queue or exchange.
        name: String,
        /// What the broker said.
        #[source]
        source: lapin::Error,
    },
    /// The queue is not there.
    #[error("RabbitMQ has no queue `{queue}`; a role of Crossbill declares it when it starts")]
    NoQueue {
        /// The queue.
        queue: String,
    },
    /// The broker ended a consumer: its queue was deleted or its node went away.
    #[error("RabbitMQ ended our consumer of `{queue}`; open it again")]
    Cancelled {
        /// The queue.
        queue: String,
    },
    /// The channel that delivered is gone, and with it the right to acknowledge.
    #[error("a message of `{queue}` could not be acknowledged; it comes back by itself")]
    Stale {
        /// The queue.
        queue: String,
    },
    /// The connection or a channel failed: drop it and open a new one.
    #[error("RabbitMQ failed while we tried to {doing}")]
    Lost {
        /// What was being done.
        doing: String,
        /// What happened.
        #[source]
        source: lapin::Error,
    },
}

impl Error {
    pub(crate) fn lost(doing: impl Into<String>, source: lapin::Error) -> Self {
        Self::Lost {
            doing: doing.into(),
            source,
        }
    }

    /// The answer to a declaration of `name`.
    pub(crate) fn declaring(name: &str, source: lapin::Error) -> Self {
        if reply_code(&source) == Some(PRECONDITION_FAILED) {
            Self::Mismatch {
                name: name.to_owned(),
                source,
            }
        } else {
            Self::lost(format!("declare `{name}`"), source)
        }
    }

    /// The answer to an operation on `queue`, which may be missing.
    pub(crate) fn using(queue: &str, doing: &str, source: lapin::Error) -> Self {
        if reply_code(&source) == Some(NOT_FOUND) {
            Self::NoQueue {
                queue: queue.to_owned(),
            }
        } else {
            Self::lost(format!("{doing} `{queue}`"), source)
        }
    }
}

const NOT_FOUND: u16 = 404;
const PRECONDITION_FAILED: u16 = 406;

fn reply_code(error: &lapin::Error) -> Option<u16> {
    if let ErrorKind::ProtocolError(error) = error.kind() {
        Some(error.get_id())
    } else {
        None
    }
}
