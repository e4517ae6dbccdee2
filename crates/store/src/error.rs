//! Why the database could not be used.

use domain::{Failure, System};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Why the database could not be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A statement or the connection failed.
    #[error("the database did not do what it was asked")]
    Query(#[from] sqlx::Error),
    /// The schema could not be brought up to this build's version.
    #[error("the schema could not be migrated")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The schema has another version than this build's.
    #[error("the schema has version {found}, this build knows {known}: {}", remedy(*found, *known))]
    Schema {
        /// The version in the database.
        found: i64,
        /// The version of this build.
        known: i64,
    },
    /// A JSON column holds what this build cannot read or write.
    #[error("`{column}` is not in a form this build knows")]
    Json {
        /// The column, as `table.column`.
        column: &'static str,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// A column holds a word this build does not know.
    #[error("`{column}` holds `{word}`, which this build does not know")]
    Word {
        /// The column, as `table.column`.
        column: &'static str,
        /// What it holds.
        word: String,
    },
    /// Others changed the same rows each time we tried.
    #[error("the rows of a claim were changed by others while they were being locked")]
    Collision,
}

fn remedy(found: i64, known: i64) -> &'static str {
    if found > known {
        "the database is newer, install the newer build"
    } else {
        "run `crossbill migrate`"
    }
}

impl Error {
    /// Whether two transactions met over the same rows, so that the loser's next attempt may do.
    pub(crate) fn is_collision(&self) -> bool {
        match self {
            Self::Query(sqlx::Error::Database(error)) => {
                // Unique violation, deadlock, serialization failure.
                matches!(error.code().as_deref(), Some("23505" | "40P01" | "40001"))
            }
            Self::Collision => true,
            Self::Query(_)
            | Self::Migrate(_)
            | Self::Schema { .. }
            | Self::Json { .. }
            | Self::Word { .. } => false,
        }
    }
}

/// How often a transaction that lost a collision is tried before the caller hears of it.
pub(crate) const ATTEMPTS: usize = 4;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            // What we cannot read, a newer build can: the event is deferred, never dropped.
            Error::Query(_)
            | Error::Migrate(_)
            | Error::Schema { .. }
            | Error::Json { .. }
            | Error::Word { .. }
            | Error::Collision => Self::retry(error),
        }
    }
}

/// Writes `value` as JSON for `column`.
pub(crate) fn to_json<T: Serialize>(column: &'static str, value: &T) -> Result<Value, Error> {
    serde_json::to_value(value).map_err(|source| Error::Json { column, source })
}

/// Reads the JSON of `column`.
pub(crate) fn from_json<T: DeserializeOwned>(
    column: &'static str,
    value: Value,
) -> Result<T, Error> {
    serde_json::from_value(value).map_err(|source| Error::Json { column, source })
}

/// Reads the word of `column`.
pub(crate) fn system(column: &'static str, word: &str) -> Result<System, Error> {
    System::named(word).ok_or_else(|| Error::Word {
        column,
        word: word.to_owned(),
    })
}
