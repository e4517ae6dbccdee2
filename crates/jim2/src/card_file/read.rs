//! Reading cardfiles.

use chrono::{DateTime, Utc};

use super::CardFile;
use crate::{Client, Error, Query, json_api::Resource, record::Record, time::filter_time};

impl Client {
    /// The cardfiles with these numbers, in no certain order; those that are not there are left out.
    pub async fn cardfiles(&self, card_nos: &[i64]) -> Result<Vec<CardFile>, Error> {
        if self.settings().named_queries {
            let keys: Vec<_> = card_nos.iter().map(i64::to_string).collect();
            return rows(&self.rows_of(Query::CARD_FILES, &keys).await?);
        }
        let mut cards = Vec::with_capacity(card_nos.len());
        for card_no in card_nos {
            let url = self
                .settings()
                .url(&["api", "v1", "cardfiles", &card_no.to_string()]);
            if let Some((resource, _)) = self.resource("jim2.cardfile", url).await? {
                cards.push(CardFile::of_resource(&resource, self.settings().times())?);
            }
        }
        Ok(cards)
    }

    /// At most `max` cardfiles with numbers above `last`, lowest first.
    pub async fn cardfiles_after(&self, last: i64, max: usize) -> Result<Vec<CardFile>, Error> {
        let parameters = [&*last.to_string(), &*max.to_string()];
        rows(&self.rows(Query::CARD_FILES_AFTER, &parameters).await?)
    }

    /// The cardfiles with these codes.
    pub async fn cardfiles_by_code(&self, codes: &[String]) -> Result<Vec<CardFile>, Error> {
        if self.settings().named_queries {
            // A comma separates the keys of a call; no card code can have one.
            let keys: Vec<_> = codes
                .iter()
                .filter(|code| !code.is_empty() && !code.contains(','))
                .cloned()
                .collect();
            return rows(&self.rows_of(Query::CARD_FILES_BY_CODE, &keys).await?);
        }
        let mut cards = Vec::new();
        for code in codes.iter().filter(|code| !code.is_empty()) {
            let filter = ("filter[CardCode]", code.clone());
            cards.extend(
                self.filtered_cardfiles("jim2.cardfiles_by_code", filter)
                    .await?,
            );
        }
        Ok(cards)
    }

    /// The cardfiles with this name, and those with one of these ABNs, to the letter as they are written there.
    pub async fn cardfiles_like(
        &self,
        name: &str,
        abns: &[String],
    ) -> Result<Vec<CardFile>, Error> {
        const OPERATION: &str = "jim2.cardfiles_like";
        let filter = ("filter[Name]", name.to_owned());
        let mut cards = self.filtered_cardfiles(OPERATION, filter).await?;
        for abn in abns {
            let filter = ("filter[ABN]", abn.clone());
            cards.extend(self.filtered_cardfiles(OPERATION, filter).await?);
        }
        Ok(cards)
    }

    /// Cardfiles changed at `since` or later, for sites without a change feed.
    pub async fn cardfiles_modified_since(
        &self,
        since: DateTime<Utc>,
    ) -> Result<Vec<CardFile>, Error> {
        let filter = ("filter[LastModified][-gte]", filter_time(since));
        self.filtered_cardfiles("jim2.cardfiles_modified_since", filter)
            .await
    }

    async fn filtered_cardfiles(
        &self,
        operation: &'static str,
        (name, value): (&str, String),
    ) -> Result<Vec<CardFile>, Error> {
        let mut url = self.settings().url(&["api", "v1", "cardfiles"]);
        url.query_pairs_mut().append_pair(name, &value);
        let page = self.resources(operation, url).await?;
        let times = self.settings().times();
        let card = |resource: &Resource| CardFile::of_resource(resource, times);
        page.data.iter().map(card).collect()
    }
}

fn rows(rows: &[Record]) -> Result<Vec<CardFile>, Error> {
    rows.iter().map(CardFile::of_row).collect()
}
