//! The lists of both systems, read again once a day, so that a value that is gone or called something else is known.

use store::lookup;
use sync::Systems;

use super::{Step, Upkeep};
use crate::trouble::Trouble;

/// Who reads them, in the audit log.
const WHO: &str = "reconciler";

/// Reads them again, where nobody has for a day and both systems are open.
pub(crate) async fn refresh_once(upkeep: &Upkeep) -> Result<Step, Trouble> {
    let ago = lookup::read_ago(&upkeep.db).await?;
    let is_fresh = ago.is_some_and(|ago| ago < upkeep.timing.lists.as_secs_f64());
    if !is_fresh && Systems::new(upkeep.db.clone()).are_open().await? {
        upkeep.lists.refresh(&upkeep.db, WHO).await?;
    }
    Ok(Step::Rest)
}
