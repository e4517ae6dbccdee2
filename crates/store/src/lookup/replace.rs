//! A list as its system tells it now, and what became of the values that it told before.

use std::collections::HashMap;

use domain::System;
use serde::Serialize;
use sqlx::PgConnection;

use super::{Entry, texts};
use crate::{Db, Error, mapping::STATUS_LINKS};

/// What is new about a list: of its values that a mapping speaks of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct News {
    /// What those are called that are not told any more, since now.
    pub gone: Vec<String>,
    /// What those are called that were not told, and are again.
    pub back: Vec<String>,
    /// Those that people call something else.
    pub renamed: Vec<Renamed>,
}

impl News {
    /// Whether nothing is.
    pub fn is_empty(&self) -> bool {
        self.gone.is_empty() && self.back.is_empty() && self.renamed.is_empty()
    }
}

/// The same value with another name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Renamed {
    /// What it was called.
    pub from: String,
    /// What it is called now.
    pub to: String,
}

/// A value as it was known.
struct Known {
    value: String,
    label: String,
    is_gone: bool,
    is_mapped: bool,
}

/// Makes a system's list equal to `entries`. A value that is not told any more stays, and is marked, where a mapping speaks
/// of it.
pub async fn replace_list(
    db: &Db,
    list: &str,
    system: System,
    entries: &[Entry],
) -> Result<News, Error> {
    let mut tx = db.begin().await?;
    let before = known(&mut tx, list, system).await?;
    let values = texts(entries, |entry| &entry.value);
    sqlx::query!(
        "delete from lookup l
         where l.list = $1 and l.system = $2 and l.value <> all($3)
           and ($4 or not exists (
               select from lookup_map m where m.list = l.list
                 and (m.system = l.system and m.value = l.value
                      or m.system <> l.system and m.to_value = l.value)))",
        list,
        system.as_str(),
        &values,
        // Steps between statuses are no values.
        list == STATUS_LINKS,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "update lookup set gone_at = now(), active = false
         where list = $1 and system = $2 and value <> all($3) and gone_at is null",
        list,
        system.as_str(),
        &values,
    )
    .execute(&mut *tx)
    .await?;
    upsert(&mut tx, list, system, entries).await?;
    tx.commit().await?;
    Ok(news(&before, entries))
}

async fn known(
    connection: &mut PgConnection,
    list: &str,
    system: System,
) -> Result<Vec<Known>, Error> {
    Ok(sqlx::query_as!(
        Known,
        r#"select l.value, l.label, l.gone_at is not null as "is_gone!",
                  exists (select from lookup_map m where m.list = l.list
                    and (m.system = l.system and m.value = l.value
                         or m.system <> l.system and m.to_value = l.value)) as "is_mapped!"
           from lookup l where l.list = $1 and l.system = $2
           order by l.value for update"#,
        list,
        system.as_str(),
    )
    .fetch_all(connection)
    .await?)
}

async fn upsert(
    connection: &mut PgConnection,
    list: &str,
    system: System,
    entries: &[Entry],
) -> Result<(), Error> {
    let values = texts(entries, |entry| &entry.value);
    let labels = texts(entries, |entry| &entry.label);
    let active: Vec<bool> = entries.iter().map(|entry| entry.active).collect();
    let defaults: Vec<bool> = entries.iter().map(|entry| entry.is_default).collect();
    let extras: Vec<Option<String>> = entries.iter().map(|entry| entry.extra.clone()).collect();
    sqlx::query!(
        "insert into lookup (list, system, value, label, active, is_default, extra)
         select distinct on (e.value) $1, $2, e.value, e.label, e.active, e.is_default, e.extra
         from unnest($3::text[], $4::text[], $5::bool[], $6::bool[], $7::text[])
              as e(value, label, active, is_default, extra)
         on conflict (list, system, value) do update
         set label = excluded.label, active = excluded.active, is_default = excluded.is_default,
             extra = excluded.extra, seen_at = now(), gone_at = null",
        list,
        system.as_str(),
        &values,
        &labels,
        &active,
        &defaults,
        &extras as &[Option<String>],
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn news(before: &[Known], entries: &[Entry]) -> News {
    let now: HashMap<&str, &Entry> = entries
        .iter()
        .map(|entry| (entry.value.as_str(), entry))
        .collect();
    let mut news = News::default();
    for known in before.iter().filter(|known| known.is_mapped) {
        match now.get(known.value.as_str()) {
            None if known.is_gone => {}
            None => news.gone.push(known.label.clone()),
            Some(entry) => {
                if known.is_gone {
                    news.back.push(entry.label.clone());
                }
                if known.label != entry.label {
                    news.renamed.push(Renamed {
                        from: known.label.clone(),
                        to: entry.label.clone(),
                    });
                }
            }
        }
    }
    news
}
