//! Notes of cardfiles. The API tells none (`jim2.md` §3): they are read by a named query, where a site has it.

use chrono::{DateTime, Utc};
use domain::Told;

use crate::{Client, Error, Query, record::Record};

/// A note of a cardfile.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CardNote {
    /// CardNo.
    pub card_no: i64,
    /// The note's number within the card.
    pub note_no: i64,
    /// What the site calls such notes.
    pub kind: Told<String>,
    /// The text.
    pub text: Told<String>,
    /// Initials of who wrote it.
    pub init: Told<String>,
    /// When it was written.
    pub at: Told<DateTime<Utc>>,
}

impl CardNote {
    fn of_row(row: &Record) -> Result<Self, Error> {
        Ok(Self {
            card_no: row.key("CardNo")?,
            note_no: row.key("NoteNo")?,
            kind: row.text("Type"),
            text: row.text("Text"),
            init: row.text("Init"),
            at: row.time("NoteDate")?,
        })
    }
}

impl Client {
    /// The notes of these cards; `None` where this Jim2 does not tell them.
    pub async fn card_notes(&self, card_nos: &[i64]) -> Result<Option<Vec<CardNote>>, Error> {
        if !self.settings().named_queries {
            return Ok(None);
        }
        let keys: Vec<_> = card_nos.iter().map(i64::to_string).collect();
        match self.rows_of(Query::CARD_NOTES, &keys).await {
            Err(Error::NoSuchQuery(_)) => Ok(None),
            rows => rows?
                .iter()
                .map(CardNote::of_row)
                .collect::<Result<_, _>>()
                .map(Some),
        }
    }
}
