//! What a script needs to know of a running sandbox: addresses and credentials, as text and as JSON.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sandbox::{autotask, jim2};
use serde::Serialize;

use super::error::Error;

/// The stand-ins that are up.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ready {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) autotask: Option<AutotaskAccess>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) jim2: Option<Jim2Access>,
}

/// How to call the Autotask stand-in.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AutotaskAccess {
    base_url: String,
    user_name: String,
    secret: String,
    api_integration_code: String,
}

/// How to call the Jim2 stand-in.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Jim2Access {
    base_url: String,
    app: String,
    client_id: String,
    client_secret: String,
    api_initials: String,
}

impl AutotaskAccess {
    /// The first user's.
    pub(crate) fn of(base_url: String, options: &autotask::Options) -> Self {
        let user = options
            .users
            .first()
            .cloned()
            .unwrap_or_else(autotask::ApiUser::crossbill);
        Self {
            base_url,
            user_name: user.user_name,
            secret: user.secret,
            api_integration_code: user.integration_code,
        }
    }
}

impl Jim2Access {
    /// The one API user's.
    pub(crate) fn of(base_url: String, options: &jim2::Options) -> Self {
        Self {
            base_url,
            app: options.app.clone(),
            client_id: options.client_id.clone(),
            client_secret: options.client_secret.clone(),
            api_initials: options.api_initials.clone(),
        }
    }
}

impl Ready {
    /// A line or two for each stand-in.
    pub(crate) fn text(&self) -> String {
        let mut lines = Vec::new();
        if let Some(access) = &self.autotask {
            lines.push(format!("Autotask  {}", access.base_url));
            lines.push(format!(
                "          UserName {}  Secret {}  ApiIntegrationCode {}",
                access.user_name, access.secret, access.api_integration_code
            ));
        }
        if let Some(access) = &self.jim2 {
            lines.push(format!("Jim2      {}/{}", access.base_url, access.app));
            lines.push(format!(
                "          client id {}  client secret {}  initials {}",
                access.client_id, access.client_secret, access.api_initials
            ));
        }
        lines.push("Stop with SIGTERM or Ctrl-C.".to_owned());
        lines.join("\n")
    }
}

/// The file that says the sandbox is up: it appears whole, and is gone again when the sandbox has stopped.
#[derive(Debug)]
pub(crate) struct ReadyFile(Option<PathBuf>);

impl ReadyFile {
    /// Removes what an earlier run left there, so that nobody takes it for this one's.
    pub(crate) fn claim(path: Option<PathBuf>) -> Result<Self, Error> {
        if let Some(path) = &path {
            remove(path).map_err(|source| Error::ReadyFile {
                path: path.clone(),
                source,
            })?;
        }
        Ok(Self(path))
    }

    /// Writes it aside and moves it into place.
    pub(crate) fn write(&self, ready: &Ready) -> Result<(), Error> {
        let Some(path) = &self.0 else { return Ok(()) };
        let mut aside = path.clone().into_os_string();
        aside.push(".new");
        let json = serde_json::to_string_pretty(ready).map_err(io::Error::from);
        json.and_then(|json| fs::write(&aside, json + "\n"))
            .and_then(|()| fs::rename(&aside, path))
            .map_err(|source| Error::ReadyFile {
                path: path.clone(),
                source,
            })
    }
}

impl Drop for ReadyFile {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            let _ = remove(path);
        }
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
