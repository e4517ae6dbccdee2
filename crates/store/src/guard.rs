//! The mass guard: a few records may vanish or be emptied, but when many are at once, the other system, a filter or
//! a right of ours is more likely to be at fault than a person, and nothing is to be written because of it.

use domain::Kind;
use uuid::Uuid;

use crate::{Db, Error, audit, error, sweep::Swept};

/// So many pairs may lose the same thing within an hour, however few pairs there are.
const FEW: i64 = 20;
/// So many of a hundred pairs may lose the same thing within an hour.
const FEW_PERCENT: i64 = 2;

/// So many records may leave one owner within an hour.
const FEW_LEAVE: i64 = 10;
/// How the word of those begins.
const LEFT: &str = "left:";

/// What a pair lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum What<'a> {
    /// One of its records.
    Vanished,
    /// The value of this field in one of its records.
    Emptied(&'a str),
    /// This owner of theirs (a company that tickets leave).
    Left(&'a str),
}

impl What<'_> {
    fn word(self) -> String {
        match self {
            Self::Vanished => "vanished".to_owned(),
            Self::Emptied(field) => format!("emptied:{field}"),
            Self::Left(owner) => format!("{LEFT}{owner}"),
        }
    }

    /// So many may lose it within an hour, and so many of a hundred.
    const fn few(self) -> (i64, i64) {
        match self {
            Self::Vanished | Self::Emptied(_) => (FEW, FEW_PERCENT),
            Self::Left(_) => (FEW_LEAVE, 0),
        }
    }
}

/// Whether a loss may be acted upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// It may: it is one of a few, or a person said that it is meant.
    Go,
    /// It may not: too many pairs lost the same within the last hour.
    Stop {
        /// How many did, this one among them.
        count: i64,
        /// How many pairs of the kind there are.
        pairs: i64,
    },
}

impl Guard {
    /// The verdict on `count` of `pairs`.
    fn of(what: What<'_>, count: i64, pairs: i64) -> Self {
        if exceeds(what.few(), count, pairs) {
            Self::Stop { count, pairs }
        } else {
            Self::Go
        }
    }
}

/// Whether so many of so many pairs are more than people take away, so that a right that was lost, a filter or a restored
/// database is more likely.
pub(crate) const fn are_many(count: i64, pairs: i64) -> bool {
    exceeds((FEW, FEW_PERCENT), count, pairs)
}

const fn exceeds((few, percent): (i64, i64), count: i64, pairs: i64) -> bool {
    count > few && count * 100 > pairs * percent
}

/// The word of a release of what a sweep found absent.
pub(crate) fn absent(of: &Swept) -> String {
    let (system, trail) = (of.system.as_str(), &of.trail);
    format!("absent:{system}:{trail}")
}

/// Notes that a pair lost something, and tells whether that may be acted upon. A pair counts once, however often it
/// is noted. Pairs noted at the very same moment may not see each other.
#[tracing::instrument(name = "db.guard.note", skip_all, fields(kind = kind.as_str(), pair = %pair))]
pub async fn note(db: &Db, kind: &Kind, what: What<'_>, pair: Uuid) -> Result<Guard, Error> {
    for _ in 1..error::ATTEMPTS {
        match attempt(db, kind, what, pair).await {
            Err(error) if error.is_collision() => {}
            guard => return guard,
        }
    }
    attempt(db, kind, what, pair).await
}

async fn attempt(db: &Db, kind: &Kind, what: What<'_>, pair: Uuid) -> Result<Guard, Error> {
    let seen = sqlx::query!(
        r#"with old as (
               delete from loss
               where at < now() - interval '1 hour' and (kind, what, pair_id) <> ($1, $2, $3)
           ), mine as (
               insert into loss (kind, what, pair_id) values ($1, $2, $3)
               on conflict (kind, what, pair_id) do update set at = now()
           ), others as (
               select count(*) as count from loss
               where kind = $1 and what = $2 and pair_id <> $3
                 and at >= now() - interval '1 hour'
           )
           select count + 1 as "count!",
                  -- Counted only where it matters.
                  case when count >= $4 then (
                      select count(*) from pair where kind = $1 and state = 'paired')
                  else 0 end as "pairs!",
                  exists (
                      select from loss_release
                      where kind = $1 and what = $2 and until > now()) as "released!"
           from others"#,
        kind.as_str(),
        what.word(),
        pair,
        what.few().0,
    )
    .fetch_one(&db.0)
    .await?;
    Ok(if seen.released {
        Guard::Go
    } else {
        Guard::of(what, seen.count, seen.pairs)
    })
}

/// Lets the pairs of a kind go on that were stopped, and those that lose the same within the next hour: `who` says
/// that it is meant. What is held because of a setting is looked at again, as after any change of the mapping. A sweep that
/// stopped as too many were absent is made again at once, and what it finds has vanished then.
/// Answers what was let go; nothing is said of what never stopped.
pub async fn release(db: &Db, kind: &Kind, who: &str) -> Result<Vec<String>, Error> {
    let mut tx = db.begin().await?;
    let released = sqlx::query_scalar!(
        r#"with stopped as (
               select 'absent:' || system || ':' || trail as what
               from sweep where kind = $1 and stopped_at is not null
           )
           select what as "what!" from (
               select what from loss where kind = $1 and at >= now() - interval '1 hour'
               group by what having count(*) > case when what like $3 then $4::bigint else $2::bigint end
               union
               select what from stopped
               union
               select $5::text from stopped
           ) released
           order by what"#,
        kind.as_str(),
        FEW,
        format!("{LEFT}%"),
        FEW_LEAVE,
        What::Vanished.word(),
    )
    .fetch_all(&mut *tx)
    .await?;
    if released.is_empty() {
        return Ok(released);
    }
    let detail = serde_json::json!({"kind": kind.as_str(), "what": released});
    audit::write_in(&mut tx, who, "guard release", &detail).await?;
    sqlx::query!(
        "insert into loss_release (kind, what, who, until)
         select $1, what, $3, now() + interval '1 hour' from unnest($2::text[]) as what
         on conflict (kind, what) do update set who = excluded.who, until = excluded.until",
        kind.as_str(),
        &released,
        who,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(released)
}

#[cfg(test)]
mod tests;
