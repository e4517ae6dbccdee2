//! Where Jim2 is, who we are there, and what this site's build can do.

use std::time::Duration;

use chrono_tz::Tz;
use secrecy::SecretString;
use url::Url;

use crate::{DateReading, time::Times};

/// The API's client id and its secret, which is the Jim2 password of the user behind it.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The id configured for the API.
    pub client_id: String,
    /// The password of the user that the id stands for.
    pub secret: SecretString,
}

/// How one Jim2 database is called.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address up to and including the application, such as `http://host:80/jim2/`.
    pub base_url: Url,
    /// Who we are there.
    pub credentials: Credentials,
    /// The zone in which the Jim2 server tells its local times.
    pub time_zone: Tz,
    /// How `/Date(ms)/` counts.
    pub date_reading: DateReading,
    /// The hard deadline of one request.
    pub deadline: Duration,
    /// Whether the site has Crossbill's named queries; without them records are read one by one.
    pub named_queries: bool,
    /// What this site calls the details of a contact that we use.
    pub contact_types: ContactTypes,
    /// How this build writes a contact's id.
    pub contact_ids: ContactIds,
    /// How long an unused writing session keeps its licence.
    pub idle: Duration,
    /// Whether the database is compared with what the session knows of it before it is read or written; not where the
    /// caller judges that itself.
    pub checks_database: bool,
}

/// Which database a site is. A restored or training copy differs in one of the two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The database's own identifier.
    pub database_id: String,
    /// Rises when the database is restored or replaced.
    pub epoch: i64,
}

impl std::fmt::Display for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "database {}, epoch {}", self.database_id, self.epoch)
    }
}

impl Settings {
    /// The application, which the address ends in: `jim2`.
    pub fn application(&self) -> Option<&str> {
        let mut segments = self.base_url.path_segments()?;
        segments.rfind(|segment| !segment.is_empty())
    }

    /// Settings for a site with named queries and the present build.
    pub fn new(base_url: Url, credentials: Credentials, time_zone: Tz) -> Self {
        Self {
            base_url,
            credentials,
            time_zone,
            date_reading: DateReading::default(),
            deadline: Duration::from_mins(1),
            named_queries: true,
            contact_types: ContactTypes::default(),
            contact_ids: ContactIds::default(),
            idle: Duration::from_mins(5),
            checks_database: true,
        }
    }

    pub(crate) fn times(&self) -> Times {
        Times {
            zone: self.time_zone,
            reading: self.date_reading,
        }
    }

    /// The address of `path` below the application.
    pub(crate) fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base_url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }
}

/// The names of contact detail types, which each site sets up itself. Letter case does not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactTypes {
    /// An e-mail address.
    pub email: String,
    /// A fixed line.
    pub phone: String,
    /// A mobile.
    pub mobile: String,
}

impl Default for ContactTypes {
    fn default() -> Self {
        Self {
            email: "EMail".to_owned(),
            phone: "Phone".to_owned(),
            mobile: "Mobile".to_owned(),
        }
    }
}

/// How a build writes a contact's id. Both are read; this is about writing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ContactIds {
    /// `cardno-contno`, since build 9804.
    #[default]
    CardAndContact,
    /// `contno`, as in build 9148.
    ContactOnly,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(base_url: &str) -> Settings {
        let credentials = Credentials {
            client_id: "crossbill".to_owned(),
            secret: "hunter2".to_owned().into(),
        };
        Settings::new(
            base_url.parse().unwrap(),
            credentials,
            chrono_tz::Australia::Sydney,
        )
    }

    #[test]
    fn the_application_stays_in_the_address_with_or_without_a_slash() {
        for base in [
            "http://jim2.example:8080/live",
            "http://jim2.example:8080/live/",
        ] {
            assert_eq!(
                settings(base).url(&["api", "v1", "jobs", "10"]).as_str(),
                "http://jim2.example:8080/live/api/v1/jobs/10"
            );
        }
    }

    #[test]
    fn the_secret_is_not_shown() {
        let shown = format!("{:?}", settings("http://jim2.example/live"));
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
