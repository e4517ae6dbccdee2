//! The Labour grid of jobs: who worked when, and how long. A line cannot be deleted by the API.

use chrono::{DateTime, NaiveDateTime, Utc};
use domain::Told;
use reqwest::Method;
use serde_json::{Map, Value};

use crate::{
    Client, Error,
    body::text_to_send,
    client::{Style, written},
    json_api::{Resource, Sent, written_resource},
    part_id,
    time::Times,
};

/// Minutes of an hour.
const HOUR: i64 = 60;

/// A line of a job's Labour grid.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobLabour {
    /// Job#.
    pub job_no: i64,
    /// The line's number within the job.
    pub line_id: i64,
    /// When it began, on the clock on the server's wall; Jim2 keeps no offset with it.
    pub start: Told<NaiveDateTime>,
    /// How many minutes it took, whole hours included.
    pub minutes: Told<i64>,
    /// Labour type.
    pub labour_type: Told<String>,
    /// Initials of who did it.
    pub labour_init: Told<String>,
    /// What was done.
    pub comment: Told<String>,
    /// Initials of who added the line.
    pub add_init: Told<String>,
    /// When it was added.
    pub add_date: Told<DateTime<Utc>>,
    /// When it was changed last.
    pub modify_date: Told<DateTime<Utc>>,
}

/// What a line of labour is to hold: what is [`Told::Not`] stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabourChanges {
    /// When it began, on the clock on the server's wall.
    pub start: Told<NaiveDateTime>,
    /// How many minutes it took, whole hours included.
    pub minutes: Told<i64>,
    /// Labour type. A new line needs one.
    pub labour_type: Told<String>,
    /// Initials of who did it. A new line needs them.
    pub labour_init: Told<String>,
    /// What was done.
    pub comment: Told<String>,
}

impl JobLabour {
    pub(crate) fn of_resource(
        job_no: i64,
        resource: &Resource,
        times: Times,
    ) -> Result<Self, Error> {
        let record = resource.record(times)?;
        let minutes = match (record.number("Hours")?, record.number("Minutes")?) {
            (Told::Not, Told::Not) => Told::Not,
            (Told::Empty, Told::Empty | Told::Not) | (Told::Not, Told::Empty) => Told::Empty,
            (hours, minutes) => {
                let part = |told: Told<i64>| told.get().copied().unwrap_or(0);
                Told::Is(
                    part(hours)
                        .saturating_mul(HOUR)
                        .saturating_add(part(minutes)),
                )
            }
        };
        Ok(Self {
            job_no,
            line_id: resource.last_number()?,
            start: record.time("Start")?.map(|at| times.wall_clock(at)),
            minutes,
            labour_type: record.text("LabourType"),
            labour_init: record.text("LabourInit"),
            comment: record.text("Comment"),
            add_init: record.text("AddInit"),
            add_date: record.time("AddDate")?,
            modify_date: record.time("ModifyDate")?,
        })
    }
}

impl LabourChanges {
    fn attributes(&self) -> Map<String, Value> {
        let texts = [
            ("labourType", &self.labour_type),
            ("labourInit", &self.labour_init),
            ("comment", &self.comment),
        ];
        let mut attributes: Map<String, Value> = texts
            .into_iter()
            .filter_map(|(name, text)| Some((name.to_owned(), text_to_send(text)?)))
            .collect();
        if let Told::Is(start) = self.start {
            let start = start.format("%Y-%m-%dT%H:%M:%S").to_string();
            attributes.insert("start".to_owned(), start.into());
        }
        if let Told::Is(minutes) = self.minutes {
            attributes.insert("hours".to_owned(), (minutes / HOUR).into());
            attributes.insert("minutes".to_owned(), (minutes % HOUR).into());
        }
        attributes
    }
}

impl Client {
    /// The lines of labour of a job; none where there is no such job.
    pub async fn job_labour(&self, job_no: i64) -> Result<Vec<JobLabour>, Error> {
        let id = job_no.to_string();
        let url = self.settings().url(&["api", "v1", "jobs", &id, "labour"]);
        let page = match self.resources("jim2.job_labour", url).await {
            Err(Error::NotFound) => return Ok(Vec::new()),
            page => page?,
        };
        let times = self.settings().times();
        let lines = page.data.iter().filter(|one| one.kind == "JobLabour");
        lines
            .map(|line| JobLabour::of_resource(job_no, line, times))
            .collect()
    }

    /// Adds a line of labour to a job and answers its number within the job.
    pub async fn add_job_labour(&self, job_no: i64, line: &LabourChanges) -> Result<i64, Error> {
        let id = job_no.to_string();
        let url = self.settings().url(&["api", "v1", "jobs", &id, "labour"]);
        let body = Sent::new("JobLabour", line.attributes());
        let answer = self
            .write(
                "jim2.add_job_labour",
                Method::POST,
                url,
                (Style::JsonApi, &body),
            )
            .await?;
        written(
            written_resource("jim2.add_job_labour", &answer)
                .and_then(|resource| resource.last_number()),
        )
    }

    /// Changes a line of labour.
    pub async fn update_job_labour(
        &self,
        job_no: i64,
        line_id: i64,
        changes: &LabourChanges,
    ) -> Result<(), Error> {
        let job = job_no.to_string();
        let id = part_id::join(job_no, line_id);
        let url = self
            .settings()
            .url(&["api", "v1", "jobs", &job, "labour", &id]);
        let body = Sent::changes("JobLabour", id, changes.attributes());
        self.write(
            "jim2.update_job_labour",
            Method::PATCH,
            url,
            (Style::JsonApi, &body),
        )
        .await?;
        Ok(())
    }
}
