//! How far the sweeps have compared. A watermark is moved only by its own sweep, so that the next one
//! covers whatever was missed in between.

use chrono::{DateTime, Utc};
use domain::{Kind, System};
use serde::Serialize;

use crate::{Db, Error, error};

/// A row of `sweep`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sweep {
    /// The kind.
    pub kind: Kind,
    /// The system whose records are compared.
    pub system: System,
    /// Up to when all changes were compared, in the system's own clock.
    pub watermark: Option<DateTime<Utc>>,
    /// When the last one began.
    pub last_started: Option<DateTime<Utc>>,
    /// When the last one ran through.
    pub last_finished: Option<DateTime<Utc>>,
}

/// The sweep of a kind in a system, as it was before this one, which begins now.
pub async fn start(db: &Db, kind: &Kind, system: System) -> Result<Sweep, Error> {
    let row = sqlx::query!(
        r#"insert into sweep (kind, system, last_started) values ($1, $2, now())
           on conflict (kind, system) do update set last_started = now()
           returning watermark, last_started, last_finished"#,
        kind.as_str(),
        system.as_str(),
    )
    .fetch_one(&db.0)
    .await?;
    Ok(Sweep {
        kind: kind.clone(),
        system,
        watermark: row.watermark,
        last_started: row.last_started,
        last_finished: row.last_finished,
    })
}

/// Ends a sweep that has compared everything up to `watermark`. `false`: another one has moved it meanwhile.
pub async fn finish(db: &Db, begun: &Sweep, watermark: DateTime<Utc>) -> Result<bool, Error> {
    let done = sqlx::query!(
        "update sweep set watermark = $3, last_finished = now()
         where kind = $1 and system = $2 and watermark is not distinct from $4",
        begun.kind.as_str(),
        begun.system.as_str(),
        watermark,
        begun.watermark,
    )
    .execute(&db.0)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// All sweeps.
pub async fn list(db: &Db) -> Result<Vec<Sweep>, Error> {
    let rows = sqlx::query!(
        "select kind, system, watermark, last_started, last_finished from sweep
         order by kind, system"
    )
    .fetch_all(&db.0)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Sweep {
                kind: row.kind.into(),
                system: error::system("sweep.system", &row.system)?,
                watermark: row.watermark,
                last_started: row.last_started,
                last_finished: row.last_finished,
            })
        })
        .collect()
}
