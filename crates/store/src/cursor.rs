//! How far a source was read.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{Db, Error};

/// A place in a source, in the source's own clock and count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Position {
    /// The safe high mark; 0 where the source has none.
    pub position: i64,
    /// The source's time.
    pub at: Option<DateTime<Utc>>,
    /// Which database it was.
    pub database_id: Option<String>,
    /// How often that database was restored.
    pub db_epoch: Option<i64>,
}

/// A row of `cursor`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cursor {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub position: Position,
    /// When it was last moved, also when there was nothing to read.
    pub moved_at: DateTime<Utc>,
}

/// The cursor with this name; `None` before its first move.
pub async fn get(db: &Db, name: &str) -> Result<Option<Cursor>, Error> {
    Ok(list(db)
        .await?
        .into_iter()
        .find(|cursor| cursor.name == name))
}

/// All cursors.
pub async fn list(db: &Db) -> Result<Vec<Cursor>, Error> {
    let rows = sqlx::query!(
        "select name, position, at, database_id, db_epoch, moved_at from cursor order by name"
    )
    .fetch_all(&db.0)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Cursor {
            name: row.name,
            position: Position {
                position: row.position,
                at: row.at,
                database_id: row.database_id,
                db_epoch: row.db_epoch,
            },
            moved_at: row.moved_at,
        })
        .collect())
}

/// Moves a cursor from where it was read to where it is to be. `false`: somebody else moved it; read it again.
pub async fn move_to(
    db: &Db,
    name: &str,
    from: Option<&Position>,
    to: &Position,
) -> Result<bool, Error> {
    let done = match from {
        None => {
            sqlx::query!(
                "insert into cursor (name, position, at, database_id, db_epoch)
             values ($1, $2, $3, $4, $5)
             on conflict do nothing",
                name,
                to.position,
                to.at,
                to.database_id,
                to.db_epoch,
            )
            .execute(&db.0)
            .await?
        }
        Some(from) => {
            sqlx::query!(
                "update cursor
             set position = $2, at = $3, database_id = $4, db_epoch = $5, moved_at = now()
             where name = $1 and position = $6 and at is not distinct from $7
               and database_id is not distinct from $8 and db_epoch is not distinct from $9",
                name,
                to.position,
                to.at,
                to.database_id,
                to.db_epoch,
                from.position,
                from.at,
                from.database_id,
                from.db_epoch,
            )
            .execute(&db.0)
            .await?
        }
    };
    Ok(done.rows_affected() == 1)
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    fn at(position: i64) -> Position {
        Position {
            position,
            ..Position::default()
        }
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn of_two_readers_one_moves_the_cursor(pool: PgPool) {
        let db = Db::from(pool);
        assert_eq!(get(&db, "changes").await.unwrap(), None);
        assert!(move_to(&db, "changes", None, &at(10)).await.unwrap());
        assert!(!move_to(&db, "changes", None, &at(11)).await.unwrap());
        assert!(
            move_to(&db, "changes", Some(&at(10)), &at(20))
                .await
                .unwrap()
        );
        assert!(
            !move_to(&db, "changes", Some(&at(10)), &at(15))
                .await
                .unwrap()
        );
        let cursor = get(&db, "changes").await.unwrap().unwrap();
        assert_eq!(cursor.position, at(20));
    }
}
