//! What the bodies of all writes and their answers have in common.

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
