//! Lists of the two systems, and what each value stands for on the other side.

mod matching;
mod replace;

use chrono::{DateTime, Utc};
use domain::System;
use serde::{Deserialize, Serialize};

pub use matching::{Matched, match_same_names};
pub use replace::{News, Renamed, replace_list};

use crate::{Db, Error, error};

/// A value of a list as its system tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The system's own identifier of it.
    pub value: String,
    /// What people call it.
    pub label: String,
    /// Whether it can be chosen.
    pub active: bool,
    /// Whether the system chooses it by itself.
    pub is_default: bool,
    /// Whatever else the list's reader needs, such as the statuses a status may move to.
    pub extra: Option<String>,
}

/// A value of a list, with the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LookupRow {
    /// The list, such as `status`.
    pub list: String,
    /// Whose value it is.
    pub system: System,
    /// The value.
    #[serde(flatten)]
    pub entry: Entry,
    /// Since when its system does not tell it any more; it can be chosen by nobody then.
    pub gone_at: Option<DateTime<Utc>>,
}

/// What a value stands for on the other side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapRow {
    /// The list.
    pub list: String,
    /// The system that the value comes from.
    pub system: System,
    /// The value; `""` is blank.
    pub value: String,
    /// The other side's value; `None` leaves the other side as it is.
    pub to_value: Option<String>,
    /// The steps to go through where the direct one is not allowed.
    pub path: Option<String>,
    /// Who decided.
    pub decided_by: String,
}

/// All mappings, with the version they are at least as new as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maps {
    /// The mappings.
    pub rows: Vec<MapRow>,
    /// The version.
    pub version: i64,
}

/// A system's list.
pub async fn list(db: &Db, list: &str, system: System) -> Result<Vec<Entry>, Error> {
    Ok(sqlx::query_as!(
        Entry,
        "select value, label, active, is_default, extra from lookup
         where list = $1 and system = $2 order by label, value",
        list,
        system.as_str(),
    )
    .fetch_all(&db.0)
    .await?)
}

/// All lists.
pub async fn all(db: &Db) -> Result<Vec<LookupRow>, Error> {
    let rows = sqlx::query!(
        "select list, system, value, label, active, is_default, extra, gone_at from lookup
         order by list, system, label, value"
    )
    .fetch_all(&db.0)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(LookupRow {
                list: row.list,
                system: error::system("lookup.system", &row.system)?,
                entry: Entry {
                    value: row.value,
                    label: row.label,
                    active: row.active,
                    is_default: row.is_default,
                    extra: row.extra,
                },
                gone_at: row.gone_at,
            })
        })
        .collect()
}

/// All mappings. The version is read first: a change in between makes the cache reload once more.
pub async fn maps(db: &Db) -> Result<Maps, Error> {
    let version = crate::mapping::version(db).await?;
    let rows = map_rows(db, None).await?;
    Ok(Maps { rows, version })
}

/// What the values of one list stand for, on either side.
pub async fn map_of(db: &Db, list: &str) -> Result<Vec<MapRow>, Error> {
    map_rows(db, Some(list)).await
}

async fn map_rows(db: &Db, list: Option<&str>) -> Result<Vec<MapRow>, Error> {
    let rows = sqlx::query!(
        "select list, system, value, to_value, path, decided_by from lookup_map
         where $1::text is null or list = $1
         order by list, system, value",
        list,
    )
    .fetch_all(&db.0)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(MapRow {
                list: row.list,
                system: error::system("lookup_map.system", &row.system)?,
                value: row.value,
                to_value: row.to_value,
                path: row.path,
                decided_by: row.decided_by,
            })
        })
        .collect()
}

/// Decides what a value stands for.
pub async fn set_map(db: &Db, row: &MapRow) -> Result<(), Error> {
    import(db, std::slice::from_ref(row)).await?;
    Ok(())
}

/// Takes a decision back. `false` if there was none.
pub async fn unset(db: &Db, list: &str, system: System, value: &str) -> Result<bool, Error> {
    let done = sqlx::query!(
        "delete from lookup_map where list = $1 and system = $2 and value = $3",
        list,
        system.as_str(),
        value,
    )
    .execute(&db.0)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Decides on many values at once. Answers how many decisions are new or different.
#[tracing::instrument(name = "db.lookup.import", skip_all, fields(rows = rows.len()))]
pub async fn import(db: &Db, rows: &[MapRow]) -> Result<u64, Error> {
    let lists = texts(rows, |row| &row.list);
    let systems = texts(rows, |row| row.system.as_str());
    let values = texts(rows, |row| &row.value);
    let to_values: Vec<Option<String>> = rows.iter().map(|row| row.to_value.clone()).collect();
    let paths: Vec<Option<String>> = rows.iter().map(|row| row.path.clone()).collect();
    let deciders = texts(rows, |row| &row.decided_by);
    let done = sqlx::query!(
        "insert into lookup_map (list, system, value, to_value, path, decided_by)
         select distinct on (m.list, m.system, m.value) m.*
         from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
              as m(list, system, value, to_value, path, decided_by)
         on conflict (list, system, value) do update
         set to_value = excluded.to_value, path = excluded.path, decided_by = excluded.decided_by,
             decided_at = now()
         where (lookup_map.to_value, lookup_map.path)
               is distinct from (excluded.to_value, excluded.path)",
        &lists,
        &systems,
        &values,
        &to_values as &[Option<String>],
        &paths as &[Option<String>],
        &deciders,
    )
    .execute(&db.0)
    .await?;
    Ok(done.rows_affected())
}

/// How many seconds ago lists were last read; `None` if none ever was.
pub async fn read_ago(db: &Db) -> Result<Option<f64>, Error> {
    let seconds =
        sqlx::query_scalar!("select extract(epoch from now() - max(seen_at))::float8 from lookup");
    Ok(seconds.fetch_one(&db.0).await?)
}

fn texts<'a, T>(rows: &'a [T], text: impl Fn(&'a T) -> &'a str) -> Vec<String> {
    rows.iter().map(|row| text(row).to_owned()).collect()
}

#[cfg(test)]
mod tests;
