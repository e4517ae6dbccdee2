//! Which database this is, and where its clock stands.

use chrono::{DateTime, Utc};
use domain::Told;

use crate::{Client, Error, Identity, Query};

/// The database's identity and the server's zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemInfo {
    /// Which database this is.
    pub identity: Identity,
    /// The build of the Web API.
    pub build: Told<String>,
    /// The server's time zone, by its IANA name.
    pub time_zone: Told<String>,
    /// The server's clock.
    pub server_time: Told<DateTime<Utc>>,
}

impl Client {
    /// Which database answers.
    pub async fn system(&self) -> Result<SystemInfo, Error> {
        let rows = self.rows(Query::System, &[]).await?;
        let row = rows
            .first()
            .ok_or_else(|| Error::unreadable(Query::System.name(), "there is no row"))?;
        Ok(SystemInfo {
            identity: Identity {
                database_id: row.word("DatabaseId")?,
                epoch: row.key("Epoch")?,
            },
            build: row.text("Build"),
            time_zone: row.text("TimeZone"),
            server_time: row.time("ServerTime")?,
        })
    }
}
