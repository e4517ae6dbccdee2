//! Projects, which the screens call contracts or managed service agreements: headers only, as the API has no billing
//! lines of them (jim2help.happen.biz, `api_v1_projects`, build 9804).

use chrono::{DateTime, NaiveDate, Utc};
use domain::Told;
use reqwest::Method;
use serde_json::{Map, Value};
use url::Url;

use crate::{
    Client, Error,
    body::{day_to_send, text_to_send},
    client::{Style, written},
    json_api::{Resource, Sent, written_resource},
    time::Times,
};

/// Cards whose numbers a project tells only when asked for them.
const CARDS: &str = "customer,ship";

/// The header of a project.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Project {
    /// Project#, as the API counts them.
    pub project_no: i64,
    /// Project# or Contract#, as people write it.
    pub code: Told<String>,
    /// The card that is invoiced.
    pub cust_no: Told<i64>,
    /// The card where it holds.
    pub ship_no: Told<i64>,
    /// Type: Managed Service, Machine, …
    pub type_name: Told<String>,
    /// Status: Booked is in use, Template is what others are made of.
    pub status: Told<String>,
    /// The customer's reference.
    pub cust_ref: Told<String>,
    /// What its invoices say.
    pub billing_item_desc: Told<String>,
    /// The day on which it begins.
    pub date_in: Told<NaiveDate>,
    /// The day on which it ends.
    pub date_out: Told<NaiveDate>,
    /// When it was last changed, where the build tells it.
    pub last_modified: Told<DateTime<Utc>>,
}

/// A project to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProjectCreate {
    /// The card that is invoiced.
    pub cust_no: i64,
    /// The card where it holds.
    pub ship_no: Option<i64>,
    /// Project#; Jim2 gives one where there is none.
    pub code: Option<String>,
    /// Type, which cannot be changed afterwards.
    pub type_name: Option<String>,
    /// The rest of it.
    pub changes: ProjectChanges,
}

/// Changes of a project: what is [`Told::Not`] stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProjectChanges {
    /// Status.
    pub status: Told<String>,
    /// The customer's reference.
    pub cust_ref: Told<String>,
    /// What its invoices say.
    pub billing_item_desc: Told<String>,
    /// The day on which it begins.
    pub date_in: Told<NaiveDate>,
    /// The day on which it ends.
    pub date_out: Told<NaiveDate>,
}

impl Project {
    fn of_resource(resource: &Resource, times: Times) -> Result<Self, Error> {
        let record = resource.record(times)?;
        let day = |at: Told<DateTime<Utc>>| at.map(|at| times.wall_clock(at).date());
        Ok(Self {
            project_no: resource.number()?,
            code: record.text("projectCode"),
            cust_no: resource.related("customer")?,
            ship_no: resource.related("ship")?,
            type_name: record.text("projectTypeName"),
            status: record.text("status"),
            cust_ref: record.text("custRef"),
            billing_item_desc: record.text("billingItemDesc"),
            date_in: day(record.time("dateIn")?),
            date_out: day(record.time("dateOut")?),
            last_modified: record.time("LastModified")?,
        })
    }
}

impl Client {
    /// The projects with these numbers, a call each; those that are not there are left out.
    pub async fn projects(&self, project_nos: &[i64]) -> Result<Vec<Project>, Error> {
        let mut projects = Vec::with_capacity(project_nos.len());
        for project_no in project_nos {
            let mut url = self.project_url(Some(*project_no));
            url.query_pairs_mut().append_pair("include", CARDS);
            if let Some((resource, _)) = self.resource("jim2.project", url).await? {
                projects.push(Project::of_resource(&resource, self.settings().times())?);
            }
        }
        Ok(projects)
    }

    /// The projects of a customer. No document lists the filters of projects: a build that does not take this one is
    /// asked for all of them.
    pub async fn projects_of(&self, cust_no: i64) -> Result<Vec<Project>, Error> {
        let mut url = self.project_url(None);
        url.query_pairs_mut().append_pair("include", CARDS);
        let found = self
            .filtered_or_all("jim2.projects_of", url, ("CustNo", &cust_no.to_string()))
            .await?;
        let times = self.settings().times();
        let mut projects = Vec::new();
        for resource in &found.data {
            let project = Project::of_resource(resource, times)?;
            if project.cust_no == Told::Is(cust_no) {
                projects.push(project);
            }
        }
        Ok(projects)
    }

    /// Makes a project and answers its number. Nothing but a look beforehand prevents a double.
    pub async fn create_project(&self, project: &ProjectCreate) -> Result<i64, Error> {
        let operation = "jim2.create_project";
        let mut attributes = project.changes.attributes();
        for (name, text) in [
            ("projectCode", &project.code),
            ("projectTypeName", &project.type_name),
        ] {
            let text = text.as_deref();
            attributes.extend(text.map(|text| (name.to_owned(), text.into())));
        }
        let mut body = Sent::new("Project", attributes).of("customer", "CardFile", project.cust_no);
        if let Some(ship_no) = project.ship_no {
            body = body.of("ship", "CardFile", ship_no);
        }
        let url = self.project_url(None);
        let answer = self
            .write(operation, Method::POST, url, (Style::JsonApi, &body))
            .await?;
        written(written_resource(operation, &answer).and_then(|resource| resource.number()))
    }

    /// Changes attributes of a project: all of them, or none.
    pub async fn update_project(
        &self,
        project_no: i64,
        changes: &ProjectChanges,
    ) -> Result<(), Error> {
        let url = self.project_url(Some(project_no));
        let body = Sent::changes("Project", project_no.to_string(), changes.attributes());
        self.write(
            "jim2.update_project",
            Method::PATCH,
            url,
            (Style::JsonApi, &body),
        )
        .await?;
        Ok(())
    }

    fn project_url(&self, project_no: Option<i64>) -> Url {
        match project_no {
            Some(no) => self
                .settings()
                .url(&["api", "v1", "projects", &no.to_string()]),
            None => self.settings().url(&["api", "v1", "projects"]),
        }
    }
}

impl ProjectChanges {
    /// Whether nothing is to be changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn attributes(&self) -> Map<String, Value> {
        let texts = [
            ("status", &self.status),
            ("custRef", &self.cust_ref),
            ("billingItemDesc", &self.billing_item_desc),
        ];
        let days = [("dateIn", &self.date_in), ("dateOut", &self.date_out)];
        let texts = texts.map(|(name, text)| (name, text_to_send(text)));
        let days = days.map(|(name, day)| (name, day_to_send(day)));
        let all = texts.into_iter().chain(days);
        all.filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect()
    }
}
