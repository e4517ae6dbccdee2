//! Held items that a person puts away: they stay in the table, and are neither listed nor replayed.

use serde_json::json;

use super::Which;
use crate::{Db, Error, audit};

/// Puts held items away until one of them gets a new problem. Answers how many.
pub async fn archive(db: &Db, which: &Which, who: &str) -> Result<u64, Error> {
    let mut tx = db.begin().await?;
    let ids = sqlx::query_scalar!(
        "update held h set archived_at = now()
         where h.archived_at is null
           and ($1::uuid[] is null or h.id = any($1))
           and ($2::text is null or exists (
               select from held_problem hp where hp.held_id = h.id and hp.identity = $2))
         returning h.id",
        which.ids(),
        which.problem(),
    )
    .fetch_all(&mut *tx)
    .await?;
    audit::write_in(&mut tx, who, "held archive", &json!({"items": ids})).await?;
    tx.commit().await?;
    Ok(ids.len() as u64)
}
