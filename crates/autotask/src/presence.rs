//! Which of many rows Autotask still tells, by their ids or by what else names them, and nothing else of them.

use std::collections::BTreeSet;

use domain::Told;

use crate::{
    Client, Error, Filter, Query,
    read::{BATCH_VALUES, Rows, rows_advance},
    trail::{Row, row_id, told},
};

/// How it is asked whether rows of an entity are still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Presence {
    /// The path under which the entity is read, such as `Companies`.
    pub path: &'static str,
    /// What people call one of its rows.
    pub name: &'static str,
    /// How the ids in question name its rows: by the first of these that a row has.
    pub by: &'static [Naming],
}

/// How an id names a row: `id`, or `word:id`, and where there are parts `word:id:part`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Naming {
    /// What it begins with; nothing where it is a number.
    pub word: &'static str,
    /// The field with the number.
    pub column: &'static str,
    /// The field with the part, where it has one.
    pub part: Option<&'static str>,
}

impl Presence {
    /// Rows that are named by their own ids.
    pub const fn by_id(path: &'static str, name: &'static str) -> Self {
        const ID: Naming = Naming {
            word: "",
            column: "id",
            part: None,
        };
        Self {
            path,
            name,
            by: &[ID],
        }
    }

    /// How a row is named; `None` where it is named by nothing that is asked after.
    fn id(&self, row: &Row) -> Result<Option<String>, Error> {
        for naming in self.by {
            if let Told::Is(number) = told::<i64>(self.name, row, naming.column)? {
                let part = match naming.part {
                    Some(part) => told::<i64>(self.name, row, part)?.get().copied(),
                    None => None,
                };
                return Ok(Some(naming.id(number, part)));
            }
        }
        Ok(None)
    }
}

impl Naming {
    /// The number in an id that is named so.
    fn number(&self, id: &str) -> Option<i64> {
        let rest = match self.word {
            "" => id,
            word => id.strip_prefix(word)?.strip_prefix(':')?,
        };
        let number = match self.part {
            Some(_) => rest.split(':').next()?,
            None => rest,
        };
        number.parse().ok()
    }

    fn id(&self, number: i64, part: Option<i64>) -> String {
        let named = match self.word {
            "" => number.to_string(),
            word => format!("{word}:{number}"),
        };
        part.map_or_else(|| named.clone(), |part| format!("{named}:{part}"))
    }
}

impl Client {
    /// Those of `ids` that are told, 200 a call for each way of naming. What cannot be asked after counts as told: nothing
    /// is known of it.
    pub async fn present(&self, presence: &Presence, ids: &[String]) -> Result<Vec<String>, Error> {
        let mut there = BTreeSet::new();
        let asks_after = |id: &&String| presence.by.iter().any(|it| it.number(id).is_some());
        let mut present: Vec<String> = ids.iter().filter(|id| !asks_after(id)).cloned().collect();
        for naming in presence.by {
            let numbers: BTreeSet<i64> = ids.iter().filter_map(|id| naming.number(id)).collect();
            let numbers: Vec<i64> = numbers.into_iter().collect();
            for batch in numbers.chunks(BATCH_VALUES) {
                there.extend(self.named(presence, naming.column, batch).await?);
            }
        }
        present.extend(ids.iter().filter(|id| there.contains(*id)).cloned());
        Ok(present)
    }

    /// The ids of the rows that have one of these numbers there.
    async fn named(
        &self,
        presence: &Presence,
        column: &str,
        numbers: &[i64],
    ) -> Result<Vec<String>, Error> {
        let columns = presence.by.iter().map(|it| it.column);
        let fields: BTreeSet<&str> = columns
            .chain(presence.by.iter().filter_map(|it| it.part))
            .collect();
        let fields: Vec<&str> = fields.into_iter().collect();
        let query = Query::of(Filter::is_in(column, numbers.iter().copied())).only(&fields);
        let path = format!("{}/query", presence.path);
        let (mut ids, mut after) = (Vec::new(), None);
        loop {
            let rows: Rows<Row> = self
                .post_query(
                    "autotask.present",
                    presence.name,
                    &path,
                    query.body(&[], after),
                )
                .await?;
            let is_last = rows.is_last(query.most());
            let mut own = Vec::new();
            for row in &rows.items {
                own.push(row_id(presence.name, row)?);
                ids.extend(presence.id(row)?);
            }
            rows_advance(presence.name, &own, after)?;
            match own.last().filter(|_| !is_last) {
                Some(last) => after = Some(*last),
                None => return Ok(ids),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHARGE: Naming = Naming {
        word: "ticket-charge",
        column: "ticketChargeID",
        part: Some("subType"),
    };

    #[test]
    fn an_id_is_read_and_written_as_its_kind_names_rows() {
        let plain = Presence::by_id("Companies", "company").by[0];
        for (naming, id, number, part) in [
            (plain, "7", Some(7), None),
            (plain, "ticket-charge:7", None, None),
            (CHARGE, "ticket-charge:7:1", Some(7), Some(1)),
            (CHARGE, "ticket-charge:7", Some(7), None),
            (CHARGE, "ticket-charges:7", None, None),
            (CHARGE, "7", None, None),
        ] {
            assert_eq!(naming.number(id), number, "{id}");
            if let Some(number) = number {
                assert_eq!(naming.id(number, part), id);
            }
        }
    }
}
