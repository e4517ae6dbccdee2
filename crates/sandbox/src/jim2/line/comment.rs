//! Lines of the comment grid that people write.

use super::{find, require};
use crate::jim2::change::{Object, Operation};
use crate::jim2::input::Input;
use crate::jim2::record::{Comment, Job};
use crate::jim2::refusal::Refusal;
use crate::jim2::world::{Actor, World};

impl World {
    /// Adds somebody's words to the comment grid and answers the line id.
    pub(crate) fn add_comment(
        &mut self,
        no: i64,
        actor: &Actor,
        fields: &[Input],
    ) -> Result<i64, Refusal> {
        let mut job = self.editable_job(no, actor)?;
        require(fields, "comment")?;
        let mut line = Comment {
            line: job.last_comment + 1,
            include: false,
            status: self.comment_status(&job),
            text: String::new(),
            modified: self.stamp(actor),
        };
        set_comment(&mut line, fields)?;
        let id = line.line;
        job.last_comment = id;
        job.comments.push(line);
        self.save_job(job, actor);
        Ok(id)
    }

    /// Changes a comment line.
    pub(crate) fn edit_comment(
        &mut self,
        no: i64,
        id: i64,
        actor: &Actor,
        fields: &[Input],
    ) -> Result<(), Refusal> {
        let mut job = self.editable_job(no, actor)?;
        let stamp = self.stamp(actor);
        let line = find(
            &mut job.comments,
            |line| line.line == id,
            "JobComment",
            no,
            id,
        )?;
        set_comment(line, fields)?;
        line.modified = stamp;
        self.save_job(job, actor);
        self.log(
            Object::JobComment,
            format!("{no}-{id}"),
            Operation::Update,
            actor,
        );
        Ok(())
    }

    /// Removes a comment line, as only a person can.
    pub(crate) fn delete_comment(
        &mut self,
        no: i64,
        id: i64,
        actor: &Actor,
    ) -> Result<(), Refusal> {
        let mut job = self.editable_job(no, actor)?;
        find(
            &mut job.comments,
            |line| line.line == id,
            "JobComment",
            no,
            id,
        )?;
        job.comments.retain(|line| line.line != id);
        self.save_job(job, actor);
        self.log(
            Object::JobComment,
            format!("{no}-{id}"),
            Operation::Delete,
            actor,
        );
        Ok(())
    }

    fn comment_status(&self, job: &Job) -> String {
        if self.options.comments_carry_status {
            job.status.clone()
        } else {
            String::new()
        }
    }
}

fn set_comment(line: &mut Comment, fields: &[Input]) -> Result<(), Refusal> {
    for field in fields {
        match field.name.as_str() {
            "comment" => line.text = field.long_text()?,
            "include" => line.include = field.flag()?,
            _ => return Err(field.unknown()),
        }
    }
    Ok(())
}
