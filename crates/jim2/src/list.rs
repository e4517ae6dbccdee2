//! The lists a Jim2 site sets up for itself.

use domain::Told;

use crate::{Client, Error, Query};

/// An entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListEntry {
    /// Which list: `JobStatus`, `JobType`, `Priority`, `Item`, `User`, `LabourType`,
    /// `ContactType`, `StatusLink`, and where the site's query tells them `PriceLevel`, `StockGroup`,
    /// `StockLocation` and `UserCategory`.
    pub list: String,
    /// The value as records hold it; of a `StatusLink` the status it leads from, of a `UserCategory` the user's initials.
    pub code: String,
    /// What people read; of a `StatusLink` the status it leads to, of a `UserCategory` the category of the user's group.
    pub label: Told<String>,
    /// Whether it can still be chosen.
    pub active: Told<bool>,
    /// A user's e-mail address; `service` or `sales` for an Item.
    pub extra: Told<String>,
}

impl Client {
    /// All entries of all lists.
    pub async fn lists(&self) -> Result<Vec<ListEntry>, Error> {
        self.rows(Query::LISTS, &[])
            .await?
            .iter()
            .map(|row| {
                Ok(ListEntry {
                    list: row.word("List")?,
                    code: row.word("Code")?,
                    label: row.text("Label"),
                    active: row.flag("Active")?,
                    extra: row.text("Extra"),
                })
            })
            .collect()
    }
}
