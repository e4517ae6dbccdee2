//! The lists of both systems: reading them under the names that the kinds look them up by, keeping them, and saying what
//! became of the values that mappings speak of. `connect` fills them; upkeep and `crossbill lookups refresh` read again what
//! it filled, by the same functions.

mod country;
mod read;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};

use autotask::{FieldInfo, PicklistValue};
use domain::System;
use jim2::ListEntry;
use serde::Serialize;
use serde_json::json;
use store::{
    Db,
    lookup::{Entry, News},
};

pub use self::{
    country::LIST as COUNTRY,
    read::{
        ASSET_STATUS, CONTRACT_STATUS, ENTRY_TYPE, PREFIX, ROLE, STOCK_LOCATION, TECHNICIAN,
        WORK_TYPE, all,
    },
};

/// A system's list under our name.
pub type List = (&'static str, System, Vec<Entry>);

/// The fields of Autotask's entities, by their paths.
pub type Fields = HashMap<&'static str, Vec<FieldInfo>>;

/// Jim2's lists, by its own names.
pub type InJim2 = HashMap<String, Vec<ListEntry>>;

/// What is new about a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told {
    /// The list.
    pub list: &'static str,
    /// Whose.
    pub system: System,
    /// What.
    #[serde(flatten)]
    pub news: News,
}

/// Why lists could not be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Postgres.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Autotask, while we were at something.
    #[error("could not {doing}")]
    Autotask {
        /// What was to be done.
        doing: &'static str,
        /// What it said.
        source: autotask::Error,
    },
    /// Jim2.
    #[error("could not read the lists of Jim2")]
    Jim2(#[source] jim2::Error),
}

fn unread(source: autotask::Error, doing: &'static str) -> Error {
    Error::Autotask { doing, source }
}

/// The values of a picklist: none where the entity has no such field.
pub fn picklist<'a>(fields: &'a Fields, entity: &str, field: &str) -> &'a [PicklistValue] {
    let fields = fields.get(entity).map(Vec::as_slice).unwrap_or_default();
    let found = fields
        .iter()
        .find(|info| info.name.eq_ignore_ascii_case(field));
    found.map_or(&[], |info| info.picklist_values.as_slice())
}

/// Jim2's lists by their names, from its rows.
pub fn by_name(entries: Vec<ListEntry>) -> InJim2 {
    let mut lists = InJim2::new();
    for entry in entries {
        lists.entry(entry.list.clone()).or_default().push(entry);
    }
    lists
}

/// Keeps lists as they were told, and writes down what is new about them. A list that could not be read says nothing about
/// the one that is kept.
pub async fn keep(db: &Db, lists: &[List], who: &str) -> Result<Vec<Told>, store::Error> {
    let mut all = Vec::new();
    for (list, system, entries) in lists.iter().filter(|(_, _, entries)| !entries.is_empty()) {
        let news = store::lookup::replace_list(db, list, *system, entries).await?;
        if !news.is_empty() {
            tracing::warn!(
                list,
                system = system.as_str(),
                gone = news.gone.len(),
                back = news.back.len(),
                renamed = news.renamed.len(),
                "mapped values of a list have changed"
            );
            all.push(Told {
                list,
                system: *system,
                news,
            });
        }
    }
    if !all.is_empty() {
        store::audit::write(db, who, "lookups changed", &json!({"lists": all})).await?;
    }
    Ok(all)
}

/// Reading again what `connect` filled.
#[derive(Debug, Clone)]
pub struct Lists {
    /// Autotask.
    pub autotask: autotask::Client,
    /// Jim2.
    pub jim2: jim2::Client,
    /// The lists that kinds say themselves.
    pub said: Vec<sync::List>,
}

impl Lists {
    /// Reads them again and keeps them. It costs a call an entity of Autotask that has one of the lists (up to a dozen), one
    /// each for resources, billing codes, roles, locations and countries (another for each 500), and one of Jim2.
    pub async fn refresh(&self, db: &Db, who: &str) -> Result<Vec<Told>, Error> {
        let known = store::lookup::all(db).await?;
        let known: BTreeSet<&str> = known
            .iter()
            .filter(|row| row.system == System::Autotask)
            .map(|row| row.list.as_str())
            .collect();
        let wanted = read::picklists(&self.said).filter(|(list, ..)| known.contains(list));
        let entities: BTreeSet<&'static str> = wanted.map(|(_, entity, _)| entity).collect();
        let mut fields = Fields::new();
        for entity in entities {
            match self.autotask.fields_of(entity).await {
                Ok(found) => drop(fields.insert(entity, found)),
                // What we may not see any more says nothing.
                Err(autotask::Error::Forbidden { .. } | autotask::Error::NoSuchCall { .. }) => {}
                Err(error) => return Err(unread(error, "read the fields of its entities")),
            }
        }
        let in_jim2 = match self.jim2.lists().await {
            Ok(entries) => by_name(entries),
            // Nor does a Jim2 that does not tell its lists.
            Err(jim2::Error::NoSuchQuery(_)) => InJim2::new(),
            Err(error) => return Err(Error::Jim2(error)),
        };
        let lists = all(&self.autotask, &fields, &in_jim2, &self.said).await?;
        let lists: Vec<List> = lists
            .into_iter()
            .filter(|(list, system, _)| *system == System::Jim2 || known.contains(list))
            .collect();
        Ok(keep(db, &lists, who).await?)
    }
}
