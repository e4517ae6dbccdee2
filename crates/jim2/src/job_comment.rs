//! The Comment grid of jobs: people's comments, and the stamps that status changes leave.

use chrono::{DateTime, Utc};
use domain::Told;
use reqwest::Method;
use serde_json::{Map, Value};

use crate::{
    Client, Error, Query,
    client::{Style, written},
    json_api::{Resource, Sent, written_resource},
    part_id,
    record::Record,
    time::Times,
};

/// A line of a job's Comment grid.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobComment {
    /// Job#.
    pub job_no: i64,
    /// The line's number within the job.
    pub line_id: i64,
    /// Whether it is shown on invoices and reports.
    pub include: Told<bool>,
    /// The status that the job had.
    pub status: Told<String>,
    /// The text; empty on the stamp of a status change.
    pub comment: Told<String>,
    /// Initials of who changed it last.
    pub modify_init: Told<String>,
    /// When it was changed last.
    pub modify_date: Told<DateTime<Utc>>,
}

impl JobComment {
    fn of_record(job_no: i64, line_id: i64, record: &Record) -> Result<Self, Error> {
        Ok(Self {
            job_no,
            line_id,
            include: record.flag("Include")?,
            status: record.text("Status"),
            comment: record.text("Comment"),
            modify_init: record.text("ModifyInit"),
            modify_date: record.time("ModifyDate")?,
        })
    }

    pub(crate) fn of_row(row: &Record) -> Result<Self, Error> {
        Self::of_record(row.key("JobNo")?, row.key("LineId")?, row)
    }

    pub(crate) fn of_resource(
        job_no: i64,
        resource: &Resource,
        times: Times,
    ) -> Result<Self, Error> {
        Self::of_record(job_no, resource.last_number()?, &resource.record(times)?)
    }
}

impl Client {
    /// The comments of these jobs.
    pub async fn job_comments(&self, job_nos: &[i64]) -> Result<Vec<JobComment>, Error> {
        if self.settings().named_queries {
            let keys: Vec<_> = job_nos.iter().map(i64::to_string).collect();
            let rows = self.rows_of(Query::JOB_COMMENTS, &keys).await?;
            return rows.iter().map(JobComment::of_row).collect();
        }
        let mut comments = Vec::new();
        for &job_no in job_nos {
            let id = job_no.to_string();
            let mut url = self.settings().url(&["api", "v1", "jobs", &id]);
            url.query_pairs_mut().append_pair("include", "comments");
            let Some((_, included)) = self.resource("jim2.job_comments", url).await? else {
                continue;
            };
            for resource in included.iter().filter(|one| one.kind == "JobComment") {
                let times = self.settings().times();
                comments.push(JobComment::of_resource(job_no, resource, times)?);
            }
        }
        Ok(comments)
    }

    /// Adds a comment to a job and answers its line. Not every build can: see
    /// [`Client::job_comments_writable`].
    pub async fn add_job_comment(
        &self,
        job_no: i64,
        text: &str,
        include: bool,
    ) -> Result<i64, Error> {
        let id = job_no.to_string();
        let url = self.settings().url(&["api", "v1", "jobs", &id, "comments"]);
        let mut attributes = text_attribute(text);
        attributes.insert("include".to_owned(), include.into());
        let body = Sent::new("JobComment", attributes);
        let answer = self
            .write(
                "jim2.add_job_comment",
                Method::POST,
                url,
                (Style::JsonApi, &body),
            )
            .await
            .map_err(unwritable)?;
        written(
            written_resource("jim2.add_job_comment", &answer)
                .and_then(|resource| resource.last_number()),
        )
    }

    /// Changes the text of a comment.
    pub async fn update_job_comment(
        &self,
        job_no: i64,
        line_id: i64,
        text: &str,
    ) -> Result<(), Error> {
        let job = job_no.to_string();
        let id = part_id::join(job_no, line_id);
        let url = self
            .settings()
            .url(&["api", "v1", "jobs", &job, "comments", &id]);
        let body = Sent::changes("JobComment", id, text_attribute(text));
        self.write(
            "jim2.update_job_comment",
            Method::PATCH,
            url,
            (Style::JsonApi, &body),
        )
        .await
        .map_err(unwritable)?;
        Ok(())
    }
}

fn text_attribute(text: &str) -> Map<String, Value> {
    Map::from_iter([("comment".to_owned(), text.into())])
}

/// A build that cannot write comments says that the method is not allowed, or that they are read-only.
fn unwritable(error: Error) -> Error {
    if matches!(
        error,
        Error::NotWritable { .. }
            | Error::Refused {
                status: 405 | 501,
                ..
            }
    ) {
        return Error::NotWritable {
            attribute: "comments".to_owned(),
        };
    }
    error
}
