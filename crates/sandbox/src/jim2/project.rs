//! Projects, which the screens call contracts or managed service agreements: what a header holds, and the rules it obeys.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};

use super::change::{Object, Operation};
use super::input::Input;
use super::list;
use super::record::Stamp;
use super::refusal::{Blame, Refusal};
use super::world::{Actor, World};

/// The header of a project. Its billing lines have no place in the API.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    pub(crate) no: i64,
    pub(crate) code: String,
    pub(crate) customer: i64,
    pub(crate) ship: i64,
    pub(crate) kind: String,
    pub(crate) status: String,
    pub(crate) priority: String,
    pub(crate) cust_ref: String,
    pub(crate) billing_item_desc: String,
    pub(crate) date_in: Option<DateTime<Utc>>,
    pub(crate) date_out: Option<DateTime<Utc>>,
    pub(crate) made: Stamp,
    pub(crate) modified: Stamp,
}

impl World {
    /// A project by its number.
    pub(crate) fn project(&self, no: i64) -> Result<&Project, Refusal> {
        let found = self.projects.get(&no);
        found.ok_or_else(|| Refusal::not_found("Project", no))
    }

    /// Makes a project, as `actor`, and answers its number.
    pub(crate) fn create_project(
        &mut self,
        actor: &Actor,
        fields: &[Input],
    ) -> Result<i64, Refusal> {
        let mut project = self.blank_project(actor);
        for field in fields {
            self.set_project(&mut project, field)?;
        }
        if project.customer == 0 {
            return Err(Refusal::invalid(
                "customer-required",
                "A project needs a customer.",
            ));
        }
        if project.ship == 0 {
            project.ship = project.customer;
        }
        let no = project.no;
        self.last_project = no;
        self.projects.insert(no, project);
        self.log(Object::Project, no.to_string(), Operation::Insert, actor);
        Ok(no)
    }

    /// Changes fields of a project: all of them, or none and why.
    pub(crate) fn edit_project(
        &mut self,
        no: i64,
        actor: &Actor,
        fields: &[Input],
    ) -> Result<(), Refusal> {
        let mut project = self.project(no)?.clone();
        for field in fields {
            self.set_project(&mut project, field)?;
        }
        project.modified = self.stamp(actor);
        self.projects.insert(no, project);
        self.log(Object::Project, no.to_string(), Operation::Update, actor);
        Ok(())
    }

    /// Deletes a project that no job is of, as only a person can.
    pub(crate) fn delete_project(&mut self, no: i64, actor: &Actor) -> Result<(), Refusal> {
        self.project(no)?;
        if let Some(job) = self.jobs.values().find(|job| job.contract == Some(no)) {
            return Err(Refusal::invalid(
                "project-in-use",
                format!("Project {no} has job {} and cannot be deleted.", job.no),
            ));
        }
        self.projects.remove(&no);
        self.log(Object::Project, no.to_string(), Operation::Delete, actor);
        Ok(())
    }

    /// The next project, with nothing in it but the code that Jim2 gives it.
    pub(crate) fn blank_project(&self, actor: &Actor) -> Project {
        let no = self.last_project + 1;
        Project {
            no,
            code: no.to_string(),
            customer: 0,
            ship: 0,
            kind: list::PROJECT_TYPES[0].to_owned(),
            status: list::PROJECT_STATUSES[0].to_owned(),
            priority: "Normal".to_owned(),
            cust_ref: String::new(),
            billing_item_desc: String::new(),
            date_in: None,
            date_out: None,
            made: self.stamp(actor),
            modified: self.stamp(actor),
        }
    }

    fn set_project(&self, project: &mut Project, field: &Input) -> Result<(), Refusal> {
        let zone = self.zone();
        match field.name.to_lowercase().as_str() {
            "projectcode" => project.code = self.free_project_code(project.no, field)?,
            "customer" | "custno" => project.customer = self.card_number(field)?,
            "ship" | "shipno" => project.ship = self.card_number(field)?,
            "projecttypename" => {
                project.kind = field.one_of(list::PROJECT_TYPES, "unknown-type")?;
            }
            "status" => {
                project.status = field.one_of(list::PROJECT_STATUSES, "unknown-status")?;
            }
            "priority" => project.priority = field.one_of(list::PRIORITIES, "unknown-priority")?,
            "custref" => project.cust_ref = field.text(50)?,
            "billingitemdesc" => project.billing_item_desc = field.text(255)?,
            "datein" => project.date_in = field.moment(zone)?,
            "dateout" => project.date_out = field.moment(zone)?,
            _ => return Err(field.unknown()),
        }
        Ok(())
    }

    /// A code that no other project has.
    fn free_project_code(&self, no: i64, field: &Input) -> Result<String, Refusal> {
        let code = field.text(50)?;
        let mut others = self.projects.values().filter(|other| other.no != no);
        match others.find(|other| other.code.eq_ignore_ascii_case(&code)) {
            Some(other) => Err(Refusal::new(
                StatusCode::CONFLICT,
                "project-code-taken",
                format!("Project code {code} is that of project {}.", other.no),
            )
            .blaming(Blame::Pointer(field.pointer.clone()))),
            None => Ok(code),
        }
    }
}
