//! Which database this is, and where its clock stands.

use chrono::{DateTime, TimeDelta, Utc};
use domain::Told;

use crate::{Client, DateReading, Error, Identity, Query};

/// The database's identity and the server's zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemInfo {
    /// Which database this is.
    pub identity: Identity,
    /// What the database is called.
    pub name: Told<String>,
    /// Whether it says that it is a training copy.
    pub training: Option<bool>,
    /// The build of the Web API.
    pub build: Told<String>,
    /// The server's time zone, by its IANA name.
    pub time_zone: Told<String>,
    /// The server's clock.
    pub server_time: Told<ServerTime>,
}

/// What the server's clock shows, under each reading of `/Date(ms)/`: the same where it was told in another form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerTime {
    instant: DateTime<Utc>,
    wall_clock: DateTime<Utc>,
}

impl ServerTime {
    /// The time under a reading.
    pub fn read_as(self, reading: DateReading) -> DateTime<Utc> {
        match reading {
            DateReading::Instant => self.instant,
            DateReading::WallClock => self.wall_clock,
        }
    }

    /// The reading under which the server's clock is no more than `tolerance` off `now`; `None` where neither is it.
    pub fn reading(self, now: DateTime<Utc>, tolerance: TimeDelta) -> Option<DateReading> {
        [DateReading::Instant, DateReading::WallClock]
            .into_iter()
            .find(|reading| (self.read_as(*reading) - now).abs() <= tolerance)
    }
}

impl Client {
    /// Which database answers.
    pub async fn system(&self) -> Result<SystemInfo, Error> {
        let rows = self.rows(Query::SYSTEM, &[]).await?;
        let row = rows
            .first()
            .ok_or_else(|| Error::unreadable(Query::SYSTEM.name, "there is no row"))?;
        let server_time = |reading| row.time_as("ServerTime", reading);
        let (instant, wall_clock) = (
            server_time(DateReading::Instant)?,
            server_time(DateReading::WallClock)?,
        );
        Ok(SystemInfo {
            identity: Identity {
                database_id: row.word("DatabaseId")?,
                epoch: row.key("Epoch")?,
            },
            name: row.text("DatabaseName"),
            training: row.flag("Training")?.get().copied(),
            build: row.text("Build"),
            time_zone: row.text("TimeZone"),
            server_time: match (instant, wall_clock) {
                (Told::Is(instant), Told::Is(wall_clock)) => Told::Is(ServerTime {
                    instant,
                    wall_clock,
                }),
                (Told::Empty, _) | (_, Told::Empty) => Told::Empty,
                (Told::Not, _) | (_, Told::Not) => Told::Not,
            },
        })
    }
}
