//! Which records were changed since a time: their ids and nothing else, by the one filter that tells it
//! (`filter[LastModified]`, jim2help.happen.biz, `api_v1_jobs`, `api_v1_cardfiles` and `api_v1_stock`).
//!
//! It tells no deletions and not when: the answer holds all from that time on. Unlike the change table it is there in
//! every build, and what a trigger misses shows in it.

use chrono::{DateTime, Utc};

use crate::{Client, Error, part_id, time::filter_time};

/// A kind of records that can be asked for by when they were last changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Modified {
    /// Jobs. A job's time moves with its comments and lines.
    Jobs,
    /// Cardfiles. A card's time moves with its contacts.
    CardFiles,
    /// The contacts of those cardfiles, as no list of contacts goes by their own time.
    Contacts,
    /// Projects.
    Projects,
    /// Assets.
    Assets,
    /// Purchases; that their list takes this filter no document tells.
    Purchases,
    /// Stock. No document says whether its time moves with its prices and quantities.
    Stock,
}

impl Client {
    /// The ids of the records that were made or changed at `since` or later, as events name them, in no certain order.
    ///
    /// One call where nothing was; contacts cost one more for every 200 cards, and without named queries one a card.
    pub async fn modified(
        &self,
        what: Modified,
        since: DateTime<Utc>,
    ) -> Result<Vec<String>, Error> {
        match what {
            Modified::Jobs => {
                let jobs = self.modified_numbers("jim2.modified_jobs", "jobs", since);
                Ok(jobs.await?.iter().map(i64::to_string).collect())
            }
            Modified::Projects => {
                let projects = self.modified_numbers("jim2.modified_projects", "projects", since);
                Ok(projects.await?.iter().map(i64::to_string).collect())
            }
            Modified::Assets => {
                let assets = self.modified_numbers("jim2.modified_assets", "assets", since);
                Ok(assets.await?.iter().map(i64::to_string).collect())
            }
            Modified::Purchases => {
                let purchases = self.modified_numbers("jim2.modified_purchases", "pos", since);
                Ok(purchases.await?.iter().map(i64::to_string).collect())
            }
            Modified::CardFiles => {
                let cards = self.modified_cards(since).await?;
                Ok(cards.iter().map(i64::to_string).collect())
            }
            Modified::Stock => {
                let stock = self.stock_modified_since(since).await?;
                Ok(stock.iter().map(|one| one.stock_no.to_string()).collect())
            }
            Modified::Contacts => {
                let cards = self.modified_cards(since).await?;
                let contacts = self.card_contacts(&cards).await?;
                let id = |contact: &crate::Contact| part_id::join(contact.card_no, contact.cont_no);
                Ok(contacts.iter().map(id).collect())
            }
        }
    }

    async fn modified_cards(&self, since: DateTime<Utc>) -> Result<Vec<i64>, Error> {
        self.modified_numbers("jim2.modified_cardfiles", "cardfiles", since)
            .await
    }

    async fn modified_numbers(
        &self,
        operation: &'static str,
        list: &str,
        since: DateTime<Utc>,
    ) -> Result<Vec<i64>, Error> {
        let mut url = self.settings().url(&["api", "v1", list]);
        url.query_pairs_mut()
            .append_pair("filter[LastModified][-gte]", &filter_time(since));
        let mut numbers = Vec::new();
        self.each_page(operation, url, |page| {
            for resource in &page.data {
                numbers.push(resource.number()?);
            }
            Ok(())
        })
        .await?;
        Ok(numbers)
    }
}
