//! Reading in as few calls as possible.

use std::collections::{BTreeSet, HashMap};

use autotask::{Company, ConfigurationItem, Filter, Product, Query};
use domain::Told;
use sync::Half;

use super::AssetHands;
use crate::halves;

impl AssetHands {
    /// Configuration items with their companies, and the products of those that have no title: a call each.
    pub(super) async fn items(&self, ids: &[i64]) -> Result<Vec<Half>, autotask::Error> {
        let items: Vec<ConfigurationItem> = self.autotask.by_ids(ids, &[]).await?;
        let companies = self.companies(&items).await?;
        let products = self.products(&items).await?;
        let half = |item: &ConfigurationItem| {
            let product = item.product_id.get().and_then(|id| products.get(id));
            let mut half = halves::item(item, product);
            let company = item.company_id.get();
            if let Some(company) = companies.iter().find(|one| Some(&one.id) == company) {
                halves::whose(&mut half, company, &self.settings);
            }
            half
        };
        Ok(items.iter().map(half).collect())
    }

    async fn companies(
        &self,
        items: &[ConfigurationItem],
    ) -> Result<Vec<Company>, autotask::Error> {
        let ids = told(items.iter().map(|one| &one.company_id));
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let opt_out = self.settings.opt_out_udf.as_ref();
        let query = Query::of(Filter::is_in("id", ids))
            .only(&["companyName", "companyType"])
            .udfs(opt_out.map_or(&[], std::slice::from_ref));
        self.autotask.query_all(&query).await
    }

    async fn products(
        &self,
        items: &[ConfigurationItem],
    ) -> Result<HashMap<i64, String>, autotask::Error> {
        let is_untitled = |one: &&ConfigurationItem| {
            let title = one.reference_title.get();
            title.is_none_or(|title| title.trim().is_empty())
        };
        let ids = told(items.iter().filter(is_untitled).map(|one| &one.product_id));
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let query = Query::of(Filter::is_in("id", ids)).only(&["name"]);
        let products: Vec<Product> = self.autotask.query_all(&query).await?;
        let name = |one: &Product| Some((one.id, one.name.get()?.clone()));
        Ok(products.iter().filter_map(name).collect())
    }

    /// Assets, a call each.
    pub(super) async fn assets(&self, numbers: &[i64]) -> Result<Vec<Half>, jim2::Error> {
        let assets = self.jim2.assets(numbers).await?;
        Ok(assets.iter().map(halves::asset).collect())
    }
}

/// The ids that were told, each once.
fn told<'a>(ids: impl Iterator<Item = &'a Told<i64>>) -> Vec<i64> {
    let ids: BTreeSet<i64> = ids.filter_map(Told::get).copied().collect();
    ids.into_iter().collect()
}
