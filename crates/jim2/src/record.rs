//! A row of a named query or the attributes of a resource, read by name.
//!
//! The two name the same things alike except for letter case, so one reader serves both.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::Told;
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::{DateReading, Error, cell::Cell, time::Times};

/// Named values, found without regard to letter case.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    path: String,
    cells: BTreeMap<String, Cell>,
    times: Times,
}

impl Record {
    /// A record of `cells`; `path` is where it stood, for errors.
    pub(crate) fn new(
        path: String,
        cells: impl IntoIterator<Item = (String, Cell)>,
        times: Times,
    ) -> Self {
        let cells = cells
            .into_iter()
            .map(|(name, cell)| (name.to_lowercase(), cell))
            .collect();
        Self { path, cells, times }
    }

    /// The members of a JSON object.
    pub(crate) fn of_object(
        path: String,
        members: &BTreeMap<String, Box<RawValue>>,
        times: Times,
    ) -> Result<Self, Error> {
        let cells = members
            .iter()
            .map(|(name, raw)| Cell::read(raw).map(|cell| (name.clone(), cell)))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| Error::unreadable(&path, error))?;
        Ok(Self::new(path, cells, times))
    }

    /// Text. Numbers are given by their letters.
    pub(crate) fn text(&self, name: &str) -> Told<String> {
        match self.cell(name) {
            None => Told::Not,
            Some(cell) => cell
                .letters()
                .map_or(Told::Empty, |letters| Told::Is(letters.to_owned())),
        }
    }

    /// A whole number, also where it is sent as text.
    pub(crate) fn number(&self, name: &str) -> Result<Told<i64>, Error> {
        self.parsed(name, |cell| cell.letters()?.trim().parse().ok())
    }

    /// A decimal, by its letters: no amount passes through a float.
    pub(crate) fn decimal(&self, name: &str) -> Result<Told<Decimal>, Error> {
        self.parsed(name, |cell| exact(cell.letters()?.trim()))
    }

    /// Yes or no.
    pub(crate) fn flag(&self, name: &str) -> Result<Told<bool>, Error> {
        self.parsed(name, Cell::flag)
    }

    /// A time.
    pub(crate) fn time(&self, name: &str) -> Result<Told<DateTime<Utc>>, Error> {
        self.time_as(name, self.times.reading)
    }

    /// A time, with `/Date(ms)/` read so.
    pub(crate) fn time_as(
        &self,
        name: &str,
        reading: DateReading,
    ) -> Result<Told<DateTime<Utc>>, Error> {
        let times = Times {
            reading,
            ..self.times
        };
        self.parsed(name, |cell| times.read(cell.letters()?))
    }

    /// A number without which the record is no record.
    pub(crate) fn key(&self, name: &str) -> Result<i64, Error> {
        self.number(name)?
            .get()
            .copied()
            .ok_or_else(|| self.missing(name))
    }

    /// Text without which the record is no record.
    pub(crate) fn word(&self, name: &str) -> Result<String, Error> {
        self.text(name)
            .get()
            .cloned()
            .ok_or_else(|| self.missing(name))
    }

    /// The record inside this one, where there is one.
    pub(crate) fn inner(&self, name: &str) -> Result<Option<Self>, Error> {
        match self.cell(name) {
            Some(Cell::Nested(json)) => {
                let path = self.path_of(name);
                let members: BTreeMap<String, Box<RawValue>> =
                    serde_json::from_str(json).map_err(|error| Error::unreadable(&path, error))?;
                Self::of_object(path, &members, self.times).map(Some)
            }
            None | Some(Cell::Null | Cell::Flag(_) | Cell::Number(_) | Cell::Text(_)) => Ok(None),
        }
    }

    /// The record of `members`, which stand in `name`.
    pub(crate) fn below(
        &self,
        name: &str,
        members: &BTreeMap<String, Box<RawValue>>,
    ) -> Result<Self, Error> {
        Self::of_object(self.path_of(name), members, self.times)
    }

    /// A list or object that is nested, or is held as JSON in a text column.
    pub(crate) fn json<T: DeserializeOwned>(&self, name: &str) -> Result<Told<T>, Error> {
        match self.cell(name) {
            None => Ok(Told::Not),
            Some(Cell::Nested(json) | Cell::Text(json)) if !json.trim().is_empty() => {
                serde_json::from_str(json)
                    .map(Told::Is)
                    .map_err(|error| Error::unreadable(&self.path_of(name), error))
            }
            Some(Cell::Null | Cell::Text(_) | Cell::Nested(_)) => Ok(Told::Empty),
            Some(Cell::Flag(_) | Cell::Number(_)) => Err(self.missing(name)),
        }
    }

    /// Whether the record speaks of `name`, and whether something is there.
    pub(crate) fn presence(&self, name: &str) -> Told<()> {
        match self.cell(name) {
            None => Told::Not,
            Some(Cell::Null) => Told::Empty,
            Some(_) => Told::Is(()),
        }
    }

    fn cell(&self, name: &str) -> Option<&Cell> {
        self.cells.get(&name.to_lowercase())
    }

    fn parsed<T>(
        &self,
        name: &str,
        parse: impl FnOnce(&Cell) -> Option<T>,
    ) -> Result<Told<T>, Error> {
        match self.cell(name) {
            None => Ok(Told::Not),
            Some(cell) if *cell == Cell::Null || *cell == Cell::Text(String::new()) => {
                Ok(Told::Empty)
            }
            Some(cell) => parse(cell).map(Told::Is).ok_or_else(|| {
                Error::unreadable(
                    &self.path_of(name),
                    "the value is not of the type it should have",
                )
            }),
        }
    }

    fn missing(&self, name: &str) -> Error {
        Error::unreadable(&self.path_of(name), "the value is missing")
    }

    fn path_of(&self, name: &str) -> String {
        format!("{}.{name}", self.path)
    }
}

/// A decimal with all the digits that were written, where it holds them.
fn exact(letters: &str) -> Option<Decimal> {
    Decimal::from_str_exact(letters)
        .or_else(|_| Decimal::from_scientific(letters))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(json: &str) -> Record {
        let members = serde_json::from_str(json).unwrap();
        let times = Times {
            zone: chrono_tz::Australia::Sydney,
            reading: DateReading::Instant,
        };
        Record::of_object("data.attributes".to_owned(), &members, times).unwrap()
    }

    #[test]
    fn names_are_found_in_any_case_and_absent_is_not_empty() {
        let record = record(r#"{"aBN":"51 824 753 556","Attn":null,"custRef":""}"#);
        assert_eq!(record.text("ABN"), Told::Is("51 824 753 556".to_owned()));
        assert_eq!(record.text("Attn"), Told::Empty);
        assert_eq!(record.text("CustRef"), Told::Empty);
        assert_eq!(record.text("OurRef"), Told::Not);
        assert_eq!(record.number("InvNo").unwrap(), Told::Not);
    }

    #[test]
    fn numbers_keep_every_digit_a_float_would_lose() {
        let record = record(r#"{"amount":1234567890123.4501,"big":9007199254740993,"text":"7"}"#);
        assert_eq!(
            record.text("amount"),
            Told::Is("1234567890123.4501".to_owned())
        );
        assert_eq!(
            record.number("big").unwrap(),
            Told::Is(9_007_199_254_740_993)
        );
        assert_eq!(record.number("text").unwrap(), Told::Is(7));
        assert!(record.number("amount").is_err(), "it is no whole number");
        let amount = record.decimal("amount").unwrap();
        assert_eq!(amount.get().unwrap().to_string(), "1234567890123.4501");
    }

    #[test]
    fn a_bit_is_read_however_it_is_spelt() {
        let record = record(r#"{"a":true,"b":0,"c":"T","d":"F","e":null,"f":"maybe"}"#);
        let flags: Vec<_> = ["a", "b", "c", "d", "e"]
            .map(|name| record.flag(name).unwrap())
            .into();
        assert_eq!(
            flags,
            [
                Told::Is(true),
                Told::Is(false),
                Told::Is(true),
                Told::Is(false),
                Told::Empty
            ]
        );
        let error = record.flag("f").unwrap_err().to_string();
        assert!(error.contains("data.attributes.f"), "{error}");
    }

    #[test]
    fn a_record_without_its_key_names_the_key() {
        let error = record("{}").key("JobNo").unwrap_err().to_string();
        assert!(error.contains("data.attributes.JobNo"), "{error}");
    }
}
