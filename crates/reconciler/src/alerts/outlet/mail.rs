//! Mail by SMTP, as plain text.

use std::time::Duration;

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message as Letter, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::authentication::Credentials,
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::timeout;
use url::{Host, Url};

use super::Trouble;
use crate::alerts::message::Message;

/// Who answers.
const WHO: &str = "the mail server";
/// Where it is configured.
const SETTING: &str = "ALERTS_SMTP_URL";
/// The hard deadline of a message, from connecting to the last word.
const DEADLINE: Duration = Duration::from_secs(30);

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// How mail is sent.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// `smtps://host` is TLS from the beginning; `smtp://host` is TLS by STARTTLS and nothing without it, but to this
    /// machine itself, where there is none.
    pub url: Url,
    /// Whom the server knows, and by what.
    pub login: Option<(String, SecretString)>,
    /// Who writes.
    pub from: String,
    /// To whom.
    pub to: Vec<String>,
}

/// A way to send mail.
#[derive(Debug, Clone)]
pub struct Mail {
    transport: Transport,
    from: Mailbox,
    to: Vec<Mailbox>,
}

impl Mail {
    /// Checks the settings; what is wrong is told in a sentence. Nothing is connected to.
    pub fn new(settings: &MailSettings) -> Result<Self, String> {
        let url = &settings.url;
        let host = url.host_str().filter(|host| !host.is_empty());
        let host = host.ok_or("it names no host; write it as smtp://mail.example.com")?;
        let builder = match url.scheme() {
            "smtps" => Transport::relay(host),
            "smtp" if is_this_machine(url) => Ok(Transport::builder_dangerous(host).port(25)),
            "smtp" => Transport::starttls_relay(host),
            _ => return Err("it begins with neither smtp:// nor smtps://".to_owned()),
        };
        let mut builder = builder
            .map_err(|error| format!("TLS cannot be set up ({error})"))?
            .timeout(Some(DEADLINE));
        if let Some(port) = url.port() {
            builder = builder.port(port);
        }
        if let Some((user, password)) = &settings.login {
            let password = password.expose_secret().to_owned();
            builder = builder.credentials(Credentials::new(user.clone(), password));
        }
        Ok(Self {
            transport: builder.build(),
            from: mailbox(&settings.from)?,
            to: settings
                .to
                .iter()
                .map(|to| mailbox(to))
                .collect::<Result<_, _>>()?,
        })
    }

    pub(super) async fn send(&self, message: &Message) -> Result<(), Trouble> {
        let mut letter = Letter::builder()
            .from(self.from.clone())
            .subject(&message.subject)
            .header(ContentType::TEXT_PLAIN);
        for to in &self.to {
            letter = letter.to(to.clone());
        }
        let letter = letter
            .body(message.text())
            .map_err(|error| Trouble::Unsendable(error.to_string()))?;
        let sent = timeout(DEADLINE, self.transport.send(letter)).await;
        let Ok(sent) = sent else {
            return Err(Trouble::Away(WHO, SETTING));
        };
        sent.map(drop).map_err(|error| match error.status() {
            Some(code) => {
                let setting = if u16::from(code) / 10 == 53 {
                    "ALERTS_SMTP_USER and ALERTS_SMTP_PASSWORD"
                } else {
                    "ALERTS_MAIL_FROM and ALERTS_MAIL_TO"
                };
                Trouble::Refused(WHO, code.to_string(), setting)
            }
            None if error.is_client() => Trouble::Unsendable(error.to_string()),
            None => Trouble::Away(WHO, SETTING),
        })
    }
}

/// An address, alone or with a name: `Crossbill <crossbill@provider.example>`.
fn mailbox(text: &str) -> Result<Mailbox, String> {
    text.trim()
        .parse()
        .map_err(|error| format!("{text} is no mail address ({error})"))
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        // A scheme that the library does not know has its host as a name, whatever it is.
        Some(Host::Domain(name)) => {
            let ip = name.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
            name == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
        }
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}
