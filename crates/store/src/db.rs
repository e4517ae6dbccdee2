//! The connection to Postgres and the schema's version.

use std::{str::FromStr, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use sqlx::{
    PgPool, Postgres, Transaction,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::Error;

/// The schema, embedded in the binary.
pub static MIGRATOR: Migrator = sqlx::migrate!("../../migrations");

/// How long a caller waits for a free connection.
const ACQUIRE: Duration = Duration::from_secs(5);

/// The database. Clones share the pool.
#[derive(Debug, Clone)]
pub struct Db(pub(crate) PgPool);

impl From<PgPool> for Db {
    fn from(pool: PgPool) -> Self {
        Self(pool)
    }
}

impl Db {
    /// Connects to the database at `url` with at most `max` connections.
    pub async fn connect(url: &SecretString, max: u32) -> Result<Self, Error> {
        let options = PgConnectOptions::from_str(url.expose_secret())?
            .application_name("crossbill")
            .options([
                ("statement_timeout", "30s"),
                ("lock_timeout", "10s"),
                ("idle_in_transaction_session_timeout", "60s"),
            ]);
        let pool = PgPoolOptions::new()
            .max_connections(max)
            .acquire_timeout(ACQUIRE)
            .connect_with(options)
            .await?;
        Ok(Self(pool))
    }

    /// Brings the schema up to this build's version.
    pub async fn migrate(&self) -> Result<(), Error> {
        Ok(MIGRATOR.run(&self.0).await?)
    }

    /// Refuses a schema of any other version than this build's.
    pub async fn check_schema(&self) -> Result<(), Error> {
        let found = self.schema_version().await?;
        let known = known_version();
        if found == known {
            Ok(())
        } else {
            Err(Error::Schema { found, known })
        }
    }

    /// Asks the database for an answer, whatever it says.
    pub async fn ping(&self) -> Result<(), Error> {
        sqlx::query_scalar!(r#"select 1 as "one!""#)
            .fetch_one(&self.0)
            .await?;
        Ok(())
    }

    /// Closes all connections, after those in use have come back.
    pub async fn close(&self) {
        self.0.close().await;
    }

    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Postgres>, Error> {
        Ok(self.0.begin().await?)
    }

    /// The newest migration that ran through; 0 in an empty database.
    async fn schema_version(&self) -> Result<i64, Error> {
        // Unchecked: the table is sqlx's, and is not there before the first migration.
        let present: bool =
            sqlx::query_scalar("select to_regclass('_sqlx_migrations') is not null")
                .fetch_one(&self.0)
                .await?;
        if !present {
            return Ok(0);
        }
        let found: Option<i64> =
            sqlx::query_scalar("select max(version) from _sqlx_migrations where success")
                .fetch_one(&self.0)
                .await?;
        Ok(found.unwrap_or(0))
    }
}

/// The newest version this build can work with.
fn known_version() -> i64 {
    MIGRATOR
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[sqlx::test(migrations = false)]
    async fn an_empty_database_is_refused_until_it_is_migrated(pool: PgPool) {
        let db = Db::from(pool);
        assert!(matches!(
            db.check_schema().await,
            Err(Error::Schema {
                found: 0,
                known: 13
            })
        ));
        db.migrate().await.unwrap();
        db.migrate().await.unwrap();
        db.check_schema().await.unwrap();
        db.ping().await.unwrap();
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_newer_schema_is_refused(pool: PgPool) {
        sqlx::query(
            "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
             values (99, 'of a later build', true, '', 0)",
        )
        .execute(&pool)
        .await
        .unwrap();
        let db = Db::from(pool);
        let error = db.check_schema().await.unwrap_err();
        assert!(
            matches!(
                error,
                Error::Schema {
                    found: 99,
                    known: 13
                }
            ),
            "{error}"
        );
        assert!(error.to_string().contains("newer"), "{error}");
        assert!(db.migrate().await.is_err(), "nor is it migrated");
    }

    #[tokio::test]
    async fn an_address_that_is_none_is_refused() {
        let url = SecretString::from("127.0.0.1/crossbill");
        let error = Db::connect(&url, 1).await.unwrap_err();
        assert!(matches!(error, Error::Query(_)), "{error}");
    }
}
