//! The Stock and Labour grids of jobs: what is to be billed, and what people say of their work.

use crate::{Client, Error, json_api::Resource};

impl Client {
    /// The comments on a job's lines of labour, which Jim2 can be set up to copy into its Comment grid.
    pub async fn labour_comments(&self, job_no: i64) -> Result<Vec<String>, Error> {
        let included = self.lines("jim2.labour_comments", job_no, "labour").await?;
        let times = self.settings().times();
        let comment = |line: &Resource| Ok(line.record(times)?.text("Comment").get().cloned());
        let lines = included.iter().filter(|one| one.kind == "JobLabour");
        let comments: Result<Vec<Option<String>>, Error> = lines.map(comment).collect();
        Ok(comments?.into_iter().flatten().collect())
    }

    /// Whether a job has lines of stock or labour.
    pub async fn has_lines(&self, job_no: i64) -> Result<bool, Error> {
        let included = self.lines("jim2.has_lines", job_no, "stock,labour").await?;
        let is_line = |one: &Resource| matches!(one.kind.as_str(), "JobStock" | "JobLabour");
        Ok(included.iter().any(is_line))
    }

    /// What hangs under a job; nothing where there is no such job.
    pub(crate) async fn lines(
        &self,
        operation: &'static str,
        job_no: i64,
        include: &str,
    ) -> Result<Vec<Resource>, Error> {
        let id = job_no.to_string();
        let mut url = self.settings().url(&["api", "v1", "jobs", &id]);
        url.query_pairs_mut().append_pair("include", include);
        let found = self.resource(operation, url).await?;
        Ok(found.map_or_else(Vec::new, |(_, included)| included))
    }
}
