//! How the site wants things mapped: lists, field rules, filters, switches and settings, under one version.
//!
//! Each transaction that changes something bumps the version, by trigger; a claim's answer carries it, so that a worker with an older
//! cache reloads before it plans.

mod switch;

use std::collections::HashMap;

use domain::{Kind, System};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;

pub use switch::{Brake, Direction, Switch, brake, count_create, release_brake, set_switch};

use crate::{
    Db, Error, error,
    lookup::{self, LookupRow, MapRow},
    setting,
};

/// The list in which Jim2's status steps are kept: a status as value, those it may move to as `extra`.
pub const STATUS_LINKS: &str = "status-link";

/// A changed way or owner of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldRule {
    /// The kind.
    pub kind: Kind,
    /// The field.
    pub field: String,
    /// `both`, `to-jim2`, `to-autotask`, `create-only` or `off`.
    pub way: String,
    /// Whose value wins a conflict.
    pub owner: System,
}

/// A changed filter, such as the queues whose tickets become jobs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Filter {
    /// The kind.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// What it lets through.
    pub setting: Value,
}

/// Everything that planning is made from, as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Mappings {
    /// The version that all the rest is at least as new as.
    pub version: i64,
    /// What the values of lists stand for.
    pub maps: Vec<MapRow>,
    /// The lists themselves: what people call each value.
    pub lookups: Vec<LookupRow>,
    /// Changed ways and owners.
    pub field_rules: Vec<FieldRule>,
    /// Changed filters.
    pub filters: Vec<Filter>,
    /// What may be created.
    pub switches: Vec<Switch>,
    /// Facts of the site.
    pub settings: HashMap<String, Value>,
}

impl Mappings {
    /// Jim2's status steps, as far as they are known.
    pub fn links(&self) -> impl Iterator<Item = &LookupRow> {
        self.lookups
            .iter()
            .filter(|row| row.list == STATUS_LINKS && row.system == System::Jim2)
    }
}

/// The version of the mappings now.
pub async fn version(db: &Db) -> Result<i64, Error> {
    let mut connection = db.0.acquire().await?;
    current(&mut connection).await
}

pub(crate) async fn current(connection: &mut PgConnection) -> Result<i64, Error> {
    Ok(sqlx::query_scalar!("select version from mapping_version")
        .fetch_one(connection)
        .await?)
}

/// Loads everything. The version is read first: a change in between makes the cache reload once more.
#[tracing::instrument(name = "db.mapping.load", skip_all)]
pub async fn load(db: &Db) -> Result<Mappings, Error> {
    let maps = lookup::maps(db).await?;
    Ok(Mappings {
        version: maps.version,
        maps: maps.rows,
        lookups: lookup::all(db).await?,
        field_rules: field_rules(db).await?,
        filters: filters(db).await?,
        switches: switch::all(db).await?,
        settings: setting::all(db).await?,
    })
}

/// The fields whose way or owner a site changed.
pub async fn field_rules(db: &Db) -> Result<Vec<FieldRule>, Error> {
    let rows = sqlx::query!("select kind, field, way, owner from field_rule order by kind, field")
        .fetch_all(&db.0)
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(FieldRule {
                kind: row.kind.into(),
                field: row.field,
                way: row.way,
                owner: error::system("field_rule.owner", &row.owner)?,
            })
        })
        .collect()
}

async fn filters(db: &Db) -> Result<Vec<Filter>, Error> {
    let rows = sqlx::query!("select kind, name, setting from filter order by kind, name")
        .fetch_all(&db.0)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Filter {
            kind: row.kind.into(),
            name: row.name,
            setting: row.setting,
        })
        .collect())
}

/// Changes the way or owner of a field.
pub async fn set_field_rule(db: &Db, rule: &FieldRule) -> Result<(), Error> {
    sqlx::query!(
        "insert into field_rule (kind, field, way, owner) values ($1, $2, $3, $4)
         on conflict (kind, field) do update set way = excluded.way, owner = excluded.owner",
        rule.kind.as_str(),
        rule.field,
        rule.way,
        rule.owner.as_str(),
    )
    .execute(&db.0)
    .await?;
    Ok(())
}

/// Brings a field back to its default. `false` if it was never changed.
pub async fn unset_field_rule(db: &Db, kind: &Kind, field: &str) -> Result<bool, Error> {
    let done = sqlx::query!(
        "delete from field_rule where kind = $1 and field = $2",
        kind.as_str(),
        field,
    )
    .execute(&db.0)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Changes a filter.
pub async fn set_filter(db: &Db, filter: &Filter) -> Result<(), Error> {
    sqlx::query!(
        "insert into filter (kind, name, setting) values ($1, $2, $3)
         on conflict (kind, name) do update set setting = excluded.setting",
        filter.kind.as_str(),
        filter.name,
        filter.setting,
    )
    .execute(&db.0)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests;
