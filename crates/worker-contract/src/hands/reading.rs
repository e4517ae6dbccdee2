//! Reading in as few calls as possible.

use std::collections::BTreeSet;

use autotask::{Company, Contract, ContractService, ContractServiceUnit, Filter, Query, Service};
use chrono::NaiveDate;
use domain::Told;
use sync::Half;

use super::ContractHands;
use crate::halves::{self, Sold};

impl ContractHands {
    /// Contracts with their companies: a call each; what they sell costs three more, where the site wants it.
    pub(super) async fn contracts(&self, ids: &[i64]) -> Result<Vec<Half>, autotask::Error> {
        let contracts: Vec<Contract> = self.autotask.by_ids(ids, &[]).await?;
        let companies = self.companies(&contracts).await?;
        let sold = self.sold(&contracts).await?;
        let half = |contract: &Contract| {
            let services = sold
                .as_ref()
                .map(|(sold, today)| halves::sold(contract.id, sold, *today));
            let mut half = halves::contract(contract, services);
            let company = contract.company_id.get();
            if let Some(company) = companies.iter().find(|one| Some(&one.id) == company) {
                halves::whose(&mut half, company, &self.settings);
            }
            half
        };
        Ok(contracts.iter().map(half).collect())
    }

    async fn companies(&self, contracts: &[Contract]) -> Result<Vec<Company>, autotask::Error> {
        let ids = told(contracts.iter().map(|one| &one.company_id));
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let opt_out = self.settings.opt_out_udf.as_ref();
        let query = Query::of(Filter::is_in("id", ids))
            .only(&["companyName", "companyType"])
            .udfs(opt_out.map_or(&[], std::slice::from_ref));
        self.autotask.query_all(&query).await
    }

    /// What contracts sell, and the day on which they do.
    async fn sold(
        &self,
        contracts: &[Contract],
    ) -> Result<Option<(Sold, NaiveDate)>, autotask::Error> {
        if !self.settings.tells_services {
            return Ok(None);
        }
        let today = self.jim2.today();
        let ids: Vec<i64> = contracts.iter().map(|one| one.id).collect();
        let mut sold = Sold {
            services: self.autotask.where_in("contractID", &ids, &[]).await?,
            ..Sold::default()
        };
        if sold.services.is_empty() {
            return Ok(Some((sold, today)));
        }
        let day = today.and_time(chrono::NaiveTime::MIN).and_utc();
        let of: Vec<i64> = sold
            .services
            .iter()
            .map(|one: &ContractService| one.id)
            .collect();
        let now = Filter::all([
            Filter::is_in("contractServiceID", of),
            Filter::lte("startDate", day),
            Filter::gte("endDate", day),
        ]);
        sold.units = self
            .autotask
            .query_all::<ContractServiceUnit>(&Query::of(now))
            .await?;
        let services = told(sold.services.iter().map(|one| &one.service_id));
        let names: Vec<Service> = self.autotask.by_ids(&services, &[]).await?;
        sold.name(&names);
        Ok(Some((sold, today)))
    }

    /// Projects, a call each.
    pub(super) async fn projects(&self, numbers: &[i64]) -> Result<Vec<Half>, jim2::Error> {
        let projects = self.jim2.projects(numbers).await?;
        Ok(projects.iter().map(halves::project).collect())
    }
}

/// The ids that were told, each once.
fn told<'a>(ids: impl Iterator<Item = &'a Told<i64>>) -> Vec<i64> {
    let ids: BTreeSet<i64> = ids.filter_map(Told::get).copied().collect();
    ids.into_iter().collect()
}
