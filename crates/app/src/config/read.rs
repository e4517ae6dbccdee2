//! From texts to a checked [`Config`], with everything that is wrong at once.

mod alerts;

use std::{net::SocketAddr, str::FromStr, time::Duration};

use chrono_tz::Tz;
use secrecy::SecretString;
use tracing_subscriber::EnvFilter;
use url::Url;

use super::{
    Autotask, Config, Engine, Ingress, Jim2, Log, LogFormat, Repeats, Wrong,
    gather::Values,
    setting::{Default, Setting, find},
};

/// The shortest key that is taken.
const KEY_LENGTH: usize = 32;

/// An address of Autotask as it should be.
const EXAMPLE: &str = "https://webservices14.autotask.net/ATServicesRest/";

/// Reads texts, and keeps what is wrong with them.
struct Reader<'a> {
    values: &'a Values,
    problems: Vec<String>,
}

/// Checks `values`. `problems` are those found before.
pub(super) fn read(values: &Values, problems: Vec<String>) -> Result<Config, Wrong> {
    let mut reader = Reader { values, problems };
    match config(&mut reader) {
        Some(config) if reader.problems.is_empty() => Ok(config),
        _ => Err(Wrong {
            problems: reader.problems,
        }),
    }
}

/// Every field is read before the first `?`, so that all problems are found.
fn config(reader: &mut Reader<'_>) -> Option<Config> {
    let database_url = reader.with("database_url", postgres);
    let amqp_url = reader.with("amqp_url", |text| {
        text.parse()
            .map_err(|error: broker::Error| error.to_string())
    });
    let secret_key = reader.with("secret_key", secret_key);
    let autotask = autotask(reader);
    let jim2 = jim2(reader);
    let time_zone = reader.with("site.time_zone", time_zone);
    let listen = reader.with("ingress.listen", address);
    let public_url = reader.optional("ingress.public_url", web);
    let admin_listen = reader.with("admin.listen", address);
    let deadline = reader.with("engine.deadline_seconds", |text| seconds(text, 120));
    let patience = reader.with("engine.patience_seconds", |text| seconds(text, 600));
    let words = crate::kinds::sweep_words();
    let sweep = reader.optional("sweep", |text| Repeats::read(text, &words));
    let alerts = alerts::alerts(reader);
    let level = reader.optional("log.level", level);
    let format = reader.with("log.format", format);
    Some(Config {
        database_url: database_url?,
        amqp_url: amqp_url?,
        secret_key: secret_key?,
        autotask: autotask?,
        jim2: jim2?,
        time_zone: time_zone?,
        ingress: Ingress {
            listen: listen?,
            public_url,
        },
        admin_listen: admin_listen?,
        engine: Engine {
            deadline: deadline?,
            patience: patience?,
        },
        sweep: sweep.unwrap_or_default(),
        alerts: alerts?,
        log: Log {
            level,
            format: format?,
        },
        #[cfg(debug_assertions)]
        crash_at: None,
    })
}

fn seconds(text: &str, most: u64) -> Result<Duration, String> {
    match text.parse() {
        Ok(seconds) if (1..=most).contains(&seconds) => Ok(Duration::from_secs(seconds)),
        _ => Err(format!("is not a number of seconds from 1 to {most}")),
    }
}

fn autotask(reader: &mut Reader<'_>) -> Option<Autotask> {
    let username = reader.with("autotask.username", plain);
    let secret = reader.with("autotask.secret", sealed);
    let integration_code = reader.with("autotask.integration_code", sealed);
    let discovery_url = reader.with("autotask.discovery_url", autotask_base);
    let zone_url = reader.optional("autotask.zone_url", autotask_base);
    Some(Autotask {
        username: username?,
        secret: secret?,
        integration_code: integration_code?,
        discovery_url: discovery_url?,
        zone_url,
    })
}

fn jim2(reader: &mut Reader<'_>) -> Option<Jim2> {
    let url = reader.with("jim2.url", web);
    let client_id = reader.with("jim2.client_id", plain);
    let secret = reader.with("jim2.secret", sealed);
    Some(Jim2 {
        url: url?,
        client_id: client_id?,
        secret: secret?,
    })
}

impl Reader<'_> {
    /// A setting that has a value in the end: given, or by default.
    fn with<T>(&mut self, key: &str, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let setting = find(key).expect("the table has every setting that is read");
        let given = self.values.get(key).map(String::as_str);
        let text = match (given, setting.default) {
            (Some(text), _) | (None, Default::Is(text)) => text,
            (None, Default::Required | Default::Absent) => {
                self.problems
                    .push(format!("{} is missing: {}", setting.names(), setting.help));
                return None;
            }
        };
        self.parsed(setting, text, parse)
    }

    /// A setting that may stay away.
    fn optional<T>(&mut self, key: &str, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let setting = find(key).expect("the table has every setting that is read");
        let text = self.values.get(key)?;
        self.parsed(setting, text, parse)
    }

    fn parsed<T>(
        &mut self,
        setting: &Setting,
        text: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        parse(text)
            .inspect_err(|why| {
                self.problems
                    .push(format!("{} is wrong: {why}", setting.names()));
            })
            .ok()
    }
}

fn plain(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("it is empty".to_owned()),
        text => Ok(text.to_owned()),
    }
}

fn sealed(text: &str) -> Result<SecretString, String> {
    plain(text).map(SecretString::from)
}

fn secret_key(text: &str) -> Result<SecretString, String> {
    let length = text.trim().chars().count();
    if length < KEY_LENGTH {
        return Err(format!(
            "it has {length} characters and needs {KEY_LENGTH}; make one with openssl rand -hex 32"
        ));
    }
    sealed(text)
}

/// The address is not repeated in messages: it may hold a password.
fn postgres(text: &str) -> Result<SecretString, String> {
    let is_postgres =
        Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "postgres" | "postgresql"));
    if is_postgres {
        Ok(text.into())
    } else {
        Err("write it as postgres://user:password@host:5432/database".to_owned())
    }
}

/// An address is shown; one with a password in it is not taken, and not repeated either.
fn web(text: &str) -> Result<Url, String> {
    let shown = if text.contains('@') { "it" } else { text };
    let url =
        Url::parse(text.trim()).map_err(|error| format!("{shown} is no address ({error})"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            "it has a user name or a password before the @, and addresses are shown; write it without, as credentials \
             have settings of their own"
                .to_owned(),
        );
    }
    match url.scheme() {
        "http" | "https" => Ok(url),
        _ => Err(format!("{shown} does not begin with http:// or https://")),
    }
}

/// The base below which Autotask's API has its versions. A proxy may have it under another path.
fn autotask_base(text: &str) -> Result<Url, String> {
    let url = web(text)?;
    let path = url.path().trim_end_matches('/').to_ascii_lowercase();
    let is_autotask = url
        .host_str()
        .is_some_and(|host| host.ends_with("autotask.net"));
    if path.ends_with("/v1.0") {
        return Err(format!(
            "{text} goes on behind ATServicesRest; leave V1.0 out, as {EXAMPLE}"
        ));
    }
    if path.is_empty() || is_autotask && path != "/atservicesrest" {
        return Err(format!(
            "{text} does not end in ATServicesRest; write it as {EXAMPLE}"
        ));
    }
    Ok(url)
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.trim()
        .parse()
        .map_err(|_| format!("{text} is no address and port; write it as 127.0.0.1:9090"))
}

fn time_zone(text: &str) -> Result<Tz, String> {
    Tz::from_str(text.trim())
        .map_err(|_| format!("{text} is no time zone; write it as Australia/Sydney"))
}

fn level(text: &str) -> Result<String, String> {
    EnvFilter::try_new(text)
        .map(|_| text.to_owned())
        .map_err(|error| format!("{text} ({error}); write a level such as info"))
}

fn format(text: &str) -> Result<LogFormat, String> {
    match text.trim() {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(format!("{text} is neither text nor json")),
    }
}
