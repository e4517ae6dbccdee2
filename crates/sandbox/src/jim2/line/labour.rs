//! Lines of actual labour: who worked when, and how long.

use super::{find, require};
use crate::jim2::change::{Object, Operation};
use crate::jim2::input::Input;
use crate::jim2::list;
use crate::jim2::record::LabourLine;
use crate::jim2::refusal::Refusal;
use crate::jim2::world::{Actor, World};

impl World {
    /// Adds a line of actual labour and answers its line id.
    pub(crate) fn add_labour(
        &mut self,
        no: i64,
        actor: &Actor,
        fields: &[Input],
    ) -> Result<i64, Refusal> {
        let mut job = self.editable_job(no, actor)?;
        let stamp = self.stamp(actor);
        for name in ["labourType", "labourInit"] {
            require(fields, name)?;
        }
        let mut line = LabourLine {
            line: job.last_labour + 1,
            start: stamp.at,
            hours: 0,
            minutes: 0,
            kind: String::new(),
            initials: String::new(),
            comment: String::new(),
            added: stamp.clone(),
            modified: stamp,
        };
        self.set_labour(&mut line, fields)?;
        let id = line.line;
        job.last_labour = id;
        job.labour.push(line);
        self.save_job(job, actor);
        self.log(
            Object::JobLabour,
            format!("{no}-{id}"),
            Operation::Insert,
            actor,
        );
        Ok(id)
    }

    /// Changes a line of actual labour.
    pub(crate) fn edit_labour(
        &mut self,
        no: i64,
        id: i64,
        actor: &Actor,
        fields: &[Input],
    ) -> Result<(), Refusal> {
        let mut job = self.editable_job(no, actor)?;
        let stamp = self.stamp(actor);
        let line = find(&mut job.labour, |line| line.line == id, "JobLabour", no, id)?;
        self.set_labour(line, fields)?;
        line.modified = stamp;
        self.save_job(job, actor);
        self.log(
            Object::JobLabour,
            format!("{no}-{id}"),
            Operation::Update,
            actor,
        );
        Ok(())
    }

    /// Removes a line of actual labour, as only a person can.
    pub(crate) fn delete_labour(&mut self, no: i64, id: i64, actor: &Actor) -> Result<(), Refusal> {
        let mut job = self.editable_job(no, actor)?;
        find(&mut job.labour, |line| line.line == id, "JobLabour", no, id)?;
        job.labour.retain(|line| line.line != id);
        self.save_job(job, actor);
        self.log(
            Object::JobLabour,
            format!("{no}-{id}"),
            Operation::Delete,
            actor,
        );
        Ok(())
    }

    fn set_labour(&self, line: &mut LabourLine, fields: &[Input]) -> Result<(), Refusal> {
        for field in fields {
            match field.name.as_str() {
                "start" => {
                    line.start = field
                        .moment(self.zone())?
                        .ok_or_else(|| field.wrong("a date and time"))?;
                }
                "hours" => line.hours = within(field, 0..=999)?,
                "minutes" => line.minutes = within(field, 0..=59)?,
                "labourType" => {
                    line.kind = field.one_of(list::LABOUR_TYPES, "unknown-labour-type")?;
                }
                "labourInit" => {
                    let initials = field.text(3)?;
                    line.initials = self.user_initials(&initials).ok_or_else(|| {
                        field.refuse(
                            "unknown-user",
                            &format!("There is no active user with the initials {initials:?}"),
                        )
                    })?;
                }
                "comment" => line.comment = field.long_text()?,
                _ => return Err(field.unknown()),
            }
        }
        Ok(())
    }
}

fn within(field: &Input, range: std::ops::RangeInclusive<i64>) -> Result<i64, Refusal> {
    match field.whole()? {
        Some(number) if range.contains(&number) => Ok(number),
        Some(_) | None => Err(field.wrong(&format!(
            "a number from {} to {}",
            range.start(),
            range.end()
        ))),
    }
}
