//! Which of many records Jim2 still tells: their ids and nothing else.
//!
//! Jim2 documents no filter for many numbers. Where a named query takes them, or each is read for itself anyway, it is asked
//! by number; else all that there is is listed, a page at a time, in whatever order it comes.

use std::collections::BTreeSet;

use crate::{
    Client, Error, OrderKind, Query,
    json_api::{Pages, Resource},
    part_id,
};

/// A kind of records that can be asked after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Jobs.
    Jobs,
    /// Cardfiles.
    CardFiles,
    /// Contacts of cardfiles, by `cardno-contno`.
    Contacts,
    /// Projects.
    Projects,
    /// Assets.
    Assets,
    /// Purchases.
    Purchases,
    /// Quotes.
    Quotes,
    /// Stock.
    Stock,
}

/// A list of all there is, as far as it was read.
#[derive(Debug)]
pub struct Listing(Pages);

impl Client {
    /// The list by which these are asked after; `None` where that is done by number.
    pub fn listing(&self, of: Presence) -> Option<Listing> {
        let is_queried = self.settings().named_queries;
        let (operation, list) = match of {
            Presence::Jobs if !is_queried => ("jim2.all_jobs", "jobs"),
            Presence::CardFiles if !is_queried => ("jim2.all_cardfiles", "cardfiles"),
            Presence::Projects => ("jim2.all_projects", "projects"),
            Presence::Assets => ("jim2.all_assets", "assets"),
            Presence::Purchases => ("jim2.all_purchases", "pos"),
            // Its named query may be missing by itself; the list is there from build 9804 on.
            Presence::Stock => ("jim2.all_stock", "stock"),
            Presence::Jobs | Presence::CardFiles | Presence::Contacts | Presence::Quotes => {
                return None;
            }
        };
        let url = self.settings().url(&["api", "v1", list]);
        Some(Listing(Pages::from(operation, url)))
    }

    /// The ids on the next page of a list; `None` after the last.
    pub async fn listed(&self, listing: &mut Listing) -> Result<Option<Vec<String>>, Error> {
        let Some(page) = self.next_page(&mut listing.0).await? else {
            return Ok(None);
        };
        let number = |resource: &Resource| Ok(resource.number()?.to_string());
        page.data
            .iter()
            .map(number)
            .collect::<Result<_, _>>()
            .map(Some)
    }

    /// Those of `ids` that are told, a call for 200 of them; without named queries, a call for each card, and without the
    /// one for quotes a call for each quote. What is no id counts as told: nothing is known of it.
    pub async fn present(&self, of: Presence, ids: &[String]) -> Result<Vec<String>, Error> {
        if of == Presence::Contacts {
            return self.present_contacts(ids).await;
        }
        let numbers: Vec<i64> = ids.iter().filter_map(|id| id.parse().ok()).collect();
        let there: BTreeSet<i64> = match of {
            Presence::Jobs => self.keys(Query::JOBS, &numbers).await?,
            Presence::CardFiles => self.keys(Query::CARD_FILES, &numbers).await?,
            Presence::Quotes => {
                let quotes = self.orders(OrderKind::Quote, &numbers).await?;
                quotes.iter().map(|quote| quote.no).collect()
            }
            // Those are listed.
            Presence::Contacts
            | Presence::Projects
            | Presence::Assets
            | Presence::Purchases
            | Presence::Stock => numbers.iter().copied().collect(),
        };
        let is_told = |id: &&String| id.parse().map_or(true, |number| there.contains(&number));
        Ok(ids.iter().filter(is_told).cloned().collect())
    }

    async fn present_contacts(&self, ids: &[String]) -> Result<Vec<String>, Error> {
        let numbers: Vec<(i64, i64)> = ids.iter().filter_map(|id| part_id::split(id)).collect();
        let contacts = self.contacts(&numbers).await?;
        let there: BTreeSet<(i64, i64)> = contacts
            .iter()
            .map(|contact| (contact.card_no, contact.cont_no))
            .collect();
        let is_told =
            |id: &&String| part_id::split(id).is_none_or(|number| there.contains(&number));
        Ok(ids.iter().filter(is_told).cloned().collect())
    }

    /// The keys of the rows that a named query has for these.
    async fn keys(&self, query: Query, numbers: &[i64]) -> Result<BTreeSet<i64>, Error> {
        let keys: Vec<String> = numbers.iter().map(i64::to_string).collect();
        let rows = self.rows_of(query, &keys).await?;
        rows.iter().map(|row| row.key(&query.key())).collect()
    }
}
