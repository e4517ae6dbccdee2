//! Reading jobs.

use chrono::{DateTime, Utc};

use crate::{Client, Error, Query, json_api::Resource, record::Record, time::filter_time};

use super::Job;

/// Which jobs a walk over all of them meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those still active.
    Open,
    /// Invoiced and cancelled ones too.
    All,
}

/// Cards and the project whose numbers a job resource tells only when asked for them.
const CARDS: &str = "customer,ship,from,contract";

impl Client {
    /// The jobs with these numbers, in no certain order; those that are not there are left out.
    pub async fn jobs(&self, job_nos: &[i64]) -> Result<Vec<Job>, Error> {
        if self.settings().named_queries {
            let keys: Vec<_> = job_nos.iter().map(i64::to_string).collect();
            return rows(&self.rows_of(Query::JOBS, &keys).await?);
        }
        let mut jobs = Vec::with_capacity(job_nos.len());
        for job_no in job_nos {
            let mut url = self
                .settings()
                .url(&["api", "v1", "jobs", &job_no.to_string()]);
            url.query_pairs_mut().append_pair("include", CARDS);
            if let Some((resource, _)) = self.resource("jim2.job", url).await? {
                jobs.push(Job::of_resource(&resource, self.settings().times())?);
            }
        }
        Ok(jobs)
    }

    /// Jobs whose Our Ref is one of these, or one of these with a `/` and more behind it.
    pub async fn jobs_by_ref(&self, our_refs: &[String]) -> Result<Vec<Job>, Error> {
        if self.settings().named_queries {
            // A comma separates the keys of a call; no reference of ours has one.
            let keys: Vec<_> = our_refs
                .iter()
                .filter(|our_ref| !our_ref.is_empty() && !our_ref.contains(','))
                .cloned()
                .collect();
            return rows(&self.rows_of(Query::JOBS_BY_REF, &keys).await?);
        }
        let mut jobs = Vec::new();
        for our_ref in our_refs.iter().filter(|our_ref| !our_ref.is_empty()) {
            let filter = [("filter[OurRef][-like]", format!("{our_ref}%"))];
            let found = self.filtered_jobs("jim2.jobs_by_ref", &filter).await?;
            jobs.extend(found.into_iter().filter(|job| refers_to(job, our_ref)));
        }
        Ok(jobs)
    }

    /// The jobs that have one of these references as theirs, and those, not on an invoice yet, that have one of them in their
    /// customer's reference; without named queries, all that these customers have open, as there is no filter for that.
    pub async fn jobs_mentioning(
        &self,
        references: &[String],
        customers: &[i64],
    ) -> Result<Vec<Job>, Error> {
        let mut jobs = self.jobs_by_ref(references).await?;
        if !self.settings().named_queries {
            for customer in customers {
                jobs.extend(self.open_jobs_of(*customer).await?);
            }
        }
        Ok(jobs)
    }

    /// The jobs of a customer that are not on an invoice yet.
    async fn open_jobs_of(&self, cust_no: i64) -> Result<Vec<Job>, Error> {
        let filter = [
            ("filter[CustNo]", cust_no.to_string()),
            ("filter[Inved]", "false".to_owned()),
        ];
        self.filtered_jobs("jim2.open_jobs_of", &filter).await
    }

    /// At most `max` jobs with numbers above `last`, lowest first.
    pub async fn jobs_after(&self, last: i64, max: usize, which: Which) -> Result<Vec<Job>, Error> {
        let which = match which {
            Which::Open => "open",
            Which::All => "all",
        };
        let parameters = [&*last.to_string(), &*max.to_string(), which];
        rows(&self.rows(Query::JOBS_AFTER, &parameters).await?)
    }

    /// Jobs changed at `since` or later, for sites without a change feed.
    pub async fn jobs_modified_since(&self, since: DateTime<Utc>) -> Result<Vec<Job>, Error> {
        let filter = [("filter[LastModified][-gte]", filter_time(since))];
        self.filtered_jobs("jim2.jobs_modified_since", &filter)
            .await
    }

    /// The jobs with this number and those above it.
    pub(crate) async fn jobs_numbered_from(&self, job_no: i64) -> Result<Vec<Job>, Error> {
        let filter = [("filter[JobNo][-gte]", job_no.to_string())];
        self.filtered_jobs("jim2.jobs_numbered_from", &filter).await
    }

    async fn filtered_jobs(
        &self,
        operation: &'static str,
        filter: &[(&str, String)],
    ) -> Result<Vec<Job>, Error> {
        let mut url = self.settings().url(&["api", "v1", "jobs"]);
        url.query_pairs_mut()
            .extend_pairs(filter)
            .append_pair("include", CARDS);
        let page = self.resources(operation, url).await?;
        let times = self.settings().times();
        let job = |resource: &Resource| Job::of_resource(resource, times);
        page.data.iter().map(job).collect()
    }
}

fn rows(rows: &[Record]) -> Result<Vec<Job>, Error> {
    rows.iter().map(Job::of_row).collect()
}

fn refers_to(job: &Job, our_ref: &str) -> bool {
    job.our_ref.get().is_some_and(|found| {
        found
            .strip_prefix(our_ref)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}
