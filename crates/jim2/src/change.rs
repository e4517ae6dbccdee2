//! The change feed: which records changed, in the order of their positions.

use chrono::{DateTime, Utc};
use domain::Told;

use crate::{Client, Error, Grant, Identity, Query, getdata::Table, record::Record};

/// A page of the change feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// Every change at or below this position is visible; it was taken before the rows.
    pub safe_mark: i64,
    /// The lowest position that is still there: what was changed below it is not told any more.
    pub oldest: Told<i64>,
    /// The database that answered.
    pub identity: Identity,
    /// Whether it says that it is a training copy.
    pub training: Option<bool>,
    /// The changes, lowest position first.
    pub rows: Vec<Change>,
}

/// One change of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its place in the feed.
    pub position: i64,
    /// What kind of record.
    pub object: Object,
    /// Which one: a number, or `10-2` for a part of record 10.
    pub key: String,
    /// What happened to it.
    pub operation: Operation,
    /// When.
    pub at: Told<DateTime<Utc>>,
    /// Initials of who did it.
    pub by: Told<String>,
}

/// The kinds of records in the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object {
    /// A job's header.
    Job,
    /// A line of a job's Comment grid.
    JobComment,
    /// A stock line of a job.
    JobStock,
    /// A labour line of a job.
    JobLabour,
    /// A cardfile.
    CardFile,
    /// A contact.
    CardFileContact,
    /// A note of a cardfile.
    CardFileNote,
    /// An invoice: made, paid, credited.
    Invoice,
    /// A project's header.
    Project,
    /// An asset's header.
    Asset,
    /// A stock record, one of its prices, or what lies where.
    Stock,
    /// One that this build does not know.
    Other(String),
}

/// What happened to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// It was made.
    Insert,
    /// It was changed.
    Update,
    /// It was deleted.
    Delete,
}

impl Client {
    /// At most `max` changes with positions above `cursor`.
    pub async fn changes(&self, cursor: i64, max: usize) -> Result<Changes, Error> {
        let parameters = [&*cursor.to_string(), &*max.to_string()];
        Changes::read(&self.tables(Query::CHANGES, &parameters).await?, cursor)
    }
}

impl Client {
    /// The same with a token that is not anybody's yet.
    pub(crate) async fn changes_with(
        &self,
        grant: &Grant,
        cursor: i64,
        max: usize,
    ) -> Result<Changes, Error> {
        let parameters = [&*cursor.to_string(), &*max.to_string()];
        let tables = self.tables_with(grant, Query::CHANGES, &parameters);
        Changes::read(&tables.await?, cursor)
    }
}

impl Changes {
    /// The page above `cursor`. One row that cannot be read, and the page is not: a cursor would pass it by.
    pub(crate) fn read(tables: &[Table], cursor: i64) -> Result<Self, Error> {
        let [marks, rows] = tables else {
            return Err(Error::unreadable(
                Query::CHANGES.name,
                format!("{} result sets came instead of two", tables.len()),
            ));
        };
        let mark = marks
            .rows
            .first()
            .ok_or_else(|| Error::unreadable(Query::CHANGES.name, "there is no safe mark"))?;
        let changes = Self {
            safe_mark: mark.key("SafeMark")?,
            oldest: mark.number("OldestPosition")?,
            training: mark.flag("Training")?.get().copied(),
            identity: Identity {
                database_id: mark.word("DatabaseId")?,
                epoch: mark.key("Epoch")?,
            },
            rows: rows
                .rows
                .iter()
                .map(Change::of_row)
                .collect::<Result<_, _>>()?,
        };
        in_order(cursor, changes)
    }
}

impl Change {
    fn of_row(row: &Record) -> Result<Self, Error> {
        Ok(Self {
            position: row.key("Position")?,
            object: Object::named(&row.word("Object")?),
            key: row.word("ObjectKey")?,
            operation: Operation::named(&row.word("Operation")?)?,
            at: row.time("ChangedAt")?,
            by: row.text("ChangedBy"),
        })
    }
}

impl Object {
    fn named(name: &str) -> Self {
        match name {
            "Job" => Self::Job,
            "JobComment" => Self::JobComment,
            "JobStock" => Self::JobStock,
            "JobLabour" => Self::JobLabour,
            "CardFile" => Self::CardFile,
            "CardFileContact" => Self::CardFileContact,
            "CardFileNote" => Self::CardFileNote,
            "Invoice" => Self::Invoice,
            "Project" => Self::Project,
            "Asset" => Self::Asset,
            "Stock" => Self::Stock,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl Operation {
    fn named(letter: &str) -> Result<Self, Error> {
        match letter.trim() {
            "I" => Ok(Self::Insert),
            "U" => Ok(Self::Update),
            "D" => Ok(Self::Delete),
            other => Err(Error::unreadable(
                Query::CHANGES.name,
                format!("the operation is neither I, U nor D but `{other}`"),
            )),
        }
    }
}

/// A feed that breaks its own rules would move a cursor past changes, so it is refused whole.
fn in_order(cursor: i64, changes: Changes) -> Result<Changes, Error> {
    let mut last = cursor;
    for change in &changes.rows {
        if change.position <= last || change.position > changes.safe_mark {
            return Err(Error::unreadable(
                Query::CHANGES.name,
                format!(
                    "position {} came after {last} with the safe mark at {}",
                    change.position, changes.safe_mark
                ),
            ));
        }
        last = change.position;
    }
    Ok(changes)
}
