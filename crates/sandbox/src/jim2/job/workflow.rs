//! Strict workflow: which status a job may go to, who may send it there, and the stamp that stays.

use axum::http::StatusCode;

use crate::jim2::input::Input;
use crate::jim2::record::{Comment, Job};
use crate::jim2::refusal::Refusal;
use crate::jim2::status::Status;
use crate::jim2::world::{Actor, World};

impl World {
    /// Moves a job along the workflow and leaves the stamp; the same status again is nothing.
    pub(super) fn change_status(
        &self,
        job: &mut Job,
        actor: &Actor,
        input: &Input,
    ) -> Result<(), Refusal> {
        let name = input.text(10)?;
        let Some(target) = self.workflow.find(&name) else {
            return Err(input.refuse("unknown-status", &format!("There is no job status {name}")));
        };
        if target.name == job.status {
            return Ok(());
        }
        let standing = self.workflow.find(&job.status);
        let links = standing.map_or(&[] as &[String], |status| &status.links);
        if !links.contains(&target.name) {
            return Err(input.refuse(
                "status-not-linked",
                &format!(
                    "Job {} cannot go from {} to {name}: from there the workflow leads to {}",
                    job.no,
                    job.status,
                    if links.is_empty() {
                        "nothing".to_owned()
                    } else {
                        links.join(", ")
                    },
                ),
            ));
        }
        check_level(actor, target, &format!("put job {} on", job.no))?;
        job.status.clone_from(&target.name);
        job.status_date = self.now();
        self.add_stamp_line(job, actor);
        Ok(())
    }

    /// Adds the line that marks a status and who set it.
    pub(super) fn add_stamp_line(&self, job: &mut Job, actor: &Actor) {
        let text = if self.options.status_stamp_text {
            format!("Status changed to {}", job.status)
        } else {
            String::new()
        };
        job.last_comment += 1;
        job.comments.push(Comment {
            line: job.last_comment,
            include: false,
            status: job.status.clone(),
            text,
            modified: self.stamp(actor),
        });
    }
}

/// Refuses an actor whose level is below that of a status.
pub(super) fn check_level(actor: &Actor, status: &Status, what: &str) -> Result<(), Refusal> {
    if actor.level >= status.level {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::FORBIDDEN,
        "status-level",
        format!(
            "{} has status level {} and may not {what} {}, which needs level {}.",
            actor.initials, actor.level, status.name, status.level
        ),
    ))
}
