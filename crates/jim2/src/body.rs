//! What the bodies of all writes and their answers have in common.

use chrono::NaiveDate;
use domain::Told;
use rest::Answer;
use serde_json::Value;

use crate::{Error, record::Record, time::Times};

/// Text to send; it is emptied with empty text, as a Jim2 screen leaves it.
pub(crate) fn text_to_send(text: &Told<String>) -> Option<Value> {
    match text {
        Told::Not => None,
        Told::Empty => Some("".into()),
        Told::Is(text) => Some(text.as_str().into()),
    }
}

/// A day to send, as its midnight on the server's wall, which has no offset; none is null.
pub(crate) fn day_to_send(day: &Told<NaiveDate>) -> Option<Value> {
    match day {
        Told::Not => None,
        Told::Empty => Some(Value::Null),
        Told::Is(day) => Some(day.format("%Y-%m-%dT00:00:00").to_string().into()),
    }
}

/// The members of the object that a create endpoint answers, wherever it stands.
pub(crate) fn simple_answer(
    operation: &str,
    answer: &Answer,
    times: Times,
) -> Result<Record, Error> {
    let members = answer
        .json()
        .map_err(|error| Error::unreadable(operation, error))?;
    Record::of_object(operation.to_owned(), &members, times)
}
