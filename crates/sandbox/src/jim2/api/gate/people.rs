//! People who are faster than a call.

use crate::jim2::fault::{EPOCH_KEPT, Fault, INVOICED};
use crate::jim2::lock::Record;
use crate::jim2::status::FINISHED;
use crate::jim2::world::World;

/// What others do right before a call reaches its record.
pub(super) fn come_first(world: &mut World, target: Option<Record>) {
    if world.backup.is_some()
        && let Some(setting) = world.faults.strike(Fault::Restored)
    {
        world.restore(setting.word() != EPOCH_KEPT);
    }
    let Some(record) = target.filter(|record| world.has(*record)) else {
        return;
    };
    if world.locked_by(record).is_none()
        && let Some(setting) = world.faults.strike(Fault::Locked)
    {
        let by = world.somebody();
        let until = world.after(setting.duration());
        world.lock(record, &by, until);
    }
    let Record::Job(no) = record else {
        return;
    };
    let is_finished = world.jobs.get(&no).is_some_and(|job| {
        FINISHED.contains(&job.status.as_str()) && !job.ready && job.invoice.is_none()
    });
    if is_finished && let Some(setting) = world.faults.strike(Fault::MadeReady) {
        let by = world.somebody();
        let ready = world.set_ready(no, true, &by);
        let done = ready.and_then(|()| match setting.word() {
            INVOICED => world.invoice(&[no], &by).map(drop),
            _ => Ok(()),
        });
        if let Err(refusal) = done {
            tracing::debug!(job = no, detail = refusal.detail, "not made ready");
        }
    }
}
