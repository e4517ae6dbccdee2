//! Values that people call the same on both sides are mapped to each other.

use serde::Serialize;

use crate::{Db, Error};

/// What matching by name came to, both ways together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Matched {
    /// Decisions made just now.
    pub matched: u64,
    /// Values that can be chosen and have no decision yet.
    pub unmatched: i64,
}

/// Maps each undecided value of a list to the one value on the other side with the same name, ignoring
/// case and outer blanks. A name that is there twice on either side is left to a person.
#[tracing::instrument(name = "db.lookup.match", skip_all, fields(list = list))]
pub async fn match_same_names(db: &Db, list: &str, who: &str) -> Result<Matched, Error> {
    let mut tx = db.begin().await?;
    let matched = sqlx::query!(
        "with named as (
             select system, value, lower(trim(label)) as name,
                    count(*) over (partition by system, lower(trim(label))) as times
             from lookup where list = $1 and active
         )
         insert into lookup_map (list, system, value, to_value, decided_by)
         select $1, a.system, a.value, b.value, $2
         from named a join named b
           on b.name = a.name and b.system <> a.system and a.times = 1 and b.times = 1
         on conflict do nothing",
        list,
        who,
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    let unmatched = sqlx::query_scalar!(
        r#"select count(*) as "unmatched!" from lookup l
           where l.list = $1 and l.active and not exists (
               select from lookup_map m
               where m.list = l.list and m.system = l.system and m.value = l.value)"#,
        list,
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Matched { matched, unmatched })
}
