//! Statuses at which a job is over leave the ticket as it is, also where the ticket has a status of the same name:
//! completing a ticket may send a survey to the customer, so that is a person's decision.

use domain::System;
use store::{Db, lookup::MapRow};

use super::value::STATUS;

/// Names and codes of such statuses, in small letters and digits only.
const ENDINGS: [&str; 13] = [
    "finish",
    "finished",
    "complete",
    "completed",
    "closed",
    "cancel",
    "cancelled",
    "canceled",
    "rai",
    "rainr",
    "raius",
    "invoice",
    "invoiced",
];

/// Decides on those that nobody decided on. Answers how many that are.
pub(crate) async fn leave_endings(db: &Db, who: &str) -> Result<u64, store::Error> {
    let known = store::lookup::maps(db).await?.rows;
    let is_decided = |value: &str| {
        known.iter().any(|row| {
            (row.list.as_str(), row.system, row.value.as_str()) == (STATUS, System::Jim2, value)
        })
    };
    let statuses = store::lookup::list(db, STATUS, System::Jim2).await?;
    let rows: Vec<MapRow> = statuses
        .into_iter()
        .filter(|status| is_ending(&status.value) || is_ending(&status.label))
        .filter(|status| !is_decided(&status.value))
        .map(|status| MapRow {
            list: STATUS.to_owned(),
            system: System::Jim2,
            value: status.value,
            to_value: None,
            path: None,
            decided_by: who.to_owned(),
        })
        .collect();
    store::lookup::import(db, &rows).await
}

fn is_ending(name: &str) -> bool {
    let letters = name.chars().filter(|letter| letter.is_alphanumeric());
    let plain: String = letters.flat_map(char::to_lowercase).collect();
    ENDINGS.contains(&plain.as_str())
}
