//! Whose entries a log of deletions is about: it names the ticket or the task, and never the entry.

use autotask::Task;
use domain::{Failure, Key, RecordId, System, Value};

use super::TimeHands;
use crate::{KIND, OF_TASK, OF_TICKET, halves};

impl TimeHands {
    /// What the entries belong to that these ids of logs are about: one call for the projects of all tasks.
    ///
    /// A task that is not there any more has no project that could be asked for: of its entries nothing is said here.
    pub(super) async fn owners_by_log(
        &self,
        ids: &[RecordId],
    ) -> Result<Vec<Option<Value>>, Failure> {
        let tasks: Vec<i64> = ids.iter().filter_map(|id| below(id, OF_TASK)).collect();
        let found = match ids.first() {
            Some(first) if !tasks.is_empty() => {
                let key = Key::new(KIND, System::Autotask, first.clone());
                let found = self.some::<Task>(tasks, &["projectID"], &[]).await;
                found.map_err(|error| error.into_failure(&key))?
            }
            Some(_) | None => Vec::new(),
        };
        let project_of = |task: i64| {
            let task = found.iter().find(|found| found.id == task)?;
            task.project_id.get().copied()
        };
        let owner = |id: &RecordId| {
            if let Some(ticket) = below(id, OF_TICKET) {
                return Some(halves::owner(Some(ticket), None, None));
            }
            let task = below(id, OF_TASK)?;
            Some(halves::owner(None, project_of(task), Some(task)))
        };
        Ok(ids.iter().map(owner).collect())
    }
}

fn below(id: &RecordId, of: &str) -> Option<i64> {
    id.as_str().strip_prefix(of)?.parse().ok()
}
