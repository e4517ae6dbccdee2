//! The ways out: a webhook, and mail.

mod mail;
mod web;

use super::message::Message;
pub use mail::{Mail, MailSettings};
pub use web::{Form, Web};

/// A way out.
#[derive(Debug, Clone)]
pub enum Outlet {
    /// A POST to an address.
    Web(Web),
    /// Mail by SMTP.
    Mail(Box<Mail>),
}

impl Outlet {
    /// The word in columns, metrics and answers.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Web(_) => "webhook",
            Self::Mail(_) => "mail",
        }
    }

    /// Sends a message. What comes of an attempt that ended is not known: it may come twice, and is never lost.
    pub async fn send(&self, message: &Message) -> Result<(), Trouble> {
        match self {
            Self::Web(web) => web.send(message).await,
            Self::Mail(mail) => Box::pin(mail.send(message)).await,
        }
    }
}

/// Why a message was not sent, with what to look at. It names no secret.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// Nobody answers.
    #[error("{0} does not answer; check {1} and the network")]
    Away(&'static str, &'static str),
    /// What was said was not taken.
    #[error("{0} refused the message ({1}); check {2}")]
    Refused(&'static str, String, &'static str),
    /// It cannot be sent as it is set up.
    #[error("the message cannot be sent: {0}")]
    Unsendable(String),
}

#[cfg(test)]
mod tests;
