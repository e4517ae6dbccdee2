//! Where RabbitMQ is, and the password for it, which no log line ever shows.

use std::{fmt, str::FromStr};

use lapin::uri::AMQPUri;
use secrecy::{ExposeSecret as _, SecretString};

use crate::Error;

/// Seconds after which a silent peer counts as gone, where the address does not say otherwise.
const HEARTBEAT_SECONDS: u16 = 10;

/// An address such as `amqps://user:password@host:5671/virtual-host`.
#[derive(Clone)]
pub struct AmqpUrl {
    secret: SecretString,
    at: String,
}

impl AmqpUrl {
    /// The address without user and password.
    pub fn at(&self) -> &str {
        &self.at
    }

    pub(crate) fn uri(&self) -> Result<AMQPUri, Error> {
        let mut uri: AMQPUri = self
            .secret
            .expose_secret()
            .parse()
            .map_err(|_| Error::Address)?;
        uri.query.heartbeat.get_or_insert(HEARTBEAT_SECONDS);
        Ok(uri)
    }
}

impl FromStr for AmqpUrl {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let uri: AMQPUri = text.parse().map_err(|_| Error::Address)?;
        Ok(Self {
            at: format!(
                "{}://{}:{}/{}",
                uri.scheme, uri.authority.host, uri.authority.port, uri.vhost
            ),
            secret: text.into(),
        })
    }
}

impl TryFrom<SecretString> for AmqpUrl {
    type Error = Error;

    fn try_from(secret: SecretString) -> Result<Self, Error> {
        secret.expose_secret().parse()
    }
}

impl fmt::Debug for AmqpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_user_nor_password_is_ever_shown() {
        let url: AmqpUrl = "amqps://crossbill:hunter2@mq.example:5671/site"
            .parse()
            .unwrap();
        assert_eq!(format!("{url:?}"), "amqps://mq.example:5671/site");
        assert_eq!(url.at(), "amqps://mq.example:5671/site");
    }

    #[test]
    fn a_wrong_address_is_refused_without_repeating_it() {
        let error = AmqpUrl::from_str("http://crossbill:hunter2@mq.example").unwrap_err();
        assert!(
            !format!("{error:?} {error}").contains("hunter2"),
            "{error:?}"
        );
    }
}
