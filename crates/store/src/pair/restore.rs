//! What becomes of pairs when Jim2's database was put back to an earlier state, or replaced.

use chrono::{DateTime, Utc};
use domain::{Cause, Event, Key, Kind, Problem, System};
use serde_json::json;
use uuid::Uuid;

use super::{PairRow, row::load};
use crate::{Db, Error, held, journal, mapping};

/// How many claims have not ended yet: writes may be under way under them.
pub async fn claimed(db: &Db) -> Result<i64, Error> {
    let claims = sqlx::query_scalar!(
        r#"select count(*) as "claims!" from pair where claimed_until > now()"#
    );
    Ok(claims.fetch_one(&db.0).await?)
}

/// A page of the pairs of a kind that have a half in Jim2 and were changed at `since` or later (`None`: of all), behind the
/// pair `after`.
pub async fn touched(
    db: &Db,
    kind: &Kind,
    since: Option<DateTime<Utc>>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<PairRow>, Error> {
    let mut connection = db.0.acquire().await?;
    let ids = sqlx::query_scalar!(
        r#"select id from pair
           where parent is null and kind = $1 and jim2_id is not null and state <> 'earlier'
             and ($2::timestamptz is null or changed_at >= $2) and ($3::uuid is null or id > $3)
           order by id
           limit $4"#,
        kind.as_str(),
        since,
        after,
        limit,
    )
    .fetch_all(&mut *connection)
    .await?;
    load(&mut connection, &ids).await
}

/// How many of them there are.
pub async fn count_touched(
    db: &Db,
    kind: &Kind,
    since: Option<DateTime<Utc>>,
) -> Result<i64, Error> {
    let pairs = sqlx::query_scalar!(
        r#"select count(*) as "pairs!" from pair
           where parent is null and kind = $1 and jim2_id is not null and state <> 'earlier'
             and ($2::timestamptz is null or changed_at >= $2)"#,
        kind.as_str(),
        since,
    );
    Ok(pairs.fetch_one(&db.0).await?)
}

/// When the first pair was made; `None` where there is none.
pub async fn first_made(db: &Db) -> Result<Option<DateTime<Utc>>, Error> {
    let first = sqlx::query_scalar!("select min(created_at) from pair");
    Ok(first.fetch_one(&db.0).await?)
}

/// Forgets what the Jim2 halves of these pairs were when they last agreed, and what was written there: what is there now is
/// no change of anybody's, so that each field's owner decides. Whose customer it was stays known (rule 6).
pub async fn forget_jim2(db: &Db, pairs: &[Uuid]) -> Result<(), Error> {
    sqlx::query!(
        "update pair
         set shadow = jsonb_set(shadow #- '{writes,jim2}' #- '{earlier,jim2}', '{jim2}', '{}'),
             written_at = null
         where id = any($1) and shadow is not null",
        pairs,
    )
    .execute(&db.0)
    .await?;
    Ok(())
}

/// Forgets which records of Jim2 these children were paired with, as they are not there any more: their numbers are given
/// again, and what is written under them then is somebody else's.
pub async fn lose_children(db: &Db, children: &[Uuid]) -> Result<(), Error> {
    sqlx::query!(
        "update pair set jim2_id = null, state = 'gone', changed_at = now()
         where id = any($1) and parent is not null and autotask_id is not null",
        children,
    )
    .execute(&db.0)
    .await?;
    Ok(())
}

/// Takes a pair apart whose Jim2 half is not there any more, so that its number can be given to another record. What is left is
/// ignored, as it is never made again by itself, and held with `problem` for a person to see; without an Autotask half
/// nothing is left. `false`: something was begun for it that has to end first.
#[tracing::instrument(name = "db.pair.lose", skip_all, fields(pair = %pair.id))]
pub async fn lose(db: &Db, pair: &PairRow, problem: &Problem) -> Result<bool, Error> {
    let mut tx = db.begin().await?;
    let is_free = sqlx::query_scalar!(
        r#"select coalesce(claimed_until <= now(), true)
                  and not exists (select from intent where pair_id = pair.id) as "free!"
           from pair where id = $1 for update"#,
        pair.id
    )
    .fetch_optional(&mut *tx)
    .await?;
    if is_free != Some(true) {
        return Ok(false);
    }
    let body = json!({"jim2": pair.jim2_id, "autotask": pair.autotask_id, "restored": true});
    journal::note(&mut tx, pair.id, journal::What::Unlinked, &body).await?;
    let Some(id) = &pair.autotask_id else {
        held::clear(&mut tx, pair.id).await?;
        sqlx::query!("delete from pair where id = $1", pair.id)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        return Ok(true);
    };
    super::end_earlier_life(&mut tx, pair.id).await?;
    sqlx::query!(
        "update pair
         set jim2_id = null, state = 'ignored', shadow = null, epoch = epoch + 1,
             claimed_by = null, claimed_until = null, dirty = null, changed_at = now()
         where id = $1",
        pair.id
    )
    .execute(&mut *tx)
    .await?;
    let key = Key::new(pair.kind.clone(), System::Autotask, id.clone());
    let version = mapping::current(&mut tx).await?;
    let item = held::Item {
        event: &Event::new(key, Cause::Replay),
        label: &pair.label,
        reason: &problem.says,
        net: None,
        company: None,
        mapping_version: version,
    };
    held::upsert(&mut tx, pair.id, &item, std::slice::from_ref(problem)).await?;
    tx.commit().await?;
    Ok(true)
}
