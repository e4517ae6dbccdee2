//! The Labour grid of jobs: what people say of their work.

use crate::{Client, Error, json_api::Resource};

impl Client {
    /// The comments on a job's lines of labour, which Jim2 can be set up to copy into its Comment grid.
    pub async fn labour_comments(&self, job_no: i64) -> Result<Vec<String>, Error> {
        let id = job_no.to_string();
        let mut url = self.settings().url(&["api", "v1", "jobs", &id]);
        url.query_pairs_mut().append_pair("include", "labour");
        let Some((_, included)) = self.resource("jim2.labour_comments", url).await? else {
            return Ok(Vec::new());
        };
        let times = self.settings().times();
        let comment = |line: &Resource| Ok(line.record(times)?.text("Comment").get().cloned());
        let lines = included.iter().filter(|one| one.kind == "JobLabour");
        let comments: Result<Vec<Option<String>>, Error> = lines.map(comment).collect();
        Ok(comments?.into_iter().flatten().collect())
    }
}
